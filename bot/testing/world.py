"""A small study group on a real app, a real database and the local adapter, with a clock that stands still.

A test is a conversation: somebody presses or types, and what they are shown is read as text.
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from ..app import App, open_app
from ..clock import day_of, instant
from ..config import CohortConfig, Config, Core
from ..forms import File
from ..messages import Buttons, CardSide, Form, Message, Notice
from ..model import WEEKDAYS, PostStyle, RatingInput
from ..store.tx import Row, Tx

MONDAY = day_of(date(2026, 11, 2))
POST_TIME = time(9)
MINUTE_MS = 60_000
WIDE = 400
"""Wide enough that no sentence is broken where it is read."""
DECK = """+++
deck = "rivers"
title = "Rivers of Europe"
license = "CC0-1.0"
+++

""" + "\n".join(f"Q: Question {n}?\nA: Answer {n}\nId: {'card'}{n:04}\n" for n in range(1, 21))


@dataclass(slots=True)
class StillClock:
    """UTC milliseconds, as they are set."""

    at: int

    def __call__(self) -> int:
        return self.at


@dataclass(slots=True)
class World:
    """The group. Members are named by id: maya (who leads), sam and lin."""

    app: App
    clock: StillClock
    folder: Path
    zone: str
    channel: Any = field(init=False)
    form: Form | None = field(init=False, default=None)
    """The form that was opened last."""

    def __post_init__(self) -> None:
        self.channel = self.app.adapters["local"]

    # ---- time

    def wait(self, minutes: float = 0, days: int = 0) -> None:
        self.clock.at += int(minutes * MINUTE_MS) + days * 24 * 60 * MINUTE_MS

    async def tick(self) -> None:
        """Let whatever is planned for now happen."""
        await self.app.scheduler.tick()

    async def morning(self, day: int) -> None:
        """The post of this day goes out (days since 1970-01-01; see MONDAY)."""
        self.clock.at = instant(day, POST_TIME, self.zone) + 1_000
        await self.tick()

    # ---- people

    async def press(self, who: str, label: str, on: Any = None) -> str:
        """Press the newest button with this label that they see; returns what they are shown, as text."""
        message = on or self.with_button(who, label)
        return self.text(await self.channel.press(who, message.id, label))

    async def says(self, who: str, command: str) -> str:
        return self.text(await self.channel.command(who, command))

    async def imports(self, data: bytes, file_name: str = "rivers.deck.md", who: str = "maya") -> str:
        """Drop a file, and press Import under what it would do."""
        await self.channel.drop(who, file_name, data)
        return await self.press(who, "Import")

    async def fill(self, who: str, upload: File | None = None, /, **values: str | tuple[str, ...]) -> str:
        """Send the form that was opened last, with these values in the place of what stood in its fields."""
        assert self.form is not None, "no form was opened"
        given = filled_in(self.form, values)
        return self.text(await self.channel.fill(who, self.form.id, given, upload))

    async def rate_all(self, who: str, label: str = "4 Well") -> None:
        """Go through the open session, rating every card alike, until there is no question left."""
        while "Show answer" in self.labels(who):
            await self.press(who, "Show answer")
            await self.press(who, label)

    # ---- what is seen

    def with_button(self, who: str, label: str) -> Any:
        """The newest message with this button."""
        for seen in reversed(self.channel.seen_by(who)):
            if label in (*labels_of(seen.message), *_for_more(seen.message)):
                return seen
        raise LookupError(f"{who} sees no button {label!r}")

    def labels(self, who: str) -> list[str]:
        """The buttons of the newest message that they see."""
        return labels_of(self.channel.seen_by(who)[-1].message)

    def newest_post(self) -> Any:
        return [seen for seen in self.channel.room.everything() if not seen.reader][-1]

    def text(self, messages: Sequence[Any]) -> str:
        self.form = next((seen.message.form for seen in messages if seen.message.form), self.form)
        return str(self.channel.tell(messages, WIDE))

    # ---- what is kept

    async def rows(self, sql: str, **values: Any) -> list[Row]:
        async def journey(tx: Tx) -> list[Row]:
            return await tx.all(sql, **values)

        return await self.app.database.read(journey)


def filled_in(form: Form, values: Mapping[str, str | tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """What stands in each field of a form, but for these, which are written or chosen by their names."""
    assert set(values) <= {field.name for field in form.fields}, f"{form.title} has no such field: {values}"
    chosen = {name: (given,) if isinstance(given, str) else given for name, given in values.items()}
    return {field.name: chosen.get(field.name, field.values) for field in form.fields}


def labels_of(message: Message) -> list[str]:
    rows = [part.row for part in message.parts if isinstance(part, Buttons)]
    notices = [part.buttons for part in message.parts if isinstance(part, Notice)]
    return [button.label for row in (*notices, *rows) for button in row]


def _for_more(message: Message) -> list[str]:
    """What a platform draws below a side that it had to cut."""
    sides = [part for part in message.parts if isinstance(part, CardSide)]
    return [side.more.label for side in sides if side.more is not None]


@asynccontextmanager
async def open_world(
    folder: Path,
    *,
    deck: str = DECK,
    style: PostStyle = PostStyle.DIGEST,
    rating_input: RatingInput = RatingInput.BUTTONS,
    zone: str = "Europe/Berlin",
    section: Mapping[str, object] | None = None,
    at: int | None = None,
    from_file: bool = False,
) -> AsyncIterator[World]:
    """A group with one deck of twenty cards that posts every day at nine; opened again, it goes on where it was."""
    (folder / "rivers.deck.md").write_text(deck)
    cohort = CohortConfig(
        name="Rivers",
        channel="flashcards",
        decks=("rivers.deck.md",),
        weekdays=WEEKDAYS,
        zone=zone,
        style=style,
        rating_input=rating_input,
    )
    members = {"members": ["Maya", "Sam", "Lin"], "zone": zone, "port": 0}
    local = {"enabled": True, **members, **(section or {})}
    config = Config(Core(data="."), (cohort,), {"local": local}, folder, from_file)
    clock = StillClock(at if at is not None else instant(MONDAY, time(8), zone))
    async with open_app(config, clock) as app:
        yield World(app, clock, folder, zone)
