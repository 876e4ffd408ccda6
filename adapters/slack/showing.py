"""Answers, shown to whoever asked: in a modal, which is private, stays open and needs no membership of a channel.

Rules of this file:
- it runs after the press was acknowledged, so nothing raises out of it;
- a press in a modal is answered in that modal, in place; what does not replace the card lies on top of it;
- a modal that was closed, or drawn anew since, is left alone: what was pressed is saved.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import SendFailed, Trouble
from bot.markdown import escape
from bot.messages import Attachment, Audience, Message, Text
from bot.model import MessageRef, Place

from . import again, commands, failures, forms, render
from .parse import Asked
from .uploads import Held, Uploads
from .workspaces import Clients, Workspace

log = logging.getLogger("flashmob.slack")
SHARED = "Shared in this channel."
NO_CHANNEL = "There is no channel here to share it in. Ask for it in the group's channel, and share it there."
YOUR_FILE = "Here is the file that you asked for."
HANDLED = ("hash_conflict", "not_found", "exchanged_trigger_id", "trigger_exchanged")
LATE = ("expired_trigger_id", "trigger_expired", "invalid_trigger_id", "invalid_trigger")

Send = Callable[[Place, Message, str], Awaitable[MessageRef]]


@dataclass(frozen=True, slots=True)
class Spot:
    """A view that is on the asker's screen, at the state that `hash` names."""

    id: str
    hash: str


