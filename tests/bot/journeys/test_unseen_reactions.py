"""Reactions that were put or taken back while nobody listened: read again after a new session, harmless twice."""

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.actions import BeganAnew, told_by
from bot.adapter import RatedBy, SendFailed, Trouble
from bot.journeys.rebuild import rebuild
from bot.model import Account, PostStyle, Rating, RatingInput, Settings
from bot.sender import by_person
from bot.store.deliveries import ANEW_PAUSE_MS
from bot.testing.world import MINUTE_MS, MONDAY, World, open_world

from ..elsewhere import CHANNEL, Elsewhere
from .kit import Flaky, behind, cards_world, other_cohort, points, tap

BEGAN = count(1)


@pytest.fixture
async def reacting(tmp_path: Path) -> AsyncIterator[World]:
    """A group that rates by reactions and by buttons; its five messages are out, and a minute has passed."""
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        await world.morning(MONDAY)
        world.wait(minutes=1)
        yield world


def unseen(world: World, who: str, *ratings: int, gone: tuple[int, ...] = (), part: int = 0) -> None:
    """Reactions are put and taken back under a card of the post, and Flashmob hears nothing of it."""
    post = [seen for seen in world.channel.room.everything() if not seen.reader][part]
    for rating in ratings:
        world.channel.room.react(post.id, who, Rating(rating), True)
    for rating in gone:
        world.channel.room.react(post.id, who, Rating(rating), False)


async def begin_anew(world: World, platform: str = "local") -> None:
    """The platform's connection has a new session."""
    said = await world.app.act(told_by(platform, BeganAnew(), f"began:{next(BEGAN)}", world.clock()))
    assert said == []


async def read_again(world: World) -> None:
    await begin_anew(world)
    world.wait(minutes=2)
    await world.tick()


async def ratings(world: World) -> list[int]:
    return [row[0] for row in await world.rows("select rating from reviews where rating is not null order by id")]


async def nothing_to_repair(world: World) -> bool:
    return (await rebuild(world.app.database)).repaired == 0


async def test_a_rating_that_was_put_unseen_counts_and_earns_its_point(reacting: World) -> None:
    unseen(reacting, "sam", 4)
    await read_again(reacting)
    assert await ratings(reacting) == [4]
    assert await points(reacting) == 1
    assert await nothing_to_repair(reacting)


async def test_a_rating_that_was_taken_back_unseen_is_undone(reacting: World) -> None:
    await tap(reacting, "sam", 0, 4)
    unseen(reacting, "sam", gone=(4,))
    await read_again(reacting)
    assert await ratings(reacting) == []
    assert await points(reacting) == 0
    assert await nothing_to_repair(reacting)


async def test_what_was_put_unseen_is_newer_than_what_was_seen_before(reacting: World) -> None:
    await tap(reacting, "sam", 0, 2)
    reacting.wait(minutes=1)
    unseen(reacting, "sam", 5)
    await read_again(reacting)
    assert await ratings(reacting) == [5]


async def test_of_several_that_were_put_unseen_the_lowest_counts(reacting: World) -> None:
    unseen(reacting, "sam", 3, 2, 5)
    await read_again(reacting)
    assert await ratings(reacting) == [2]
    assert await points(reacting) == 1


async def test_what_was_seen_since_is_newer_than_what_was_put_unseen(reacting: World) -> None:
    unseen(reacting, "sam", 2)
    await begin_anew(reacting)
    reacting.wait(minutes=1)
    await tap(reacting, "sam", 0, 5)
    await reacting.tick()
    assert await ratings(reacting) == [5]


async def test_a_button_that_was_pressed_before_gives_way_and_one_pressed_since_does_not(reacting: World) -> None:
    for who in ("sam", "lin"):
        await reacting.press(who, "Show answer", on=reacting.channel.seen_by(who)[0])
    await reacting.press("sam", "4 Well")
    reacting.wait(minutes=1)
    for who in ("sam", "lin"):
        unseen(reacting, who, 1)
    await begin_anew(reacting)
    reacting.wait(minutes=1)
    await reacting.press("lin", "3 With effort")
    await reacting.tick()
    assert sorted(await ratings(reacting)) == [1, 3]


async def test_a_button_that_spoke_is_not_undone_by_a_reaction_that_went_unseen(reacting: World) -> None:
    await tap(reacting, "sam", 0, 4)
    await reacting.press("sam", "Show answer", on=reacting.channel.seen_by("sam")[0])
    await reacting.press("sam", "2 Barely")
    unseen(reacting, "sam", gone=(4,))
    await read_again(reacting)
    assert await ratings(reacting) == [2]


async def test_it_is_harmless_twice(reacting: World) -> None:
    unseen(reacting, "sam", 4)
    await tap(reacting, "lin", 1, 3)
    for _ in range(3):
        await read_again(reacting)
    assert [row[0] for row in await reacting.rows("select count(*) from review_changes")] == [2]
    assert await points(reacting) == 2
    assert [row[0] for row in await reacting.rows("select state from deliveries where kind = 'reread'")] == ["sent"] * 5


