"""Reveal, rate, change: by button and by reaction, twice, late, at once, and after a restart."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from bot.journeys.rebuild import rebuild
from bot.model import PostStyle, Rating, RatingInput
from bot.testing.world import MONDAY, World, labels_of, open_world

from .kit import behind, button_id, cards_world, id_with, on_the_post, points, tap

WELL, PERFECTLY, BARELY = "4 Well", "5 Perfectly", "2 Barely"


async def revealed(world: World, who: str = "sam") -> dict[str, str]:
    """Open a session on the newest post and look at its first answer; the ids of the rating buttons, by label."""
    await world.press(who, "Study", on=world.newest_post())
    await world.press(who, "Show answer")
    message = world.channel.seen_by(who)[-1].message
    return {label: button_id(message, label) for label in labels_of(message)}


async def ratings(world: World) -> list[int]:
    rows = await world.rows("select rating from reviews where rating is not null order by id")
    return [row["rating"] for row in rows]


async def versions(world: World) -> list[int | None]:
    rows = await world.rows("select rating from review_changes order by review_id, number")
    return [row["rating"] for row in rows]


async def nothing_to_repair(world: World) -> bool:
    return (await rebuild(world.app.database)).repaired == 0


# ---- what it costs ---------------------------------------------------------------------------------------------------


async def planned_from_now_on(world: World) -> list[object]:
    """What each statement touches that SQLite plans in the writer from now on."""
    planned: list[object] = []

    async def listen(tx: Any) -> None:
        def plans(*about: object) -> int:
            planned.append(about)
            return sqlite3.SQLITE_OK

        tx._execute.__self__.set_authorizer(plans)

    await world.app.database.write(listen)
    return planned


async def test_no_statement_of_a_rating_is_planned_anew_each_time(posted: World) -> None:
    await posted.press("sam", "Study", on=posted.newest_post())
    planned = await planned_from_now_on(posted)  # which has all of them planned once more
    for _ in range(2):
        planned.clear()
        await posted.press("sam", "Show answer")
        await posted.press("sam", WELL)
    assert planned == []


# ---- twice is once ---------------------------------------------------------------------------------------------------


async def test_the_same_click_delivered_twice_is_one_rating(posted: World) -> None:
    ids = await revealed(posted)
    for _ in range(2):
        await on_the_post(posted, "sam", ids[WELL], key="slack retries this one")
    assert await versions(posted) == [4]
    assert await points(posted) == 1


async def test_the_same_button_pressed_twice_is_one_rating(posted: World) -> None:
    ids = await revealed(posted)
    await on_the_post(posted, "sam", ids[WELL])
    assert "Already saved: 4 Well." in await on_the_post(posted, "sam", ids[WELL])
    assert await versions(posted) == [4]
    assert await points(posted) == 1


async def test_another_button_of_the_same_card_changes_the_rating(posted: World) -> None:
    ids = await revealed(posted)
    await on_the_post(posted, "sam", ids[WELL])
    assert "Changed from 4 to 2. Your schedule is updated." in await on_the_post(posted, "sam", ids[BARELY])
    assert await ratings(posted) == [2]
    assert await versions(posted) == [4, 2]
    assert await points(posted) == 1
    assert await nothing_to_repair(posted)


@pytest.mark.parametrize("first", [WELL, BARELY])
async def test_two_ratings_at_once_are_one_review_and_the_later_wins(posted: World, first: str) -> None:
    ids = await revealed(posted)
    second = BARELY if first == WELL else WELL
    post = posted.newest_post()
    await asyncio.gather(*(posted.channel.press("sam", post.id, ids[label]) for label in (first, second)))
    assert await ratings(posted) == [int(second[0])]
    assert await points(posted) == 1
    assert await nothing_to_repair(posted)


async def test_the_redelivery_of_an_older_click_changes_nothing(posted: World) -> None:
    ids = await revealed(posted)
    await on_the_post(posted, "sam", ids[BARELY], key="first click")
    await on_the_post(posted, "sam", ids[WELL], key="second click")
    told = await on_the_post(posted, "sam", ids[BARELY], key="first click")
    assert "Card 2 of 5" in told
    assert await ratings(posted) == [4]


async def test_the_answer_looked_at_twice_is_one_turn(posted: World) -> None:
    await revealed(posted)
    await posted.press("sam", "Study", on=posted.newest_post())
    assert "Did you remember it" in await posted.press("sam", "Show answer")
    assert len(await posted.rows("select 1 from reviews")) == 1


async def test_twenty_people_rating_at_once_are_all_counted(tmp_path: Path) -> None:
    people = [f"member{n}" for n in range(20)]
    async with open_world(tmp_path, section={"members": people}) as world:
        await world.morning(MONDAY)
        ids = {who: (await revealed(world, who))[WELL] for who in people}
        post = world.newest_post()
        await asyncio.gather(*(world.channel.press(who, post.id, well) for who, well in ids.items()))
        assert await ratings(world) == [4] * 20
        assert await points(world) == 20


# ---- not a rating at all ---------------------------------------------------------------------------------------------


async def test_a_rating_before_the_answer_was_seen_is_refused(posted: World) -> None:
    ids = await revealed(posted)
    early = id_with(ids[WELL], position=3)
    assert "Look at the answer first" in await on_the_post(posted, "sam", early)
    assert await ratings(posted) == []


@pytest.mark.parametrize("rating", ["0", "6", "", "x"])
async def test_a_rating_outside_one_to_five_does_nothing(posted: World, rating: str) -> None:
    ids = await revealed(posted)
    told = await on_the_post(posted, "sam", ids[WELL].removesuffix("4") + rating)
    assert "nothing was changed" in told
    assert await ratings(posted) == []


async def test_a_button_of_an_unknown_version_is_told_kindly(posted: World) -> None:
    ids = await revealed(posted)
    told = await on_the_post(posted, "sam", ids[WELL].replace("f1:", "f9:"))
    assert "another version of Flashmob" in told


async def test_a_card_that_never_stood_there_is_told_kindly(posted: World) -> None:
    ids = await revealed(posted)
    assert "no longer here" in await on_the_post(posted, "sam", id_with(ids[WELL], position=77))


# ---- changing --------------------------------------------------------------------------------------------------------


async def test_change_last_rating_shows_the_buttons_again(posted: World) -> None:
    ids = await revealed(posted)
    await on_the_post(posted, "sam", ids[WELL])
    told = await posted.press("sam", "Change last rating")
    assert "You said 4 Well. What should it be?" in told
    told = await posted.press("sam", "3 With effort")
    assert "Changed from 4 to 3." in told
    assert "Card 2 of 5" in told


async def test_a_changed_rating_keeps_its_day_and_moves_the_memory(world: World) -> None:
    """Friday's post stays open until Monday, and so does its rating."""
    await world.morning(MONDAY)
    await behind(world, "update schedules set weekdays = 1")
    await behind(world, "update schedules set run_at = run_at + :days", days=6 * 86_400_000)
    ids = await revealed(world)
    await on_the_post(world, "sam", ids[PERFECTLY])
    (before,) = await world.rows("select due_day, stability from memory_states")
    world.wait(days=3)
    assert "Changed from 5 to 2." in await on_the_post(world, "sam", ids[BARELY])
    (after,) = await world.rows("select last_day, due_day, stability from memory_states")
    assert after["last_day"] == MONDAY
    assert after["due_day"] < before["due_day"]
    assert [row["day"] for row in await world.rows("select day from reviews")] == [MONDAY]
    assert await points(world) == 1
    assert await nothing_to_repair(world)


