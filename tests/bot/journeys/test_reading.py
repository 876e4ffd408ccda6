"""A side that was cut is read to its end, and no answer before it was looked at."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import buttons
from bot.actions import ReadOn
from bot.model import Side, Source, SourceKind
from bot.testing.world import DECK, MONDAY, World, open_world

from .kit import button_id, cards_world, id_with, on_the_post

LONG = "\n\n".join(f"Paragraph {number} of the answer." for number in range(100))
DECK_WITH_LONG_SIDES = DECK.replace("Question 1?", "Question 1? " + "Why is that so? " * 200).replace(
    "Answer 1\n", f"{LONG}\nWhy: because {LONG}\n", 1
)
FIRST = "Look at the answer first"


async def read_on(world: World, who: str, source: Source, position: int, side: Side, page: int = 0) -> str:
    return await on_the_post(world, who, buttons.write(ReadOn(source, position, side, page)))


async def the_post(world: World) -> Source:
    ((post_id,),) = await world.rows("select id from posts where state = 'open'")
    return Source(SourceKind.POST, post_id)


@pytest.fixture
async def posted(tmp_path: Path) -> AsyncIterator[World]:
    async with open_world(tmp_path, deck=DECK_WITH_LONG_SIDES) as world:
        await world.morning(MONDAY)
        yield world


async def test_an_answer_is_read_page_by_page_beside_its_card(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Show answer")
    shown = await posted.press("sam", "More of the answer")
    assert "Page 1 of 3" in shown
    assert "Paragraph 0 of" in shown
    assert "[4 Well]" in posted.text(posted.channel.seen_by("sam"))
    before = len(posted.channel.seen_by("sam"))
    for page in (2, 3):
        shown = await posted.press("sam", "Next page")
        assert f"Page {page} of 3" in shown
    assert "Paragraph 99 of" in shown
    assert "[Next page]" not in shown
    assert "Page 2 of 3" in await posted.press("sam", "Previous page")
    assert len(posted.channel.seen_by("sam")) == before
    assert "because" in await posted.press("sam", "More of the why")


@pytest.mark.parametrize("side", [Side.ANSWER, Side.WHY])
async def test_an_answer_that_was_not_looked_at_is_not_read_on(posted: World, side: Side) -> None:
    await posted.press("sam", "Study")
    ((session,),) = await posted.rows("select id from sessions")
    asked = Source(SourceKind.SESSION, session)
    post = await the_post(posted)
    for source in (asked, post):
        assert FIRST in await read_on(posted, "sam", source, 0, side)
        assert FIRST in await read_on(posted, "sam", source, 0, side, page=3)
    assert "Question 1?" in await read_on(posted, "sam", asked, 0, Side.QUESTION)
    await posted.press("sam", "Show answer")
    assert "of the answer" in await read_on(posted, "sam", asked, 0, side)
    assert FIRST in await read_on(posted, "sam", post, 0, side)
    assert FIRST in await read_on(posted, "sam", asked, 1, side)
    assert "someone else's session" in await read_on(posted, "lin", asked, 0, side)


async def test_a_card_that_comes_back_is_a_turn_of_its_own(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Show answer")
    await posted.press("sam", "1 Not at all")
    ((session, position),) = await posted.rows("select session_id, position from session_cards where repeats = 1")
    assert "Paragraph" in await read_on(posted, "sam", Source(SourceKind.SESSION, session), 0, Side.ANSWER)
    assert FIRST in await read_on(posted, "sam", Source(SourceKind.SESSION, session), position, Side.ANSWER)


async def test_everyone_reads_a_question_of_the_post_on_and_nobody_joins_by_it(tmp_path: Path) -> None:
    async with cards_world(tmp_path, deck=DECK_WITH_LONG_SIDES) as world:
        await world.morning(MONDAY)
        public = [seen for seen in world.channel.room.everything() if not seen.reader]
        (pressed,) = await world.channel.press("lin", public[0].id, "More of the question")
        assert pressed.reader == "lin"
        assert "Why is that so?" in world.text([pressed])
        assert await world.rows("select 1 from memberships") == []
        assert FIRST in await read_on(world, "lin", await the_post(world), 0, Side.ANSWER)
        assert await world.rows("select 1 from memberships") == []


async def test_the_answers_of_a_closed_post_are_read_on_by_whoever_asks(posted: World) -> None:
    await posted.press("maya", "Study")
    await posted.morning(MONDAY + 1)
    shown = await posted.press("lin", "See answers")
    assert "Paragraph 0 of" in shown
    assert "Page 1 of 3" in await posted.press("lin", "More of the answer")


async def test_the_answers_of_many_cards_are_shown_a_few_at_a_time(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.says("maya", "/quiz-admin set cards 12")
        await world.morning(MONDAY)
        await world.morning(MONDAY + 1)
        shown = await world.press("sam", "See answers")
        assert "Page 1 of 3" in shown
        assert shown.count("Answer:") == 5
        await world.press("sam", "Next page")
        shown = await world.press("sam", "Next page")
        assert shown.count("Answer:") == 2
        assert len(world.channel.seen_by("sam")) == 3  # the two posts, and one message that was turned


@pytest.mark.parametrize(("page", "said"), [(99, "Page 3 of 3"), (1, "Page 1 of 3")])
async def test_a_page_that_is_not_there_is_the_nearest_one(posted: World, page: int, said: str) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Show answer")
    await posted.press("sam", "More of the answer")
    turned = id_with(button_id(posted.with_button("sam", "Next page").message, "Next page"), page=page)
    assert said in await on_the_post(posted, "sam", turned)


async def test_a_card_that_never_was_is_not_read(posted: World) -> None:
    post = await the_post(posted)
    for source in (post, Source(SourceKind.POST, 7), Source(SourceKind.SESSION, 7)):
        assert "is no longer here" in await read_on(posted, "sam", source, 19, Side.QUESTION)
