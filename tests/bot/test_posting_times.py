"""Every zone there is: following a schedule gives exactly one instant for each local date, whatever the clocks do.

The suite takes a sample of the zones; with FLASHMOB_LONG in the environment it takes all of them.
"""

import os
from datetime import date, time
from itertools import pairwise
from zoneinfo import available_timezones

import pytest

from bot.clock import clock_time, day_of, instant, local_day, next_post
from bot.model import Schedule

from .test_clock import EVERY_DAY, ODD_ZONES

DAYS = 400
FIRST = day_of(date(2026, 2, 1))
TIMES = (time(0), time(2, 30), time(9), time(23, 59))
ZONES = sorted(available_timezones())
SAMPLE = ZONES if os.environ.get("FLASHMOB_LONG") else sorted({*ODD_ZONES, *ZONES[::30]})
HOUR_MS = 3_600_000


def posts_of(zone: str, at: time, first: int, days: int) -> list[tuple[int, int]]:
    """The (day, instant) of every post, as the scheduler finds them: each time the next one."""
    schedule, after, found = Schedule(EVERY_DAY, at, zone), instant(first, at, zone) - 1, []
    for _ in range(days):
        day, after = next_post(schedule, after)
        found.append((day, after))
    return found


@pytest.mark.parametrize("at", TIMES, ids=lambda at: f"{at:%H.%M}")
def test_every_local_date_has_exactly_one_post_in_every_zone(at: time) -> None:
    for zone in SAMPLE:
        posts = posts_of(zone, at, FIRST, DAYS)
        assert [day for day, _ in posts] == list(range(FIRST, FIRST + DAYS)), zone
        gaps = {later - sooner for (_, sooner), (_, later) in pairwise(posts)}
        assert all(21 * HOUR_MS <= gap <= 27 * HOUR_MS for gap in gaps), zone
        moved = [(day, found) for day, found in posts if clock_time(found, zone) != f"{at:%H:%M}"]
        assert len(moved) <= 3, zone  # only where the time does not exist
        assert all(local_day(found, zone) - day in (0, 1) for day, found in moved), zone
        assert all(local_day(found, zone) == day for day, found in posts if (day, found) not in moved), zone


@pytest.mark.parametrize(
    ("zone", "first", "at", "local_times"),
    [
        ("Europe/Berlin", "2027-03-27", "02:30", ["02:30", "03:30", "02:30"]),
        ("Europe/Berlin", "2027-10-30", "02:30", ["02:30", "02:30", "02:30"]),
        ("Australia/Lord_Howe", "2026-10-03", "02:15", ["02:15", "02:45", "02:15"]),
        ("Australia/Lord_Howe", "2026-04-04", "01:45", ["01:45", "01:45", "01:45"]),
        ("Africa/Casablanca", "2027-02-06", "02:30", ["02:30", "02:30", "02:30"]),
        ("Asia/Almaty", "2024-02-28", "23:30", ["23:30", "23:30", "23:30"]),
        ("Africa/Cairo", "2026-04-23", "00:00", ["00:00", "01:00", "00:00"]),
        ("America/Scoresbysund", "2024-03-30", "23:30", ["23:30", "23:30", "23:30"]),
    ],
    ids=[
        "an hour that does not exist",
        "an hour that happens twice",
        "half an hour that does not exist on Lord Howe",
        "half an hour that happens twice on Lord Howe",
        "an hour that happens twice before Ramadan",
        "a zone that changes its rules",
        "a midnight that does not exist",
        "a zone that changes its rules and its clocks at once",
    ],
)
def test_a_post_keeps_its_local_time(zone: str, first: str, at: str, local_times: list[str]) -> None:
    start = day_of(date.fromisoformat(first))
    posts = posts_of(zone, time.fromisoformat(at), start, len(local_times))
    assert [day for day, _ in posts] == list(range(start, start + len(local_times)))
    assert [clock_time(found, zone) for _, found in posts] == local_times


def test_an_hour_that_happens_twice_means_the_first() -> None:
    day = day_of(date(2027, 10, 31))
    ((_, found),) = posts_of("Europe/Berlin", time(2, 30), day, 1)
    assert found == instant(day, time(0, 30), "UTC")
