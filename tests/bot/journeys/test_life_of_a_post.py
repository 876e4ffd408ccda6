"""The life of a post: in time or late, on the days that are meant, closed by the next one, and quiet when unwanted."""

import asyncio
from datetime import date, time
from pathlib import Path
from typing import Any

import pytest

from bot.adapter import SendFailed
from bot.clock import clock_time, day_of, instant, local_day
from bot.config import CohortConfig
from bot.messages import CardSide, Side
from bot.model import WEEKDAYS, AnswersAfter, Place, PostStyle, RatingInput, Settings
from bot.scheduler import Scheduler
from bot.store import leases
from bot.testing.world import MONDAY, World, labels_of, open_world

from ..elsewhere import CHANNEL, Elsewhere
from .kit import Flaky, behind, cards_world, other_cohort

HOUR = 60
LATE = "A little late today; I was offline until"


def public(world: World) -> list[str]:
    return [world.text([seen]) for seen in world.channel.room.everything() if not seen.reader]


async def posts(world: World) -> list[tuple[int, str]]:
    rows = await world.rows("select day, state from posts order by day")
    return [(row["day"] - MONDAY, row["state"]) for row in rows]


async def reasons(world: World) -> list[str]:
    return [row["reason"] for row in await world.rows("select reason from posts where state = 'skipped' order by day")]


async def tick_after(world: World, minutes: float) -> None:
    world.wait(minutes=minutes)
    await world.tick()


async def configured(world: World, **how: Any) -> None:
    """The group's file says something else."""
    usual: dict[str, Any] = {"weekdays": WEEKDAYS, "zone": world.zone}
    await world.app.set_up(CohortConfig(name="Rivers", channel="flashcards", **(usual | how)))


# ---- in time, late, too late -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("minutes", "note"), [(10, ""), (11, "09:11"), (6 * HOUR, "15:00")])
async def test_a_late_post_says_so_once_it_is_late(world: World, minutes: int, note: str) -> None:
    await tick_after(world, HOUR + minutes)
    (text,) = public(world)
    assert (f"{LATE} {note}. Same cards, no rush." in text) == bool(note)
    assert (LATE in text) == bool(note)
    await world.press("sam", "Study")
    await world.rate_all("sam")
    await tick_after(world, 2)
    assert (f"{LATE} {note}." in public(world)[0]) == bool(note)


async def test_a_post_that_is_more_than_six_hours_late_is_left_out(world: World) -> None:
    await tick_after(world, 7 * HOUR + 1)
    assert public(world) == []
    assert await reasons(world) == [
        "It could not be sent until past the limit of 6 hours. No progress was lost; the cards will come back."
    ]


async def test_a_late_post_never_comes_in_the_evening(world: World) -> None:
    await configured(world, time="16:30")
    world.clock.at = instant(MONDAY, time(20, 59), world.zone)
    await world.tick()
    assert len(public(world)) == 1
    world.clock.at = instant(MONDAY + 1, time(21), world.zone)
    await world.tick()
    assert await posts(world) == [(0, "open"), (1, "skipped")]


async def test_a_post_that_is_meant_for_the_evening_comes_in_the_evening(world: World) -> None:
    await configured(world, time="22:00")
    world.clock.at = instant(MONDAY, time(23), world.zone)
    await world.tick()
    assert len(public(world)) == 1


@pytest.mark.parametrize(("at", "comes"), [("00:03", 1), ("00:06", 0)])
async def test_a_few_ticks_over_midnight_are_no_other_day(world: World, at: str, comes: int) -> None:
    await configured(world, time="23:59")
    world.clock.at = instant(MONDAY + 1, time.fromisoformat(at), world.zone)
    await world.tick()
    assert len(public(world)) == comes


async def test_without_late_hours_a_post_may_still_take_a_few_ticks(world: World) -> None:
    await configured(world, late_hours=0)
    await tick_after(world, HOUR + 4)
    assert len(public(world)) == 1
    world.clock.at = instant(MONDAY + 1, time(9, 6), world.zone)
    await world.tick()
    assert await posts(world) == [(0, "open"), (1, "skipped")]
    assert await reasons(world) == [
        "It could not be sent until past its time. No progress was lost; the cards will come back."
    ]


