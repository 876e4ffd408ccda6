"""What Slack tells is heard here, acknowledged, done and answered.

Rules of this file:
- an event is acknowledged once its action is committed: until then Slack tells it again;
- a press is acknowledged when its answer is there, or after 700 ms, and shown after that;
- nothing is raised after `ack()`: Bolt would drop it, and the person would see an error;
- every event that the manifest subscribes to has a listener, and whatever else comes is acknowledged.
"""

import asyncio
import logging
import re
from collections.abc import Coroutine
from dataclasses import replace
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError

from bot.actions import LOOKED_AT, PersonLeft, Request, WorkspaceLeft, told_by
from bot.adapter import Act, Now, SendFailed
from bot.messages import Message
from bot.model import Account

from . import commands, doctor, failures, home, limits, parse, render
from .filling import Filling
from .parse import Asked, Payload
from .people import People
from .showing import Shower
from .workspaces import Clients, Workspace, Workspaces, workspace_of

log = logging.getLogger("flashmob.slack")
ANY = re.compile(r".*", re.DOTALL)
EVENTS = {
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "app_home_opened": "",
    "app_uninstalled": "",
    "tokens_revoked": "",
    "user_change": "users:read",
}
"""What is listened to, and the scope that it needs. The manifest subscribes to these and to no others."""


