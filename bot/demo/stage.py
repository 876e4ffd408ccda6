"""The made-up group on a real app: members who press real buttons, and a clock that can be moved.

Rules of this file:
- nothing is put into the database from here: every review comes from a button that a member pressed;
- the same seed plays the same weeks.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time
from random import Random
from typing import Protocol

from ..adapter import Now
from ..app import App
from ..clock import instant, local_day
from ..messages import Buttons, CardSide, Message, Side
from ..wording import rating
from .cast import CAST, VIEWER, Habits, Mind

POST_TIME = time(9)
EVENING = time(20)
SEED = 7
PAST_DAYS = 14
EARLY_BIRDS = 3
MINUTE_MS = 60_000
PRESS_MS = 7_000
MOST_PRESSES = 120


class Seen(Protocol):
    """A message as the local channel keeps it; `reader` is empty for everyone."""

    @property
    def id(self) -> str: ...
    @property
    def message(self) -> Message: ...
    @property
    def reader(self) -> str: ...


class Channel(Protocol):
    """What the demo asks of the local adapter."""

    async def press(self, member_id: str, message_id: str, button: str) -> Sequence[Seen]: ...
    async def command(self, member_id: str, text: str) -> Sequence[Seen]: ...
    def seen_by(self, member_id: str) -> Sequence[Seen]: ...
    def say(self, member_id: str, message: Message) -> Seen: ...
    def tell(self, messages: Iterable[Seen], width: int = 80) -> str: ...
    def clear(self, before: int | None = None) -> None: ...


@dataclass(frozen=True, slots=True)
class Step:
    """A button that was pressed, and what was shown then."""

    pressed: str
    shown: Sequence[Seen]


class DemoClock:
    """UTC milliseconds, as they are set; once started it runs on by the real clock."""

    def __init__(self, at: int, real: Now) -> None:
        self._at, self._real, self._since = at, real, real()
        self._running = False

    def __call__(self) -> int:
        return self._at + (self._real() - self._since if self._running else 0)

    def move_to(self, at: int) -> None:
        """Never back: what was said stays in order."""
        self._at, self._since = max(self(), at), self._real()

    def move_on(self, by_ms: int) -> None:
        self.move_to(self() + by_ms)

    def start(self) -> None:
        self._since, self._running = self._real(), True


@dataclass(slots=True)
class Stage:
    """The group, its clock and its minds; `zone` is the group's."""

    app: App
    channel: Channel
    clock: DemoClock
    zone: str
    chance: Random = field(default_factory=lambda: Random(SEED))
    minds: list[Mind] = field(init=False)
    studied: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self.minds = [Mind(habits, self.chance) for habits in CAST]

    @property
    def today(self) -> int:
        return local_day(self.clock(), self.zone)

    async def play_past_weeks(self, today: int) -> None:
        """Two weeks of posts, and yesterday's alone left in the channel; then this morning's, with its early birds."""
        for day in range(today - PAST_DAYS, today):
            await self.morning(day)
            busy = {VIEWER} if day == today - 1 else set()
            await self.others_study(CAST, besides=busy)
        await self.morning(today)
        await self.early_birds()
        self.channel.clear(before=instant(today - 1, POST_TIME, self.zone))

    async def morning(self, day: int) -> None:
        """It is nine o'clock and a few seconds: the day's post goes out."""
        self.clock.move_to(instant(day, POST_TIME, self.zone) + 5_000)
        self.studied.clear()
        await self.deliver()

    async def deliver(self) -> None:
        """Let what is planned happen."""
        await self.app.scheduler.tick()

    async def early_birds(self) -> None:
        """The first few of the others who study today, so that the post counts them."""
        others = [habits for habits in CAST if habits.id != VIEWER]
        for habits in others[:EARLY_BIRDS]:
            await self.study(self._mind(habits))
            self.clock.move_on(MINUTE_MS)
            await self.deliver()

    async def others_study(self, who: Iterable[Habits], besides: set[str]) -> list[str]:
        """Whoever of these has not studied today may still do so; returns the names of those who did."""
        names = []
        for habits in who:
            mind = self._mind(habits)
            if habits.id not in besides | self.studied and mind.studies_today():
                await self.study(mind)
                names.append(habits.name)
        return names

    def _mind(self, habits: Habits) -> Mind:
        return next(mind for mind in self.minds if mind.habits is habits)

    async def study(self, mind: Mind, *, eager: bool = True) -> list[Step]:
        """A whole session on the newest post, button by button; an eager member may take what is offered after it."""
        self.studied.add(mind.habits.id)
        steps: list[Step] = []
        on, label = self.newest_post(mind.habits.id), "Study"
        while label and len(steps) < MOST_PRESSES:
            self.clock.move_on(PRESS_MS)
            shown = await self.channel.press(mind.habits.id, on.id, label)
            steps.append(Step(label, shown))
            on = shown[-1]
            label = self._next_button(mind, on.message, eager=eager)
        return steps

    def newest_post(self, member: str) -> Seen:
        return next(seen for seen in reversed(self.channel.seen_by(member)) if not seen.reader)

    def _next_button(self, mind: Mind, message: Message, *, eager: bool) -> str:
        """What this member presses now; empty where there is nothing left to press."""
        labels = labels_of(message)
        if "Show answer" in labels:
            return "Show answer"
        question = _question_of(message)
        if question:
            return rating(mind.rate(question))
        more = [label for label in labels if label.startswith(("Do th", "Meet ", "Try it", "Try those"))]
        if eager and more and self.chance.random() < 0.7:
            return more[0]
        return "Finish" if "Finish" in labels else ""


def _question_of(message: Message) -> str:
    for part in message.parts:
        if isinstance(part, CardSide) and part.side is Side.QUESTION:
            return part.markdown
    return ""


def labels_of(message: Message) -> list[str]:
    return [button.label for part in message.parts if isinstance(part, Buttons) for button in part.row]
