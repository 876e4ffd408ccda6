"""The leaderboard, which nobody can farm, and one's own statistics."""

from pathlib import Path

import pytest

from bot.journeys.rebuild import rebuild
from bot.testing.world import MONDAY, World, open_world

from .kit import behind, points


async def studies(world: World, who: str, label: str = "4 Well") -> None:
    await world.press(who, "Study", on=world.newest_post())
    await world.rate_all(who, label)


async def rates(world: World, who: str, cards: int) -> None:
    await world.press(who, "Study", on=world.newest_post())
    for _ in range(cards):
        await world.press(who, "Show answer")
        await world.press(who, "4 Well")


async def test_the_board_of_this_week_is_a_list_with_ones_own_line_and_the_groups_sum(posted: World) -> None:
    await rates(posted, "maya", 5)
    await rates(posted, "lin", 3)
    await rates(posted, "sam", 2)
    assert (await posted.says("sam", "/leaderboard")).splitlines()[1:] == [
        "  This week, 2 to 8 November",
        "  1. Maya, 5 points",
        "  2. Lin, 3 points",
        "  3. Sam, 2 points",
        "  You: 3rd, 2 points. Together: 3 people, 10 cards.",
        "  One point for each due card you review, whatever you press. Up to 10 a day.",
        "  [Month] [All time] [Share] [Hide my name]",
    ]
    assert len(posted.channel.seen_by("lin")) == 2  # the post and her session: the board is Sam's


async def test_equal_points_share_a_rank(posted: World) -> None:
    await rates(posted, "maya", 2)
    await rates(posted, "lin", 2)
    await rates(posted, "sam", 1)
    told = await posted.says("sam", "/leaderboard")
    assert "1. Maya, 2 points" in told
    assert "1. Lin, 2 points" in told
    assert "3. Sam, 1 point\n" in told
    assert "You: 3rd, 1 point." in told


async def test_honest_ones_lose_nothing(posted: World) -> None:
    await studies(posted, "maya", "5 Perfectly")
    await studies(posted, "sam", "1 Not at all")
    assert await points(posted, "Maya") == await points(posted, "Sam") == 5


async def test_week_month_and_all_time_are_counted_apart(world: World) -> None:
    await world.morning(MONDAY)
    await rates(world, "sam", 2)
    await world.morning(MONDAY + 7)
    await rates(world, "sam", 1)
    await world.morning(MONDAY + 29)
    await rates(world, "sam", 1)
    assert "This week, 30 November to 6 December" in (told := await world.says("sam", "/leaderboard"))
    assert "Sam, 1 point\n" in told
    assert "This month, December 2026" in (told := await world.press("sam", "Month"))
    assert "Sam, 1 point\n" in told
    assert "All time" in (told := await world.press("sam", "All time"))
    assert "Sam, 4 points" in told


async def test_a_day_earns_at_most_ten_points(tmp_path: Path) -> None:
    """Twenty due cards, all of them rated."""
    async with open_world(tmp_path) as world:
        for day in range(8):
            await world.morning(MONDAY + day)
            await studies(world, "maya")
        await world.morning(MONDAY + 8)
        before = await points(world, "Sam")
        await studies(world, "sam")
        for _ in range(5):
            offers = [label for label in world.labels("sam") if label.startswith(("Do th", "Meet"))]
            if offers:
                await world.press("sam", offers[0])
                await world.rate_all("sam")
        await world.says("sam", "/quiz 50")
        for _ in range(5):
            await world.rate_all("sam")
            more = [label for label in world.labels("sam") if label.startswith(("Keep", "Meet", "Do th"))]
            if more:
                await world.press("sam", more[0])
        (day_row,) = await world.rows(
            "select cards from days d join memberships m on m.learner_id = d.learner_id where m.name = 'Sam'"
        )
        assert day_row["cards"] > 10
        assert await points(world, "Sam") - before == 10
        assert (await rebuild(world.app.database)).repaired == 0


