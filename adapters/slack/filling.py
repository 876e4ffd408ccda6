"""Forms that were sent: their file is fetched, what they ask for is done, and the answer stands where the form was."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from bot import forms as core_forms
from bot.adapter import SendFailed
from bot.markdown import escape
from bot.messages import Message, Text

from . import failures, forms, limits
from .parse import Asked, OpenView
from .showing import Shower
from .workspaces import Clients, Workspace, Workspaces, workspace_of

log = logging.getLogger("flashmob.slack")
NOT_DONE = "Something went wrong, and not all of it was saved. Look at the status, then try again."
NOT_READ = "That file could not be read from Slack, so nothing was changed. It may be larger than 10 MB."
Do = Callable[[Asked, Workspace], Awaitable[list[Message]]]


@dataclass(slots=True)
class Filling:
    """`do` asks the core. Nothing raises out of here: what was sent is acknowledged already, or will be."""

    workspaces: Workspaces
    clients: Clients
    shower: Shower
    do: Do

    async def done(self, asked: Asked, view: Mapping[str, Any]) -> list[Message]:
        """Do what the form asks for; gives what came of it."""
        try:
            workspace = await workspace_of(self.workspaces, asked.team, asked.enterprise)
            said = await self._done(asked, forms.filled(view), workspace)
        except SendFailed as error:
            said = [_sentence(error.reason)]
        except Exception:
            log.exception("a form was not done")
            said = [_sentence(NOT_DONE)]
        return [msgspec.structs.replace(message, replaces=True) for message in said]

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

    async def _done(self, asked: Asked, filled: forms.Filled, workspace: Workspace) -> list[Message]:
        file = None
        if filled.upload is not None:
            data = await self._fetch(filled.upload, workspace)
            if data is None:
                return [_sentence(NOT_READ)]
            file = core_forms.File(filled.upload.name, data)
        action = core_forms.read(filled.id, filled.values, file)
        channel = core_forms.channel(filled.values) or asked.channel
        return await self.do(replace(asked, action=action, channel=channel), workspace)

    async def _fetch(self, upload: forms.Upload, workspace: Workspace) -> bytes | None:
        if not upload.is_readable:
            return None
        try:
            return await self.clients.fetch(workspace.token, upload.address, limits.FILE_BYTES)
        except failures.CUT_LINE as error:
            log.warning("a file was not read: %s", error or type(error).__name__)
            return None


def _sentence(words: str) -> Message:
    return Message((Text(escape(words)),), words)
