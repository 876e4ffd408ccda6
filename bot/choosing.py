"""The cards of a cohort's next post: what its members remember is read in slices, and added up in a worker thread.

Rules of this file: no arithmetic on the event loop, none in the writer, and memory that does not grow with the cohort.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from .clock import local_day
from .model import Cohort
from .selection import ACTIVE_WINDOW, Tally, member_weight
from .store import cohorts
from .store.database import Database
from .store.posts import PickedCard
from .store.tx import Row, Tx

CARDS_AT_ONCE = 500  # with 1,000 and more, rows pile up until Python looks at all its objects: 10 ms and more a time


@dataclass(frozen=True, slots=True)
class Candidates:
    """What there is to choose from: the cards in deck order, and the members with how likely each is to answer."""

    cohort: Cohort
    card_ids: Sequence[int]
    siblings: Sequence[object]
    posted: Sequence[bool]
    members: Sequence[tuple[int, float]]


async def candidates(tx: Tx, cohort_id: int, today: int) -> Candidates:
    cohort = await cohorts.by_id(tx, cohort_id)
    cards = await tx.all(
        """select c.id, c.deck_id, c.key,
                  exists (select 1 from post_cards pc join posts p on p.id = pc.post_id
                          where pc.card_id = c.id and p.cohort_id = :cohort) as posted
           from cohort_decks cd join cards c on c.deck_id = cd.deck_id
           where cd.cohort_id = :cohort and c.retired_at is null order by cd.position, c.position""",
        cohort=cohort_id,
    )
    return Candidates(
        cohort,
        [row["id"] for row in cards],
        [(row["deck_id"], row["key"]) for row in cards],
        [bool(row["posted"]) for row in cards],
        await _members(tx, cohort_id, today),
    )


async def _members(tx: Tx, cohort_id: int, today: int) -> list[tuple[int, float]]:
    rows = await tx.all(
        """select m.learner_id, m.joined_at, c.zone,
                  (select count(*) from days d where d.cohort_id = m.cohort_id and d.learner_id = m.learner_id
                   and d.day >= :since and d.day < :today and d.cards > 0) as active
           from memberships m join cohorts c on c.id = m.cohort_id
           where m.cohort_id = :cohort and m.left_at is null order by m.learner_id""",
        cohort=cohort_id,
        since=today - ACTIVE_WINDOW,
        today=today,
    )
    return [
        (row["learner_id"], member_weight(row["active"], today - local_day(row["joined_at"], row["zone"]) + 1))
        for row in rows
    ]


async def memory_rows(tx: Tx, learner_id: int, first: int, last: int) -> list[Row]:
    """What one learner remembers of the cards with ids from `first` to `last`."""
    return await tx.all(
        """select card_id, stability, difficulty, last_day, due_day from memory_states
           where learner_id = :learner and card_id between :first and :last and reviews > 0""",
        learner=learner_id,
        first=first,
        last=last,
    )


# ---- choosing --------------------------------------------------------------------------------------------------------


async def choose_cards(database: Database, cohort_id: int, day: int) -> list[PickedCard]:
    """The cards of the cohort's post on this day, in deck order, each with its reason.

    What each member remembers is read in slices, and added up in a worker thread.
    """
    found = await database.read(partial(candidates, cohort_id=cohort_id, today=day))
    tally = Tally(found.card_ids, found.siblings, found.posted, day)
    slices = _slices(sorted(found.card_ids))
    index = {card_id: i for i, card_id in enumerate(found.card_ids)}
    for learner_id, weight in found.members:
        tally.add_member(weight)
        for first, last in slices:
            rows = await database.read(partial(memory_rows, learner_id=learner_id, first=first, last=last))
            if rows:
                await asyncio.to_thread(_add_rows, tally, index, rows, weight)
    return await asyncio.to_thread(_pick, tally, found, index)


def _slices(card_ids: list[int]) -> list[tuple[int, int]]:
    """Ranges of ids that hold at most CARDS_AT_ONCE of these cards."""
    starts = range(0, len(card_ids), CARDS_AT_ONCE)
    return [(card_ids[start], card_ids[start : start + CARDS_AT_ONCE][-1]) for start in starts]


def _add_rows(tally: Tally, index: dict[int, int], rows: list[Row], weight: float) -> None:
    import numpy as np

    known = [tuple(row) for row in rows if row[0] in index]
    if not known:
        return
    cards, stability, difficulty, last_day, due_day = zip(*known, strict=True)
    tally.add_rows(
        np.array([index[card] for card in cards]),
        np.array(stability, dtype=np.float32),
        np.array(difficulty, dtype=np.float32),
        np.array(last_day),
        np.array(due_day),
        weight,
    )


def _pick(tally: Tally, found: Candidates, index: dict[int, int]) -> list[PickedCard]:
    settings = found.cohort.settings
    chosen = tally.choose(settings.cards, settings.new)
    return [PickedCard(card.card_id, card.reason) for card in sorted(chosen, key=lambda card: index[card.card_id])]