async def test_once_the_post_is_closed_another_rating_is_a_new_turn(posted: World) -> None:
    ids = await revealed(posted)
    await on_the_post(posted, "sam", ids[WELL])
    await posted.morning(MONDAY + 1)
    told = await on_the_post(posted, "sam", ids[BARELY])
    assert "Saved: 2 Barely." in told
    assert await ratings(posted) == [4, 2]
    assert [row["day"] for row in await posted.rows("select day from reviews order by id")] == [MONDAY, MONDAY + 1]


async def test_an_old_message_pressed_again_and_again_is_one_new_turn(posted: World) -> None:
    ids = await revealed(posted)
    await on_the_post(posted, "sam", ids[WELL])
    posted.wait(days=30)
    await posted.tick()
    assert "Saved: 2 Barely." in await on_the_post(posted, "sam", ids[BARELY])
    assert "Already saved: 2 Barely." in await on_the_post(posted, "sam", ids[BARELY])
    assert "Changed from 2 to 5." in await on_the_post(posted, "sam", ids[PERFECTLY])
    assert "Changed from 5 to 4." in await on_the_post(posted, "sam", ids[WELL])
    assert await ratings(posted) == [4, 4]
    assert await nothing_to_repair(posted)


async def test_a_mistap_in_a_closed_post_can_be_put_right(posted: World) -> None:
    old = posted.newest_post()
    await posted.morning(MONDAY + 1)
    await posted.press("sam", "Study", on=old)
    await posted.press("sam", "Show answer")
    await posted.press("sam", "1 Not at all")
    await posted.press("sam", "Change last rating")
    assert "Changed from 1 to 4." in await posted.press("sam", WELL)
    assert await ratings(posted) == [4]