async def test_sessions_that_begin_one_after_the_other_are_followed_once_a_minute(reacting: World) -> None:
    await read_again(reacting)
    for _ in range(5):
        await begin_anew(reacting)
        await reacting.tick()
    rows = await reacting.rows("select run_at, state from deliveries where kind = 'reread'")
    assert {row["state"] for row in rows} == {"pending"}
    assert ANEW_PAUSE_MS == MINUTE_MS


async def test_what_cannot_be_read_is_tried_again_and_undoes_nothing(reacting: World) -> None:
    await tap(reacting, "sam", 0, 4)
    unseen(reacting, "lin", 5)
    flaky = Flaky.of(reacting, down=True)
    await read_again(reacting)
    assert await ratings(reacting) == [4]
    flaky.down = False
    reacting.wait(minutes=1)
    await reacting.tick()
    assert await ratings(reacting) == [4, 5]


async def test_where_nobody_can_look_nothing_is_undone(reacting: World) -> None:
    await tap(reacting, "sam", 0, 4)
    unseen(reacting, "sam", gone=(4,))
    Flaky.of(reacting, blind=True)
    await read_again(reacting)
    assert await ratings(reacting) == [4]


@pytest.mark.parametrize("trouble", [Trouble.NOT_ALLOWED, Trouble.GONE])
async def test_what_may_not_be_read_is_done_without_until_the_next_session(reacting: World, trouble: Trouble) -> None:
    class Blind(Flaky):
        async def ratings(self, ref: object) -> RatedBy:
            raise SendFailed("I lack the scope reactions:read.", trouble)

    local = reacting.app.adapters["local"]
    Blind.of(reacting)
    unseen(reacting, "sam", 4)
    await read_again(reacting)
    assert await reacting.rows("select 1 from deliveries where kind = 'notice'") == []
    reacting.app.adapters["local"] = local
    await read_again(reacting)
    assert await ratings(reacting) == [4]


async def test_a_reading_that_waited_until_its_post_was_closed_changes_nothing(reacting: World) -> None:
    unseen(reacting, "sam", 4)
    await begin_anew(reacting)
    await behind(reacting, "update posts set state = 'closed'")
    await reacting.tick()
    assert await ratings(reacting) == []
    await behind(reacting, "delete from deliveries where kind = 'reread'")
    await begin_anew(reacting)
    assert await reacting.rows("select 1 from deliveries where kind = 'reread'") == []


@pytest.mark.parametrize(
    ("style", "rating_input"), [(PostStyle.CARDS, RatingInput.BUTTONS), (PostStyle.DIGEST, RatingInput.BOTH)]
)
async def test_where_reactions_are_no_ratings_nothing_is_read(
    tmp_path: Path, style: PostStyle, rating_input: RatingInput
) -> None:
    async with open_world(tmp_path, style=style, rating_input=rating_input) as world:
        await world.morning(MONDAY)
        await begin_anew(world)
        assert await world.rows("select 1 from deliveries where kind = 'reread'") == []


async def test_each_platform_is_asked_of_its_own_messages(reacting: World) -> None:
    await other_cohort(reacting, "Lakes", CHANNEL, Settings(style=PostStyle.CARDS, rating_input=RatingInput.BOTH))
    there = Elsewhere.of(reacting)
    await reacting.morning(MONDAY + 1)
    await begin_anew(reacting, "elsewhere")
    await reacting.tick()
    assert [verb for verb, _ in there.tries].count("ratings") == 5
    assert {row[0] for row in await reacting.rows("select platform from deliveries where kind = 'reread'")} == {
        "elsewhere"
    }


SAM, LIN = (Account("local", "", name.lower(), name) for name in ("Sam", "Lin"))


def test_who_has_taken_everything_back_is_asked_about_too() -> None:
    rated = {Rating.WELL: [SAM], Rating.BARELY: [SAM]}
    assert by_person(rated, [LIN]) == {LIN: frozenset(), SAM: frozenset({Rating.WELL, Rating.BARELY})}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_whatever_happened_unseen_one_review_says_what_stands_there(reacting: World, data: st.DataObject) -> None:
    """Seen and unseen presses in any order: afterwards the review is one of those that stand, or there is none."""
    part = data.draw(st.integers(0, 4))
    post = [seen for seen in reacting.channel.room.everything() if not seen.reader][part]
    for seen, rating, added in data.draw(
        st.lists(st.tuples(st.booleans(), st.integers(1, 5), st.booleans()), max_size=8)
    ):
        reacting.wait(minutes=1)
        if seen:
            await reacting.channel.tap("sam", post.id, Rating(rating), added)
        else:
            unseen(reacting, "sam", *[rating] * added, gone=(rating,) * (not added), part=part)
    await read_again(reacting)
    chips = {chip.rating for chip in reacting.channel.room.message(post.id).chips if "sam" in chip.members}
    rows = await reacting.rows(
        """select r.rating from reviews r join post_cards pc on pc.post_id = r.source_id and pc.card_id = r.card_id
           where pc.position = :part and r.rating is not null""",
        part=part,
    )
    assert len(rows) == bool(chips)
    assert {row[0] for row in rows} <= chips
    assert await nothing_to_repair(reacting)
