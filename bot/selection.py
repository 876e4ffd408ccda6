"""Which cards now: for a learner, the due ones that gain most; for a cohort, the list that gains most for everyone.

Rules of this file:
- a card is worth its expected gain: how much likelier it is to be remembered in a week for having been shown now;
- a cohort's list is the sum over its members, so a card that is due for many and a card that many have not met compete
  on one scale (see `bench/simulate.py` for what the obvious rules lose);
- ties follow the order in which the cards are given, which is the deck's.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from . import memory

if TYPE_CHECKING:
    import numpy as np

    from .memory import Floats

    Integers = np.ndarray[Any, np.dtype[np.integer[Any]]]

OWN_DUE = 5
"""How many of their own due cards a learner is offered after today's."""

CATCH_UP = 3
"""How many cards that the group has met, and the learner has not, follow those."""

NEW_ALONE = 5
"""How many new cards a quiz has for somebody who learns alone, where no post brings any."""

QUIZ = 10
"""How many cards `/quiz` has."""

ABSENCE_DAYS = 7
"""After how many days away a learner is welcomed back gently."""

WARM_UP = 2
"""How many cards that are probably remembered begin the way back."""

NEWCOMER_WEIGHT = 0.1
"""The imaginary member who has met no card, so that an idle cohort gets a list too."""

ACTIVE_WINDOW = 14
"""How many days of activity tell how likely a member is to answer today."""

LEAST_WEIGHT = 0.05


# ---- for a learner ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remembered:
    """A card with what one learner remembers of it."""

    card_id: int
    stability: float
    difficulty: float
    last_day: int
    due_day: int


def due_queue(states: Sequence[Remembered], today: int, most: int) -> list[int]:
    """The ids of at most `most` due cards, the greatest gain first."""
    due = _due(states, today)
    gains = memory.gain_seen(*_columns(due, today))
    return [state.card_id for state in _highest(gains, due)[:most]]


def after_absence(states: Sequence[Remembered], today: int, most: int = 10) -> list[int]:
    """The ids of at most `most` due cards for a learner who was away.

    Two that are probably remembered come first, so that the way back begins with something that works; then the
    greatest gain.
    """
    due = _due(states, today)
    stability, _, elapsed = _columns(due, today)
    first = _highest(memory.recall(elapsed, stability), due)[: min(WARM_UP, most)]
    rest = [state for state in due if state not in first]
    return [state.card_id for state in first] + due_queue(rest, today, most - len(first))


def _due(states: Sequence[Remembered], today: int) -> list[Remembered]:
    return [state for state in states if state.due_day <= today]


def _highest(worth: "Floats", states: Sequence[Remembered]) -> list[Remembered]:
    """The states, the highest worth first."""
    import numpy as np

    return [states[i] for i in np.argsort(-worth, kind="stable").tolist()]


def _columns(states: Sequence[Remembered], today: int) -> "tuple[Floats, Floats, Floats]":
    """Stabilities, difficulties and elapsed days."""
    import numpy as np

    rows = [(state.stability, state.difficulty, max(0, today - state.last_day)) for state in states]
    stability, difficulty, elapsed = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return stability, difficulty, elapsed


# ---- for a cohort ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Chosen:
    """A card of a post, with the reason that leads are shown."""

    card_id: int
    reason: str


def member_weight(active_days: int, member_days: int = ACTIVE_WINDOW) -> float:
    """How likely a member is to answer today: the share of the last 14 days on which they did, at least 0.05.

    `active_days` counts the days among those 14 with a review; `member_days` tells for how long they have been a
    member, today included, so that a newcomer is not taken for someone who stays away.
    """
    span = max(1, min(ACTIVE_WINDOW, member_days))
    return max(LEAST_WEIGHT, min(1.0, active_days / span))


class Tally:
    """Adds up what showing each card would gain for a whole cohort.

    It is fed member by member, in chunks of any size, and keeps three numbers a card, whatever the number of members.
    Every member is first counted as if no card had been met; each row then puts one card right for one member.
    """

    def __init__(
        self, card_ids: Sequence[int], siblings: Sequence[Hashable], posted: Sequence[bool], today: int
    ) -> None:
        """Cards in deck order; equal `siblings` are parts of one card; `posted`: ever posted to this cohort."""
        import numpy as np

        self._card_ids, self._siblings, self._posted, self._today = card_ids, siblings, posted, today
        self._members = 0
        self._weight = NEWCOMER_WEIGHT
        self._gain = np.zeros(len(card_ids))
        self._due = np.zeros(len(card_ids), dtype=np.int64)
        self._met = np.zeros(len(card_ids), dtype=np.int64)

    def add_member(self, weight: float) -> None:
        """Count a member; `weight` is how likely they are to answer today (see `member_weight`)."""
        self._members += 1
        self._weight += weight

    def add_rows(
        self,
        card_index: "Integers",
        stability: "Floats",
        difficulty: "Floats",
        last_day: "Integers",
        due_day: "Integers",
        weight: "Floats | float",
    ) -> None:
        """Count memory states, one a row, of members who were or will be added.

        `card_index` is a position in `card_ids`; `weight` is that of the row's member, one for all rows or one a row.
        """
        import numpy as np

        cards = len(self._card_ids)
        elapsed = self._today - last_day
        more = (memory.gain_seen(stability, difficulty, elapsed) - memory.gain_unseen()) * weight
        self._gain += np.bincount(card_index, weights=more, minlength=cards)
        self._met += np.bincount(card_index, minlength=cards)
        self._due += np.bincount(card_index[due_day <= self._today], minlength=cards)

    def choose(self, cards: int, new: int) -> list[Chosen]:
        """At most `cards` cards, of which at most `new` were never posted to this cohort; the greatest gain first.

        While fewer than `cards` cards have ever been posted, new ones fill the post up: a cohort's first post is
        whole. After that `new` holds, even where a post gets shorter for it, since it is what members can take in.
        """
        fill = cards - sum(map(bool, self._posted))
        worth = self._weight * memory.gain_unseen() + self._gain
        best = choose_best(worth, self._posted, self._siblings, cards, max(new, fill))
        return [Chosen(self._card_ids[i], self._reason(i)) for i in best]

    def _reason(self, i: int) -> str:
        due, unmet = int(self._due[i]), self._members - int(self._met[i])
        if unmet == self._members:
            return "new to everyone"
        if due >= max(1, unmet):
            return f"due for {due} of {self._members}"
        if unmet:
            return f"new to {unmet} of {self._members}"
        return "still fresh for most; nothing is more useful today"


def choose_best(
    worth: "Floats", posted: Sequence[bool], siblings: Sequence[Hashable], cards: int, new: int
) -> list[int]:
    """The positions of at most `cards` cards with the highest worth, at most `new` of them never posted.

    Worth adds up over cards, so taking the best within each class is the exact optimum. No two siblings are taken:
    the better one stands for both.
    """
    import numpy as np

    chosen: list[int] = []
    taken: set[Hashable] = set()
    for i in np.argsort(-worth, kind="stable").tolist():
        room = len(chosen) < cards and (posted[i] or new > 0)
        if room and siblings[i] not in taken:
            chosen.append(i)
            taken.add(siblings[i])
            new -= not posted[i]
    return chosen
