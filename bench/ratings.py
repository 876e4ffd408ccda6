"""What a rating costs: through the engine, in a bare loop over the very same statements, and through aiosqlite."""

import asyncio
import os
import shutil
import sqlite3
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import aiosqlite

from bot import memory
from bot.engine import Engine
from bot.memory import Grade
from bot.store.connect import STATEMENTS, WRITING, connect_writer
from bot.store.database import Database
from bot.store.tx import Journey, Row, T, Tx, Value

from .group import Revealed, opened, revealed
from .measure import Figures, ask_all, interleaved, p99, ratio, say

Statement = tuple[str, dict[str, Value]]
Script = list[list[Statement]]
"""The statements of each rating, with their values."""

CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}

FOLDED = "select day, grade from reviews"
"""The statement whose rows the memory state is folded from."""


async def many_clients(
    *, learners: int, cards: int, clients: int, a_commit: int, one_by_one: int, runs: int
) -> Figures:
    """Everybody's first ratings at once; `one_by_one` of them are enough to tell what aiosqlite does."""
    with TemporaryDirectory() as folder:
        stage = await _set_stage(Path(folder), learners, cards)
        found = await interleaved(
            runs,
            engine=lambda: stage.through_engine(clients, len(stage.script)),
            bare=lambda: stage.bare(a_commit, len(stage.script)),
            aiosqlite=lambda: stage.through_aiosqlite(one_by_one),
            aiosqlite_on_one_core=lambda: stage.through_aiosqlite(one_by_one, one_core=True),
        )
    rate = {kind: [run.a_second for run in taken] for kind, taken in found.items()}
    return Figures(
        {
            "of_bare": ratio(rate["engine"], rate["bare"]),
            "of_aiosqlite": ratio(rate["engine"], rate["aiosqlite"]),
            "of_aiosqlite_on_one_core": ratio(rate["engine"], rate["aiosqlite_on_one_core"]),
            "p99": median(p99(run.took) * 1000 for run in found["engine"]),
            "a_second": median(rate["engine"]),
        }
    )


async def one_client(*, learners: int, cards: int, runs: int) -> Figures:
    """One rating after the other, each on the disk before the next begins."""
    with TemporaryDirectory() as folder:
        stage = await _set_stage(Path(folder), learners, cards)
        every = len(stage.script)
        found = await interleaved(
            runs, engine=lambda: stage.through_engine(1, every), bare=lambda: stage.bare(1, every)
        )
    rate = {kind: [run.a_second for run in taken] for kind, taken in found.items()}
    figures = {"of_bare": ratio(rate["engine"], rate["bare"]), "a_second": median(rate["engine"])}
    return Figures({**figures, "p99": median(p99(run.took) * 1000 for run in found["engine"])})


@dataclass(frozen=True, slots=True)
class Run:
    """How many ratings a second; the seconds each took, where that was measured."""

    a_second: float
    took: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Stage:
    """A database with every answer revealed, of which each run takes a copy, and the statements of the ratings."""

    folder: Path
    ready: Path
    group: Revealed
    script: Script

    async def through_engine(self, clients: int, ratings: int) -> Run:
        path = self._copy()
        async with opened(path) as database:
            began = perf_counter()
            took = await ask_all(Engine(database), self.group.ratings(), clients)
            seconds = perf_counter() - began
        _check_saved(path, ratings)
        return Run(ratings / seconds, took)

    async def bare(self, a_commit: int, ratings: int) -> Run:
        """A loop over sqlite3 in a thread of its own, with the writer's own settings."""
        path = self._copy()
        seconds = await asyncio.to_thread(_bare, path, self.script, a_commit)
        _check_saved(path, ratings)
        return Run(ratings / seconds)

    async def through_aiosqlite(self, ratings: int, *, one_core: bool = False) -> Run:
        """Each statement awaited, each rating committed; one after the other, as a connection has one transaction.

        The connection's thread runs beside the loop's, on another core or on the same one, which makes each await
        several times cheaper: left to itself the system chooses now this, now that.
        """
        path = self._copy()
        async with aiosqlite.connect(path, isolation_level=None, cached_statements=STATEMENTS) as con:
            await con.executescript(WRITING)
            await _pin(con, one_core=one_core)
            began = perf_counter()
            for statements in self.script[:ratings]:
                await _one_by_one(con, statements)
            seconds = perf_counter() - began
            _run_on(CORES)
        _check_saved(path, min(ratings, len(self.script)))
        return Run(min(ratings, len(self.script)) / seconds)

    def _copy(self) -> Path:
        path = self.folder / "run.db"
        for old in self.folder.glob("run.db*"):
            old.unlink()
        return Path(shutil.copyfile(self.ready, path))


