"""Personal reminders: only for who asked, at their own hour, once a day at most, and never for nothing."""

from datetime import time
from pathlib import Path

import pytest

from bot.adapter import SendFailed, Trouble
from bot.clock import instant
from bot.journeys import troubles
from bot.store.leases import claim
from bot.testing.world import MONDAY, World, labels_of, open_world

from .kit import Flaky, behind

HOUR_MS = 3_600_000
TUESDAY = MONDAY + 1


def nudges(world: World, who: str = "sam") -> list[str]:
    """What somebody finds in their direct messages."""
    return [world.text([seen]) for seen in world.channel.seen_by(who) if seen.direct]


@pytest.fixture
async def asked(posted: World) -> World:
    """Sam has studied on Monday, wants to be reminded, and has had the test message; cards are due on Tuesday."""
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await posted.says("sam", "/remind")
    await posted.tick()
    return posted


async def evening(world: World, day: int, hours: float = 18) -> None:
    """Nothing but reminders happens: the post of the day is left out of it."""
    await behind(world, "update schedules set run_at = null, paused = 'a test'")
    world.clock.at = instant(day, time(), world.zone) + int(hours * HOUR_MS) + 5_000
    await world.tick()


async def test_nobody_is_reminded_who_did_not_ask(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await evening(posted, TUESDAY)
    assert nudges(posted) == []


async def test_asking_says_when_and_sends_a_test_at_once(posted: World) -> None:
    said = await posted.says("sam", "/remind")
    assert "I will nudge you in private at 18:00 (Europe/Berlin time) on days when cards are due, once a day" in said
    assert "[Turn off]" in said
    assert nudges(posted) == []
    await posted.tick()
    (test,) = nudges(posted)
    assert "This is how I will remind you. If you see it, it works." in test
    assert "[Stop reminders]" in test


async def test_a_reminder_comes_at_six_when_cards_are_due(asked: World) -> None:
    await evening(asked, TUESDAY, 17.9)
    assert len(nudges(asked)) == 1
    await evening(asked, TUESDAY)
    _, nudge = nudges(asked)
    assert "Five of your cards are due. A few minutes are enough." in nudge
    assert "[Start] [Stop reminders]" in nudge
    assert "Card 1 of" in await asked.press("sam", "Start")


async def test_a_learner_names_an_hour_of_their_own(asked: World) -> None:
    assert "at 07:30 (Europe/Berlin time)" in await asked.says("sam", "/remind 7:30")
    await asked.tick()
    before = len(nudges(asked))
    await evening(asked, TUESDAY, 7.5)
    assert len(nudges(asked)) == before + 1


async def test_the_hour_is_counted_in_the_learners_zone(asked: World) -> None:
    await behind(asked, "update learners set zone = 'America/New_York'")
    assert "18:00 (America/New_York time)" in await asked.says("sam", "/remind 18:00")
    await asked.tick()
    before = len(nudges(asked))
    await evening(asked, TUESDAY, 23.9)
    assert len(nudges(asked)) == before
    await evening(asked, TUESDAY + 1, 0)
    assert len(nudges(asked)) == before + 1


async def test_there_is_one_reminder_a_day_at_most(asked: World) -> None:
    await evening(asked, TUESDAY)
    await asked.says("sam", "/remind 19:00")
    await evening(asked, TUESDAY, 18.5)
    before = len(nudges(asked))
    await evening(asked, TUESDAY, 19)
    await evening(asked, TUESDAY, 20)
    assert len(nudges(asked)) == before
    await evening(asked, TUESDAY + 1, 19)
    assert len(nudges(asked)) == before + 1


async def test_nothing_due_is_no_reminder(asked: World) -> None:
    await asked.morning(TUESDAY)
    await asked.says("sam", "/quiz 20")
    await asked.rate_all("sam", "5 Perfectly")
    await evening(asked, TUESDAY)
    assert len(nudges(asked)) == 1
    (row,) = await asked.rows("select state, message_id from deliveries where key like 'remind:%'")
    assert tuple(row) == ("skipped", None)


async def test_stop_in_the_reminder_stops_them(asked: World) -> None:
    await evening(asked, TUESDAY)
    stop = next(seen for seen in reversed(asked.channel.seen_by("sam")) if seen.direct)
    assert labels_of(stop.message) == ["Start", "Stop reminders"]
    assert "Reminders are off. /remind 18:00 turns them on again." in await asked.press("sam", "Stop reminders")
    said = nudges(asked)
    await evening(asked, TUESDAY + 1)
    assert nudges(asked) == said


async def test_a_reminder_that_waited_is_not_sent_to_who_stopped_them(asked: World) -> None:
    flaky = Flaky.of(asked, down=True)
    await evening(asked, TUESDAY)
    await asked.says("sam", "/remind off")
    flaky.down = False
    await evening(asked, TUESDAY, 18.5)
    assert len(nudges(asked)) == 1


@pytest.mark.parametrize("words", ["noon", "25:00", "18"])
async def test_what_is_no_hour_is_said_and_changes_nothing(asked: World, words: str) -> None:
    before = [tuple(row) for row in await asked.rows("select remind_time, remind_at from learners")]
    assert f'"{words}" is not a time of day.' in await asked.says("sam", f"/remind {words}")
    assert [tuple(row) for row in await asked.rows("select remind_time, remind_at from learners")] == before


@pytest.mark.parametrize("trouble", [Trouble.NOT_ALLOWED, Trouble.GONE])
async def test_closed_direct_messages_end_the_reminders(asked: World, trouble: Trouble) -> None:
    flaky = Flaky.of(asked, failures=[SendFailed("their direct messages are closed", trouble)])
    await evening(asked, TUESDAY)
    assert [tuple(row) for row in await asked.rows("select remind_time, remind_at from learners")] == [(None, None)]
    await evening(asked, TUESDAY + 1)
    assert flaky.tries == 1


async def test_an_outage_of_hours_ends_no_reminders(asked: World) -> None:
    flaky = Flaky.of(asked, down=True)
    for minutes in range(0, 24 * 60, 15):
        await evening(asked, TUESDAY, 18 + minutes / 60)
    assert flaky.tries <= troubles.MOST_ATTEMPTS
    assert await asked.rows("select 1 from learners where remind_at is not null") != []
    flaky.down = False
    await evening(asked, TUESDAY + 1, 18.5)
    assert len(nudges(asked)) == 2


async def test_a_reminder_that_is_long_past_is_left_out(asked: World) -> None:
    await evening(asked, TUESDAY, 23)
    assert len(nudges(asked)) == 1
    await evening(asked, TUESDAY + 4)
    assert len(nudges(asked)) == 2


async def test_reminders_of_a_platform_that_was_not_enabled_are_not_sent_days_later(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Study")
        await world.rate_all("sam", "1 Not at all")
        await world.says("sam", "/remind")
        await world.tick()
        local = world.app.adapters.pop("local")
        for day in range(3):
            await evening(world, TUESDAY + day)
        world.app.adapters["local"] = local
        await evening(world, TUESDAY + 2, 18.5)
        assert len(nudges(world)) == 2
        assert await world.app.database.write(lambda tx: claim(tx, "anybody", "local", world.clock())) is None


async def test_a_learner_who_lives_elsewhere_is_reminded_by_their_own_clock(posted: World) -> None:
    said = await posted.says("sam", "/remind 18:00 America/New_York")
    assert "at 18:00 (America/New_York time)" in said
    ((reminder, zone),) = await posted.rows("select remind_at, zone from learners where remind_at is not null")
    assert (reminder, zone) == (instant(MONDAY, time(18), "America/New_York"), "America/New_York")


async def test_a_streak_outlasts_a_journey_around_the_world(posted: World) -> None:
    for day, zone in enumerate(("Asia/Tokyo", "America/Los_Angeles", "Europe/Berlin")):
        await posted.press("sam", "Study")
        await posted.rate_all("sam")
        await posted.says("sam", f"/remind 18:00 {zone}")
        await posted.morning(TUESDAY + day)
    assert "You have studied 3 days in a row." in await posted.says("sam", "/stats")


async def test_a_zone_that_is_none_changes_nothing_and_says_what_was_meant(posted: World) -> None:
    await posted.says("sam", "/remind 18:00")
    assert "Did you mean Europe/Oslo?" in await posted.says("sam", "/remind 07:00 Osol")
    ((at, zone),) = await posted.rows("select remind_time, zone from learners where remind_at is not null")
    assert (at, zone) == ("18:00", "Europe/Berlin")


async def test_a_zone_alone_keeps_the_usual_time(posted: World) -> None:
    assert "at 18:00 (Asia/Tokyo time)" in await posted.says("sam", "/remind Asia/Tokyo")
