"""The memory model: how a rating moves a learner's memory of a card, and what showing a card is worth.

Rules of this file:
- it is the only one that knows `fsrs`, and the only one that knows the four grades;
- time is a difference of days: `fsrs` counts whole 24-hour periods, so every review is taken to be at noon UTC of its
  day. Two reviews on one day are its "short-term" case;
- inside a formula the symbols are the papers' own: R recall, S stability (days), D difficulty (1 to 10), t days, w the
  parameters (https://github.com/open-spaced-repetition/fsrs4anki/wiki/The-Algorithm, FSRS-6).
"""

import math
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import cache, lru_cache, reduce
from typing import TYPE_CHECKING, Any, TypeAlias

import fsrs
from fsrs.scheduler import STABILITY_MIN

from .model import MemoryState, Rating

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats: TypeAlias = NDArray[np.floating[Any]]
    Numbers: TypeAlias = NDArray[np.floating[Any]] | NDArray[np.integer[Any]]

MODEL = "fsrs-6"
"""The model and its parameters: kept with what is derived from them, so that a newer model can follow."""

MAPPING = 1
"""The version of `grade_of`, kept with each grade."""

TARGET = 0.9
"""The recall at which a card is due."""

HORIZON = 7
"""How many days ahead a gain is measured."""

FIRST_RATINGS = (0.24, 0.094, 0.495, 0.171)
"""How often a first look ends in again, hard, good and easy: the defaults of the simulator in fsrs-rs, from Anki."""

_SCHEDULER = fsrs.Scheduler(
    desired_retention=TARGET, learning_steps=(), relearning_steps=(), maximum_interval=36_500, enable_fuzzing=False
)
_NOON_OF_DAY_ZERO = datetime(1970, 1, 1, 12, tzinfo=UTC)

_W = _SCHEDULER.parameters
_DECAY = _W[20]
_FACTOR: float = 0.9 ** (-1 / _DECAY) - 1