async def _set_stage(folder: Path, learners: int, cards: int) -> Stage:
    """Reveal every answer, then rate them all once on a copy, to write down what the engine does."""
    say(f"  {learners} learners reveal {cards} answers each")
    ready = folder / "ready.db"
    async with opened(ready) as database:
        group = await revealed(database, learners, cards)
    copy = shutil.copyfile(ready, folder / "recorded.db")
    async with opened(copy) as database:
        recorder = Recorder(database.path, database.writer, database.readers)
        await ask_all(Engine(recorder), group.ratings(), clients=1)
    _check_saved(copy, learners * cards)
    assert all(sum(sql.startswith(FOLDED) for sql, _ in rating) == 1 for rating in recorder.script)
    say(f"  a rating is {median(map(len, recorder.script)):.0f} statements")
    return Stage(folder, ready, group, recorder.script)


# ---- what the engine does, written down ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Recorder(Database):
    """A database that writes down the statements of each journey that writes."""

    script: Script = field(default_factory=list)

    def write(self, journey: Journey[T], /, *, background: bool = False) -> "asyncio.Future[T]":
        noted: list[Statement] = []
        self.script.append(noted)
        return self.writer.act(_noting(journey, noted), background=background)


def _noting(journey: Journey[T], noted: list[Statement]) -> Callable[[Tx], Coroutine[Any, Any, T]]:
    return lambda tx: journey(NotingTx(tx, noted))


@dataclass(frozen=True, slots=True)
class NotingTx:
    tx: Tx
    noted: list[Statement]

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        self.noted.append((sql, values))
        return await self.tx.one(sql, **values)

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        self.noted.append((sql, values))
        return await self.tx.all(sql, **values)

    async def run(self, sql: str, /, **values: Value) -> int:
        self.noted.append((sql, values))
        return await self.tx.run(sql, **values)

    async def each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        self.noted.extend((sql, dict(row)) for row in rows)
        await self.tx.each(sql, rows)


# ---- the controls ----------------------------------------------------------------------------------------------------


def _bare(path: Path, script: Script, a_commit: int) -> float:
    """The seconds that the statements and the memory updates take, `a_commit` ratings a commit."""
    with closing(connect_writer(path, busy_s=2.0)) as con:
        con.row_factory = None
        began = perf_counter()
        for first in range(0, len(script), a_commit):
            con.execute("begin immediate")
            for statements in script[first : first + a_commit]:
                for sql, values in statements:
                    _fold(sql, con.execute(sql, values).fetchall())
            con.execute("commit")
        return perf_counter() - began


async def _pin(con: aiosqlite.Connection, *, one_core: bool) -> None:
    """Hold this thread on one core, and the connection's on the same or on another."""
    await con.create_function("pin", 0, lambda: _run_on({min(CORES) if one_core else max(CORES)}))
    await con.execute_fetchall("select pin()")
    _run_on({min(CORES)})


def _run_on(cores: set[int]) -> None:
    """Let the calling thread run on these cores only, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, cores)


async def _one_by_one(con: aiosqlite.Connection, statements: list[Statement]) -> None:
    await con.execute("begin immediate")
    for sql, values in statements:
        _fold(sql, await con.execute_fetchall(sql, values))
    await con.commit()


def _fold(sql: str, rows: Any) -> None:
    if sql.startswith(FOLDED):
        memory.fold((day, Grade(grade)) for day, grade in rows)


def _check_saved(path: Path, ratings: int) -> None:
    """An engine answers errors too: only what is on the disk counts."""
    with closing(sqlite3.connect(path)) as con:
        (saved,) = con.execute("select count(*) from reviews where rating is not null").fetchone()
        (known,) = con.execute("select count(*) from memory_states where reviews = 1").fetchone()
    if (saved, known) != (ratings, ratings):
        raise AssertionError(f"{ratings} ratings were sent, {saved} saved and {known} remembered")
