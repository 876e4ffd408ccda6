"""A room in a file: one JSON line a change, read again at the start, so that old messages and buttons survive.

A line is `{"message": ...}` (put it, whole), `{"members": [...]}` or `{"clear": true}`. A last line that was cut off by
a crash was never told to anyone, so it is dropped. Starting writes the file anew, with one line a message.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import msgspec

from bot import messages
from bot.errors import StoreError
from bot.messages import Audience, Message, Part

from .words import Chip, Member, RoomMessage

_PARTS: dict[str, type[Any]] = {
    kind.__name__: kind
    for kind in (
        messages.Title, messages.Text, messages.Notice, messages.CardSide, messages.Numbered, messages.Buttons,
        messages.Attachment, messages.Instant,
    )
}  # fmt: skip


class Journal:
    """The file behind a room. Open until `close`."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file: IO[bytes] | None = None

    def replay(self) -> tuple[list[Member], list[RoomMessage]]:
        """What the file holds, oldest first; the file is then written anew without what was overwritten."""
        members: list[Member] = []
        kept: dict[str, RoomMessage] = {}
        for number, line in enumerate(self._lines(), 1):
            try:
                members = self._put(msgspec.json.decode(line), members, kept)
            except (msgspec.MsgspecError, LookupError, TypeError, ValueError, AttributeError) as error:
                raise StoreError(
                    f"{self._path}, line {number}: this is not a line of a room.",
                    "Restore the file from a copy, or move it away to start with an empty room.",
                ) from error
        self._rewrite(members, kept.values())
        return members, list(kept.values())

    def message(self, message: RoomMessage) -> None:
        self._write({"message": write_message(message)})

    def members(self, members: Iterable[Member]) -> None:
        self._write({"members": list(members)})

    def clear(self, members: Iterable[Member]) -> None:
        self._write({"clear": True, "members": list(members)})

    def close(self) -> None:
        if self._file:
            self._file.close()

    def _lines(self) -> list[bytes]:
        """The whole lines of the file."""
        text = self._path.read_bytes() if self._path.exists() else b""
        return text.split(b"\n")[:-1]

    @staticmethod
    def _put(line: dict[str, Any], members: list[Member], kept: dict[str, RoomMessage]) -> list[Member]:
        if "clear" in line:
            kept.clear()
        if "message" in line:
            message = read_message(line["message"])
            kept[message.id] = message
        return [msgspec.convert(each, Member) for each in line.get("members", ())] or members

    def _rewrite(self, members: Iterable[Member], kept: Iterable[RoomMessage]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._path.with_name(self._path.name + ".new")
        with fresh.open("wb") as self._file:
            self.members(members)
            for message in kept:
                self.message(message)
        fresh.replace(self._path)
        self._file = self._path.open("ab")

    def _write(self, line: dict[str, object]) -> None:
        if self._file:
            self._file.write(msgspec.json.encode(line) + b"\n")
            self._file.flush()


def write_message(room: RoomMessage) -> dict[str, object]:
    """A message as JSON can carry it: each part stands beside its kind."""
    shown = room.message
    return {
        "id": room.id, "sent_at": room.sent_at, "reader": room.reader, "direct": room.direct, "key": room.key,
        "edited_at": room.edited_at, "chips": room.chips, "summary": shown.summary, "audience": shown.audience,
        "replaces": shown.replaces, "ping": shown.ping,
        "parts": [[type(part).__name__, part] for part in shown.parts],
    }  # fmt: skip


def read_message(line: dict[str, Any]) -> RoomMessage:
    parts: tuple[Part, ...] = tuple(msgspec.convert(part, _PARTS[kind]) for kind, part in line["parts"])
    said = Message(parts, line["summary"], Audience(line["audience"]), line["replaces"], line.get("ping", ""))
    return RoomMessage(
        line["id"], line["sent_at"], said, line["reader"], line["direct"], line["key"], line["edited_at"],
        msgspec.convert(line["chips"], tuple[Chip, ...]),
    )  # fmt: skip
