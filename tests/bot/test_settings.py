"""Settings in words: what is right is read and said again, what is wrong is named."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import settings
from bot.clock import date_of
from bot.errors import ConfigError
from bot.model import AnswersAfter, PostStyle, RatingInput, Schedule, Settings, SetUp

USUAL = SetUp(Schedule(frozenset(range(5)), time(9), "Europe/Berlin"), Settings(), "Rivers")
DAYS = "Monday to Friday"


@pytest.mark.parametrize(
    ("name", "words", "difference"),
    [
        ("name", " Lakes ", "Name of the group: Lakes (was Rivers)"),
        ("time", "18:00", "Time: 18:00 (was 09:00)"),
        ("Time", " 7:05 ", "Time: 07:05 (was 09:00)"),
        ("zone", "America/New_York", "Time zone: America/New_York (was Europe/Berlin)"),
        ("weekdays", "mon-wed", f"Days: Monday to Wednesday (was {DAYS})"),
        ("weekdays", "Sat, SUN", f"Days: Saturday and Sunday (was {DAYS})"),
        ("weekdays", "fri-mon", f"Days: Monday, Friday, Saturday and Sunday (was {DAYS})"),
        ("weekdays", "every day", f"Days: every day (was {DAYS})"),
        ("cards", "7", "Cards in a post: 7 (was 5)"),
        ("new", "0", "New cards among them: 0 (was 2)"),
        ("style", "Cards", "A post is: a message for each card (was one message with all questions)"),
        ("answers", "public", "Answers of a closed post are: below it, for everyone (was for whoever asks)"),
        ("late_hours", "2", "A post may be late by: 2 hours (was 6 hours)"),
        ("late-until", "20:30", "A late post comes until: 20:30 (was 21:00)"),
        ("late until", "20:30", "A late post comes until: 20:30 (was 21:00)"),
        ("days_off", "2026-12-25, 2026-12-24", "Days off: 2026-12-24, 2026-12-25 (was none)"),
        ("ping", "<@&123456789012345678>", "A post notifies: 123456789012345678 (was nobody)"),
        ("ping", " 123456789012345678 ", "A post notifies: 123456789012345678 (was nobody)"),
        ("ping", "<!subteam^S0123ABCD|@rivers>", "A post notifies: S0123ABCD (was nobody)"),
        ("ping", "S0123ABCD", "A post notifies: S0123ABCD (was nobody)"),
    ],
)
def test_a_setting_is_read_and_its_change_said(name: str, words: str, difference: str) -> None:
    after = settings.changed(USUAL, [(name, words)])
    assert settings.differences(USUAL, after) == [difference]


@pytest.mark.parametrize(
    ("name", "words", "sentence"),
    [
        ("name", " ", "`name`: A name of 0 characters will not do. It may have 1 to 80."),
        ("name", "x" * 81, "`name`: A name of 81 characters will not do."),
        ("time", "25:00", '`time`: "25:00" is not a time of day. Write hours and minutes'),
        ("time", "", '`time`: "" is not a time of day.'),
        ("zone", "Berlin", '`zone`: "Berlin" is not a time zone. Did you mean Europe/Berlin?'),
        ("weekdays", "someday", '`weekdays`: "someday" is no weekday. Use monday, tuesday'),
        ("weekdays", "t", '`weekdays`: "t" is no weekday.'),
        ("weekdays", "mon-", '`weekdays`: "" is no weekday.'),
        ("weekdays", "", "`weekdays` is empty. Name at least one."),
        ("cards", "many", '`cards`: "many" is not a whole number. Write it in digits'),
        ("cards", "٣", '`cards`: "٣" is not a whole number.'),
        ("cards", "0", "`cards` is 0. A post has 1 to 20 cards."),
        ("cards", "1", "`new` is 2. It may be 0 to 1, the number of cards."),
        ("new", "6", "`new` is 6. It may be 0 to 5, the number of cards."),
        ("new", "-1", '`new`: "-1" is not a whole number.'),
        ("style", "loud", '`style`: "loud" is not known. It may be "digest" or "cards".'),
        ("rating_input", "reactions", '`rating_input` is "reactions", and a reaction belongs to one card. Set `style`'),
        ("answers", "never", '`answers`: "never" is not known. It may be "private" or "public".'),
        ("late_hours", "24", "`late_hours` is 24. It may be 0 to 23."),
        ("late_until", "noon", '`late_until`: "noon" is not a time of day.'),
        ("days_off", "christmas", '`days_off`: "christmas" is not a date. Write it as year-month-day'),
        ("days_off", "2026-02-30", '`days_off`: "2026-02-30" is not a date.'),
        ("ping", "@everyone", '`ping`: "@everyone" is neither a role nor a user group. Mention it, or give its id;'),
        ("tmie", "18:00", "There is no setting `tmie`. Did you mean `time`?"),
        ("xyzzy", "1", "There is no setting `xyzzy`. There are: name, weekdays, time, zone,"),
    ],
)
def test_a_wrong_setting_is_named(name: str, words: str, sentence: str) -> None:
    with pytest.raises(ConfigError) as caught:
        settings.changed(USUAL, [(name, words)])
    assert str(caught.value).startswith(sentence)


@pytest.mark.parametrize(
    "words",
    ["everyone", "here", "channel", "<!here>", "<!channel>", "<!everyone>", "<@1>", "<@!1>", "<#1>", "<@&1> <@&2>",
     "1 2", "1>", "<@&1", "<!subteam^S1|<!here>>", "<!subteam^S1|a\n@everyone>", "1\n@everyone", "`1`", "١", "1" * 33],
)  # fmt: skip
def test_nothing_else_than_one_role_or_user_group_can_be_notified(words: str) -> None:
    with pytest.raises(ConfigError, match="is neither a role nor a user group"):
        settings.changed(USUAL, [("ping", words)])


def test_settings_that_need_each_other_may_come_in_any_order() -> None:
    wanted = [("rating_input", "both"), ("new", "9"), ("cards", "9"), ("style", "cards")]
    assert settings.changed(USUAL, wanted) == settings.changed(USUAL, reversed(wanted))
    assert settings.changed(USUAL, wanted).settings.rating_input is RatingInput.BOTH


times = st.times(timezones=st.none()).map(lambda at: at.replace(second=0, microsecond=0))
schedules = st.builds(
    Schedule,
    st.frozensets(st.integers(0, 6), min_size=1),
    times,
    st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe"]),
)
all_settings = st.integers(1, 20).flatmap(
    lambda cards: st.builds(
        Settings,
        cards=st.just(cards),
        new=st.integers(0, cards),
        style=st.just(PostStyle.CARDS),
        rating_input=st.sampled_from(RatingInput),
        answers=st.sampled_from(AnswersAfter),
        late_hours=st.integers(0, 23),
        late_until=times,
        ping=st.sampled_from(["", "123456789012345678", "S0123ABCD"]),
        days_off=st.sets(st.integers(20_000, 30_000), max_size=3).map(lambda days: tuple(sorted(days))),
    )
)


names = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1, max_size=80)


@given(st.builds(SetUp, schedules, all_settings, names))
def test_whatever_is_said_of_a_set_up_can_be_read_again(set_up: SetUp) -> None:
    said = settings.said(set_up)
    assert settings.changed(USUAL, said) == set_up
    assert settings.differences(set_up, settings.changed(USUAL, said)) == []
    assert all(date_of(day).isoformat() in dict(said)["days_off"] for day in set_up.settings.days_off)