class Grade(IntEnum):
    """What FSRS learns from a rating. Only AGAIN means: not remembered."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


_GRADES = {
    Rating.NOT_AT_ALL: Grade.AGAIN,
    Rating.BARELY: Grade.AGAIN,
    Rating.WITH_EFFORT: Grade.HARD,
    Rating.WELL: Grade.GOOD,
    Rating.PERFECTLY: Grade.EASY,
}


def grade_of(rating: Rating, right: bool | None = None) -> Grade:
    """The grade of a rating; `right` tells how a checked answer (typed or chosen) ended, None where nobody checked.

    Barely is "again", since FSRS counts "hard" as remembered; but an answer that was right is at least "hard".
    """
    if right is None:
        return _GRADES[rating]
    return max(Grade.HARD, _GRADES[rating]) if right else Grade.AGAIN


# ---- one learner, one card -------------------------------------------------------------------------------------------


@lru_cache(maxsize=4_096)  # a group meets its new cards together, and most histories begin alike
def next_state(state: MemoryState | None, grade: Grade, day: int) -> MemoryState:
    """The memory state after one more review; None is a card never reviewed."""
    card, _ = _SCHEDULER.review_card(_as_fsrs(state), fsrs.Rating(grade), _noon(day))
    assert card.stability is not None
    assert card.difficulty is not None
    return MemoryState(
        stability=card.stability,
        difficulty=card.difficulty,
        last_day=day,
        due_day=day + (card.due - _noon(day)).days,
        reviews=1 + (state.reviews if state else 0),
        lapses=(state.lapses + (grade is Grade.AGAIN)) if state else 0,
    )


def fold(history: Iterable[tuple[int, Grade]]) -> MemoryState | None:
    """The memory state after all reviews of a card, given as (day, grade), oldest first; None after no review."""
    start: MemoryState | None = None
    return reduce(lambda state, review: next_state(state, review[1], review[0]), history, start)


def retrievability(state: MemoryState, day: int) -> float:
    """How likely the learner is to remember the card on a day, 0 to 1."""
    return _SCHEDULER.get_card_retrievability(_as_fsrs(state), _noon(day))


def _as_fsrs(state: MemoryState | None) -> fsrs.Card:
    # An id and a date are always given: without them fsrs sleeps and reads the clock.
    if state is None:
        return fsrs.Card(card_id=0, due=_NOON_OF_DAY_ZERO)
    return fsrs.Card(
        card_id=0,
        state=fsrs.State.Review,
        stability=state.stability,
        difficulty=state.difficulty,
        due=_NOON_OF_DAY_ZERO,
        last_review=_noon(state.last_day),
    )


def _noon(day: int) -> datetime:
    return _NOON_OF_DAY_ZERO + timedelta(days=day)


# ---- many learners, many cards: flat arrays of one length, one element for each learner and card ---------------------


def recall(elapsed: "Numbers | float", stability: "Floats | float") -> "Floats":
    """How likely each card is to be remembered after `elapsed` days (0 or more): R = (1 + f*t/S) ** -w20."""
    import numpy as np

    return np.power(1 + _FACTOR * elapsed / stability, -_DECAY)


def gain_seen(stability: "Floats", difficulty: "Floats", elapsed: "Numbers", horizon: int = HORIZON) -> "Floats":
    """How much recall, `horizon` days from now, is gained by showing each card now rather than not at all.

    G = R*rho(H, S_good) + (1-R)*rho(H, S_again) - rho(t+H, S), where rho(x, S) is `recall` and S_good and S_again are
    the stabilities after a review that ends in good or in again. `elapsed` is in days; less than 0 counts as 0.
    The arithmetic is done in the type of `stability` (float32 is enough, and half the memory).
    """
    import numpy as np

    t = np.maximum(elapsed, 0).astype(stability.dtype)
    r = recall(t, stability)
    good, again = _stability_after_good_and_again(stability, difficulty, t, r)
    return r * recall(horizon, good) + (1 - r) * recall(horizon, again) - recall(t + horizon, stability)


@cache
def gain_unseen(horizon: int = HORIZON) -> float:
    """How much recall, `horizon` days from now, is gained by showing a card for the first time.

    G = sum over grades of p_g * rho(H, w[g-1]), with p_g = `FIRST_RATINGS`.
    """
    return float(sum(p * recall(horizon, _W[g - 1]) for p, g in zip(FIRST_RATINGS, Grade, strict=True)))


def _stability_after_good_and_again(s: "Floats", d: "Floats", t: "Floats", r: "Floats") -> "tuple[Floats, Floats]":
    import numpy as np

    good, again = _recalled(s, d, r), _forgotten(s, d, r)
    same_day = t < 1
    if same_day.any():
        good[same_day] = _same_day(s[same_day], Grade.GOOD)
        again[same_day] = _same_day(s[same_day], Grade.AGAIN)
    return np.maximum(good, STABILITY_MIN), np.maximum(again, STABILITY_MIN)


def _recalled(s: "Floats", d: "Floats", r: "Floats") -> "Floats":
    """S' = S * (1 + e^w8 * (11-D) * S^-w9 * (e^(w10*(1-R)) - 1)): the rule of "good"."""
    import numpy as np

    growth = math.exp(_W[8]) * (11 - d) * s ** -_W[9] * np.expm1((1 - r) * _W[10])
    return s * (1 + growth)  # type: ignore[no-any-return]


def _forgotten(s: "Floats", d: "Floats", r: "Floats") -> "Floats":
    """S' = min(w11 * D^-w12 * ((S+1)^w13 - 1) * e^(w14*(1-R)), S / e^(w17*w18)): the rule of "again"."""
    import numpy as np

    long_term = _W[11] * d ** -_W[12] * ((s + 1) ** _W[13] - 1) * np.exp((1 - r) * _W[14])
    return np.minimum(long_term, s / math.exp(_W[17] * _W[18]))  # type: ignore[no-any-return]


def _same_day(s: "Floats", grade: Grade) -> "Floats":
    """S' = S * e^(w17*(G-3+w18)) * S^-w19, and not below S where the card was remembered."""
    import numpy as np

    growth = math.exp(_W[17] * (grade - 3 + _W[18])) * s ** -_W[19]
    return s * (growth if grade is Grade.AGAIN else np.maximum(growth, 1))