@dataclass(slots=True)
class Shower:
    """`send` posts for everyone. `command` is how the slash command is called here."""

    clients: Clients
    uploads: Uploads
    send: Send
    command: str

    async def show(self, asked: Asked, workspace: Workspace, answer: "asyncio.Task[list[Message]]") -> None:
        """Show what comes, with a loading view first where it is not there yet. Never raises."""
        try:
            await self._show(asked, workspace, answer)
        except SlackApiError as error:
            await self._not_shown(asked, error)
        except failures.CUT_LINE as error:
            log.warning("an answer was not shown: %s", error or type(error).__name__)
        except Exception:
            log.exception("an answer was not shown")

    async def say(self, asked: Asked, words: str) -> None:
        """A sentence, to the asker alone. Never raises."""
        await self._answer(
            asked, {"response_type": "ephemeral", "replace_original": False, "text": render.escape(words)}
        )

    async def _show(self, asked: Asked, workspace: Workspace, answer: "asyncio.Task[list[Message]]") -> None:
        client = self.clients.talking(workspace.token)
        waiting = None if answer.done() else await self._loading(asked, client)
        said = [commands.spoken(message, self.command) for message in await answer]
        private = [message for message in said if message.audience is Audience.ONLY_YOU]
        public = [message for message in said if message.audience is Audience.EVERYONE]
        private += [await self._post(asked, message) for message in public]
        if private:
            await self._put(asked, workspace, client, private, waiting)
        files = [part for message in private for part in message.parts if isinstance(part, Attachment)]
        if files and "files:write" in workspace.scopes:
            await _hand_over(client, asked.person, files)

    async def _loading(self, asked: Asked, client: AsyncWebClient) -> Spot:
        view = render.loading(asked.channel)
        if asked.view is None:
            return _spot(await client.views_open(trigger_id=asked.trigger, view=view))
        return _spot(await client.views_update(view_id=asked.view.id, hash=asked.view.hash or None, view=view))

    async def _post(self, asked: Asked, message: Message) -> Message:
        """Post what is for everyone, and say to the asker what came of it."""
        if not asked.place.channel:
            return Message((Text(NO_CHANNEL),), NO_CHANNEL)
        try:
            await self.send(asked.place, message, asked.key)
        except SendFailed as error:
            return Message((Text(escape(error.reason)),), error.reason)
        return Message((Text(SHARED),), SHARED)

    async def _put(
        self,
        asked: Asked,
        workspace: Workspace,
        client: AsyncWebClient,
        messages: list[Message],
        waiting: Spot | None,
    ) -> None:
        """In a view. A trigger opens one view only, so nothing is risked with it: pictures come after it."""
        there = waiting or _there(asked, messages)
        if form := next((message.form for message in messages if message.form), None):
            uploads = "files:read" in workspace.scopes
            await self._draw(asked, client, forms.view(form, asked.channel, uploads=uploads), there)
            return
        shown = self.uploads.held(workspace, messages) if there else None
        view = render.modal(messages, asked.channel, shown)
        try:
            spot = await self._draw(asked, client, view, there)
        except SlackApiError as error:
            if failures.code(error) not in failures.UNFIT:
                raise
            log.warning("drawn again without pictures: %s", failures.as_send_failed(error).reason)
            shown, view = None, render.modal(messages, asked.channel, None)
            spot = await self._draw(asked, client, view, there)
        held = await self.uploads.bring(workspace, messages)
        if held != shown and render.modal(messages, asked.channel, held) != view:
            await self._draw_pictures(asked, workspace, messages, spot, held)

    async def _draw(self, asked: Asked, client: AsyncWebClient, view: dict[str, Any], there: Spot | None) -> Spot:
        if there is not None:
            return _spot(await client.views_update(view_id=there.id, hash=there.hash or None, view=view))
        if asked.view is None:
            return _spot(await client.views_open(trigger_id=asked.trigger, view=view))
        return _spot(await _put_on_top(client, asked.trigger, asked.view.id, view))

    async def _draw_pictures(
        self, asked: Asked, workspace: Workspace, messages: list[Message], spot: Spot, found: Held
    ) -> None:
        """The view once more, with its pictures; whoever has gone on meanwhile is left alone."""
        client = self.clients.talking(workspace.token)
        async for held in self.uploads.tries(workspace, found):
            if held is None:
                return  # it is there without them
            try:
                await self._draw(asked, client, render.modal(messages, asked.channel, held), spot)
                return
            except SlackApiError as error:
                if failures.code(error) not in failures.UNFIT:
                    raise
                log.warning("a view was not drawn with its pictures: %s", failures.as_send_failed(error).reason)

    async def _not_shown(self, asked: Asked, error: SlackApiError) -> None:
        """What was pressed is saved; where Slack would not show it, a fresh button is offered."""
        word = failures.code(error)
        if word in HANDLED:
            log.info("an answer was not shown (%s): its view is closed or newer", word)
            return
        failed = failures.as_send_failed(error)
        log.warning("an answer was not shown: %s", failed.reason)
        if word in LATE or failed.trouble is Trouble.RATE_LIMITED:
            await self._answer(asked, again.offered(asked.action))
        else:
            await self.say(asked, failed.reason)

    async def _answer(self, asked: Asked, body: dict[str, object]) -> None:
        """By the way that needs no token. Never raises."""
        if not asked.response_url:
            return
        try:
            await self.clients.answer(asked.response_url, body)
        except failures.CUT_LINE as cut:
            log.warning("nor could that be said: %s", cut or type(cut).__name__)


async def _hand_over(client: AsyncWebClient, person: str, files: list[Attachment]) -> None:
    """A modal carries no files, so they come into the direct messages of the one whose they are."""
    there = await client.chat_postMessage(channel=person, text=YOUR_FILE)
    for file in files:
        await client.files_upload_v2(channel=str(there["channel"]), filename=file.name, content=file.text)


def _there(asked: Asked, messages: list[Message]) -> Spot | None:
    """The view that is drawn anew; None where one is opened, or put on top."""
    if asked.view is None or not (asked.view.top or all(message.replaces for message in messages)):
        return None
    return Spot(asked.view.id, asked.view.hash)


async def _put_on_top(client: AsyncWebClient, trigger: str, below: str, view: dict[str, Any]) -> Any:
    """Lay a modal on another; where it is too late for that, it takes the other one's place, which needs no trigger."""
    try:
        return await client.views_push(trigger_id=trigger, view=view)
    except SlackApiError as error:
        if failures.code(error) not in LATE:
            raise
        return await client.views_update(view_id=below, view=view)


def _spot(response: Any) -> Spot:
    view = response.get("view") or {}
    return Spot(str(view.get("id", "")), str(view.get("hash", "")))
