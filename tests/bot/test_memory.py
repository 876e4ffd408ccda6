"""Ratings move memory as FSRS says, by whole days, and the arithmetic for many learners agrees with that for one."""

from datetime import UTC, datetime, timedelta

import fsrs
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import memory
from bot.memory import Grade
from bot.model import MemoryState, Rating

TODAY = 20_000
grades = st.sampled_from(Grade)
gaps = st.one_of(st.just(0), st.integers(0, 30), st.integers(0, 2_000))
histories = st.lists(st.tuples(gaps, grades), max_size=25).map(lambda steps: on_days(steps))
stabilities = st.floats(0.001, 5_000)
difficulties = st.floats(1, 10)


def on_days(steps: list[tuple[int, Grade]]) -> list[tuple[int, Grade]]:
    """Steps of (days since the one before, grade) as a history that starts today."""
    day, history = TODAY, []
    for gap, grade in steps:
        day += gap
        history.append((day, grade))
    return history


def state(stability: float, difficulty: float = 5.0, last_day: int = TODAY) -> MemoryState:
    return MemoryState(stability, difficulty, last_day, last_day + 1, reviews=3, lapses=0)


def noon(day: int) -> datetime:
    return datetime(1970, 1, 1, 12, tzinfo=UTC) + timedelta(days=day)


# ---- ratings and grades ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rating", "unchecked", "right"),
    [
        (1, Grade.AGAIN, Grade.HARD),
        (2, Grade.AGAIN, Grade.HARD),
        (3, Grade.HARD, Grade.HARD),
        (4, Grade.GOOD, Grade.GOOD),
        (5, Grade.EASY, Grade.EASY),
    ],
)
def test_each_rating_has_its_grade(rating: int, unchecked: Grade, right: Grade) -> None:
    assert memory.grade_of(Rating(rating)) is unchecked
    assert memory.grade_of(Rating(rating), right=True) is right


@pytest.mark.parametrize("rating", Rating)
def test_a_wrong_answer_is_again_whatever_the_rating(rating: Rating) -> None:
    assert memory.grade_of(rating, right=False) is Grade.AGAIN


@pytest.mark.parametrize("rating", Rating)
def test_a_rating_passes_exactly_when_the_card_was_remembered(rating: Rating) -> None:
    assert (memory.grade_of(rating) is not Grade.AGAIN) == rating.remembered


# ---- one learner, one card -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("grade", "interval"), [(1, 1), (2, 1), (3, 2), (4, 8)])
def test_a_first_review_comes_back_after_the_models_own_interval(grade: int, interval: int) -> None:
    first = memory.next_state(None, Grade(grade), TODAY)
    assert (first.last_day, first.due_day, first.reviews, first.lapses) == (TODAY, TODAY + interval, 1, 0)


def test_three_goods_on_their_due_days_stretch_the_interval() -> None:
    due, intervals, known = TODAY, [], None
    for _ in range(5):
        known = memory.next_state(known, Grade.GOOD, due)
        intervals.append(known.due_day - due)
        due = known.due_day
    assert intervals == [2, 11, 46, 163, 497]


def test_a_lapse_is_forgetting_what_was_known_before() -> None:
    first = memory.next_state(None, Grade.AGAIN, TODAY)
    second = memory.next_state(first, Grade.AGAIN, TODAY + 1)
    assert (first.lapses, second.lapses, second.reviews) == (0, 1, 2)


def test_nothing_reviewed_is_nothing_known() -> None:
    assert memory.fold([]) is None


@given(histories)
def test_folding_is_the_same_as_going_review_by_review(history: list[tuple[int, Grade]]) -> None:
    known: MemoryState | None = None
    for day, grade in history:
        known = memory.next_state(known, grade, day)
    assert memory.fold(history) == known


