"""A scripted outage: the platform behind a bad line, and the real scheduler in front of it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Enum

from ..adapter import Adapter, Capabilities, RatedBy, SendFailed
from ..messages import Audience, Message, Numbered, Text, Title
from ..model import MessageRef, Place, Rating
from ..states import Health


class Fault(Enum):
    """What the line does to one sending."""

    LOST = "The line was cut before the post arrived."
    UNANSWERED = "The post arrived, but the line was cut before the answer came back."


@dataclass(slots=True)
class BadLine:
    """An adapter whose next sendings meet these faults; everything else goes through. `told` is what happened."""

    adapter: Adapter
    faults: list[Fault]
    told: list[str] = field(default_factory=list)

    @property
    def platform(self) -> str:
        return self.adapter.platform

    @property
    def capabilities(self) -> Capabilities:
        return self.adapter.capabilities

    @property
    def health(self) -> Health:
        return self.adapter.health

    async def run(self) -> None:
        await self.adapter.run()

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        fault = self.faults.pop(0) if self.faults else None
        if fault is Fault.LOST:
            raise self._failed(fault)
        sent = await self.adapter.send(place, message, key)
        if fault is Fault.UNANSWERED:
            raise self._failed(fault)
        self.told.append("The post was sent.")
        return sent

    def _failed(self, fault: Fault) -> SendFailed:
        self.told.append(fault.value)
        return SendFailed("the connection was cut")

    async def find(self, place: Place, key: str) -> MessageRef | None:
        found = await self.adapter.find(place, key)
        looked = "found it there, and sent nothing again" if found else "did not find it"
        self.told.append(f"Flashmob looked in the channel first, and {looked}.")
        return found

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self.adapter.edit(ref, message)

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        await self.adapter.react(ref, rating)

    async def ratings(self, ref: MessageRef) -> RatedBy:
        return await self.adapter.ratings(ref)

    async def close(self) -> None:
        await self.adapter.close()


def report(steps: Iterable[tuple[str, str]]) -> Message:
    """What happened, each step with its time."""
    lines = tuple(f"{time} {what}" for time, what in steps)
    end = Text("One post in the channel: none lost, none twice. Its count and its buttons work as ever.")
    return Message((Title("What just happened"), Numbered(lines), end), "What just happened", Audience.ONLY_YOU)
