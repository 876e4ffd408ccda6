"""Points cannot be farmed, one miss a week is forgiven, and equals share a rank."""

from hypothesis import given
from hypothesis import strategies as st

from bot.standings import DAILY_CAP, points, ranks, streak

TODAY = 20_000
day_sets = st.sets(st.integers(TODAY - 40, TODAY))


def days(*ago: int) -> set[int]:
    """Days by how long ago they were."""
    return {TODAY - n for n in ago}


# ---- points ----------------------------------------------------------------------------------------------------------


def test_each_scheduled_card_is_a_point() -> None:
    assert [points(n) for n in (0, 1, 5, 10)] == [0, 1, 5, 10]


def test_checked_recall_adds_a_bonus() -> None:
    assert points(5, bonus=2) == 7


@given(st.integers(0, 500), st.integers(0, 500))
def test_no_day_earns_more_than_the_cap(cards: int, bonus: int) -> None:
    assert points(cards, bonus) <= DAILY_CAP == 10


# ---- streaks ---------------------------------------------------------------------------------------------------------


def test_a_streak_counts_posts_in_a_row() -> None:
    assert streak(days(0, 1, 2), days(0, 1, 2), TODAY) == 3


def test_today_breaks_nothing_before_it_is_over() -> None:
    assert streak(days(1, 2), days(0, 1, 2), TODAY) == 2


def test_days_without_a_post_neither_break_nor_lengthen_a_streak() -> None:
    posts = days(0, 3, 4, 5, 6, 7)  # a weekend at 1 and 2
    assert streak(days(0, 3, 4, 5, 6, 7), posts, TODAY) == 6
    assert streak(days(0, 1, 2, 3, 4, 5, 6, 7), posts, TODAY) == 6


def test_one_miss_a_week_is_forgiven() -> None:
    posts = days(*range(15))
    assert streak(posts - days(3, 10), posts, TODAY) == 13


def test_two_misses_within_seven_days_end_a_streak() -> None:
    posts = days(*range(15))
    assert streak(posts - days(3, 9), posts, TODAY) == 8


def test_someone_who_stopped_has_no_streak() -> None:
    assert streak(days(2, 3, 4), days(*range(5)), TODAY) == 3
    assert streak(days(3, 4), days(*range(5)), TODAY) == 0


def test_nobody_has_a_streak_before_the_first_post() -> None:
    assert streak(set(), set(), TODAY) == streak(days(0, 1), set(), TODAY) == 0


@given(day_sets, day_sets)
def test_being_there_once_more_never_shortens_a_streak(active: set[int], posts: set[int]) -> None:
    before = streak(active, posts, TODAY)
    assert all(streak(active | {day}, posts, TODAY) >= before for day in posts)


@given(day_sets, day_sets)
def test_a_streak_is_at_most_the_posts_that_were_answered(active: set[int], posts: set[int]) -> None:
    assert streak(active, posts, TODAY) <= len(active & posts)


@given(day_sets)
def test_whoever_answers_every_post_has_them_all(posts: set[int]) -> None:
    assert streak(posts, posts, TODAY) == len(posts)


# ---- ranks -----------------------------------------------------------------------------------------------------------


def test_equals_share_a_rank_and_the_next_one_is_skipped() -> None:
    assert ranks([9, 7, 7, 3]) == [1, 2, 2, 4]


def test_ranks_come_in_the_order_of_the_points() -> None:
    assert ranks([3, 9, 7]) == [3, 1, 2]
    assert ranks([]) == []


@given(st.lists(st.integers(0, 20)))
def test_a_rank_is_one_more_than_the_number_of_those_ahead(totals: list[int]) -> None:
    assert ranks(totals) == [1 + sum(other > total for other in totals) for total in totals]