class Listening:
    """Everything between an acknowledgement and an answer. `act` is the core."""

    def __init__(
        self, act: Act, now: Now, workspaces: Workspaces, clients: Clients, people: People, shower: Shower
    ) -> None:
        self._act = act
        self._now = now
        self._workspaces = workspaces
        self._clients = clients
        self._people = people
        self._shower = shower
        self.filling = Filling(workspaces, clients, shower, self._do)
        self._under_way: set[asyncio.Task[Any]] = set()

    def listen(self, app: AsyncApp) -> None:
        """Register for everything, each kind with one listener."""
        app.action(ANY)(self._pressed)
        app.shortcut(ANY)(self._shortcut)
        app.command(ANY)(self._commanded)
        app.view(ANY)(self._sent)
        app.view_closed(ANY)(_acknowledge)
        app.event("reaction_added")(self._reacted)
        app.event("reaction_removed")(self._reacted)
        app.event("app_home_opened")(self._home)
        app.event("app_uninstalled")(self._removed)
        app.event("tokens_revoked")(self._removed)
        app.event("user_change")(self._changed)
        app.event(ANY)(_nothing)

    async def settle(self) -> None:
        """Wait until whatever was heard so far is answered."""
        while self._under_way:
            await asyncio.gather(*self._under_way, return_exceptions=True)

    # ---- people

    async def _pressed(self, ack: AsyncAck, body: Payload) -> None:
        await self._interact(ack, parse.press(body))

    async def _shortcut(self, ack: AsyncAck, body: Payload) -> None:
        await self._interact(ack, parse.shortcut(body))

    async def _commanded(self, ack: AsyncAck, body: Payload) -> None:
        await self._interact(ack, parse.command(body))

    async def _sent(self, ack: AsyncAck, body: Payload) -> None:
        """A form is answered by its acknowledgement, in its place; what takes longer is announced by it."""
        asked, view = parse.form(body), body.get("view") or {}
        answer = self._start(self.filling.done(asked, view))
        await asyncio.wait({answer}, timeout=limits.LOADING_AFTER_S)
        if answer.done():
            said = [commands.spoken(message, self._shower.command) for message in answer.result()]
            await ack(response_action="update", view=render.modal(said, asked.channel, held=None))
        else:
            await ack(response_action="update", view=render.loading(asked.channel))
            self._start(self.filling.show(asked, view, answer))

    async def _interact(self, ack: AsyncAck, asked: Asked) -> None:
        """Until here nothing is promised; after `ack` the answer is shown by a task of its own."""
        try:
            workspace = await workspace_of(self._workspaces, asked.team, asked.enterprise)
        except SendFailed as error:
            log.warning("a press was not taken: %s", error.reason)
            await ack()
            self._start(self._shower.say(asked, error.reason))
            return
        answer = self._start(self._do(asked, workspace))
        await asyncio.wait({answer}, timeout=limits.LOADING_AFTER_S)
        await ack()
        self._start(self._shower.show(asked, workspace, answer))

    async def _do(self, asked: Asked, workspace: Workspace) -> list[Message]:
        return await self._act(await self._request(asked, workspace))

    async def _request(self, asked: Asked, workspace: Workspace) -> Request:
        person = await self._people.who(workspace, asked.person, asked.handle)
        looked_at = isinstance(asked.action, LOOKED_AT) and asked.place.channel
        lacks = await doctor.lacks(self._clients, workspace, asked.place) if looked_at else ()
        account = asked.account(workspace.realm, person.name, person.leads, person.zone)
        return asked.request(account, self._now(), lacks)

    # ---- events: the acknowledgement is the return of these

    async def _reacted(self, body: Payload) -> BoltResponse | None:
        """A rating by reaction. Anything said about it means that it was not saved, so Slack may tell it again."""
        asked = parse.reaction(body)
        if asked is None:
            return None
        try:
            workspace = await workspace_of(self._workspaces, asked.team, asked.enterprise)
        except SendFailed as error:
            log.warning("a reaction was not taken: %s", error.reason)
            return BoltResponse(status=503)
        person = await self._people.who(workspace, asked.person, asked.handle)
        if not person.sure:  # whoever joins by a reaction would be nameless for ever
            return BoltResponse(status=503)
        account = asked.account(workspace.realm, person.name, person.leads, person.zone)
        said = await self._act(asked.request(account, self._now()))
        return BoltResponse(status=503) if said else None

    async def _home(self, body: Payload) -> None:
        asked = parse.opened_home(body)
        if asked is not None:
            self._start(self._publish(asked))

    async def _publish(self, asked: Asked) -> None:
        """The page is drawn whenever it is looked at, so it is no loss if it is not."""
        try:
            workspace = await workspace_of(self._workspaces, asked.team, asked.enterprise)
            view = render.home(await self._page(asked, workspace), home.above())
            await self._clients.talking(workspace.token).views_publish(user_id=asked.person, view=view)
        except (SlackApiError, SendFailed, *failures.CUT_LINE) as error:
            log.warning("the home page was not drawn: %s", failures.code(error) or error)

    async def _page(self, asked: Asked, workspace: Workspace) -> list[Message]:
        said: list[Message] = []
        for number, action in enumerate(home.SHOWN):
            one = replace(asked, action=action, key=f"{asked.key}:{number}")
            said += [message for message in await self._do(one, workspace) if message not in said]
        return [commands.spoken(message, self._shower.command) for message in said]

    async def _removed(self, body: Payload) -> None:
        """Uninstalled, or a token revoked: the two come in any order, late, or not at all."""
        team, enterprise = str(body.get("team_id") or ""), str(body.get("enterprise_id") or "")
        tokens = (body.get("event") or {}).get("tokens") or {}
        if (body.get("event") or {}).get("type") == "app_uninstalled" or tokens.get("bot"):
            at = min(int(body.get("event_time") or 0) * 1000, self._now())
            await self.gone(team or enterprise, at, str(body.get("event_id") or ""))

    async def gone(self, realm: str, at: int, key: str) -> None:
        """The app is not there any more, since this instant; `key` names the news."""
        for team in await self._workspaces.removed(realm, at):
            log.warning("the app was removed from workspace %s", team)
            await self._act(told_by(parse.PLATFORM, WorkspaceLeft(), f"slack:{key}:{team}", at, team))

    async def _changed(self, body: Payload) -> None:
        """Somebody has another name, leads now, or is not there any more."""
        user = (body.get("event") or {}).get("user") or {}
        team, who = str(body.get("team_id") or ""), str(user.get("id") or "")
        self._people.forget(team, who)
        if user.get("deleted"):
            person = Account(parse.PLATFORM, str(body.get("enterprise_id") or "") or team, who, "")
            key = f"slack:{body.get('event_id')}"
            await self._act(told_by(parse.PLATFORM, PersonLeft(), key, self._now(), team, person))

    # ---- within

    def _start(self, work: Coroutine[Any, Any, Any]) -> "asyncio.Task[Any]":
        task = asyncio.get_running_loop().create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


async def _acknowledge(ack: AsyncAck) -> None:
    await ack()


async def _nothing() -> None:
    """What is not subscribed to, and came nevertheless."""
