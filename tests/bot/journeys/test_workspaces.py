"""A workspace is left, and come back to: nothing ends at once, nothing is sent meanwhile; after the grace all goes."""

from itertools import count
from pathlib import Path

import pytest

from bot.actions import Action, PersonLeft, Request, StartQuiz, WorkspaceBack, WorkspaceLeft, WorkspacesAre, told_by
from bot.adapter import SendFailed, Trouble
from bot.journeys.rebuild import rebuild
from bot.messages import Message
from bot.model import Account, MessageRef, Place, RatingInput
from bot.store.workspaces import GRACE_DAYS
from bot.testing.world import MONDAY, World

from ..elsewhere import Elsewhere
from .kit import Flaky, behind, cards_world, other_cohort, tap
from .test_places import THERE, placed
from .test_reminding import evening, nudges

NUMBER = count(1)
ELSEWHERE = Place("local", "other", "lakes")
ALL_TABLES = "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name"
STAYS = {"schema_version", "handled", "connections"}


async def told(world: World, action: Action, workspace: str = "local", at: int | None = None) -> None:
    key, when = f"told:{next(NUMBER)}", world.clock() if at is None else at
    assert await world.app.act(told_by("local", action, key, when, workspace)) == []


async def left(world: World) -> None:
    await told(world, WorkspaceLeft())


async def back(world: World) -> None:
    await told(world, WorkspaceBack())


def public(world: World) -> int:
    return len([seen for seen in world.channel.room.everything() if not seen.reader])


async def status(world: World) -> str:
    return await world.says("maya", "/quiz-admin status")


async def counts(world: World) -> dict[str, int]:
    """The tables that hold anything of people and groups."""
    names = [row["name"] for row in await world.rows(ALL_TABLES)]
    found = {name: (await world.rows(f"select count(*) as n from {name}"))[0]["n"] for name in names}
    return {name: number for name, number in found.items() if number and name not in STAYS}


# ---- gone --------------------------------------------------------------------------------------------------------


async def test_where_flashmob_was_removed_nothing_is_posted_and_status_says_why(posted: World) -> None:
    await left(posted)
    for day in range(1, 8):
        await posted.morning(MONDAY + day)
    assert public(posted) == 1
    said = await status(posted)
    assert "Flashmob was removed from here on Monday, 2 November, so nothing is posted." in said
    assert "Everything is kept until Wednesday, 2 December" in said
    assert "Tuesday, 3 November: not posted. Flashmob had been removed from here." in said
    assert "Flashmob: removed from Local" in said