async def test_the_same_card_twice_a_day_counts_once(posted: World) -> None:
    await studies(posted, "sam", "1 Not at all")
    await posted.press("sam", "Try those 5 once more")
    await posted.rate_all("sam", "5 Perfectly")
    assert len(await posted.rows("select 1 from reviews where rating is not null")) == 10
    assert await points(posted) == 5


async def test_a_hidden_name_is_on_no_board_and_its_points_still_count_for_their_owner(posted: World) -> None:
    await studies(posted, "sam")
    await studies(posted, "maya")
    assert "Your name is hidden" in await posted.says("sam", "/privacy hide")
    assert "Sam" not in (told := await posted.says("maya", "/leaderboard"))
    assert "Together: 2 people, 10 cards." in told
    told = await posted.says("sam", "/leaderboard")
    assert "You: 5 points, with your name hidden." in told
    assert "[Show my name]" in told
    await posted.press("sam", "Share")
    assert "Sam" not in posted.text([posted.newest_post()])
    await posted.press("sam", "Show my name")
    assert "Sam, 5 points" in await posted.says("maya", "/leaderboard")


async def test_whoever_left_is_on_no_board(posted: World) -> None:
    await studies(posted, "sam")
    await behind(posted, "update memberships set left_at = 1 where name = 'Sam'")
    assert "Sam" not in await posted.says("maya", "/leaderboard")


async def test_share_shows_three_names_and_nothing_of_its_askers(tmp_path: Path) -> None:
    people = ["Ana", "Ben", "Cem", "Dag", "Eve"]
    async with open_world(tmp_path, section={"members": people}) as world:
        await world.morning(MONDAY)
        for number, who in enumerate(people):
            await rates(world, who.lower(), 5 - number)
        await world.says("eve", "/leaderboard")
        await world.press("eve", "Share")
        board = world.newest_post()
        told = world.text([board])
        assert [name for name in people if name in told] == ["Ana", "Ben", "Cem"]
        assert "You:" not in told
        assert "[" not in told
        assert board.message.summary == "This week, 2 to 8 November"


async def test_an_empty_board_says_how_it_starts(posted: World) -> None:
    told = await posted.says("lin", "/leaderboard")
    assert "The first card you review starts the board." in told
    assert "Share" not in told


@pytest.mark.parametrize("name", ["*Sam*", "@everyone", "<!channel>", "`x`", "[a](http://b)"])
async def test_a_name_is_shown_as_it_is(tmp_path: Path, name: str) -> None:
    async with open_world(tmp_path, section={"members": ["Maya", name]}) as world:
        who = world.channel.members[1].id
        await world.morning(MONDAY)
        await rates(world, who, 1)
        assert f"1. {name}, 1 point" in await world.says(who, "/leaderboard")


async def test_statistics_name_due_cards_streak_decks_and_the_week_ahead(posted: World) -> None:
    await studies(posted, "sam", "1 Not at all")
    told = await posted.says("sam", "/stats")
    assert "Nothing is due now." in told
    assert "You have studied 1 day in a row." in told
    assert "Rivers of Europe: 5 of 20 cards known, mastery 25%." in told
    assert "Tomorrow: 5 cards" in told
    assert "Wednesday: 0 cards" in told
    posted.wait(days=1)
    assert "5 cards are due now." in await posted.says("sam", "/stats")


async def test_statistics_of_somebody_new_say_how_to_begin(posted: World) -> None:
    assert "You haven't reviewed a card here yet." in await posted.says("lin", "/stats")


async def test_a_streak_breaks_neither_at_midnight_nor_by_one_missed_post(posted: World) -> None:
    posted.wait(minutes=16 * 60)  # one in the night, which is still Monday
    await rates(posted, "sam", 1)
    await posted.morning(MONDAY + 1)
    await posted.morning(MONDAY + 2)
    await rates(posted, "sam", 1)
    assert "You have studied 2 days in a row." in await posted.says("sam", "/stats")


async def test_a_post_studied_late_at_night_counts_for_its_own_day(posted: World) -> None:
    posted.wait(minutes=16 * 60)
    await rates(posted, "sam", 1)
    assert [row["day"] for row in await posted.rows("select day from days")] == [MONDAY]
