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

CARDS_AT_ONCE = 500  # the more rows pile up, the longer a look at them for garbage holds everybody up


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
                  c.id in (select pc.card_id from posts p join post_cards pc on pc.post_id = p.id
                           where p.cohort_id = :cohort) as posted
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


@dataclass(frozen=True, slots=True)
class Slice:
    """What some members remember of some cards: the first and the last id of each."""

    members: tuple[int, int]
    cards: tuple[int, int]


def slices_of(found: Candidates) -> list[Slice]:
    """The whole in slices of at most CARDS_AT_ONCE memory states: of several members at once where cards are few."""
    cards = _ranges(sorted(found.card_ids), CARDS_AT_ONCE)
    members = _ranges([learner_id for learner_id, _ in found.members], CARDS_AT_ONCE // max(1, len(found.card_ids)))
    return [Slice(some, part) for some in members for part in cards]


def _ranges(ids: Sequence[int], most: int) -> list[tuple[int, int]]:
    """Ranges of these sorted ids that hold at most so many, and at least one."""
    parts = [ids[start : start + max(1, most)] for start in range(0, len(ids), max(1, most))]
    return [(part[0], part[-1]) for part in parts]


async def memory_rows(tx: Tx, cohort_id: int, part: Slice) -> list[Row]:
    return await tx.all(
        """select s.learner_id, s.card_id, s.stability, s.difficulty, s.last_day, s.due_day
           from memberships m join memory_states s on s.learner_id = m.learner_id
           where m.cohort_id = :cohort and m.left_at is null and m.learner_id between :first and :last
             and s.card_id between :first_card and :last_card and s.reviews > 0""",
        cohort=cohort_id,
        first=part.members[0],
        last=part.members[1],
        first_card=part.cards[0],
        last_card=part.cards[1],
    )


async def first_look(tx: Tx, cohort_id: int, today: int) -> tuple[Candidates, list[Slice], list[Row]]:
    """What there is to choose from, its slices, and the rows of the first one: all that a small cohort has."""
    found = await candidates(tx, cohort_id, today)
    slices = slices_of(found)
    return found, slices, await memory_rows(tx, cohort_id, slices[0]) if slices else []


# ---- choosing --------------------------------------------------------------------------------------------------------


async def choose_cards(database: Database, cohort_id: int, day: int) -> list[PickedCard]:
    """The cards of the cohort's post on this day, in deck order, each with its reason.

    What the members remember is read in slices, and added up in a worker thread.
    """
    found, slices, rows = await database.read(partial(first_look, cohort_id=cohort_id, today=day))
    tally = Tally(found.card_ids, found.siblings, found.posted, day)
    for _, weight in found.members:
        tally.add_member(weight)
    index = {card_id: i for i, card_id in enumerate(found.card_ids)}
    for part in slices[1:]:
        await asyncio.to_thread(_add_rows, tally, found, index, rows)
        rows = await database.read(partial(memory_rows, cohort_id=cohort_id, part=part))
    return await asyncio.to_thread(_finish, tally, found, index, rows)


def _add_rows(tally: Tally, found: Candidates, index: dict[int, int], rows: list[Row]) -> None:
    import numpy as np

    weights = dict(found.members)
    known = [tuple(row) for row in rows if row[0] in weights and row[1] in index]
    if not known:
        return
    learners, cards, stability, difficulty, last_day, due_day = zip(*known, strict=True)
    tally.add_rows(
        np.array([index[card] for card in cards]),
        np.array(stability, dtype=np.float32),
        np.array(difficulty, dtype=np.float32),
        np.array(last_day),
        np.array(due_day),
        np.array([weights[learner] for learner in learners]),
    )


def _finish(tally: Tally, found: Candidates, index: dict[int, int], rows: list[Row]) -> list[PickedCard]:
    _add_rows(tally, found, index, rows)
    return _pick(tally, found, index)


def _pick(tally: Tally, found: Candidates, index: dict[int, int]) -> list[PickedCard]:
    settings = found.cohort.settings
    chosen = tally.choose(settings.cards, settings.new)
    return [PickedCard(card.card_id, card.reason) for card in sorted(chosen, key=lambda card: index[card.card_id])]