@given(histories)
def test_a_history_ends_where_fsrs_itself_ends(history: list[tuple[int, Grade]]) -> None:
    scheduler = fsrs.Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)
    card = fsrs.Card(card_id=1, due=noon(TODAY))
    for day, grade in history:
        card, _ = scheduler.review_card(card, fsrs.Rating(grade), noon(day))
    known = memory.fold(history)
    if known is not None:
        assert (known.stability, known.difficulty) == (card.stability, card.difficulty)
        assert (noon(known.last_day), noon(known.due_day)) == (card.last_review, card.due)
        assert known.due_day > known.last_day
        assert known.reviews == len(history)


@given(stabilities, st.integers(0, 1_000))
def test_memory_fades_from_certain_and_never_rises(stability: float, elapsed: int) -> None:
    known = state(stability)
    assert memory.retrievability(known, TODAY) == 1
    assert memory.retrievability(known, TODAY + elapsed) >= memory.retrievability(known, TODAY + elapsed + 1) > 0


@given(st.integers(1, 5_000))
def test_recall_falls_to_the_target_after_as_many_days_as_the_stability(stability: int) -> None:
    assert memory.retrievability(state(stability), TODAY + stability) == pytest.approx(memory.TARGET)


# ---- many learners, many cards ---------------------------------------------------------------------------------------


@given(stabilities, st.integers(0, 5_000))
def test_recall_of_many_agrees_with_recall_of_one(stability: float, elapsed: int) -> None:
    many = memory.recall(np.array([elapsed]), np.array([stability]))
    assert many[0] == pytest.approx(memory.retrievability(state(stability), TODAY + elapsed), rel=1e-12)


@given(st.lists(st.tuples(stabilities, difficulties, gaps), max_size=20), st.integers(1, 60))
def test_the_gain_of_many_agrees_with_the_gain_of_one(rows: list[tuple[float, float, int]], horizon: int) -> None:
    columns = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    many = memory.gain_seen(columns[0], columns[1], columns[2].astype(np.int64), horizon)
    assert many.tolist() == pytest.approx([gain_of_one(*row, horizon) for row in rows], rel=1e-9, abs=1e-12)


def gain_of_one(stability: float, difficulty: float, elapsed: int, horizon: int) -> float:
    now, known = TODAY + elapsed, state(stability, difficulty)
    good, again = (memory.next_state(known, grade, now) for grade in (Grade.GOOD, Grade.AGAIN))
    r, later = memory.retrievability(known, now), now + horizon
    shown = r * memory.retrievability(good, later) + (1 - r) * memory.retrievability(again, later)
    return shown - memory.retrievability(known, later)


@given(st.integers(1, 60))
def test_the_gain_of_a_first_look_is_what_the_first_reviews_leave(horizon: int) -> None:
    first = [memory.next_state(None, grade, TODAY) for grade in Grade]
    left = [memory.retrievability(known, TODAY + horizon) for known in first]
    expected = sum(p * r for p, r in zip(memory.FIRST_RATINGS, left, strict=True))
    assert memory.gain_unseen(horizon) == pytest.approx(expected, rel=1e-12)


def test_first_ratings_are_probabilities() -> None:
    assert sum(memory.FIRST_RATINGS) == pytest.approx(1)


@given(st.lists(st.tuples(st.floats(0.01, 3_650), difficulties, st.integers(0, 400)), min_size=1, max_size=20))
def test_half_the_precision_is_enough(rows: list[tuple[float, float, int]]) -> None:
    s, d, t = np.array(rows, dtype=np.float64).T
    gains = memory.gain_seen(s.astype(np.float32), d.astype(np.float32), t.astype(np.int32))
    assert gains.dtype == np.float32
    assert np.allclose(gains, memory.gain_seen(s, d, t), atol=1e-4)


def test_a_review_dated_ahead_of_today_counts_as_today() -> None:
    s, d = np.array([3.0, 3.0]), np.array([5.0, 5.0])
    ahead, today = memory.gain_seen(s, d, np.array([-1, 0]))
    assert ahead == today
