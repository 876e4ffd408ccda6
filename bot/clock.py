"""Days, posting times and the clock changes between them.

Rules of this file:
- it never reads the clock: every function takes `at`, an instant in UTC milliseconds;
- days are whole days since 1970-01-01 and never mix with instants;
- a time of day is kept as "HH:MM" with a zone's IANA name, never as an offset, since offsets change twice a year.
"""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from difflib import get_close_matches
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

from .errors import ConfigError, QuizError
from .model import Schedule, Window

DAY_TURNS_AT = time(4)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DATE = _EPOCH.date()
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH_WEEKDAY = _EPOCH_DATE.weekday()
_WEEK = 7


# ---- days ------------------------------------------------------------------------------------------------------------


def learning_day(at: int, zone: str) -> int:
    """The learner's day at an instant: it turns at 04:00 local time, so that a late evening is still today."""
    local = _local(at, zone)
    return day_of(local.date()) - (local.time() < DAY_TURNS_AT)


def local_day(at: int, zone: str) -> int:
    """The plain calendar day at an instant."""
    return day_of(_local(at, zone).date())


def date_of(day: int) -> date:
    """The calendar date of a day."""
    return _EPOCH_DATE + timedelta(days=day)


def day_of(date: date) -> int:
    """The day of a calendar date."""
    return (date - _EPOCH_DATE).days


def weekday(day: int) -> int:
    """The weekday of a day, counted from Monday = 0."""
    return (day + _EPOCH_WEEKDAY) % _WEEK


# ---- posting times ---------------------------------------------------------------------------------------------------


def instant(day: int, local_time: time, zone: str) -> int:
    """The instant of a local time on a day.

    A time that happens twice means the first; a time that does not exist moves forward by the hour that is missing.
    """
    local = datetime.combine(date_of(day), local_time.replace(fold=0), tzinfo=ZoneInfo(zone))
    return (local.astimezone(UTC) - _EPOCH) // _MILLISECOND


def next_post(schedule: Schedule, after: int) -> tuple[int, int]:
    """The day and the instant of the first post strictly after an instant: at most one for each local date.

    Raises `QuizError` for a schedule without weekdays.
    """
    for day in _posting_days(schedule, local_day(after, schedule.zone)):
        at = instant(day, schedule.local_time, schedule.zone)
        if at > after:
            return day, at
    raise QuizError("This schedule has no weekdays, so nothing would ever be posted.", "Choose at least one weekday.")


def _posting_days(schedule: Schedule, today: int) -> Iterable[int]:
    # From yesterday: a post moved out of an hour that does not exist can fall on the next date.
    return (day for day in range(today - 1, today + _WEEK + 1) if weekday(day) in schedule.weekdays)


def clock_time(at: int, zone: str) -> str:
    """What the clock on the wall says: `11:40`."""
    return f"{_local(at, zone):%H:%M}"


def _local(at: int, zone: str) -> datetime:
    return (_EPOCH + timedelta(milliseconds=at)).astimezone(ZoneInfo(zone))


# ---- the windows of a leaderboard ------------------------------------------------------------------------------------


def window_days(window: Window, day: int) -> tuple[int, int] | None:
    """The first and the last day of the window that holds a day, weeks from Monday; None means every day there is."""
    match window:
        case Window.WEEK:
            monday = day - weekday(day)
            return monday, monday + _WEEK - 1
        case Window.MONTH:
            first = date_of(day).replace(day=1)
            next_first = (first + timedelta(days=31)).replace(day=1)
            return day_of(first), day_of(next_first) - 1
        case Window.ALL:
            return None


@lru_cache(maxsize=64)  # every rating of a day asks for the same three
def period(window: Window, day: int) -> str:
    """The name under which standings of the window that holds a day are kept: "2026-W45" (ISO), "2026-11" or "all"."""
    match window:
        case Window.WEEK:
            year, week, _ = date_of(day).isocalendar()
            return f"{year:04}-W{week:02}"
        case Window.MONTH:
            return f"{date_of(day):%Y-%m}"
        case Window.ALL:
            return "all"


# ---- what people write -----------------------------------------------------------------------------------------------


def check_zone(name: str) -> None:
    """Raise `ConfigError` unless this is a time zone's IANA name; the hint names the nearest one."""
    if name not in _zones():
        raise ConfigError(f'"{name}" is not a time zone.', _zone_hint(name))


def _zone_hint(name: str) -> str:
    spelled = name.strip().casefold().replace(" ", "_")
    by_city = _zones_by_spelling()
    near = get_close_matches(spelled, by_city, n=1, cutoff=0.6)
    return f"Did you mean {by_city[near[0]]}?" if near else "Write it as Continent/City, for example Europe/Berlin."


@cache
def _zones() -> frozenset[str]:
    """Looking for them takes several milliseconds, for which nobody should wait in the writer."""
    return frozenset(available_timezones())


@cache
def _zones_by_spelling() -> dict[str, str]:
    """Each zone under its whole name and under its city alone."""
    names = sorted(_zones(), key=lambda name: ("/" not in name, name))
    cities = {name.rpartition("/")[2].casefold(): name for name in reversed(names)}
    return cities | {name.casefold(): name for name in names}


def parse_time(text: str) -> time:
    """The time of day that "09:00" or "9:00" says. Raises `ConfigError` with how to write it."""
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text.strip())
    if found is not None:
        hour, minute = map(int, found.groups())
        if hour < 24 and minute < 60:
            return time(hour, minute)
    raise ConfigError(f'"{text}" is not a time of day.', "Write hours and minutes, 00:00 to 23:59, for example 09:00.")