async def test_what_waited_to_be_sent_is_left_out(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    await left(world)
    flaky.down = False
    world.wait(minutes=30)
    await world.tick()
    assert public(world) == 0
    assert [row["state"] for row in await world.rows("select state from posts")] == ["skipped"]
    assert await world.rows("select 1 from deliveries where state in ('pending', 'sending')") == []


async def test_what_fails_there_just_then_neither_pauses_the_group_nor_is_tried_again(world: World) -> None:
    class Leaving(Flaky):
        async def send(self, place: Place, message: Message, key: str) -> MessageRef:
            await left(world)
            raise SendFailed("I was removed from this workspace.", Trouble.GONE)

    local = world.app.adapters["local"]
    Leaving.of(world)
    await world.morning(MONDAY)
    world.app.adapters["local"] = local
    await back(world)
    assert "Next post: tomorrow at 09:00" in await status(world)
    await world.morning(MONDAY + 1)
    assert public(world) == 1


async def test_reminders_stop_for_those_who_are_only_there_and_go_on_afterwards(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await posted.says("sam", "/remind")
    await posted.tick()
    await left(posted)
    before = len(nudges(posted))
    await evening(posted, MONDAY + 1)
    assert len(nudges(posted)) == before
    await back(posted)
    await evening(posted, MONDAY + 2)
    assert len(nudges(posted)) == before + 1


async def test_a_reminder_that_waited_is_not_sent_either(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await posted.says("sam", "/remind")
    await posted.tick()
    flaky = Flaky.of(posted, down=True)
    await evening(posted, MONDAY + 1)
    await left(posted)
    flaky.down = False
    before = len(nudges(posted))
    posted.wait(minutes=30)
    await posted.tick()
    assert len(nudges(posted)) == before


async def test_a_removal_that_is_told_late_and_is_older_than_the_installation_is_none(posted: World) -> None:
    removed_at = posted.clock()
    posted.wait(minutes=1)
    await back(posted)
    await told(posted, WorkspaceLeft(), at=removed_at)
    await posted.morning(MONDAY + 1)
    assert public(posted) == 2


async def test_the_news_may_come_in_any_order_and_twice(posted: World) -> None:
    first, second = posted.clock() + 1_000, posted.clock() + 2_000
    posted.wait(minutes=1)
    news: list[tuple[Action, int]] = [(WorkspaceBack(), second), (WorkspaceLeft(), first), (WorkspaceBack(), second)]
    for action, at in news:
        await told(posted, action, at=at)
    assert "removed from here" not in (await status(posted)).partition("Last changes")[0]
    news = [(WorkspaceLeft(), second + 2), (WorkspaceBack(), second + 1), (WorkspaceLeft(), second + 2)]
    for action, at in news:
        await told(posted, action, at=at)
    assert "Flashmob was removed from here" in await status(posted)


async def test_a_workspace_that_nobody_set_up_is_no_news(posted: World) -> None:
    before = await counts(posted)
    for action in (WorkspaceLeft(), WorkspaceBack()):
        await told(posted, action, "nobody's")
    assert await counts(posted) == before


# ---- back --------------------------------------------------------------------------------------------------------


async def test_back_within_the_grace_all_goes_on_and_the_lead_is_told(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam")
    await posted.says("maya", "/quiz-admin set cards 4")
    await left(posted)
    for day in range(1, GRACE_DAYS):
        await posted.morning(MONDAY + day)
    await back(posted)
    posted.wait(minutes=1)
    await posted.tick()
    notices = [posted.text([seen]) for seen in posted.channel.seen_by("maya") if seen.direct]
    assert "I am back, and Rivers goes on where it was: nothing was lost. Next post: tomorrow at 09:00" in notices[-1]
    await posted.morning(MONDAY + GRACE_DAYS)
    assert public(posted) == 2
    assert "1 person studied" in posted.text([posted.channel.room.everything()[0]])
    assert "Sam, 5 points" in await posted.says("sam", "/leaderboard all")


async def test_a_pause_of_a_lead_outlasts_a_removal(posted: World) -> None:
    await posted.says("maya", "/quiz-admin pause")
    await left(posted)
    await back(posted)
    assert "Paused: Maya paused it" in await status(posted)


async def test_what_was_held_back_there_is_tried_at_once(posted: World) -> None:
    await behind(posted, "update places set refusals = 2, blocked_until = :until", until=posted.clock() + 10**9)
    await left(posted)
    await back(posted)
    await posted.morning(MONDAY + 1)
    assert public(posted) == 2


async def test_the_list_of_servers_shows_what_was_left_and_what_is_back(posted: World) -> None:
    await other_cohort(posted, "Lakes", ELSEWHERE)
    await told(posted, WorkspacesAre(("other", "never set up")), "")
    rows = "select foreign_id from workspaces where left_at is not null"
    assert [row[0] for row in await posted.rows(rows)] == ["local"]
    await told(posted, WorkspacesAre(("local",)), "")
    assert [row[0] for row in await posted.rows(rows)] == ["other"]


# ---- a group in several places -----------------------------------------------------------------------------------


@pytest.mark.parametrize("gone", [("local", "local"), ("elsewhere", "there")])
async def test_a_group_that_is_posted_elsewhere_too_goes_on_there(posted: World, gone: tuple[str, str]) -> None:
    there = Elsewhere.of(posted)
    await placed(posted, THERE)
    key = f"told:{next(NUMBER)}"
    await posted.app.act(told_by(gone[0], WorkspaceLeft(), key, posted.clock(), gone[1]))
    await posted.morning(MONDAY + 1)
    assert (public(posted), len(there.said)) == ((1, 1) if gone[0] == "local" else (2, 0))
    assert "Flashmob was removed from here" not in await status(posted)
    await behind(posted, "update schedules set run_at = null")
    posted.wait(days=GRACE_DAYS)
    await posted.tick()
    assert [row[0] for row in await posted.rows("select name from cohorts")] == ["Rivers"]
    posts_there = "select 1 from deliveries where platform = 'elsewhere'"
    assert bool(await posted.rows(posts_there)) == (gone[0] == "local")


# ---- purged ------------------------------------------------------------------------------------------------------


async def busy_world(world: World) -> None:
    """Everybody did all that can be done; Maya and Sam are in another workspace too, where Sam studied."""
    await world.morning(MONDAY)
    for who in ("maya", "sam", "lin"):
        await world.press(who, "Study", on=world.newest_post())
        await world.rate_all(who, "2 Barely")
    await tap(world, "sam", 0, 4)
    await world.press("lin", "Show answer", on=world.newest_post())
    await world.press("lin", "Skip or flag")
    await world.press("lin", "Report a mistake")
    await world.says("sam", "/quiz-admin status")
    await world.says("maya", "/quiz-admin set cards 4")
    await world.says("sam", "/quiz 3")
    await world.channel.drop("maya", "lakes.csv", b"question,answer\nWhich lake?,Vaettern\n")
    await other_cohort(world, "Lakes", ELSEWHERE)
    await behind(world, "delete from cohort_decks where cohort_id = (select max(id) from cohorts)")
    await behind(world, "update schedules set run_at = null where cohort_id = (select max(id) from cohorts)")
    sam = Account("local", "", "sam", "Sam")
    await world.app.act(Request(StartQuiz(), f"asked:{next(NUMBER)}", world.clock(), sam, ELSEWHERE))
    await world.morning(MONDAY + 1)


async def purged(world: World) -> None:
    await left(world)
    world.wait(days=GRACE_DAYS)
    await world.tick()


async def test_until_the_grace_is_over_nothing_is_deleted(posted: World) -> None:
    before = await counts(posted)
    await left(posted)
    world_rows = await counts(posted)
    posted.wait(days=GRACE_DAYS, minutes=-1)
    await behind(posted, "update schedules set run_at = null")
    await posted.tick()
    del world_rows["staged_imports"]  # which are kept for a day
    assert await counts(posted) == world_rows
    assert set(before) - set(world_rows) == {"staged_imports"}


async def test_after_the_grace_nothing_of_it_is_left(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        await busy_world(world)
        await told(world, WorkspaceLeft(), "other")
        await purged(world)
        await world.tick()
        assert await counts(world) == {}


async def test_another_workspace_keeps_its_own(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        await busy_world(world)
        await purged(world)
        rows = await world.rows("select c.name, m.name from memberships m join cohorts c on c.id = m.cohort_id")
        assert [tuple(row) for row in rows] == [("Lakes", "Sam")]
        assert [row[0] for row in await world.rows("select foreign_id from accounts")] == ["sam"]
        assert [row[0] for row in await world.rows("select foreign_id from workspaces")] == ["other"]
        kept = await counts(world)
        assert not {"reviews", "decks", "cards", "memory_states", "posts", "deliveries", "reactions"} & set(kept)
        assert (await rebuild(world.app.database)).repaired == 0


async def test_after_the_grace_it_begins_anew(posted: World, tmp_path: Path) -> None:
    await purged(posted)
    assert await counts(posted) == {}
    await posted.app.set_up(posted.app.config.cohorts[0])
    await posted.morning(MONDAY + GRACE_DAYS + 1)
    assert public(posted) == 2
    assert "Card 1 of 5" in await posted.press("sam", "Study")


# ---- people who leave --------------------------------------------------------------------------------------------


@pytest.fixture
async def board(posted: World) -> World:
    for who in ("sam", "lin"):
        await posted.press(who, "Study")
        await posted.rate_all(who)
    return posted


async def person_left(world: World, who: str) -> None:
    person = Account("local", "", who, "")
    key = f"told:{next(NUMBER)}"
    assert await world.app.act(told_by("local", PersonLeft(), key, world.clock(), "local", person)) == []


async def test_the_name_of_who_left_is_shown_no_more_and_nothing_is_sent_to_them(board: World) -> None:
    await board.says("sam", "/remind")
    await person_left(board, "sam")
    said = await board.says("lin", "/leaderboard")
    assert "Sam" not in said
    assert "Together: 2 people" in said
    assert [row[0] for row in await board.rows("select remind_at from learners where remind_at is not null")] == []


async def test_who_left_and_comes_back_has_everything_as_before(board: World) -> None:
    await person_left(board, "sam")
    await board.press("sam", "Study")
    assert "Sam, 5 points" in await board.says("lin", "/leaderboard")


async def test_somebody_whom_nobody_knows_may_leave(board: World) -> None:
    await person_left(board, "a-stranger")
    assert "Sam, 5 points" in await board.says("lin", "/leaderboard")


async def test_a_reminder_that_finds_somebody_gone_hides_their_name(board: World) -> None:
    await board.says("sam", "/remind")
    Flaky.of(board, failures=[SendFailed("they are gone", Trouble.LEFT)])
    await board.tick()
    assert "Sam" not in await board.says("lin", "/leaderboard")
