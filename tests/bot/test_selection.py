"""Learners get what gains most; cohorts get the best list for everyone, with a quota of new cards and a reason each."""

from collections.abc import Sequence
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import memory, selection
from bot.memory import Grade
from bot.selection import Chosen, Remembered, Tally

TODAY = 20_000
remembered = st.builds(
    lambda card_id, stability, difficulty, elapsed, interval: Remembered(
        card_id, stability, difficulty, TODAY - elapsed, TODAY - elapsed + interval
    ),
    st.integers(1, 10**6), st.floats(0.1, 500), st.floats(1, 10), st.integers(0, 200), st.integers(1, 200),
)  # fmt: skip
learners = st.lists(remembered, max_size=30, unique_by=lambda known: known.card_id)


def known(card_id: int, stability: float, elapsed: int) -> Remembered:
    return Remembered(card_id, stability, 5.0, TODAY - elapsed, TODAY - elapsed + max(1, round(stability)))


def gain(known: Remembered) -> float:
    columns = np.array([[known.stability], [known.difficulty], [TODAY - known.last_day]], dtype=np.float64)
    return float(memory.gain_seen(*columns)[0])


# ---- for a learner ---------------------------------------------------------------------------------------------------


def test_a_card_that_is_not_due_waits() -> None:
    assert selection.due_queue([known(1, 10, 3), known(2, 3, 3)], TODAY, 10) == [2]


def test_a_hopeless_card_comes_after_one_that_a_look_would_save() -> None:
    hopeless, slipping = Remembered(1, 0.05, 10.0, TODAY - 1, TODAY), known(2, 6, 9)
    assert selection.due_queue([hopeless, slipping], TODAY, 10) == [2, 1]


def test_cards_of_the_same_gain_keep_their_order() -> None:
    assert selection.due_queue([known(n, 4, 5) for n in (7, 3, 5)], TODAY, 10) == [7, 3, 5]


@given(learners, st.integers(0, 12))
def test_a_queue_holds_the_due_cards_that_gain_most(states: list[Remembered], most: int) -> None:
    queue = selection.due_queue(states, TODAY, most)
    by_id = {state.card_id: state for state in states}
    gains = [gain(by_id[card_id]) for card_id in queue]
    left = [gain(state) for state in states if state.due_day <= TODAY and state.card_id not in queue]
    assert all(by_id[card_id].due_day <= TODAY for card_id in queue)
    assert len(queue) == min(most, len(queue) + len(left))
    assert gains == sorted(gains, reverse=True)
    assert not left or not queue or max(left) <= min(gains)


@given(learners, st.integers(0, 12))
def test_the_way_back_is_short_and_begins_with_two_likely_successes(states: list[Remembered], most: int) -> None:
    queue = selection.after_absence(states, TODAY, most)
    due = [state for state in states if state.due_day <= TODAY]
    recall = {s.card_id: float(memory.recall(TODAY - s.last_day, s.stability)) for s in due}
    best = sorted(recall.values(), reverse=True)[: min(2, most)]
    assert len(queue) == len(set(queue)) == min(most, len(due))
    assert [recall[card_id] for card_id in queue[:2]] == pytest.approx(best)


def test_the_way_back_goes_on_with_the_greatest_gain() -> None:
    states = [known(1, 0.05, 30), known(2, 6, 9), known(3, 40, 41), known(4, 50, 51), known(5, 2, 20)]
    queue = selection.after_absence(states, TODAY)
    assert set(queue[:2]) == {3, 4}
    assert queue[2:] == selection.due_queue([states[0], states[1], states[4]], TODAY, 10)


def test_nobody_has_due_cards_before_the_first_review() -> None:
    assert selection.due_queue([], TODAY, 10) == selection.after_absence([], TODAY) == []


# ---- for a cohort ----------------------------------------------------------------------------------------------------


def tally(cards: int, posted: int = 0, siblings: list[int] | None = None) -> Tally:
    """Cards 100, 101, ... of which the first `posted` were in a post before."""
    return Tally(range(100, 100 + cards), siblings or range(cards), [i < posted for i in range(cards)], TODAY)


def add(to: Tally, weight: float, states: dict[int, Remembered]) -> None:
    """Add one member, with what they remember by the card's position."""
    to.add_member(weight)
    rows = [(i, s.stability, s.difficulty, s.last_day, s.due_day) for i, s in states.items()]
    index, stability, difficulty, last, due = np.array(rows, dtype=np.float64).reshape(-1, 5).T
    to.add_rows(index.astype(np.int64), stability, difficulty, last.astype(np.int64), due.astype(np.int64), weight)


def ids(chosen: list[Chosen]) -> list[int]:
    return [card.card_id for card in chosen]


def test_the_first_post_is_whole_and_follows_the_deck() -> None:
    assert tally(20).choose(cards=5, new=2) == [Chosen(100 + i, "new to everyone") for i in range(5)]


def test_new_cards_fill_up_only_while_fewer_cards_than_a_post_have_been_posted() -> None:
    young, grown = tally(20, posted=2), tally(20, posted=5)
    for cohort, posted in ((young, 2), (grown, 5)):
        add(cohort, 1.0, {i: known(100 + i, 50, 2) for i in range(posted)})
    assert sum(card_id >= 102 for card_id in ids(young.choose(cards=5, new=2))) == 3
    assert sum(card_id >= 105 for card_id in ids(grown.choose(cards=5, new=2))) == 2


