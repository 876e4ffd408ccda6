"""Days turn at 04:00, posts go out once a local date, and clock changes move a post without losing or doubling it."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import clock
from bot.errors import ConfigError, QuizError
from bot.model import Schedule, Window

EVERY_DAY = frozenset(range(7))
BERLIN = "Europe/Berlin"
# Zones with half-hour shifts, shifts at midnight, shifts in Ramadan, negative winter time, and the ends of the world.
ODD_ZONES = (
    "UTC", BERLIN, "America/New_York", "Australia/Lord_Howe", "America/Havana", "Africa/Casablanca", "Europe/Dublin",
    "Asia/Beirut", "America/Asuncion", "Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu",
    "Antarctica/Troll", "Africa/Cairo", "America/Nuuk", "America/Scoresbysund", "Asia/Gaza", "America/Santiago",
)  # fmt: skip
zones = st.sampled_from(ODD_ZONES)
days = st.integers(clock.day_of(date(2024, 1, 1)), clock.day_of(date(2037, 12, 30)))
times = st.times(timezones=st.none()).map(lambda t: t.replace(second=0, microsecond=0))
instants = st.integers(
    int(datetime(2024, 1, 1, tzinfo=UTC).timestamp() * 1000), int(datetime(2037, 12, 1, tzinfo=UTC).timestamp() * 1000)
)


def at(text: str, zone: str = "UTC") -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def local(instant: int, zone: str) -> datetime:
    return datetime.fromtimestamp(instant / 1000, ZoneInfo(zone))


def day(text: str) -> int:
    return clock.day_of(date.fromisoformat(text))


# ---- days ------------------------------------------------------------------------------------------------------------


def test_day_zero_is_a_thursday() -> None:
    assert clock.day_of(date(1970, 1, 1)) == 0
    assert clock.weekday(0) == 3


@given(days)
def test_a_day_and_its_date_say_the_same(day: int) -> None:
    assert clock.day_of(clock.date_of(day)) == day
    assert clock.weekday(day) == clock.date_of(day).weekday()


def test_a_learners_day_turns_at_four_in_the_morning() -> None:
    before, after = at("2026-11-03 03:59:59.999", BERLIN), at("2026-11-03 04:00", BERLIN)
    assert clock.date_of(clock.learning_day(before, BERLIN)) == date(2026, 11, 2)
    assert clock.date_of(clock.learning_day(after, BERLIN)) == date(2026, 11, 3)


def test_a_calendar_day_turns_at_midnight() -> None:
    assert clock.local_day(at("2026-11-03 00:00", BERLIN), BERLIN) == day("2026-11-03")
    assert clock.local_day(at("2026-11-03 00:00", BERLIN) - 1, BERLIN) == day("2026-11-02")


def test_the_same_instant_is_another_day_elsewhere() -> None:
    noon = at("2026-11-03 12:00")
    assert clock.learning_day(noon, "Pacific/Kiritimati") - clock.learning_day(noon, "Pacific/Pago_Pago") == 1


@given(instants, zones)
def test_a_learners_day_is_today_or_yesterday(at: int, zone: str) -> None:
    assert clock.local_day(at, zone) - clock.learning_day(at, zone) in (0, 1)


@given(instants, zones, st.integers(0, 400 * 24 * 3_600_000))
def test_a_learners_day_never_goes_back(at: int, zone: str, later: int) -> None:
    assert clock.learning_day(at, zone) <= clock.learning_day(at + later, zone)


# ---- posting times ---------------------------------------------------------------------------------------------------


def test_hour_that_does_not_exist() -> None:
    instant = clock.instant(day("2026-03-29"), time(2, 30), BERLIN)
    assert local(instant, BERLIN).isoformat() == "2026-03-29T03:30:00+02:00"


def test_hour_that_happens_twice() -> None:
    instant = clock.instant(day("2026-10-25"), time(2, 30), BERLIN)
    assert local(instant, BERLIN).isoformat() == "2026-10-25T02:30:00+02:00"


def test_half_an_hour_that_does_not_exist_on_lord_howe() -> None:
    zone = "Australia/Lord_Howe"
    instant = clock.instant(day("2026-10-04"), time(2, 15), zone)
    assert local(instant, zone).isoformat() == "2026-10-04T02:45:00+11:00"


def test_half_an_hour_that_happens_twice_on_lord_howe() -> None:
    zone = "Australia/Lord_Howe"
    instant = clock.instant(day("2026-04-05"), time(1, 45), zone)
    assert local(instant, zone).isoformat() == "2026-04-05T01:45:00+11:00"


def test_a_midnight_that_does_not_exist() -> None:
    zone = "Africa/Cairo"
    instant = clock.instant(day("2026-04-24"), time(0), zone)
    assert local(instant, zone).isoformat() == "2026-04-24T01:00:00+03:00"


def test_a_post_pushed_over_midnight_belongs_to_the_day_it_was_meant_for() -> None:
    zone = "America/Nuuk"  # 22:00 to 23:00 on the last Saturday of March
    schedule = Schedule(EVERY_DAY, time(23, 30), zone)
    meant, instant = clock.next_post(schedule, at("2026-03-28 12:00", zone))
    assert (meant, local(instant, zone).isoformat()) == (day("2026-03-28"), "2026-03-29T00:30:00-01:00")
    assert clock.next_post(schedule, instant)[0] == day("2026-03-29")
    assert clock.next_post(schedule, instant - 1) == (meant, instant)


@given(days, times, zones)
def test_a_post_is_at_its_local_time_or_moved_forward_by_what_is_missing(day: int, time: time, zone: str) -> None:
    found = local(clock.instant(day, time, zone), zone).replace(tzinfo=None)
    meant = datetime.combine(clock.date_of(day), time)
    assert found == meant or timedelta(minutes=30) <= found - meant <= timedelta(hours=2)


@given(instants, times, st.sets(st.integers(0, 6), min_size=1), zones)
def test_the_next_post_is_the_first_on_a_chosen_weekday(after: int, time: time, weekdays: set[int], zone: str) -> None:
    day, instant = clock.next_post(Schedule(frozenset(weekdays), time, zone), after)
    around = range(clock.local_day(after, zone) - 3, day)
    assert instant > after
    assert clock.weekday(day) in weekdays
    assert not [d for d in around if clock.weekday(d) in weekdays and clock.instant(d, time, zone) > after]


@given(st.integers(2024, 2037), times, zones)
def test_following_the_schedule_for_months_gives_one_post_for_each_local_date(year: int, time: time, zone: str) -> None:
    schedule, after, posts = Schedule(EVERY_DAY, time, zone), at(f"{year}-02-25"), []
    for _ in range(70):
        day, after = clock.next_post(schedule, after)
        posts.append(day)
    assert posts == list(range(posts[0], posts[0] + 70))


def test_every_zone_posts_every_date_of_a_year() -> None:
    first = day("2026-01-01")
    for zone in sorted(available_timezones())[::7]:
        posts = [clock.instant(d, time(2, 30), zone) for d in range(first, first + 365)]
        assert all(22 * 3_600_000 <= b - a <= 26 * 3_600_000 for a, b in pairwise(posts)), zone


def test_a_post_due_exactly_now_is_not_the_next_one() -> None:
    schedule = Schedule(frozenset({0}), time(9), BERLIN)
    monday, instant = clock.next_post(schedule, at("2026-11-01 00:00"))
    assert clock.date_of(monday) == date(2026, 11, 2)
    assert clock.next_post(schedule, instant)[0] == monday + 7


def test_a_schedule_without_weekdays_is_refused_kindly() -> None:
    with pytest.raises(QuizError, match="Choose at least one weekday"):
        clock.next_post(Schedule(frozenset(), time(9), BERLIN), 0)


# ---- the windows of a leaderboard ------------------------------------------------------------------------------------


def test_a_week_runs_from_monday_to_sunday() -> None:
    week = (day("2026-11-02"), day("2026-11-08"))
    assert clock.window_days(Window.WEEK, day("2026-11-02")) == week
    assert clock.window_days(Window.WEEK, day("2026-11-08")) == week


@pytest.mark.parametrize(("of", "last"), [("2028-02-29", "2028-02-29"), ("2026-12-31", "2026-12-31")])
def test_a_month_ends_on_its_last_day(of: str, last: str) -> None:
    assert clock.window_days(Window.MONTH, day(of)) == (day(of[:8] + "01"), day(last))


def test_all_time_has_no_ends() -> None:
    assert clock.window_days(Window.ALL, 0) is None


def test_a_period_has_a_name_that_sorts() -> None:
    assert [clock.period(window, day("2026-11-03")) for window in Window] == ["2026-W45", "2026-11", "all"]
    assert clock.period(Window.WEEK, day("2027-01-01")) == "2026-W53"


@given(days, st.sampled_from([Window.WEEK, Window.MONTH]))
def test_days_share_a_period_exactly_when_they_share_a_window(day: int, window: Window) -> None:
    span = clock.window_days(window, day)
    assert span is not None
    first, last = span
    names = [clock.period(window, d) for d in (first - 1, first, day, last, last + 1)]
    assert names[0] < names[1] == names[2] == names[3] < names[4]


# ---- what people write -----------------------------------------------------------------------------------------------


def test_every_zone_we_know_is_accepted() -> None:
    for zone in ODD_ZONES:
        clock.check_zone(zone)


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("Europe/Berln", "Did you mean Europe/Berlin?"),
        ("berlin", "Did you mean Europe/Berlin?"),
        ("new york", "Did you mean America/New_York?"),
        ("europe/paris", "Did you mean Europe/Paris?"),
        ("../../etc/passwd", "for example Europe/Berlin"),
        ("", "for example Europe/Berlin"),
    ],
)
def test_a_zone_we_do_not_know_is_answered_with_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(ConfigError) as error:
        clock.check_zone(name)
    assert hint in error.value.hint


@given(times)
def test_a_time_of_day_reads_as_it_is_written(time: time) -> None:
    assert clock.parse_time(f"{time:%H:%M}") == time


def test_a_leading_zero_may_be_left_out() -> None:
    assert clock.parse_time(" 9:05 ") == time(9, 5)


@pytest.mark.parametrize("text", ["25:00", "24:00", "09:60", "9", "9 am", "", "09:00:00", "٠٩:٠٠", "-1:00"])
def test_what_is_no_time_of_day_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ConfigError, match="for example 09:00"):
        clock.parse_time(text)
