"""A second platform, in memory: it takes any channel, and has no idempotency of its own.

The same key twice makes two messages, so that whoever sends twice is seen.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.adapter import CannotTell, Capabilities, PrivateSurface, RatedBy, SendFailed
from bot.messages import Message
from bot.model import MessageRef, Place, Rating
from bot.states import Health
from bot.testing.world import World

CHANNEL = Place("elsewhere", "there", "lakes")
Fault = Callable[[str, str], SendFailed | CannotTell | None]
"""Given what is done ("send", "edit", "react", "find") and in which channel: why it fails, or None."""


@dataclass(frozen=True, slots=True)
class Said:
    key: str
    place: Place
    message: Message
    id: str


@dataclass(slots=True)
class Elsewhere:
    """`log` is everything that came through, in order: what was done, and the message's key.

    What `hangs` waits for `go_on`, and says that it was `reached`.
    """

    fault: Fault = lambda verb, channel: None
    hangs: set[str] = field(default_factory=set)
    edits: bool = True
    rate: float = 1_000.0
    said: list[Said] = field(default_factory=list)
    log: list[tuple[str, str]] = field(default_factory=list)
    tries: list[tuple[str, str]] = field(default_factory=list)
    lost: int = 0
    platform: str = "elsewhere"
    health: Health = Health.CONNECTED
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    @classmethod
    def of(cls, world: World, **how: Any) -> "Elsewhere":
        elsewhere = cls(**how)
        adapters: Any = world.app.adapters
        adapters["elsewhere"] = elsewhere
        return elsewhere

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            PrivateSurface.EPHEMERAL, 2_000, 80, 25, reactions=True, edits=self.edits, sends_per_second=self.rate
        )

    async def run(self) -> None:
        return None

    async def close(self) -> None:
        return None

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        """`lost`: so many messages arrive, and the answer that they did does not."""
        await self._meet("send", place)
        self.said.append(Said(key, place, message, f"m{len(self.said)}"))
        self.log.append(("send", key))
        if self.lost:
            self.lost -= 1
            raise ConnectionError("the answer was lost")
        return MessageRef(place, self.said[-1].id)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self._meet("edit", ref.place)
        self.log.append(("edit", self._key_of(ref)))

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        await self._meet("react", ref.place)
        self.log.append(("react", self._key_of(ref)))

    async def ratings(self, ref: MessageRef) -> RatedBy:
        await self._meet("ratings", ref.place)
        return {}

    async def find(self, place: Place, key: str) -> MessageRef | None:
        await self._meet("find", place)
        return next((MessageRef(place, said.id) for said in self.said if said.key == key), None)

    async def _meet(self, verb: str, place: Place) -> None:
        channel = place.channel or place.person
        self.tries.append((verb, channel))
        if verb in self.hangs:
            self.reached.set()
            await self.go_on.wait()
        if error := self.fault(verb, channel):
            raise error

    def _key_of(self, ref: MessageRef) -> str:
        return next(said.key for said in self.said if said.id == ref.message_id)
