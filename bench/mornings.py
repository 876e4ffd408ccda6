"""What a morning costs, with thousands of cohorts due at once or none of them, and how evenly their posts go out."""

import asyncio
import gc
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import numpy  # noqa: F401  (loaded here: the first list of a process waits for it once, which is not measured)

from bot import memory
from bot.actions import Request
from bot.adapter import Adapter, Capabilities, PrivateSurface, RatedBy
from bot.engine import Engine
from bot.messages import Message
from bot.model import Cohort, MessageRef, Place, Rating
from bot.scheduler import Scheduler
from bot.states import Health
from bot.store.database import Database
from bot.store.tx import Tx

from .filling import NUMBERS, cohort_in, fill_cards, filling
from .group import NOW, POSTED_AT, TODAY, opened, revealed
from .measure import Figures, interleaved, looked_at, ratio, say

CARDS, KNOWN = 200, 20
RATERS, RATER_CARDS = 100, 10
RATING_EVERY_S = 0.020
TOMORROW = POSTED_AT + 24 * 3_600_000
UNHURRIED = 1_000


@dataclass(slots=True)
class Paced:
    """A platform that says how often one may send, takes its time for each, and keeps where each message went."""

    per_second: float
    latency_s: float
    sent: list[str] = field(default_factory=list)
    platform: str = "bench"
    health: Health = Health.CONNECTED

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(PrivateSurface.EPHEMERAL, 2_000, 80, 25, True, True, sends_per_second=self.per_second)

    async def run(self) -> None: ...

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        self.sent.append(place.channel)
        await asyncio.sleep(self.latency_s)
        return MessageRef(place, key)

    async def edit(self, ref: MessageRef, message: Message) -> None: ...

    async def react(self, ref: MessageRef, rating: Rating) -> None: ...

    async def ratings(self, ref: MessageRef) -> RatedBy:
        return {}

    async def find(self, place: Place, key: str) -> MessageRef | None:
        return None

    async def close(self) -> None: ...


# ---- all at nine -----------------------------------------------------------------------------------------------------


async def all_at_nine(*, cohorts: int, members: int) -> Figures:
    """Every cohort is due: planned, its cards chosen, filled, while members of another one rate; then all is sent."""
    async with _morning(cohorts, members, POSTED_AT) as database:
        ratings = (await revealed(database, RATERS, RATER_CARDS)).ratings_for_ever()
        await database.write(_send_nothing_yet)
        gc.collect()
        gc.freeze()  # as the app does at its start
        seconds, stall, wait = await _plan(database, ratings)
        planned = await _count(database, "select count(*) from deliveries where kind = 'post' and state = 'pending'")
        assert planned == cohorts, f"{planned} of {cohorts} posts were planned"
        adapter = Paced(UNHURRIED, 0.0)
        await _send(database, adapter, cohorts)
    return Figures({"seconds": seconds, "stall": stall, "wait": wait, "unfair": _unfair(adapter.sent)})


async def _send_nothing_yet(tx: Tx) -> None:
    """What the raters' own post would have sent."""
    await tx.run("update deliveries set state = 'skipped'")


async def _plan(database: Database, ratings: Iterator[Request]) -> tuple[float, float, float]:
    """One tick without a platform to send to: its seconds, and the longest stall and wait meanwhile (milliseconds)."""
    async with looked_at(Engine(database), ratings, RATING_EVERY_S) as beside:
        began = perf_counter()
        await _scheduler(database, {}).tick()
        seconds = perf_counter() - began
    return seconds, max(beside.stalls), max(beside.waits)


def _unfair(channels: list[str]) -> float:
    """How many places a cohort was at most sent before or after its turn; channels are numbered as they are due."""
    return max(abs(place - int(channel)) for place, channel in enumerate(channels, 1))


# ---- nothing to do ---------------------------------------------------------------------------------------------------


async def idle_tick(*, few: int, many: int, ticks: int, runs: int) -> Figures:
    """A tick when every cohort's next post is tomorrow's."""
    async with _morning(few, 0, TOMORROW) as small, _morning(many, 0, TOMORROW) as large:
        found = await interleaved(runs, many=partial(_idle, large, ticks), few=partial(_idle, small, ticks))
    return Figures({"growth": ratio(found["many"], found["few"]), "milliseconds": median(found["many"]) * 1000})


async def _idle(database: Database, ticks: int) -> float:
    """The median seconds of a tick."""
    scheduler = _scheduler(database, {"bench": Paced(UNHURRIED, 0.0)})
    took = []
    for _ in range(ticks):
        began = perf_counter()
        await scheduler.tick()
        took.append(perf_counter() - began)
    return median(took)


