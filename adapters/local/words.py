"""The nouns of the local platform."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.messages import Message
from bot.model import Rating


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in the room; `zone` (an IANA name) is the one whose hours this member reads, else the channel's."""

    id: str
    name: str
    leads: bool = False
    zone: str = ""


@dataclass(frozen=True, slots=True)
class Chip:
    """A reaction under a message, and who pressed it."""

    rating: Rating
    members: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """A message as it now stands. `reader` is a member's id, empty for everyone; `direct`: in the direct messages.

    Instants are UTC milliseconds; `edited_at` is 0 for one that was never edited. `key` is the one it was sent with.
    """

    id: str
    sent_at: int
    message: Message
    reader: str = ""
    direct: bool = False
    key: str = ""
    edited_at: int = 0
    chips: tuple[Chip, ...] = ()

    def is_seen_by(self, member: str) -> bool:
        return self.reader in ("", member)


@dataclass(frozen=True, slots=True)
class Control:
    """A button beside the channel, for the demo: `run` gets the id of the member who looks.

    `says` explains the label in a few words; with `veil`, night falls over the page and shows this text meanwhile.
    """

    name: str
    label: str
    says: str
    run: Callable[[str], Awaitable[None]]
    veil: str = ""
