"""The local platform itself: who is here, what was said, and who may see it.

Rules of this file:
- a message is for everyone or for one reader, and `seen_by` is the only way out for a member;
- every change is told to the listeners and, where the room has a file, is a line in it before anyone is told;
- a message is put as a whole, so that reading the file again is putting every line again.
"""

import secrets
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from bot.messages import Message
from bot.model import Rating

from .journal import Journal
from .words import Chip, Member, RoomMessage


class ChangeKind(StrEnum):
    POSTED = "posted"
    EDITED = "edited"
    REACTED = "reacted"
    ENTERED = "entered"
    CLEARED = "cleared"


@dataclass(frozen=True, slots=True)
class Change:
    """What happened; `message` as it now is, where it happened to a message."""

    kind: ChangeKind
    message: RoomMessage | None = None


class Room:
    """Everything the platform keeps, in memory, and in a file where `path` is given."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises `StoreError` with file and line for a file that is no room."""
        self._members: dict[str, Member] = {}
        self._messages: dict[str, RoomMessage] = {}
        self._by_key: dict[str, str] = {}
        self._last = secrets.randbits(48)  # a database may remember ids of a room that was forgotten since
        self._listeners: list[Callable[[Change], None]] = []
        self._journal = Journal(path) if path else None
        if self._journal:
            members, messages = self._journal.replay()
            self._members = {member.id: member for member in members}
            for message in messages:
                self._put(message)
            self._last = max((int(message.id) for message in messages), default=self._last)

    def listen(self, listener: Callable[[Change], None]) -> None:
        self._listeners.append(listener)

    def close(self) -> None:
        if self._journal:
            self._journal.close()

    # ---- who is here

    @property
    def members(self) -> tuple[Member, ...]:
        return tuple(self._members.values())

    def member(self, id: str) -> Member:
        """Raises `LookupError` for a stranger."""
        if id not in self._members:
            raise LookupError(f"There is no member {id!r} here.")
        return self._members[id]

    def enter(self, members: Iterable[Member]) -> None:
        """Let members in; one who is here already is known by the new name from now on."""
        self._members.update((member.id, member) for member in members)
        if self._journal:
            self._journal.members(self.members)
        self._tell(Change(ChangeKind.ENTERED))

    # ---- what was said

    def post(self, message: Message, at: int, reader: str = "", direct: bool = False, key: str = "") -> RoomMessage:
        """Say something. A `key` that was used before gives the message that it made then."""
        known = self.find(key)
        if known is not None:
            return known
        self._last += 1
        return self._change(
            ChangeKind.POSTED, RoomMessage(str(self._last), at, message, reader=reader, direct=direct, key=key)
        )

    def edit(self, id: str, message: Message, at: int) -> RoomMessage:
        return self._change(ChangeKind.EDITED, replace(self.message(id), message=message, edited_at=at))

    def seed(self, id: str, rating: Rating) -> None:
        """Put a reaction under a message for people to press; once is enough."""
        message = self.message(id)
        if rating not in (chip.rating for chip in message.chips):
            chips = sorted((*message.chips, Chip(rating)), key=lambda chip: chip.rating)
            self._change(ChangeKind.REACTED, replace(message, chips=tuple(chips)))

    def react(self, id: str, member: str, rating: Rating, added: bool) -> None:
        """Press a reaction that stands under a message, or take it back."""
        message = self.message(id)
        chips = tuple(
            replace(chip, members=_without(chip.members, member) + (member,) * added) if chip.rating is rating else chip
            for chip in message.chips
        )
        if chips != message.chips:
            self._change(ChangeKind.REACTED, replace(message, chips=chips))

    def clear(self, before: int | None = None) -> None:
        """Forget every message, or those sent before an instant; ids are never used again."""
        kept = [message for message in self._messages.values() if before is not None and message.sent_at >= before]
        self._messages.clear()
        self._by_key.clear()
        if self._journal:
            self._journal.clear(self.members)
        for message in kept:
            self._put(message)
            if self._journal:
                self._journal.message(message)
        self._tell(Change(ChangeKind.CLEARED))

    # ---- who may see it

    def message(self, id: str, reader: str | None = None) -> RoomMessage:
        """The message by that id; with a `reader`, only one that this member sees. Raises `LookupError`."""
        message = self._messages.get(id)
        if message is None or (reader is not None and not message.is_seen_by(reader)):
            raise LookupError(f"There is no message {id!r} here.")
        return message

    def find(self, key: str) -> RoomMessage | None:
        return self._messages.get(self._by_key.get(key, ""))

    def seen_by(self, member: str) -> list[RoomMessage]:
        """What this member sees, oldest first."""
        return [message for message in self._messages.values() if message.is_seen_by(member)]

    def everything(self) -> Sequence[RoomMessage]:
        return tuple(self._messages.values())

    # ---- within

    def _change(self, kind: ChangeKind, message: RoomMessage) -> RoomMessage:
        self._put(message)
        if self._journal:
            self._journal.message(message)
        self._tell(Change(kind, message))
        return message

    def _put(self, message: RoomMessage) -> None:
        self._messages[message.id] = message
        if message.key:
            self._by_key[message.key] = message.id

    def _tell(self, change: Change) -> None:
        for listener in self._listeners:
            listener(change)


def _without(members: tuple[str, ...], member: str) -> tuple[str, ...]:
    return tuple(other for other in members if other != member)
