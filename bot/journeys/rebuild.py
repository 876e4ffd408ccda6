"""Everything that is derived, derived again from the review log, compared and repaired: one learner a transaction."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from math import isclose
from typing import Any, TypeVar

from .. import memory
from ..clock import period
from ..model import MemoryState, Window
from ..standings import points
from ..store import reviews
from ..store.database import Database
from ..store.tx import Tx

PAGE = 200
Key = TypeVar("Key")
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How much was derived again, and how much of it differed and was repaired."""

    learners: int = 0
    memory_states: int = 0
    days: int = 0
    standings: int = 0
    repaired: int = 0

    def __add__(self, other: "Rebuilt") -> "Rebuilt":
        return Rebuilt(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


async def rebuild(database: Database, progress: Callable[[int], None] = lambda learners: None) -> Rebuilt:
    """Go through every learner, a page at a time; `progress` is told how many were done."""
    total, after = Rebuilt(), -1
    while page := await database.read(partial(_learners, after=after)):
        for learner_id in page:
            total += await database.write(partial(_learner, learner_id=learner_id), background=True)
            progress(total.learners)
        after = page[-1]
    return total


async def _learners(tx: Tx, after: int) -> list[int]:
    rows = await tx.all("select id from learners where id > :after order by id limit :page", after=after, page=PAGE)
    return [row["id"] for row in rows]


async def _learner(tx: Tx, learner_id: int) -> Rebuilt:
    states, repaired_states = await _memory_states(tx, learner_id)
    days, repaired_days = await _days(tx, learner_id)
    standings, repaired_standings = await _standings(tx, learner_id)
    return Rebuilt(1, states, days, standings, repaired_states + repaired_days + repaired_standings)


async def _memory_states(tx: Tx, learner_id: int) -> tuple[int, int]:
    log = await tx.all(
        """select card_id, day, grade from reviews where learner_id = :learner and rating is not null
           order by card_id, day, id""",
        learner=learner_id,
    )
    right = {
        card_id: state
        for card_id, rows in groupby(log, key=lambda row: int(row["card_id"]))
        if (state := memory.fold((row["day"], memory.Grade(row["grade"])) for row in rows))
    }
    kept = {
        row["card_id"]: MemoryState(*tuple(row)[1:])
        for row in await tx.all(
            """select card_id, stability, difficulty, last_day, due_day, reviews, lapses
               from memory_states where learner_id = :learner""",
            learner=learner_id,
        )
    }
    wrong = _differences(right, kept, _same_state)
    for card_id in wrong:
        await reviews.keep_state(tx, learner_id, card_id, right.get(card_id))
    return len(right), len(wrong)


def _same_state(one: MemoryState, other: MemoryState) -> bool:
    """Floats may differ in their last digits between two builds of the library."""
    exact = (one.last_day, one.due_day, one.reviews, one.lapses) == (
        other.last_day, other.due_day, other.reviews, other.lapses
    )  # fmt: skip
    return exact and isclose(one.stability, other.stability) and isclose(one.difficulty, other.difficulty)


async def _days(tx: Tx, learner_id: int) -> tuple[int, int]:
    right = {
        (row["cohort_id"], row["cohort_day"]): int(row["cards"])
        for row in await tx.all(
            """select cohort_id, cohort_day, count(*) as cards from reviews
               where learner_id = :learner and rating is not null and kind = 'scheduled'
               group by cohort_id, cohort_day""",
            learner=learner_id,
        )
    }
    kept = {
        (row["cohort_id"], row["day"]): row["cards"]
        for row in await tx.all(
            "select cohort_id, day, cards from days where learner_id = :learner and cards <> 0", learner=learner_id
        )
    }
    wrong = _differences(right, kept, lambda one, other: one == other)
    for cohort_id, day in wrong:
        await tx.run(
            """insert into days (cohort_id, learner_id, day, cards) values (:cohort, :learner, :day, :cards)
               on conflict (cohort_id, learner_id, day) do update set cards = excluded.cards""",
            cohort=cohort_id,
            learner=learner_id,
            day=day,
            cards=right.get((cohort_id, day), 0),
        )
    return len(right), len(wrong)


async def _standings(tx: Tx, learner_id: int) -> tuple[int, int]:
    """From the days, which are right by now."""
    right: dict[tuple[int, str], tuple[int, int]] = defaultdict(lambda: (0, 0))
    for row in await tx.all(
        "select cohort_id, day, cards from days where learner_id = :learner and cards <> 0", learner=learner_id
    ):
        for window in Window:
            key = (row["cohort_id"], period(window, row["day"]))
            right[key] = (right[key][0] + points(row["cards"]), right[key][1] + row["cards"])
    kept = {
        (row["cohort_id"], row["period"]): (row["points"], row["cards"])
        for row in await tx.all(
            """select cohort_id, period, points, cards from standings
               where learner_id = :learner and (points <> 0 or cards <> 0)""",
            learner=learner_id,
        )
    }
    wrong = _differences(right, kept, lambda one, other: one == other)
    for cohort_id, named in wrong:
        scored, cards = right.get((cohort_id, named), (0, 0))
        await tx.run(
            """insert into standings (cohort_id, period, learner_id, points, cards)
               values (:cohort, :period, :learner, :points, :cards)
               on conflict (cohort_id, period, learner_id) do update
               set points = excluded.points, cards = excluded.cards""",
            cohort=cohort_id,
            learner=learner_id,
            period=named,
            points=scored,
            cards=cards,
        )
    return len(right), len(wrong)


def _differences(
    right: Mapping[Key, Value], kept: Mapping[Key, Value], same: Callable[[Value, Value], bool]
) -> list[Key]:
    """The keys at which what is kept is missing, too much, or different."""
    keys: dict[Key, Any] = dict.fromkeys([*right, *kept])
    return [key for key in keys if key not in right or key not in kept or not same(right[key], kept[key])]
