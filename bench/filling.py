"""Large databases, filled in SQL: what takes the bot years takes a minute here.

Learners and cards are numbered from 1. Nothing here is random: what is remembered follows from the two numbers.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from bot import memory
from bot.clock import period
from bot.model import Cohort, Window

from .group import NOW, POSTED_AT, TODAY, opened, set_up

NUMBERS = "with recursive numbers(n) as (values (1) union all select n + 1 from numbers where n < :count)"
FAST = "pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -200000;"


async def cohort_in(path: Path, name: str) -> Cohort:
    """A new database with one cohort, ready to be filled."""
    async with opened(path) as database:
        return await set_up(database, name)


@contextmanager
def filling(path: Path) -> Iterator[sqlite3.Connection]:
    """A database that nobody has open, in one transaction that survives nothing; it is opened as usual afterwards."""
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        con.executescript(FAST)
        con.execute("begin")
        yield con
        con.execute("commit")


def fill_cards(con: sqlite3.Connection, cohort: Cohort, cards: int) -> None:
    """The cohort's only deck."""
    con.execute(
        "insert into decks (id, workspace_id, key, title, licence, source) values (1, ?, 'many', 'Many cards', '', '')",
        (cohort.workspace_id,),
    )
    con.execute("insert into imports (id, deck_id, started_at) values (1, 1, ?)", (POSTED_AT,))
    con.execute("insert into cohort_decks (cohort_id, deck_id, position) values (?, 1, 0)", (cohort.id,))
    con.execute(
        f"""{NUMBERS} insert into cards (id, deck_id, key, part, body, revision, position, import_id)
            select n, 1, 'many' || n, '', json_object('id', 'many' || n, 'prompt', 'Q' || n, 'answer', 'A' || n),
                   1, n, 1
            from numbers""",
        {"count": cards},
    )


def fill_members(con: sqlite3.Connection, cohort: Cohort, members: int) -> None:
    """Learners with an account (many1, many2, ...) who joined a year ago."""
    values = {"count": members, "cohort": cohort.id, "zone": cohort.zone, "joined": NOW - 365 * 86_400_000}
    con.execute(f"{NUMBERS} insert into learners (id, zone, joined_at) select n, :zone, :joined from numbers", values)
    con.execute(
        f"""{NUMBERS} insert into accounts (platform, realm, foreign_id, learner_id)
            select 'bench', '', 'many' || n, n from numbers""",
        values,
    )
    con.execute(
        f"""{NUMBERS} insert into memberships (cohort_id, learner_id, name, joined_at, active_day)
            select :cohort, n, 'Member ' || n, :joined, :today from numbers""",
        {**values, "today": TODAY},
    )


def fill_memory(con: sqlite3.Connection, members: int, cards: int) -> None:
    """A memory state for every member and card, about half of them due."""
    con.execute(
        """insert into memory_states
           (learner_id, card_id, stability, difficulty, last_day, due_day, reviews, lapses, model)
           select learner, card, 0.5 + h % 197, 1.0 + h % 9, :today - h % 60, :today - h % 60 + h % 61,
                  1 + h % 7, 0, :model
           from (select l.id as learner, c.id as card, (l.id * 7919 + c.id * 104729) % 100003 as h
                 from learners l cross join cards c where l.id <= :members and c.id <= :cards)""",
        {"members": members, "cards": cards, "today": TODAY, "model": memory.MODEL},
    )


def fill_reviews(con: sqlite3.Connection, cohort: Cohort, members: int, cards: int, reviews: int) -> None:
    """So many scheduled reviews, spread evenly over members and their last hundred days, with days and standings."""
    each = reviews // members
    values = {"count": each, "cohort": cohort.id, "cards": cards, "today": TODAY, "now": NOW, "members": members}
    con.execute(
        f"""{NUMBERS} insert into reviews (id, learner_id, card_id, cohort_id, source_id, turn, input, kind,
                                          day, cohort_day, revealed_at, rated_at, rating, grade, mapping)
            select (l.id - 1) * :count + n, l.id, 1 + n % :cards, :cohort, n, 1, 'button', 'scheduled',
                   :today - n % min(:count, 100), :today - n % min(:count, 100), :now, :now, 1 + n % 5, 1 + n % 4, 1
            from learners l cross join numbers where l.id <= :members""",
        values,
    )
    _derive_standings(con)


def _derive_standings(con: sqlite3.Connection) -> None:
    """Days and standings as the reviews have them."""
    con.execute(
        """insert into days (cohort_id, learner_id, day, cards)
           select cohort_id, learner_id, cohort_day, count(distinct card_id)
           from reviews group by cohort_id, learner_id, cohort_day"""
    )
    con.execute("create temp table periods (day integer, period text)")
    days = [row[0] for row in con.execute("select distinct day from days")]
    con.executemany(
        "insert into periods values (?, ?)", [(day, period(window, day)) for day in days for window in Window]
    )
    con.execute(
        """insert into standings (cohort_id, period, learner_id, points, cards)
           select d.cohort_id, p.period, d.learner_id, sum(min(d.cards, 10)), sum(d.cards)
           from days d join periods p on p.day = d.day group by d.cohort_id, p.period, d.learner_id"""
    )
