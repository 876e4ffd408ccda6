"""Forms: opened for whoever asked, and done when they are sent. Nothing raises out of here."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from slack_sdk.errors import SlackApiError

from bot import actions
from bot.actions import Action
from bot.adapter import SendFailed
from bot.markdown import escape
from bot.messages import Message, Text

from . import doctor, failures, forms, limits
from .parse import Asked, OpenView
from .people import People
from .showing import Shower
from .workspaces import Clients, Workspace, Workspaces, workspace_of

log = logging.getLogger("flashmob.slack")
NOT_DONE = "Something went wrong, and not all of it was saved. Look at the status, then try again."
Do = Callable[[Asked, Workspace], Awaitable[list[Message]]]


@dataclass(slots=True)
class Filling:
    """`do` asks the core."""

    workspaces: Workspaces
    clients: Clients
    people: People
    shower: Shower
    do: Do

    async def open(self, asked: Asked) -> None:
        """Show the form for setting a group up, with the zone of whoever asks, where it is known."""
        try:
            workspace = await workspace_of(self.workspaces, asked.team, asked.enterprise)
            person = await self.people.who(workspace, asked.person, asked.handle)
            view = forms.set_up_form(asked.channel, person.zone, uploads="files:read" in workspace.scopes)
            await self.clients.talking(workspace.token).views_open(trigger_id=asked.trigger, view=view)
        except (SlackApiError, SendFailed, *failures.CUT_LINE) as error:
            log.warning("a form was not shown: %s", failures.code(error) or error)

    async def done(self, asked: Asked, view: Mapping[str, Any]) -> list[Message]:
        """Do what was filled in, one after the other; gives what came of it. Never raises."""
        wanted = forms.filled(view)
        try:
            workspace = await workspace_of(self.workspaces, asked.team, asked.enterprise)
            return await self._done(replace(asked, channel=wanted.channel), wanted, workspace)
        except SendFailed as error:
            return [Message((Text(escape(error.reason)),), error.reason, replaces=True)]
        except Exception:
            log.exception("a form was not done")
            return [Message((Text(NOT_DONE),), NOT_DONE, replaces=True)]

    async def show(self, asked: Asked, view: Mapping[str, Any], answer: "asyncio.Task[list[Message]]") -> None:
        """What comes late, where the form was."""
        await asyncio.wait({answer})
        try:
            workspace = await workspace_of(self.workspaces, asked.team, asked.enterprise)
        except SendFailed as error:
            log.warning("an answer was not shown: %s", error.reason)
            return
        there = OpenView(str(view.get("id", "")), "", top=False)
        await self.shower.show(replace(asked, view=there), workspace, answer)

    async def _done(self, asked: Asked, wanted: forms.Filled, workspace: Workspace) -> list[Message]:
        said: list[Message] = []
        for number, action in enumerate([*wanted.actions, *await self._uploaded(wanted, workspace, said)]):
            step = replace(asked, action=action, key=f"{asked.key}:{number}")
            said += [message for message in await self.do(step, workspace) if message not in said]
        said += await self._membership(asked, workspace)
        preview = replace(asked, action=actions.PreviewPost(), key=f"{asked.key}:preview")
        said += [message for message in await self.do(preview, workspace) if message not in said]
        return [replace(message, replaces=True) for message in said]

    async def _uploaded(self, wanted: forms.Filled, workspace: Workspace, said: list[Message]) -> list[Action]:
        if wanted.upload is None:
            return []
        data = None
        if forms.is_readable(wanted.upload):
            try:
                data = await self.clients.fetch(workspace.token, wanted.upload.address, limits.FILE_BYTES)
            except failures.CUT_LINE as error:
                log.warning("a file was not read: %s", error or type(error).__name__)
        if data is None:
            said.append(Message((Text(forms.NOT_READ),), forms.NOT_READ))
            return []
        return [actions.ImportDeck(wanted.upload.name, data)]

    async def _membership(self, asked: Asked, workspace: Workspace) -> list[Message]:
        """Posts cannot go where the bot is not: said now, and not tomorrow at nine."""
        try:
            found = await doctor.channel(self.clients, workspace, asked.place)
        except failures.CUT_LINE as error:
            log.warning("the channel was not looked at: %s", error or type(error).__name__)
            return []
        words = f"{found.text} {found.hint}".strip()
        return [] if found.good else [Message((Text(escape(words)),), words)]