async def test_a_post_that_could_not_be_sent_in_time_is_given_up(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    flaky.down = False
    await tick_after(world, 7 * HOUR)
    assert public(world) == []
    assert await posts(world) == [(0, "skipped")]
    assert [tuple(row) for row in await world.rows("select kind, state from deliveries")] == [("post", "skipped")]


@pytest.mark.parametrize(("hours", "messages"), [(5, 5), (7, 2)])
async def test_a_post_that_was_begun_is_ended_within_hours_and_not_later(
    world: World, hours: int, messages: int
) -> None:
    await other_cohort(world, "Lakes", CHANNEL, Settings(style=PostStyle.CARDS, rating_input=RatingInput.BOTH))
    there = Elsewhere.of(world)
    there.fault = lambda verb, channel: SendFailed("cut") if len(there.said) == 2 else None
    await world.morning(MONDAY)
    there.fault = lambda verb, channel: None
    await tick_after(world, hours * HOUR)
    assert len(there.said) == messages
    assert await world.rows("select 1 from deliveries where state in ('pending', 'sending')") == []
    rows = await world.rows("select kind, state from deliveries where platform = 'elsewhere' and state = 'sent'")
    assert len(rows) == 2 * messages


# ---- days ------------------------------------------------------------------------------------------------------------


async def test_nothing_is_posted_on_other_weekdays_and_on_days_off(world: World) -> None:
    await configured(world, weekdays=WEEKDAYS[:5], days_off=("2026-11-04",))
    for day in range(8):
        await world.morning(MONDAY + day)
    assert [(day, state) for day, state in await posts(world) if state != "closed"] == [(2, "skipped"), (7, "open")]
    assert [day for day, _ in await posts(world)] == [0, 1, 2, 3, 4, 7]
    assert await reasons(world) == ["A day off."]
    assert "Wednesday, 4 November: not posted. A day off." in await world.says("maya", "/quiz-admin status")


async def test_a_machine_that_slept_for_three_days_posts_once_and_says_what_it_missed(posted: World) -> None:
    posted.wait(days=3)
    await tick_after(posted, 2 * HOUR)
    assert len(public(posted)) == 2
    assert LATE in public(posted)[-1]
    assert await posts(posted) == [(0, "closed"), (1, "skipped"), (2, "skipped"), (3, "open")]
    await tick_after(posted, 5)
    assert len(public(posted)) == 2


# ---- closing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", PostStyle)
@pytest.mark.parametrize("answers", AnswersAfter)
async def test_answers_are_public_after_closing_where_that_is_set(
    tmp_path: Path, style: PostStyle, answers: AnswersAfter
) -> None:
    async with open_world(tmp_path, style=style) as world:
        await world.says("maya", f"/quiz-admin set answers {answers}")
        await world.morning(MONDAY)
        before = [seen for seen in world.channel.room.everything() if not seen.reader]
        assert not any("Answer 1" in text for text in public(world))
        await world.morning(MONDAY + 1)
        old = [world.channel.room.message(seen.id) for seen in before]
        shown = [part.markdown for seen in old for part in seen.message.parts
                 if isinstance(part, CardSide) and part.side is Side.ANSWER]  # fmt: skip
        expected = [f"Answer {n}" for n in range(1, 6)] if answers is AnswersAfter.PUBLIC else []
        assert shown == expected
        assert labels_of(old[0].message)[-2:] == ["See answers", "Study"]
        assert not any("Answer 6" in text for text in public(world))


async def test_a_post_closes_when_the_first_message_of_the_next_one_is_out_and_not_before(world: World) -> None:
    await world.morning(MONDAY)
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY + 1)
    assert await posts(world) == [(0, "open"), (1, "open")]
    await world.press("sam", "Study")
    await world.rate_all("sam")
    flaky.down = False
    await tick_after(world, 5)
    assert await posts(world) == [(0, "closed"), (1, "open")]
    assert "Closed; 1 person studied." in public(world)[0]


async def test_a_post_of_which_a_part_never_went_out_is_closed_all_the_same(world: World) -> None:
    await other_cohort(world, "Lakes", CHANNEL, Settings(style=PostStyle.CARDS))
    there = Elsewhere.of(world)
    there.fault = lambda verb, channel: SendFailed("cut") if len(there.said) == 2 else None
    await world.morning(MONDAY)
    first = there.said[0].key
    there.fault = lambda verb, channel: None
    await behind(world, "update deliveries set run_at = run_at + 86400000 where state = 'pending'")
    await world.morning(MONDAY + 1)
    await tick_after(world, 1)
    assert ("edit", first) in there.log
    assert len(there.said) == 7


# ---- quiet -----------------------------------------------------------------------------------------------------------


async def test_after_five_posts_without_an_answer_the_group_is_paused_in_words(world: World) -> None:
    for day in range(7):
        await world.morning(MONDAY + day)
    said = public(world)
    assert len(said) == 6
    assert "I've paused: five posts had no answers. Progress is safe and /quiz still works." in said[-1]
    assert "[Resume posts]" in said[-1]
    status = await world.says("maya", "/quiz-admin status")
    assert "Paused: five posts in a row had no answers." in status
    assert "Flashmob: paused: five posts in a row had no answers" in status


