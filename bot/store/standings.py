"""Points and boards: kept by period while ratings come in, so that a board never reads the review log."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..clock import period
from ..model import Window
from ..standings import points, ranks
from .tx import Tx


@dataclass(frozen=True, slots=True)
class Line:
    rank: int
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Board:
    """The top of a board. `rank` (None: no points) and `points` are the asker's; the rest is the group's sum."""

    lines: Sequence[Line]
    rank: int | None
    points: int
    people: int
    cards: int


async def count_card(tx: Tx, cohort_id: int, learner_id: int, cohort_day: int, change: int) -> None:
    """A scheduled card more (+1) or less (-1) on this day: its point is added to every period that holds the day."""
    row = await tx.one(
        """insert into days (cohort_id, learner_id, day, cards) values (:cohort, :learner, :day, :change)
           on conflict (cohort_id, learner_id, day) do update set cards = days.cards + excluded.cards
           returning cards""",
        cohort=cohort_id,
        learner=learner_id,
        day=cohort_day,
        change=change,
    )
    assert row is not None
    cards = row["cards"]
    await tx.run(
        """insert into standings (cohort_id, period, learner_id, points, cards)
           values (:cohort, :week, :learner, :points, :cards), (:cohort, :month, :learner, :points, :cards),
                  (:cohort, :ever, :learner, :points, :cards)
           on conflict (cohort_id, period, learner_id) do update
           set points = standings.points + excluded.points, cards = standings.cards + excluded.cards""",
        cohort=cohort_id,
        learner=learner_id,
        week=period(Window.WEEK, cohort_day),
        month=period(Window.MONTH, cohort_day),
        ever=period(Window.ALL, cohort_day),
        points=points(cards) - points(cards - change),
        cards=change,
    )


async def board(tx: Tx, cohort_id: int, learner_id: int | None, window: Window, cohort_day: int, most: int) -> Board:
    """The board of one window, as this learner sees it: hidden and departed members are left out of the list."""
    named = period(window, cohort_day)
    top = await tx.all(
        """select m.name, s.points from standings s
           join memberships m on m.cohort_id = s.cohort_id and m.learner_id = s.learner_id
           where s.cohort_id = :cohort and s.period = :period and s.points > 0 and m.hidden = 0 and m.left_at is null
           order by s.points desc, s.learner_id limit :most""",
        cohort=cohort_id,
        period=named,
        most=most,
    )
    own = await tx.one(
        """select points from standings where cohort_id = :cohort and period = :period and learner_id = :learner""",
        cohort=cohort_id,
        period=named,
        learner=learner_id or 0,
    )
    mine = own["points"] if own else 0
    total = await tx.one(
        """select count(*) as people, coalesce(sum(cards), 0) as cards from standings
           where cohort_id = :cohort and period = :period and cards > 0""",
        cohort=cohort_id,
        period=named,
    )
    assert total is not None
    lines = [
        Line(rank, row["name"], row["points"])
        for rank, row in zip(ranks([row["points"] for row in top]), top, strict=True)
    ]
    rank = await _rank(tx, cohort_id, named, mine) if mine else None
    return Board(lines, rank, mine, total["people"], int(total["cards"]))


async def _rank(tx: Tx, cohort_id: int, named: str, mine: int) -> int:
    """One more than the visible members who have more points."""
    row = await tx.one(
        """select count(*) as ahead from standings s
           join memberships m on m.cohort_id = s.cohort_id and m.learner_id = s.learner_id
           where s.cohort_id = :cohort and s.period = :period and s.points > :mine
             and m.hidden = 0 and m.left_at is null""",
        cohort=cohort_id,
        period=named,
        mine=mine,
    )
    assert row is not None
    return int(row["ahead"]) + 1


async def active_days(tx: Tx, learner_id: int, cohort_id: int, since: int) -> set[int]:
    """The learner's own days on which a card was rated, and the days of posts that they studied while these were open:
    in another zone than the group's, or at the weekend, that is not the same day.
    """
    rows = await tx.all(
        """select day from reviews where learner_id = :learner and day >= :since and rating is not null
           union
           select p.day from posts p where p.cohort_id = :cohort and p.day >= :since
             and exists (select 1 from reviews r
                         where r.post_id = p.id and r.learner_id = :learner and r.rating is not null)""",
        learner=learner_id,
        cohort=cohort_id,
        since=since,
    )
    return {row["day"] for row in rows}


async def post_days(tx: Tx, cohort_id: int, since: int) -> set[int]:
    rows = await tx.all(
        "select day from posts where cohort_id = :cohort and day >= :since and state in ('open', 'closed')",
        cohort=cohort_id,
        since=since,
    )
    return {row["day"] for row in rows}
