"""What leads do with their group's posts: every change is kept with who and when, and nothing is half done."""

from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot import actions
from bot.actions import Action, Request
from bot.adapter import SendFailed
from bot.clock import clock_time, day_of, local_day
from bot.config import CohortConfig
from bot.model import Account, Place
from bot.store.changes import CONFIGURATION
from bot.testing.world import DECK, MONDAY, World, open_world
from bot.wording.leads import IN_FILE

from .kit import Flaky, behind, button_id, on_the_post, other_cohort

TUESDAY = MONDAY + 1
HERE = Place("local", "local", "flashcards")
COMMANDS = ("status", "set time 18:00", "setup", "pause", "resume", "skip", "post", "preview", "copy Lakes")


def public(world: World) -> list[str]:
    return [world.text([seen]) for seen in world.channel.room.everything() if not seen.reader]


async def admin(world: World, words: str, who: str = "maya") -> str:
    return await world.says(who, f"/quiz-admin {words}")


async def kept(world: World) -> tuple[object, ...]:
    """All that is set of every group, without what was said about it."""
    groups = await world.rows("select name, zone, settings, version from cohorts order by id")
    times = await world.rows("select weekdays, local_time, run_at, paused from schedules order by cohort_id")
    return tuple(tuple(row) for row in (*groups, *times))


async def log(world: World) -> list[tuple[str, str, int]]:
    """Who changed what, and when; the oldest first."""
    rows = await world.rows("select changed_by, what, changed_at from changes order by id")
    return [(row["changed_by"], row["what"], row["changed_at"]) for row in rows]


async def posts(world: World) -> list[tuple[int, str]]:
    rows = await world.rows("select day, state from posts order by day")
    return [(row["day"] - MONDAY, row["state"]) for row in rows]


async def lead(world: World, action: Action, name: str = "Noor") -> str:
    """Somebody else who leads asks, through a form of their platform."""
    account = Account("local", "", name.lower(), name, leads=True)
    request = Request(action, f"{name} {action} {world.clock()}", world.clock(), account, HERE)
    return repr(await world.app.act(request))


# ---- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", COMMANDS)
async def test_only_those_who_lead_may(world: World, words: str) -> None:
    before, said = await kept(world), await log(world)
    assert "Only someone who leads this group can do that." in await admin(world, words, who="sam")
    assert (await kept(world), await log(world), await posts(world)) == (before, said, [])


@pytest.mark.parametrize("words", COMMANDS)
async def test_whatever_a_lead_asks_is_answered_to_the_lead_alone(world: World, words: str) -> None:
    assert "Only Maya sees this" in await admin(world, words)
    assert public(world) == []


# ---- settings --------------------------------------------------------------------------------------------------------


async def test_a_lead_changes_a_setting_and_it_is_kept_who_did_and_when(world: World) -> None:
    for words, change in (
        ("time 18:00", "Time: 18:00 (was 09:00)"),
        ("late-hours 2", "A post may be late by: 2 hours (was 6 hours)"),
        ("name Lakes of Europe", "Name of the group: Lakes of Europe (was Rivers)"),
    ):
        world.wait(minutes=1)
        assert f"Changed: {change}." in await admin(world, f"set {words}")
        assert (await log(world))[-1] == ("Maya", change, world.clock())


async def test_a_wrong_setting_is_named_and_changes_nothing(world: World) -> None:
    before, said = await kept(world), await log(world)
    for words, sentence in (
        ("time 25:00", '“Time”: "25:00" is not a time of day. Write hours and minutes'),
        ("cards 1", "“New cards among them” is 2. It may be 0 to 1, the number of cards."),
        ("tmie 18:00", "There is no setting `tmie`. Did you mean `time`?"),
    ):
        assert sentence in (await admin(world, f"set {words}")).replace("\\", "")
        assert (await kept(world), await log(world)) == (before, said)


