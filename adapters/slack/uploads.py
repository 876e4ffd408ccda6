"""The pictures that Slack holds for us: each is uploaded once a workspace, into no channel, and then named by its id.

Rules of this file:
- nothing raises: what Slack does not take is described in the text, as where `files:write` was not granted;
- a file's name says nothing of the card that shows it;
- ids are remembered while the process lives: a restart uploads anew what is shown anew, since nobody says when Slack
  has lost a file.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence

from slack_sdk.errors import SlackApiError

from bot import drawing, markdown
from bot.adapter import Media
from bot.markdown import MEDIA_NAME
from bot.messages import CardSide, Message

from . import failures, limits
from .workspaces import Clients, Workspace

log = logging.getLogger("flashmob.slack")
SCOPE = "files:write"
FILE_NAME = "picture"
REMEMBERED = 10_000

Held = Mapping[str, str]
"""Ids of Slack's files, by what names a picture in a card: a kept picture's name, or a formula's source."""
NONE: Held = {}


def wanted(messages: Sequence[Message]) -> list[str]:
    """What these messages show that has to be uploaded first, as far as Slack shows it."""
    texts = [part.markdown for message in messages for part in message.parts if isinstance(part, CardSide)]
    kept = dict.fromkeys(image.media for text in texts for image in markdown.pictures(text) if image.media)
    formulas = dict.fromkeys(source for text in texts for source in drawing.sources(text))
    shown = [name for name in kept if name.rpartition(".")[2] in limits.PICTURE_KINDS]
    return [*shown[: limits.PICTURES], *(list(formulas)[: drawing.MOST] if drawing.AVAILABLE else ())]


class Uploads:
    """`media` gives the bytes of kept pictures."""

    def __init__(self, clients: Clients, media: Media) -> None:
        self._clients = clients
        self._media = media
        self._ids: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._under_way: dict[tuple[str, str], asyncio.Task[None]] = {}

    def held(self, workspace: Workspace, messages: Sequence[Message]) -> Held:
        """Those pictures of these messages that are at Slack already."""
        found = {key: self._ids.get((workspace.team, key), "") for key in wanted(messages)}
        return {key: file for key, file in found.items() if file}

    async def bring(self, workspace: Workspace, messages: Sequence[Message]) -> Held:
        """The same, once the others are uploaded too; what takes too long is left for the next time."""
        missing = [key for key in wanted(messages) if (workspace.team, key) not in self._ids]
        if missing and SCOPE in workspace.scopes:
            await asyncio.wait([self._begun(workspace, key) for key in missing], timeout=limits.UPLOADS_WITHIN_S)
        return self.held(workspace, messages)

    async def tries(self, workspace: Workspace, held: Held) -> AsyncIterator[Held | None]:
        """What to draw with, one after the other until Slack takes it; None is without any picture.

        Slack looks at an upload for a moment, and until then refuses whatever shows it.
        """
        yield held
        for rest in limits.UPLOAD_RESTS_S if held else ():
            await asyncio.sleep(rest)
            yield held
        for key in held:
            self._ids.pop((workspace.team, key), None)
        yield None

    # ---- within

    def _begun(self, workspace: Workspace, key: str) -> "asyncio.Task[None]":
        """Its upload: one, however many people look at the card."""
        name = (workspace.team, key)
        if name not in self._under_way:
            task = asyncio.get_running_loop().create_task(self._upload(workspace, key))
            self._under_way[name] = task
            task.add_done_callback(lambda _: self._under_way.pop(name, None))
        return self._under_way[name]

    async def _upload(self, workspace: Workspace, key: str) -> None:
        data = await self._bytes(key)
        if not data:
            return
        suffix = key.rpartition(".")[2] if MEDIA_NAME.fullmatch(key) else "png"
        client = self._clients.talking(workspace.token)
        try:
            said = await client.files_upload_v2(filename=f"{FILE_NAME}.{suffix}", content=data, title=FILE_NAME)
        except (SlackApiError, *failures.CUT_LINE) as error:
            log.warning("a picture was not uploaded: %s", failures.code(error) or error or type(error).__name__)
            return
        self._ids[workspace.team, key] = str(said["files"][0]["id"])
        if len(self._ids) > REMEMBERED:
            self._ids.popitem(last=False)

    async def _bytes(self, key: str) -> bytes | None:
        return await self._media(key) if MEDIA_NAME.fullmatch(key) else (await drawing.drawn([key])).get(key)