async def test_a_paused_group_is_resumed_by_its_lead_and_not_paused_again_at_once(world: World) -> None:
    for day in range(7):
        await world.morning(MONDAY + day)
    assert "Only someone who leads this group can do that." in await world.press("sam", "Resume posts")
    assert "Posts go on." in await world.press("maya", "Resume posts")
    for day in range(7, 12):
        await world.morning(MONDAY + day)
    assert [state for _, state in await posts(world)] == ["closed"] * 9 + ["open"]
    await world.morning(MONDAY + 12)
    assert "I've paused" in public(world)[-1]


async def test_one_answer_in_five_keeps_a_group_going(world: World) -> None:
    for day in range(12):
        await world.morning(MONDAY + day)
        if day % 5 == 4:
            await world.press("sam", "Study", on=world.newest_post())
            await world.press("sam", "Show answer")
            await world.press("sam", "4 Well")
    assert len(public(world)) == 12


# ---- standings -------------------------------------------------------------------------------------------------------


async def test_last_weeks_standings_stand_in_the_weeks_first_post_and_only_there(world: World) -> None:
    await world.morning(MONDAY)
    assert "Last week" not in public(world)[0]
    await world.press("sam", "Study")
    await world.rate_all("sam")
    for day in (1, 2, 7, 8):
        await world.morning(MONDAY + day)
    with_standings = [text for text in public(world) if "Last week's standings" in text]
    assert with_standings == [public(world)[3]]
    assert "Sam, 5 points" in with_standings[0]
    assert "Last week, together: 1 person, 5 cards." in with_standings[0]


async def test_where_mondays_post_is_left_out_tuesdays_has_the_standings(world: World) -> None:
    await world.morning(MONDAY)
    await world.press("sam", "Study")
    await world.rate_all("sam")
    world.clock.at = instant(MONDAY + 7, time(8), world.zone)
    await world.says("maya", "/quiz-admin skip")
    await world.morning(MONDAY + 7)
    await world.morning(MONDAY + 8)
    assert "Last week's standings" in public(world)[-1]


# ---- the clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [1, 90, 3_600, 2 * 24 * 3_600])
async def test_a_clock_that_is_set_back_posts_nothing_twice_and_goes_on(world: World, seconds: int) -> None:
    await world.morning(MONDAY)
    world.clock.at -= seconds * 1_000
    await world.tick()
    assert len(public(world)) == 1
    await world.morning(MONDAY)
    assert len(public(world)) == 1
    await world.morning(MONDAY + 1)
    assert len(public(world)) == 2


@pytest.mark.parametrize(("back_s", "waits"), [(1, True), (3_600, False)])
async def test_a_lease_from_before_the_clock_was_set_back_does_not_last_for_an_hour(
    world: World, back_s: int, waits: bool
) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    flaky.down = False
    world.wait(minutes=1)
    await world.app.database.write(lambda tx: leases.claim(tx, "the one that died", "local", world.clock()))
    world.clock.at -= back_s * 1_000
    await world.tick()
    assert (public(world) == []) == waits
    await tick_after(world, 2)
    assert len(public(world)) == 1


async def test_a_post_at_midnight_survives_a_second_set_back(world: World) -> None:
    await configured(world, time="00:00")
    flaky = Flaky.of(world, down=True)
    world.clock.at = instant(MONDAY + 1, time(), world.zone) + 500
    await world.tick()
    flaky.down = False
    await behind(world, "update deliveries set run_at = 0")
    world.clock.at -= 1_000
    await world.tick()
    assert len(public(world)) == 1


async def test_a_clock_set_forward_by_a_day_and_back_again_posts_once_a_date(world: World) -> None:
    await world.morning(MONDAY)
    await world.morning(MONDAY + 1)
    await world.morning(MONDAY)
    await tick_after(world, HOUR)
    assert len(public(world)) == 2
    for day in (1, 2, 3):
        await world.morning(MONDAY + day)
    days = [day for day, state in await posts(world) if state != "skipped"]
    assert days == [0, 1, 2, 3]


# ---- processes -------------------------------------------------------------------------------------------------------


