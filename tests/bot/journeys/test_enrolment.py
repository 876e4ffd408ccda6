"""Joining, privacy and finding one's way."""

from pathlib import Path

import pytest

from bot import actions, buttons
from bot.model import Place
from bot.testing.world import MONDAY, World, open_world

from .kit import behind, on_the_post, other_cohort


async def test_the_first_press_joins_and_offers_to_hide_the_name(posted: World) -> None:
    assert await posted.rows("select 1 from memberships") == []
    assert "[Hide my name]" in await posted.press("sam", "Study")
    assert "Your name is hidden" in await posted.press("sam", "Hide my name")
    (row,) = await posted.rows("select name, hidden from memberships")
    assert (row["name"], row["hidden"]) == ("Sam", 1)


async def test_looking_around_makes_nobody_a_member(posted: World) -> None:
    for command in ("/help", "/decks", "/leaderboard", "/stats", "/nonsense"):
        await posted.says("lin", command)
    await posted.press("lin", "How it works")
    assert await posted.rows("select 1 from memberships") == []


async def test_a_name_can_be_hidden_before_the_first_card(posted: World) -> None:
    assert "hidden" in await posted.says("lin", "/privacy hide")
    assert "shown" in await posted.says("lin", "/privacy show")


async def test_help_lists_the_commands_and_tells_leads_more(posted: World) -> None:
    told = await posted.says("sam", "/help")
    assert "/quiz [deck] [number] Cards for you alone, now" in told
    assert "You lead this group" not in told
    assert "You lead this group" in await posted.says("maya", "/help")


async def test_where_no_deck_is_help_says_who_can_add_one(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await behind(world, "update cards set retired_at = 1")
        assert "Someone who leads this group can add one." in await world.says("sam", "/help")
        told = await world.says("maya", "/help")
        assert "Which deck shall it be?" in told
        assert "[Paste a deck] [Upload a deck]" in told


@pytest.mark.parametrize("command", ["/quiz", "/leaderboard", "/stats", "/decks"])
async def test_a_channel_without_a_group_is_told_so(tmp_path: Path, command: str) -> None:
    async with open_world(tmp_path, section={"channel": "elsewhere"}) as world:
        assert "No deck here yet." in await world.says("sam", command)
        assert "No deck here yet." in await world.says("sam", "/help")
        assert "There is no group in this channel yet." in await world.says("maya", command)
        assert "[Set up]" in await world.says("maya", "/help")
        assert await world.rows("select 1 from learners") == []


async def test_a_command_that_is_none_is_answered_with_the_nearest(posted: World) -> None:
    assert "Did you mean /leaderboard?" in await posted.says("sam", "/leaderbord")
    assert "/help lists what I can do" in await posted.says("sam", "/zzzzzzzz *bold* @everyone")


STRANGE = ["", "f1", "f1:study", "f1:study:zzzzzzzzzzzzz", "f1:nonsense:1", "f2:study:1", "f1:hide:9", "💥"]


@pytest.mark.parametrize("pressed", STRANGE)
async def test_whatever_is_pressed_gets_an_answer(posted: World, pressed: str) -> None:
    told = await on_the_post(posted, "sam", pressed)
    assert "another version" in told
    assert "Something went wrong" not in told


async def test_a_button_of_a_post_that_never_was_is_told_kindly(posted: World) -> None:
    for verb in ("study:1", "ans:1:1", "why:1", "card:1", "end:1", "mine:1", "go:1:d", "show:p1:0", "skip:s1:0"):
        assert "no longer here" in await on_the_post(posted, "sam", f"f1:{verb}")


async def test_a_direct_message_means_the_group_one_was_last_active_in(posted: World) -> None:
    await posted.press("sam", "Study")
    shown = await posted.channel.command("sam", "/leaderboard", direct=True)
    assert "This week" in posted.text(shown)
    shown = await posted.channel.command("lin", "/leaderboard", direct=True)
    assert "You are in no group of mine yet." in posted.text(shown)


async def test_cohorts_share_what_is_remembered_and_keep_their_own_points(posted: World) -> None:
    """Two groups share a deck."""
    cohort = await other_cohort(posted, "Second", Place("local", "local", "flashcards-2"))
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "5 Perfectly")
    await posted.morning(MONDAY + 1)
    (second,) = await posted.rows("select id from posts where cohort_id = :cohort", cohort=cohort)
    told = await on_the_post(posted, "sam", buttons.write(actions.Study(second["id"])))
    assert "Welcome, Sam" in told
    rows = await posted.rows("select cohort_id from standings where cohort_id = :cohort", cohort=cohort)
    assert rows == []
    assert len(await posted.rows("select 1 from learners")) == 1
