"""What is kept of a person: shown to them alone, given to them as a file, and deleted for good."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.messages import Attachment
from bot.testing.world import MONDAY, World, open_world


@pytest.fixture
async def studied(tmp_path: Path) -> AsyncIterator[World]:
    """Maya and Sam have rated the five cards of Monday's post."""
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        for who in ("maya", "sam"):
            await world.press(who, "Study")
            await world.rate_all(who)
        yield world


async def test_privacy_says_what_is_kept_and_who_sees_it(studied: World) -> None:
    said = await studied.says("maya", "/privacy")
    assert "5 reviews of yours are kept now" in said
    assert "not even the group's lead" in said


async def test_the_export_holds_every_review_of_the_asker_and_nobody_elses(studied: World) -> None:
    await studied.says("maya", "/privacy export")
    (file,) = [part for part in studied.channel.seen_by("maya")[-1].message.parts if isinstance(part, Attachment)]
    found = json.loads(file.text)
    assert [review["rating"] for review in found["reviews"]] == [4] * 5
    assert found["groups"][0]["name"] == "Maya"
    assert "Sam" not in file.text
    assert "flashmob-my-data" not in studied.text(studied.channel.seen_by("sam"))


async def test_deleting_asks_first_and_keeping_it_changes_nothing(studied: World) -> None:
    await studied.says("maya", "/privacy")
    assert "cannot be undone" in await studied.press("maya", "Delete my data")
    assert "5 reviews of yours" in await studied.press("maya", "Keep it")
    (row,) = await studied.rows("select count(*) as n from reviews")
    assert row["n"] == 10


async def test_deleting_hides_at_once_and_leaves_nothing_of_that_person_after_the_next_tick(studied: World) -> None:
    await studied.says("maya", "/privacy")
    await studied.press("maya", "Delete my data")
    await studied.press("maya", "Delete everything")
    assert "Maya" not in await studied.says("sam", "/leaderboard")
    await studied.tick()
    for table in ("reviews", "memory_states", "standings", "days", "sessions", "memberships"):
        (row,) = await studied.rows(f"select count(distinct learner_id) as people from {table}")
        assert row["people"] == 1, table
    (row,) = await studied.rows("select count(*) as n from learners")
    assert row["n"] == 1


async def test_a_closed_post_keeps_its_count_when_somebody_has_their_data_deleted(studied: World) -> None:
    await studied.morning(MONDAY + 1)
    await studied.says("maya", "/privacy")
    await studied.press("maya", "Delete my data")
    await studied.press("maya", "Delete everything")
    await studied.tick()
    await studied.morning(MONDAY + 2)
    closed = next(seen for seen in studied.channel.room.everything() if not seen.reader)
    assert "2 people studied" in studied.text([closed])


async def test_whoever_was_deleted_may_begin_again_as_a_newcomer(studied: World) -> None:
    await studied.says("maya", "/privacy")
    await studied.press("maya", "Delete my data")
    await studied.press("maya", "Delete everything")
    assert "Welcome, Maya" in await studied.press("maya", "Study")
    assert "1 review of yours" not in await studied.says("maya", "/privacy")


async def test_the_name_of_a_lead_who_was_deleted_stands_nowhere_any_more(studied: World) -> None:
    await studied.says("maya", "/quiz-admin set cards 4")
    await studied.says("maya", "/quiz-admin pause")
    await studied.says("maya", "/privacy")
    await studied.press("maya", "Delete my data")
    await studied.press("maya", "Delete everything")
    await studied.tick()
    for table in ("changes", "schedules", "posts", "memberships", "deliveries"):
        for row in await studied.rows(f"select * from {table}"):
            assert "Maya" not in str(tuple(row)), table