async def test_two_schedulers_at_once_send_every_message_once(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        there = Elsewhere.of(world)
        for number in range(5):
            await other_cohort(world, f"Group {number}", Place("elsewhere", "there", f"channel {number}"))
        others = [Scheduler(world.app.database, world.app.adapters, f"other {n}", world.clock) for n in range(2)]
        world.clock.at = instant(MONDAY, time(9), world.zone)
        await asyncio.gather(world.tick(), *(other.tick() for other in others))
        keys = [said.key for said in there.said]
        assert len(keys) == len(set(keys)) == 5
        assert len(public(world)) == 5
        assert [seen.chips != () for seen in world.channel.room.everything()] == [True] * 5


async def test_what_is_being_sent_at_shutdown_arrives_and_is_recorded(world: World) -> None:
    await other_cohort(world, "Lakes", CHANNEL)
    there = Elsewhere.of(world, hangs={"send"})
    world.clock.at = instant(MONDAY, time(9), world.zone)
    tick = asyncio.create_task(world.tick())
    await there.reached.wait()
    closing = asyncio.create_task(world.app.rest())
    await asyncio.sleep(0)
    there.go_on.set()
    await asyncio.gather(tick, closing)
    (row,) = await world.rows("select state, message_id from deliveries where platform = 'elsewhere'")
    assert tuple(row) == ("sent", "m0")


async def test_what_does_not_arrive_in_time_at_shutdown_is_followed_up_by_the_next_process(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await other_cohort(world, "Lakes", CHANNEL)
        there = Elsewhere.of(world, hangs={"send"})
        world.clock.at = at = instant(MONDAY, time(9), world.zone)
        tick = asyncio.create_task(world.tick())
        await there.reached.wait()
        await world.app.scheduler.sender.close(within_s=0.01)
        await tick
    async with open_world(tmp_path, at=at + 120_000) as world:
        again = Elsewhere.of(world)
        await world.tick()
        assert [said.place for said in again.said] == [CHANNEL]
        assert again.tries == [("find", "lakes"), ("send", "lakes")]


# ---- zones -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "first", "at", "days", "local_times"),
    [
        ("Europe/Berlin", "2027-03-27", "02:30", 3, ["02:30", "03:30", "02:30"]),
        ("Europe/Berlin", "2027-10-30", "02:30", 3, ["02:30", "02:30", "02:30"]),
        ("Australia/Lord_Howe", "2026-10-03", "02:15", 3, ["02:15", "02:45", "02:15"]),
        ("Asia/Almaty", "2024-02-28", "23:30", 4, ["23:30", "23:30", "23:30", "23:30"]),
        ("America/Nuuk", "2027-03-27", "23:30", 3, ["00:30", "23:30", "23:30"]),
    ],
    ids=["an hour that does not exist", "an hour that happens twice", "Lord Howe", "a zone that changes its rules",
         "a time moved over midnight"],
)  # fmt: skip
async def test_a_post_a_day_over_every_change_of_the_clocks(
    tmp_path: Path, zone: str, first: str, at: str, days: int, local_times: list[str]
) -> None:
    start = day_of(date.fromisoformat(first))
    async with open_world(tmp_path, zone=zone, at=instant(start, time(0, 1), zone)) as world:
        await configured(world, time=at, late_until="23:59")
        end = instant(start + days, time(1), zone)
        while world.clock() < end:
            await world.tick()
            world.wait(minutes=15)
        rows = await world.rows("select day, due_at, state from posts order by day")
        assert [row["day"] - start for row in rows] == list(range(days))
        assert {row["state"] for row in rows} <= {"open", "closed"}
        assert len(public(world)) == days
        shown = [world.channel.room.everything()[n].sent_at for n in range(days)]
        assert [clock_time(row["due_at"], zone) for row in rows] == local_times
        assert [sent - row["due_at"] < 15 * 60_000 for sent, row in zip(shown, rows, strict=True)] == [True] * days


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati", "Asia/Kathmandu", "Pacific/Pago_Pago"])
async def test_moving_a_group_to_another_zone_on_a_post_day_makes_no_second_post_that_date(
    world: World, zone: str
) -> None:
    await world.morning(MONDAY)
    await world.says("maya", f"/quiz-admin set zone {zone}")
    for _ in range(4 * 24):
        await world.tick()
        world.wait(minutes=60)
    rows = await world.rows("select day, opened_at from posts where opened_at is not null order by day")
    days = [row["day"] for row in rows]
    assert days == list(range(MONDAY, MONDAY + len(days)))
    assert len(days) >= 4
    assert [local_day(row["opened_at"], zone) for row in rows[1:]] == days[1:]


async def test_rules_that_changed_after_a_post_was_planned_move_it(world: World) -> None:
    await behind(world, "update schedules set run_at = run_at - 1800000")  # as the old rules had it
    await tick_after(world, 45)
    assert public(world) == []
    await tick_after(world, 14)
    assert public(world) == []
    await tick_after(world, 2)
    assert await posts(world) == [(0, "open")]
    await behind(world, "update schedules set run_at = run_at + 1800000")
    await world.morning(MONDAY + 1)
    await tick_after(world, 31)
    assert await posts(world) == [(0, "closed"), (1, "open")]
    await world.morning(MONDAY + 2)
    assert await posts(world) == [(0, "closed"), (1, "closed"), (2, "open")]
