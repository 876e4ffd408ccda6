"""What a storm is made of: how large it is, how its clock runs, and what its platforms do wrong, all of it by seed."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from random import Random
from time import monotonic

from bot.clock import day_of

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
FIRST_DAY = day_of(date(2026, 11, 2))
DAWN_MS, FIRST_POST, LAST_POST = 6 * HOUR_MS, 6 * 60 + 30, 13 * 60
"""When a day of the storm begins (milliseconds of the day, UTC), and its earliest and latest post (minutes)."""


class Platform(StrEnum):
    """One knows a key again, whenever it comes (a nonce); the other takes everything, and can only be looked into."""

    KNOWS_KEYS = "knowing"
    TAKES_ALL = "taking"


@dataclass(frozen=True, slots=True)
class Storm:
    """`cohorts` post every day for `days`; a day is `hours` of the made-up clock, each `hour_s` real seconds long.

    `workers` share one file. Each lives for up to `life_s`. `lease_s` and `timeout_s` are real seconds.
    """

    folder: Path
    seed: int
    cohorts: int
    days: int
    hours: float
    hour_s: float
    workers: int
    life_s: float
    lease_s: float = 1.0
    timeout_s: float = 0.45

    @property
    def database(self) -> Path:
        return self.folder / "storm.db"

    @property
    def factor(self) -> float:
        """Milliseconds of the made-up clock in a real one."""
        return HOUR_MS / 1000 / self.hour_s

    def minute_of_post(self, cohort: int) -> int:
        """When this cohort posts, in minutes of the day."""
        return Random(f"{self.seed} at {cohort}").randint(FIRST_POST, LAST_POST)


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock that all processes share: `at` when the real one said `began`, and faster by `factor` ever since."""

    at: int
    began: float
    factor: float

    def __call__(self) -> int:
        return self.at + int((monotonic() - self.began) * 1000 * self.factor)


def dawn(storm: Storm, number: int) -> Clock:
    """The clock of a day, which begins now."""
    return Clock((FIRST_DAY + number) * DAY_MS + DAWN_MS, monotonic(), storm.factor)


# ---- what goes wrong -------------------------------------------------------------------------------------------------


class Fault(StrEnum):
    """What a platform does with a request."""

    NONE = "none"
    DROPPED = "dropped"
    """The line is cut before it arrives."""
    UNANSWERED = "unanswered"
    """It arrived, and the line is cut before the answer."""
    SLOW = "slow"
    """It arrives a little later."""
    LATE = "late"
    """It arrives; the answer comes when the lease is over."""
    TOO_LATE = "too late"
    """It arrives when whoever sent it has given up waiting. Only where a key is known again."""
    BROKEN = "broken"
    """A server's error, and nothing arrived."""
    HALF_BROKEN = "half broken"
    """A server's error, and it arrived all the same."""
    LIMITED = "limited"
    """Wait, says the platform."""


WEIGHTS = {
    Fault.NONE: 66,
    Fault.DROPPED: 4,
    Fault.UNANSWERED: 6,
    Fault.SLOW: 8,
    Fault.LATE: 3,
    Fault.TOO_LATE: 3,
    Fault.BROKEN: 4,
    Fault.HALF_BROKEN: 4,
    Fault.LIMITED: 2,
}
FORBIDDEN_SHARE = 0.05
FORBIDDEN_HOURS = (0.5, 3.0, 30.0)


@dataclass(frozen=True, slots=True)
class Faults:
    """The fault plan; `calm` says that there is none."""

    storm: Storm
    calm: bool

    def of(self, platform: Platform, key: str, attempt: int) -> Fault:
        """What happens to the nth request with this key. Nothing goes wrong for ever."""
        if self.calm or attempt > 6:
            return Fault.NONE
        (fault,) = Random(f"{self.storm.seed} {key} {attempt}").choices(list(WEIGHTS), list(WEIGHTS.values()))
        if fault is Fault.TOO_LATE and (platform is Platform.TAKES_ALL or attempt > 1):
            return Fault.SLOW
        return fault

    def forbidden(self, channel: str, at: int) -> bool:
        """Whether the bot may not write here now."""
        begins, ends = _forbidden(self.storm.seed, self.storm.days, channel)
        return not self.calm and begins <= at < ends


@cache
def _forbidden(seed: int, days: int, channel: str) -> tuple[int, int]:
    chance = Random(f"{seed} forbidden {channel}")
    if chance.random() >= FORBIDDEN_SHARE:
        return 0, 0
    begins = (FIRST_DAY + chance.randrange(days)) * DAY_MS + DAWN_MS
    return begins, begins + int(chance.choice(FORBIDDEN_HOURS) * HOUR_MS) + DAWN_MS // 2