# ---- at a platform's rate --------------------------------------------------------------------------------------------


async def at_a_rate(*, cohorts: int, per_second: int, latency_ms: int) -> Figures:
    """The posts of a morning sent on a platform that takes so many a second, each for so long."""
    async with _morning(cohorts, 0, POSTED_AT) as database:
        await _scheduler(database, {}).tick()
        seconds = await _send(database, Paced(per_second, latency_ms / 1000), cohorts)
    return Figures({"of_ideal": seconds / (cohorts / per_second), "seconds": seconds})


async def _send(database: Database, adapter: Adapter, cohorts: int) -> float:
    """Tick until everything is sent; returns the seconds."""
    scheduler = _scheduler(database, {"bench": adapter})
    began = perf_counter()
    while await _count(database, "select count(*) from deliveries where state in ('pending', 'sending')"):
        await scheduler.tick()
    seconds = perf_counter() - began
    sent = await _count(database, "select count(*) from deliveries where state = 'sent' and attempts = 1")
    assert sent == cohorts, f"{sent} of {cohorts} posts were sent at once"
    return seconds


# ---- a database of many cohorts --------------------------------------------------------------------------------------


def _scheduler(database: Database, adapters: Mapping[str, Adapter]) -> Scheduler:
    return Scheduler(database, adapters, "the bench", lambda: NOW)


async def _count(database: Database, sql: str) -> int:
    async def story(tx: Tx) -> int:
        row = await tx.one(sql)
        assert row is not None
        return int(row[0])

    return await database.read(story)


@asynccontextmanager
async def _morning(cohorts: int, members: int, run_at: int) -> AsyncIterator[Database]:
    """A database with so many cohorts, whose next post is due then; each has members who know a tenth of its deck."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "mornings.db"
        began = perf_counter()
        pattern = await cohort_in(path, "pattern")
        with filling(path) as con:
            fill_cards(con, pattern, CARDS)
            _fill_cohorts(con, pattern, cohorts, run_at)
            _fill_members(con, pattern, cohorts, members)
        say(f"  {cohorts:,} cohorts of {members} in {perf_counter() - began:.0f} s")
        async with opened(path) as database:
            yield database


def _fill_cohorts(con: sqlite3.Connection, pattern: Cohort, cohorts: int, run_at: int) -> None:
    """Cohorts 1, 2, ..., like the pattern, each in the channel of its number; the pattern itself posts no more."""
    values = {"count": cohorts, "pattern": pattern.id, "workspace": pattern.workspace_id, "run_at": run_at}
    con.execute("update schedules set run_at = null, paused = 'a pattern' where cohort_id = :pattern", values)
    con.execute(
        f"""{NUMBERS} insert into cohorts (id, workspace_id, name, zone, settings, created_at)
            select n, workspace_id, 'Cohort ' || n, zone, settings, created_at
            from numbers cross join cohorts where id = :pattern""",
        values,
    )
    con.execute(
        f"{NUMBERS} insert into places (id, workspace_id, foreign_id) select n, :workspace, n from numbers", values
    )
    con.execute(f"{NUMBERS} insert into cohort_places (place_id, cohort_id) select n, n from numbers", values)
    con.execute(
        f"{NUMBERS} insert into cohort_decks (cohort_id, deck_id, position) select n, 1, 0 from numbers", values
    )
    con.execute(
        f"""{NUMBERS} insert into schedules (cohort_id, weekdays, local_time, run_at)
            select n, 127, '09:00', :run_at from numbers""",
        values,
    )


def _fill_members(con: sqlite3.Connection, pattern: Cohort, cohorts: int, members: int) -> None:
    if not members:
        return
    values = {"count": cohorts * members, "members": members, "zone": pattern.zone, "joined": POSTED_AT - 86_400_000}
    con.execute(f"{NUMBERS} insert into learners (id, zone, joined_at) select n, :zone, :joined from numbers", values)
    con.execute(
        f"""{NUMBERS} insert into memberships (cohort_id, learner_id, name, joined_at, active_day)
            select (n - 1) / :members + 1, n, 'Member ' || n, :joined, :today from numbers""",
        {**values, "today": TODAY - 1},
    )
    con.execute(
        """insert into memory_states
           (learner_id, card_id, stability, difficulty, last_day, due_day, reviews, lapses, model)
           select l.id, c.id, 0.5 + (l.id + c.id) % 97, 1.0 + l.id % 9, :today - c.id % 30, :today - l.id % 7,
                  3, 0, :model
           from learners l cross join cards c where c.id <= :known""",
        {"today": TODAY, "model": memory.MODEL, "known": KNOWN},
    )