async def test_a_quiz_rating_may_change_until_the_end_of_the_next_day(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await posted.press("sam", "Finish")
    posted.wait(days=1)
    await posted.says("sam", "/quiz")
    await posted.press("sam", "Show answer")
    message = posted.channel.seen_by("sam")[-1].message
    well, barely, best = (button_id(message, label) for label in (WELL, BARELY, PERFECTLY))
    await on_the_post(posted, "sam", well)
    posted.wait(days=1)
    assert "Changed from 4 to 2." in await on_the_post(posted, "sam", barely)
    posted.wait(days=1)
    assert "Saved: 5 Perfectly." in await on_the_post(posted, "sam", best)
    assert await nothing_to_repair(posted)


# ---- for ever --------------------------------------------------------------------------------------------------------


async def test_a_button_works_a_month_later_and_after_a_restart(tmp_path: Path) -> None:
    section = {"path": str(tmp_path / "room.jsonl")}
    async with open_world(tmp_path, section=section) as world:
        await world.morning(MONDAY)
        ids = await revealed(world)
        later = world.clock() + 30 * 86_400_000
    async with open_world(tmp_path, section=section, at=later) as world:
        assert "Saved: 3 With effort." in await on_the_post(world, "sam", ids["3 With effort"])
        assert await points(world) == 1


async def test_a_retired_card_still_reveals_and_rates(posted: World) -> None:
    await posted.press("sam", "Study")
    deck = (posted.folder / "rivers.deck.md").read_text().replace("Q: Question 1?\nA: Answer 1\nId: card0001\n", "")
    await posted.imports(deck.encode())
    assert await posted.rows("select 1 from cards where retired_at is not null")
    assert "Answer 1" in await posted.press("sam", "Show answer")
    assert "Saved: 4 Well." in await posted.press("sam", WELL)


async def test_a_corrected_answer_is_shown_in_a_session_that_is_open(posted: World) -> None:
    await posted.press("sam", "Study")
    deck = (posted.folder / "rivers.deck.md").read_text().replace("Answer 1\n", "A corrected answer\n")
    await posted.imports(deck.encode())
    assert "A corrected answer" in await posted.press("sam", "Show answer")


# ---- one message a card ----------------------------------------------------------------------------------------------


async def test_in_cards_style_a_card_is_rated_where_it_stands(tmp_path: Path) -> None:
    async with cards_world(tmp_path) as world:
        await world.morning(MONDAY)
        third = world.channel.seen_by("sam")[2]
        told = await world.press("sam", "Show answer", on=third)
        assert "Welcome, Sam" in told
        assert "Answer: Answer 3" in told
        told = await world.press("sam", WELL)
        assert "Saved: 4 Well." in told
        assert world.labels("sam") == ["Change rating", "Study the rest"]
        await world.press("sam", "Change rating")
        assert "Changed from 4 to 5." in await world.press("sam", PERFECTLY)
        assert "You said 5 Perfectly." in await world.press("sam", "Show answer", on=third)
        assert "Card 1 of 4" in await world.press("sam", "Study", on=world.channel.seen_by("sam")[0])
        assert await points(world) == 1


async def test_an_open_post_pays_once_for_a_card_wherever_it_is_rated(tmp_path: Path) -> None:
    """Rated under the post on one day, and in a session that was left open on the next, before it is due."""
    async with cards_world(tmp_path) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Study", on=world.channel.seen_by("sam")[0])
        await world.press("sam", "Show answer", on=world.channel.seen_by("sam")[0])
        await world.press("sam", PERFECTLY)
        world.wait(days=1, minutes=-60)
        await world.press("sam", "Study", on=world.channel.seen_by("sam")[0])
        told = await world.press("sam", "Show answer")
        assert "Question 1?" in told
        await world.press("sam", PERFECTLY)
        assert await points(world) == 1
        kinds = await world.rows("select kind from reviews order by rated_at")
        assert [row["kind"] for row in kinds] == ["scheduled", "early"]


async def test_a_stranger_cannot_change_a_rating_they_never_gave(tmp_path: Path) -> None:
    async with cards_world(tmp_path) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Show answer", on=world.channel.seen_by("sam")[2])
        await world.press("sam", WELL)
        change = button_id(world.channel.seen_by("sam")[-1].message, "Change rating")
        assert "Look at the answer first" in await on_the_post(world, "lin", change)
        assert len(await world.rows("select 1 from memberships")) == 1


# ---- reactions -------------------------------------------------------------------------------------------------------


@pytest.fixture
async def reacting(tmp_path: Path) -> AsyncIterator[World]:
    """A group that rates by reactions and by buttons; its five messages are out."""
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        await world.morning(MONDAY)
        yield world


async def test_a_reaction_rates_without_a_reveal_and_earns_its_point(reacting: World) -> None:
    await tap(reacting, "sam", 2, 4)
    assert await ratings(reacting) == [4]
    assert await points(reacting) == 1
    assert await nothing_to_repair(reacting)


async def test_of_several_reactions_the_newest_counts(reacting: World) -> None:
    for rating in (4, 5, 3):
        await tap(reacting, "sam", 0, rating)
    assert await ratings(reacting) == [3]
    assert await points(reacting) == 1


async def test_taking_a_reaction_back_falls_back_to_the_one_before(reacting: World) -> None:
    await tap(reacting, "sam", 0, 5)
    await tap(reacting, "sam", 0, 2)
    await tap(reacting, "sam", 0, 2, added=False)
    assert await ratings(reacting) == [5]


async def test_taking_an_older_reaction_back_changes_nothing(reacting: World) -> None:
    await tap(reacting, "sam", 0, 5)
    await tap(reacting, "sam", 0, 2)
    await tap(reacting, "sam", 0, 5, added=False)
    assert await ratings(reacting) == [2]


async def test_taking_the_last_reaction_back_undoes_rating_point_and_memory(reacting: World) -> None:
    await tap(reacting, "sam", 0, 4)
    await tap(reacting, "sam", 0, 4, added=False)
    assert await ratings(reacting) == []
    assert await versions(reacting) == [4, None]
    assert await points(reacting) == 0
    assert await reacting.rows("select 1 from memory_states") == []
    assert await nothing_to_repair(reacting)
    await tap(reacting, "sam", 0, 3)
    assert await points(reacting) == 1
    assert await nothing_to_repair(reacting)


async def test_taking_a_reaction_back_leaves_alone_what_a_button_said_since(reacting: World) -> None:
    await tap(reacting, "sam", 0, 4)
    await reacting.press("sam", "Show answer", on=reacting.channel.seen_by("sam")[0])
    assert "Changed from 4 to 2." in await reacting.press("sam", BARELY)
    await tap(reacting, "sam", 0, 4, added=False)
    assert await ratings(reacting) == [2]


async def test_after_closing_a_reaction_changes_nothing(reacting: World) -> None:
    old = reacting.channel.seen_by("sam")[0]
    await tap(reacting, "sam", 0, 4)
    await reacting.morning(MONDAY + 1)
    await reacting.channel.tap("sam", old.id, Rating(1))
    await reacting.channel.tap("sam", old.id, Rating(4), added=False)
    assert await ratings(reacting) == [4]


async def test_a_post_with_buttons_only_ignores_reactions(tmp_path: Path) -> None:
    async with cards_world(tmp_path) as world:
        await world.morning(MONDAY)
        await tap(world, "sam", 0, 4)
        assert await ratings(world) == []
        assert await world.rows("select 1 from memberships") == []


async def test_a_digest_ignores_reactions_since_it_is_no_card(tmp_path: Path) -> None:
    async with open_world(tmp_path, style=PostStyle.DIGEST, rating_input=RatingInput.BOTH) as world:
        await world.morning(MONDAY)
        await world.channel.tap("sam", world.newest_post().id, Rating(4))
        assert await ratings(world) == []


async def test_a_reaction_under_any_other_message_is_ignored(reacting: World) -> None:
    await reacting.says("maya", "/help")
    help_page = reacting.channel.seen_by("maya")[-1]
    assert await reacting.channel.tap("maya", help_page.id, Rating(3)) == []
    assert await ratings(reacting) == []


async def test_a_redelivered_reaction_is_one_rating(reacting: World) -> None:
    message = reacting.channel.seen_by("sam")[0]
    await reacting.channel.tap("sam", message.id, Rating(4), key="once")
    await reacting.channel.tap("sam", message.id, Rating(2), key="then")
    await reacting.channel.tap("sam", message.id, Rating(4), key="once")
    assert await ratings(reacting) == [2]


@pytest.mark.parametrize("order", list(permutations([1, 3, 5])))
async def test_reactions_in_any_order_leave_one_review(reacting: World, order: tuple[int, ...]) -> None:
    for rating in order:
        await tap(reacting, "lin", 1, rating)
    for rating in order:
        await tap(reacting, "lin", 1, rating, added=False)
    assert await ratings(reacting) == []
    assert await points(reacting) == 0
    assert await nothing_to_repair(reacting)