def test_new_cards_keep_to_their_quota_even_when_they_gain_most() -> None:
    cohort = tally(20, posted=8)
    add(cohort, 1.0, {i: known(100 + i, 50, 2) for i in range(8)})
    chosen = ids(cohort.choose(cards=5, new=2))
    assert chosen[:2] == [108, 109]
    assert all(card_id < 108 for card_id in chosen[2:])


def test_no_new_cards_are_posted_when_the_lead_wants_none() -> None:
    assert all(card_id < 108 for card_id in ids(tally(20, posted=8).choose(cards=5, new=0)))


def test_a_deck_that_is_all_posted_goes_round_without_new_cards() -> None:
    assert len(tally(8, posted=8).choose(cards=5, new=2)) == 5


def test_an_empty_deck_gives_an_empty_post() -> None:
    assert tally(0).choose(cards=5, new=2) == []


def test_siblings_never_share_a_post() -> None:
    chosen = tally(6, siblings=[1, 1, 1, 2, 2, 3]).choose(cards=5, new=5)
    assert ids(chosen) == [100, 103, 105]


def test_a_card_that_many_have_not_met_beats_one_that_everyone_keeps_forgetting() -> None:
    cohort = tally(2, posted=2)
    for _ in range(4):
        add(cohort, 0.5, {0: known(100, 0.05, 30)})
    assert ids(cohort.choose(cards=1, new=0)) == [101]


def test_members_who_answer_weigh_more_than_members_who_do_not() -> None:
    cohort = tally(2, posted=2)
    slipping, fresh = known(0, 6, 9), known(0, 60, 1)
    add(cohort, 0.9, {0: fresh, 1: slipping})
    for _ in range(3):
        add(cohort, 0.05, {0: slipping, 1: fresh})
    assert ids(cohort.choose(cards=1, new=0)) == [101]


def test_each_card_says_why_it_was_chosen() -> None:
    cohort = tally(5, posted=4)
    due, fresh = known(0, 6, 9), known(0, 60, 1)
    for member in range(8):
        states = {0: due if member < 6 else fresh, 2: fresh}
        add(cohort, 0.5, states | ({1: fresh} if member < 5 else {}))
    reasons = {card.card_id: card.reason for card in cohort.choose(cards=5, new=1)}
    assert reasons == {
        100: "due for 6 of 8",
        101: "new to 3 of 8",
        102: "still fresh for most; nothing is more useful today",
        103: "new to everyone",
        104: "new to everyone",
    }


def test_one_member_fed_in_two_chunks_counts_once() -> None:
    whole, halves = tally(4, posted=4), tally(4, posted=4)
    states = {i: known(i, 3 + i, 5) for i in range(4)}
    add(whole, 0.7, states)
    add(halves, 0.7, {0: states[0], 1: states[1]})
    halves.add_rows(
        np.array([2, 3]), np.array([5.0, 6.0]), np.array([5.0, 5.0]), np.array([TODAY - 5] * 2),
        np.array([states[2].due_day, states[3].due_day]), np.array([0.7, 0.7]),
    )  # fmt: skip
    assert whole.choose(cards=4, new=0) == halves.choose(cards=4, new=0)


cohorts = st.lists(
    st.tuples(st.floats(0.05, 1), st.dictionaries(st.integers(0, 7), remembered, max_size=8)), max_size=4
)


@given(cohorts, st.integers(0, 5), st.integers(0, 5), st.integers(5, 8))
def test_the_list_is_the_best_of_all_lists(
    members: list[tuple[float, dict[int, Remembered]]], cards: int, new: int, posted: int
) -> None:
    cohort = tally(8, posted)
    for weight, states in members:
        add(cohort, weight, states)
    chosen = [card_id - 100 for card_id in ids(cohort.choose(cards, new))]
    assert total(members, chosen) == pytest.approx(
        max(
            total(members, rival)
            for rival in combinations(range(8), len(chosen))
            if sum(i >= posted for i in rival) <= new
        )
    )


def total(members: list[tuple[float, dict[int, Remembered]]], cards: Sequence[int]) -> float:
    """The expected gain of a list, added up as the formula is written, with the imaginary newcomer."""
    return sum(
        weight * (gain(states[i]) if i in states else memory.gain_unseen())
        for weight, states in [*members, (selection.NEWCOMER_WEIGHT, {})]
        for i in cards
    )


def test_a_member_who_answers_every_day_is_expected_today() -> None:
    assert selection.member_weight(active_days=14) == 1.0
    assert selection.member_weight(active_days=7) == 0.5


def test_a_member_who_stays_away_still_counts_a_little() -> None:
    assert selection.member_weight(active_days=0) == 0.05


def test_a_newcomer_is_not_taken_for_someone_who_stays_away() -> None:
    assert selection.member_weight(active_days=1, member_days=1) == 1.0
    assert selection.member_weight(active_days=2, member_days=4) == 0.5


def test_what_was_just_learned_is_worth_less_than_what_was_never_met() -> None:
    fresh = memory.next_state(None, Grade.GOOD, TODAY)
    shown = Remembered(1, fresh.stability, fresh.difficulty, fresh.last_day, fresh.due_day)
    assert gain(shown) < memory.gain_unseen()
