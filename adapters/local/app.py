"""The local platform as an adapter: the channel in process, and its page for a browser on this machine."""

import asyncio
from collections.abc import Mapping

from bot.actions import BeganAnew, told_by
from bot.adapter import (
    Act,
    Capabilities,
    Media,
    Now,
    PrivateSurface,
    RatedBy,
    SendFailed,
    Trouble,
    no_media,
)
from bot.messages import Message
from bot.model import MessageRef, Place, Rating
from bot.states import Health

from . import parse, render, settings
from .channel import Channel
from .server import Server
from .words import Control, Member, RoomMessage

__all__ = ["Control", "Local", "Member", "RoomMessage"]

BUTTONS_IN_MESSAGE = 25
LABEL_LIMIT = 80
SENDS_PER_SECOND = 1_000.0


class Local(Channel):
    """The adapter. Everything but `run` works without a network."""

    def __init__(self, section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> None:
        """`section` is `[local]` of the configuration file (see `settings.py`). Raises `ConfigError`, `StoreError`."""
        super().__init__(settings.read(section), act, now, media)
        self._server = Server(self)
        self._closed = False

    @property
    def platform(self) -> str:
        return "local"

    @property
    def capabilities(self) -> Capabilities:
        surface = PrivateSurface.DIRECT_MESSAGE if self._in_direct else PrivateSurface.EPHEMERAL
        limits = (render.MOST_CHARACTERS, LABEL_LIMIT, BUTTONS_IN_MESSAGE)
        return Capabilities(surface, *limits, reactions=True, edits=True, sends_per_second=SENDS_PER_SECOND)

    @property
    def health(self) -> Health:
        """Nothing lies between us and the channel that could be cut."""
        return Health.CLOSED if self._closed else Health.CONNECTED

    @property
    def address(self) -> str:
        """Where the page is, once `started` has come back."""
        return self._server.address

    async def run(self) -> None:
        """Serve the page until `close`. Raises `ConfigError` where the port is taken."""
        await asyncio.gather(self._server.run(), self.begin_anew())

    async def begin_anew(self) -> None:
        """Say that the program starts: the one before may have ended between a press and its action."""
        await self._act(told_by(self.platform, BeganAnew(), f"{self._run}-began", self.now()))

    async def started(self) -> None:
        """Wait until the page can be opened."""
        await self._server.started.wait()

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        """Post for everyone, or to one member; the same key again gives the message that is there already."""
        if place.person:
            return MessageRef(place, self._tell(place.person, message, key).id)
        if place != self.place():
            raise SendFailed(f"There is no channel {place.channel!r} in {place.workspace!r} here.", Trouble.GONE)
        return MessageRef(place, self.room.post(message, self.now(), key=key).id)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        self._known(ref)
        self.room.edit(ref.message_id, message, self.now())

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        self._known(ref)
        self.room.seed(ref.message_id, rating)

    async def ratings(self, ref: MessageRef) -> RatedBy:
        people = {member.id: parse.account(member) for member in self.members}
        chips = self._known(ref).chips
        return {chip.rating: [people[who] for who in chip.members if who in people] for chip in chips}

    async def find(self, place: Place, key: str) -> MessageRef | None:
        found = self.room.find(key)
        return MessageRef(place, found.id) if found and (place.person or place == self.place()) else None

    async def close(self) -> None:
        self._closed = True
        await self._server.close()
        self.room.close()

    def _tell(self, person: str, message: Message, key: str) -> RoomMessage:
        try:
            self.room.member(person)
        except LookupError as error:
            raise SendFailed(str(error), Trouble.GONE) from error
        return self.room.post(message, self.now(), reader=person, direct=True, key=key)

    def _known(self, ref: MessageRef) -> RoomMessage:
        try:
            return self.room.message(ref.message_id)
        except LookupError as error:
            raise SendFailed(str(error), Trouble.GONE) from error
