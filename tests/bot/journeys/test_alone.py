"""Learning alone in direct messages: without a group, beside a group, and out of everybody else's sight."""

import re

import pytest

from bot import actions, buttons
from bot.actions import WorkspaceBack, WorkspaceLeft, told_by
from bot.testing.world import DECK, MONDAY, World, labels_of

from .kit import behind

MINE = DECK.replace('deck = "rivers"', 'deck = "words"').replace("Rivers of Europe", "Words").replace("card0", "word0")


async def says(world: World, who: str, command: str) -> str:
    """Type a command into the direct messages."""
    return world.text(await world.channel.command(who, command, direct=True))


@pytest.fixture
async def alone(posted: World) -> World:
    """Lin is in no group, learns by herself, and has brought a deck of twenty cards."""
    assert "You are in no group of mine yet." in await says(posted, "lin", "/quiz")
    assert "**" not in await posted.press("lin", "Learn by yourself")
    assert "Words is in: 20 cards added." in await imports(posted, "lin", MINE)
    return posted


async def imports(world: World, who: str, deck: str) -> str:
    """Send a deck in direct messages, and press Import under what it would do."""
    await world.channel.drop(who, "words.deck.md", deck.encode(), direct=True)
    return await world.press(who, "Import")


async def test_whoever_learns_alone_is_asked_new_cards_without_a_post(alone: World) -> None:
    assert "Card 1 of 5" in await says(alone, "lin", "/quiz")
    await alone.rate_all("lin")
    rows = await alone.rows("select count(*) as n from reviews where rating = 4")
    assert rows[0]["n"] == 5


async def test_what_was_learned_alone_comes_back_when_it_is_due(alone: World) -> None:
    await says(alone, "lin", "/quiz")
    await alone.rate_all("lin")
    alone.wait(days=5)
    assert "Card 1 of 10" in await says(alone, "lin", "/quiz")
    assert int(re.findall(r"Question (\d+)\?", alone.text(alone.channel.seen_by("lin")[-1:]))[0]) <= 5


async def test_who_learns_alone_has_a_streak_of_days(alone: World) -> None:
    for days in (1, 2):
        await says(alone, "lin", "/quiz")
        await alone.press("lin", "Show answer")
        await alone.press("lin", "1 Not at all")
        assert f"You have studied {days} day" in await says(alone, "lin", "/stats")
        alone.wait(days=1)
    alone.wait(days=2)
    assert "No streak yet" in await says(alone, "lin", "/stats")


async def test_nothing_is_posted_for_who_learns_alone_and_no_group_sees_it(alone: World) -> None:
    before = len([seen for seen in alone.channel.room.everything() if not seen.reader])
    await says(alone, "lin", "/quiz")
    await alone.rate_all("lin")
    await alone.morning(MONDAY + 1)
    public = [seen for seen in alone.channel.room.everything() if not seen.reader]
    assert len(public) == before + 1
    assert "Lin" not in await alone.says("maya", "/leaderboard")
    assert "Words" not in await alone.says("maya", "/decks")


@pytest.mark.parametrize("words", ["resume", "post", "set time 18:00", "status", "pause"])
async def test_a_personal_cohort_has_no_posts_to_lead(alone: World, words: str) -> None:
    await says(alone, "maya", "/decks")
    await alone.press("maya", "Learn by yourself")
    assert "without posts" in await says(alone, "maya", f"/quiz-admin {words}")
    assert "Only someone who leads" in await alone.says("lin", f"/quiz-admin {words}")


async def test_a_member_of_a_group_can_learn_alone_too_and_go_back(posted: World) -> None:
    await posted.press("sam", "Study")
    assert "Rivers of Europe" in await says(posted, "sam", "/decks")
    await posted.press("sam", "Learn by yourself")
    assert "Decks of Just me" in await says(posted, "sam", "/decks")
    assert "speak of Rivers" in await posted.press("sam", "Rivers")
    assert "Rivers of Europe" in await says(posted, "sam", "/decks")
    assert "Just me" in labels_of(posted.channel.seen_by("sam")[-1].message)
    assert "Learn by yourself" not in labels_of(posted.channel.seen_by("sam")[-1].message)


async def test_pressed_twice_there_is_one_personal_cohort(alone: World) -> None:
    await alone.press("lin", "Learn by yourself")
    rows = await alone.rows("select count(*) as n from cohorts where learner_id is not null")
    assert rows[0]["n"] == 1


async def test_a_group_of_others_cannot_be_spoken_of(alone: World) -> None:
    (row,) = await alone.rows("select id from cohorts where learner_id is null")
    pressed = alone.channel.seen_by("lin")[-1]
    told = await alone.channel.press("lin", pressed.id, buttons.write(actions.LearnWith(row["id"])))
    assert "You are not in that group" in alone.text(told)


async def test_with_its_learner_goes_all_that_they_had_for_themselves(alone: World) -> None:
    await says(alone, "lin", "/quiz")
    await alone.rate_all("lin")
    await says(alone, "lin", "/privacy")
    await alone.press("lin", "Delete my data")
    await alone.press("lin", "Delete everything")
    await alone.tick()
    for table in (
        "learners",
        "accounts",
        "reviews",
        "workspaces where foreign_id like '@%'",
        "cohorts where name = 'Just me'",
    ):
        (row,) = await alone.rows(f"select count(*) as n from {table}")
        assert row["n"] == 0, table
    assert [row["title"] for row in await alone.rows("select title from decks")] == ["Rivers of Europe"]


async def test_where_a_realm_is_left_and_purged_its_peoples_own_goes_too(alone: World) -> None:
    await alone.app.act(told_by("local", WorkspaceLeft(), "left", alone.clock(), workspace="local"))
    (row,) = await alone.rows("select left_at from workspaces where foreign_id like '@%'")
    assert row["left_at"] is None  # the local realm is another one than the workspace
    await behind(alone, "update workspaces set foreign_id = '@local@lin' where foreign_id like '@%'")
    await alone.app.act(told_by("local", WorkspaceBack(), "back", alone.clock() + 1, workspace="local"))
    await alone.app.act(told_by("local", WorkspaceLeft(), "left again", alone.clock() + 2, workspace="local"))
    (row,) = await alone.rows("select left_at from workspaces where foreign_id like '@%'")
    assert row["left_at"] is not None
    alone.wait(days=31)
    await alone.tick()
    await alone.tick()
    assert await alone.rows("select 1 from decks") == []


async def test_whoever_begins_alone_chooses_a_deck_of_ours_and_starts(posted: World) -> None:
    await says(posted, "lin", "/quiz")
    told = await posted.press("lin", "Learn by yourself")
    assert "[Welcome to Flashmob]" in told
    assert "[Paste a deck] [Upload a deck]" in told
    assert "Change name or times" not in told
    assert "No deck here yet." in await says(posted, "lin", "/quiz")
    await posted.press("lin", "Welcome to Flashmob")
    assert "Welcome to Flashmob is in: 16 cards added." in await posted.press("lin", "Import")
    assert "Card 1 of 5" in await posted.press("lin", "Start")