async def test_several_settings_are_changed_together_or_not_at_all(world: World) -> None:
    before = await kept(world)
    assert '"x" is not a time of day' in await admin(world, "setup cards=9 zone=UTC time=x")
    assert await kept(world) == before
    assert "Rivers is set up: every day at 09:00, Europe/Berlin time." in await admin(
        world, "setup cards=1 new=1 rating_input=both style=cards"
    )
    assert {what for by, what, _ in await log(world) if by == "Maya"} == {
        "Cards in a post: 1 (was 5)",
        "New cards among them: 1 (was 2)",
        "A post is: a message for each card (was one message with all questions)",
        "Ratings come by: buttons or reactions (was buttons, in private)",
    }  # fmt: skip


async def test_setting_what_is_set_already_is_no_change(world: World) -> None:
    before = await kept(world)
    assert "Nothing was changed: it is set like that already." in await admin(world, "set time 9:00")
    assert await kept(world) == before


async def test_set_without_a_name_says_how_to_say_it_and_what_there_is(world: World) -> None:
    said = await admin(world, "set")
    assert "/quiz-admin set time 18:00" in said
    assert "late_hours: A post may be late by: 6 hours" in said
    assert "style: A post is: one message with all questions (digest or cards)" in said


async def test_a_group_is_called_something_else_and_keeps_everything(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam")
    await admin(posted, "set name Lakes")
    assert "Lakes: posts" in await admin(posted, "status")
    assert "Sam, 5 points" in await posted.says("maya", "/leaderboard")


async def test_a_name_that_another_group_has_is_refused(world: World) -> None:
    await other_cohort(world, "Lakes", Place("local", "local", "lakes"))
    before = await kept(world)
    assert "There is a group named “Lakes” here already." in await admin(world, "set name Lakes")
    assert await kept(world) == before


async def test_two_leads_at_once_are_told_who_was_first(world: World) -> None:
    (row,) = await world.rows("select version from cohorts")
    seen = row["version"]
    assert "Changed: Time" in await lead(world, actions.ChangeSettings((("time", "18:00"),), seen), "Noor")
    before = await kept(world)
    told = await lead(world, actions.ChangeSettings((("time", "07:00"),), seen), "Kim")
    assert "Noor has changed this group since you looked" in told
    assert "Time: 18:00 (was 09:00)" in told
    assert await kept(world) == before
    assert "Changed: Time" in await lead(world, actions.ChangeSettings((("time", "07:00"),), seen + 1), "Kim")


async def test_a_new_time_moves_the_next_post(world: World) -> None:
    assert "Next post: today at 18:00, Europe/Berlin time." in await admin(world, "set time 18:00")
    await world.morning(MONDAY)
    assert public(world) == []
    world.wait(minutes=9 * 60)
    await world.tick()
    assert len(public(world)) == 1


async def test_the_file_sets_a_group_and_says_so(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        assert [(by, what) for by, what, _ in await log(world)] == [(CONFIGURATION, "set up")]
        group = CohortConfig(name="Rivers", channel="flashcards", zone="UTC", cards=3, weekdays=("monday",))
        await world.app.set_up(group)
        assert {(by, what) for by, what, _ in await log(world)} > {
            (CONFIGURATION, "Time zone: UTC (was Europe/Berlin)"),
            (CONFIGURATION, "Cards in a post: 3 (was 5)"),
        }
        said = await log(world)
        await world.app.set_up(group)
        assert await log(world) == said


async def test_a_group_of_the_file_has_the_files_name_again_after_a_restart(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await admin(world, "set name Lakes")
        await world.morning(MONDAY)
    async with open_world(tmp_path, at=world.clock()) as world:
        assert "Monday, 2 November: posted at 09:00" in await admin(world, "status")
        assert (await log(world))[-1][:2] == (CONFIGURATION, "Name of the group: Rivers (was Lakes)")
        assert len(await world.rows("select 1 from cohorts")) == 1


async def test_whoever_changes_a_group_of_the_file_is_told_that_a_restart_takes_it_back(tmp_path: Path) -> None:
    async with open_world(tmp_path, from_file=True) as world:
        assert IN_FILE in await admin(world, "set cards 3")
        assert IN_FILE in await admin(world, "status")
        assert IN_FILE not in await admin(world, "set cards 3")
    async with open_world(tmp_path) as world:  # its name does not stand there any more
        assert IN_FILE not in await admin(world, "set cards 3")
        assert IN_FILE not in await admin(world, "status")


async def test_a_group_that_gave_its_channel_away_in_the_file_is_not_taken_for_the_new_one(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        groups = CohortConfig(name="Lakes", channel="flashcards"), CohortConfig(name="Rivers", channel="rivers")
        world.app.config = replace(world.app.config, cohorts=groups)
        for group in groups:
            await world.app.set_up(group)
        rows = await world.rows(
            """select c.name, p.foreign_id from cohorts c join cohort_places cp on cp.cohort_id = c.id
               join places p on p.id = cp.place_id order by c.id"""
        )
        assert [tuple(row) for row in rows] == [("Rivers", "rivers"), ("Lakes", "flashcards")]


async def test_a_restart_at_the_time_of_a_post_loses_nothing(tmp_path: Path) -> None:
    section = {"path": str(tmp_path / "room.jsonl")}
    async with open_world(tmp_path, section=section) as world:
        at = world.clock() + 3_600_000
    async with open_world(tmp_path, section=section, at=at + 500) as world:
        await world.tick()
        assert await posts(world) == [(0, "open")]


async def test_a_lead_makes_a_group_of_a_channel(world: World) -> None:
    there = Place("local", "local", "lakes")
    account = Account("local", "", "maya", "Maya", leads=True)
    asked = Request(actions.SetUpGroup("Lakes", (("time", "07:30"),)), "k", 0, account, there)
    assert "**Lakes** is set up: Monday to Friday at 07:30, UTC time." in repr(await world.app.act(asked))
    rows = await world.rows("select c.name, s.local_time from cohorts c join schedules s on s.cohort_id = c.id")
    assert {tuple(row) for row in rows} == {("Rivers", "09:00"), ("Lakes", "07:30")}


async def test_a_group_never_takes_the_place_of_another_of_its_name(world: World) -> None:
    before = await kept(world)
    account = Account("local", "", "maya", "Maya", leads=True)
    asked = Request(actions.SetUpGroup("Rivers"), "k", 0, account, Place("local", "local", "lakes"))
    assert "There is a group named “Rivers” here already." in repr(await world.app.act(asked))
    assert await kept(world) == before


async def test_a_group_is_not_set_up_in_direct_messages(world: World) -> None:
    before = await kept(world)
    shown = await world.channel.command("maya", "/quiz-admin setup time=07:30", direct=True)
    assert "A group lives in a channel." in world.text(shown)
    assert await kept(world) == before


async def test_a_set_up_is_copied_from_another_group(world: World) -> None:
    await other_cohort(world, "Lakes", Place("local", "local", "lakes"))
    await behind(world, "update schedules set local_time = '07:15' where cohort_id in"
                 " (select id from cohorts where name = 'Lakes')")  # fmt: skip
    assert "Changed: Time: 07:15 (was 09:00)." in await admin(world, "copy lakes")
    assert (await log(world))[-1][:2] == ("Maya", "Time: 07:15 (was 09:00)")
    assert "There is no other group named “Ponds” here." in await admin(world, "copy Ponds")
    assert "There is no other group named “Rivers” here." in await admin(world, "copy Rivers")


# ---- pause, resume, skip, now ----------------------------------------------------------------------------------------


async def test_a_pause_without_an_end_lasts_until_somebody_resumes(world: World) -> None:
    assert "Nothing is posted until somebody resumes." in await admin(world, "pause")
    for day in range(3):
        await world.morning(MONDAY + day)
    assert public(world) == []
    assert "Next post: tomorrow at 09:00" in await admin(world, "resume")
    await world.morning(MONDAY + 3)
    assert len(public(world)) == 1
    assert [(by, what) for by, what, _ in await log(world)][-2:] == [("Maya", "Maya paused it"), ("Maya", "resumed")]


async def test_a_pause_until_a_date_ends_with_that_dates_post(world: World) -> None:
    said = await admin(world, "pause until 2026-11-05")
    assert "Next post: Thursday, 5 November at 09:00" in said
    assert "Maya paused it until Thursday, 5 November" in said
    for day in range(4):
        await world.morning(MONDAY + day)
        assert len(public(world)) == (day == 3)


@pytest.mark.parametrize(
    ("until", "sentence"),
    [("tomorrow", '"tomorrow" is not a date.'), ("2026-11-02", "That day is not ahead."), ("2020-01-01", "not ahead")],
)
async def test_a_pause_until_no_day_ahead_is_refused(world: World, until: str, sentence: str) -> None:
    before = await kept(world)
    assert sentence in await admin(world, f"pause until {until}")
    assert await kept(world) == before


async def test_a_time_changed_during_a_pause_counts_from_its_end(world: World) -> None:
    await admin(world, "pause until 2026-11-05")
    assert "Next post: Thursday, 5 November at 18:00" in await admin(world, "set time 18:00")
    assert "Next post: Friday, 6 November at 18:00" in await admin(world, "set weekdays fri")
    await admin(world, "pause")
    assert "Nothing is posted until somebody resumes" in await admin(world, "set weekdays every day")


async def test_a_pause_also_stops_a_post_that_could_not_be_sent_yet(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    await admin(world, "pause")
    flaky.down = False
    world.wait(minutes=5)
    await world.tick()
    assert public(world) == []
    assert await posts(world) == [(0, "skipped")]


async def test_resuming_what_is_not_paused_loses_no_post_that_is_due(world: World) -> None:
    world.wait(minutes=60)
    await admin(world, "resume")
    await world.tick()
    assert len(public(world)) == 1


async def test_skipping_leaves_out_today_alone_and_says_who_did(world: World) -> None:
    assert "Next post: tomorrow at 09:00" in await admin(world, "skip")
    await world.morning(MONDAY)
    await world.morning(TUESDAY)
    assert await posts(world) == [(0, "skipped"), (1, "open")]
    (row,) = await world.rows("select reason from posts where state = 'skipped'")
    assert row["reason"] == "Maya left it out."
    assert "not posted. Maya left it out." in await admin(world, "status")


async def test_there_is_nothing_to_skip_after_the_post(posted: World) -> None:
    assert "There is nothing to skip" in await admin(posted, "skip")
    assert await posts(posted) == [(0, "open")]


async def test_skipping_also_stops_a_post_that_could_not_be_sent_yet(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    assert "Today's post is left out." in await admin(world, "skip")
    flaky.down = False
    world.wait(minutes=5)
    await world.tick()
    assert public(world) == []


async def test_post_now_brings_todays_post_forward(world: World) -> None:
    said = await admin(world, "post")
    assert "Today's post is on its way." in said
    assert "Next post: tomorrow at 09:00" in said
    await world.tick()
    await world.morning(MONDAY)
    assert len(public(world)) == 1
    assert "A little late" not in public(world)[0]


async def test_post_now_is_refused_after_todays_post(posted: World) -> None:
    assert "There is one a day, so nothing was posted." in await admin(posted, "post")
    await posted.tick()
    assert len(public(posted)) == 1


async def test_post_now_posts_what_was_skipped(world: World) -> None:
    await admin(world, "skip")
    await admin(world, "post")
    await world.tick()
    assert len(public(world)) == 1
    assert await posts(world) == [(0, "open")]


async def test_post_now_posts_once_while_paused(world: World) -> None:
    await admin(world, "pause")
    assert "until somebody resumes" in await admin(world, "post")
    await world.tick()
    await world.morning(TUESDAY)
    assert len(public(world)) == 1


async def test_post_now_sends_at_once_what_waits_or_was_given_up(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    flaky.down = False
    assert "on its way" in await admin(world, "post")
    await world.tick()
    assert len(public(world)) == 1
    flaky.failures = [SendFailed("down again") for _ in range(9)]
    await world.morning(TUESDAY)
    world.wait(minutes=13 * 60)
    await world.tick()
    assert await posts(world) == [(0, "open"), (1, "skipped")]
    flaky.failures = []
    await admin(world, "post")
    await world.tick()
    assert await posts(world) == [(0, "closed"), (1, "open")]
    assert "1. Question" in public(world)[-1]


# ---- looking ---------------------------------------------------------------------------------------------------------


async def test_a_preview_is_for_its_asker_alone_and_keeps_nothing(world: World) -> None:
    shown = await admin(world, "preview")
    assert "Only you see this. Nothing was posted, and nothing was kept." in shown
    assert "5. Question 5?" in shown
    assert "Answer" not in shown
    assert "Why these cards" in shown
    assert (await posts(world), public(world), len(world.channel.seen_by("sam"))) == ([], [], 0)


async def test_a_preview_without_a_card_says_what_to_do(tmp_path: Path) -> None:
    async with open_world(tmp_path, deck=DECK.split("Q:")[0] + "Q: a?\nA: b\nId: card9999\n") as world:
        await behind(world, "update cards set retired_at = 1")
        assert "There is no card to post. /decks" in await admin(world, "preview")


async def test_status_lists_the_last_posts_and_the_next_one(world: World) -> None:
    await world.morning(MONDAY)
    await world.press("sam", "Study")
    await world.rate_all("sam")
    await world.morning(TUESDAY)
    await world.morning(MONDAY + 4)
    said = await admin(world, "status")
    assert "Next post: tomorrow at 09:00, Europe/Berlin time." in said
    assert "Friday, 6 November: posted at 09:00, 5 cards, 0 people studied" in said
    assert "Thursday, 5 November: not posted. It could not be sent until past the limit of 6 hours." in said
    assert "Monday, 2 November: posted at 09:00, 5 cards, 1 person studied" in said
    for line in ("Days: every day", "Ratings come by: buttons, in private", "A post may be late by: 6 hours",
                 "Days off: none", "A post notifies: nobody"):  # fmt: skip
        assert line in said
    assert "_" not in said


async def test_status_says_why_something_failed_and_when_it_is_tried_again(world: World) -> None:
    Flaky.of(world, down=True)
    await world.morning(MONDAY)
    said = await admin(world, "status")
    again = await world.rows("select run_at from deliveries where state = 'pending'")
    at = clock_time(again[0]["run_at"], world.zone)
    assert "Monday, 2 November: on its way since 09:00" in said
    assert f"post: the platform is down (tried 1 time, again at {at})" in said


async def test_status_lists_the_last_changes_and_what_can_be_done(world: World) -> None:
    await admin(world, "set time 18:00")
    await admin(world, "pause")
    said = await admin(world, "status")
    assert "Monday, 2 November, 08:00, Maya: Time: 18:00 (was 09:00)" in said
    assert "[Resume posts] [Post now] [Preview]" in said
    assert "Posts go on." in await world.press("maya", "Resume posts")
    assert "[Pause posts]" in await admin(world, "status")
    assert local_day(world.clock(), world.zone) == day_of(date(2026, 11, 2))


async def test_status_offers_for_todays_post_only_what_can_be_done_about_it(world: World) -> None:
    assert "[Pause posts] [Post now] [Skip today] [Preview]" in await admin(world, "status")
    await admin(world, "skip")
    assert "[Pause posts] [Post now] [Preview]" in await admin(world, "status")
    flaky = Flaky.of(world, down=True)
    await admin(world, "post")
    await world.tick()
    assert "[Pause posts] [Post now] [Skip today] [Preview]" in await admin(world, "status")
    flaky.down = False
    await admin(world, "post")
    await world.tick()
    assert "[Pause posts] [Preview]" in await admin(world, "status")
    await world.morning(TUESDAY)
    world.wait(minutes=16 * 60)
    assert "[Pause posts] [Post now] [Skip today] [Preview]" in await admin(world, "status")


async def test_on_a_day_without_a_post_there_is_nothing_to_skip(world: World) -> None:
    await admin(world, "set weekdays tue")
    assert "[Pause posts] [Post now] [Preview]" in await admin(world, "status")


async def test_a_button_of_an_old_status_is_answered_kindly(world: World) -> None:
    await admin(world, "status")
    (status,) = (seen.message for seen in world.channel.seen_by("maya"))
    post, skip = (button_id(status, label) for label in ("Post now", "Skip today"))
    await world.morning(MONDAY)
    assert "There is one a day, so nothing was posted." in await on_the_post(world, "maya", post)
    assert "There is nothing to skip" in await on_the_post(world, "maya", skip)
