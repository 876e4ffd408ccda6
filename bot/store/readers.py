"""Readers beside the writer: a slow report never delays a rating.

Rules of this file:
- a reader holds its snapshot for one journey and no longer: an old snapshot keeps SQLite from reusing its log (the
  -wal file), which then grows by every write;
- a report that must end is interrupted, again and again until it has: cancelling the wait alone would leave its thread
  busy, and an interrupt that comes before the statement has begun is lost.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

import aiosqlite

from ..errors import Busy, Stopping
from .connect import STATEMENTS, address
from .failures import LOCKED, code
from .limits import Limits
from .tx import Journey, Row, T, Value

log = logging.getLogger(__name__)

INTERRUPT_EVERY_S = 0.05


class ReaderTx:
    """A transaction that sees one snapshot and changes nothing."""

    __slots__ = ("_con",)

    def __init__(self, con: aiosqlite.Connection) -> None:
        self._con = con

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        rows = await self.all(sql, **values)
        return rows[0] if rows else None

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        try:
            return list(await self._con.execute_fetchall(sql, values))
        except sqlite3.Error as error:
            error.add_note(f"in: {sql}")
            raise

    async def run(self, sql: str, /, **values: Value) -> int:
        raise TypeError(f"a journey that reads cannot change anything, in: {sql}")

    async def each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        raise TypeError(f"a journey that reads cannot change anything, in: {sql}")


class Readers:
    """Connections that only read, each with its own thread. Build them with `open_readers`."""

    __slots__ = ("_closed", "_connections", "_idle", "_limits", "_settling")

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._connections: list[aiosqlite.Connection] = []
        self._idle: asyncio.LifoQueue[aiosqlite.Connection] = asyncio.LifoQueue()
        self._settling: set[asyncio.Task[None]] = set()
        self._closed = False

    async def add(self, path: Path) -> None:
        """Open one more connection."""
        con = await aiosqlite.connect(
            address(path, "ro"),
            uri=True,
            isolation_level=None,
            timeout=self._limits.busy_s,
            cached_statements=STATEMENTS,
        )
        self._connections.append(con)
        self._idle.put_nowait(con)
        con.row_factory = sqlite3.Row
        await con.execute("pragma query_only = on")

    async def read(self, journey: Journey[T], /) -> T:
        """Run a journey in one snapshot. Raises Busy when it takes too long, and Stopping after `close`."""
        if self._closed:
            raise Stopping
        try:
            async with asyncio.timeout(self._limits.report_stop_s) as limit:
                return await self._with_reader(journey)
        except TimeoutError as error:
            if not limit.expired():
                raise
            raise Busy("That took too long to look up, so it was stopped.", "Try again in a moment.") from error
        except sqlite3.OperationalError as error:
            if code(error) not in LOCKED:
                raise
            raise Busy from error

    async def close(self) -> None:
        """Refuse what comes, serve what waits, then end: each reader is closed when it comes back."""
        self._closed = True
        while self._connections:
            con = await self._idle.get()
            self._connections.remove(con)
            await con.close()

    async def _with_reader(self, journey: Journey[T]) -> T:
        con = await self._idle.get()
        slow = asyncio.get_running_loop().call_later(self._limits.report_slow_s, self._note, journey)
        try:
            await con.execute("begin")
            return await journey(ReaderTx(con))
        finally:
            slow.cancel()
            settling = asyncio.create_task(self._settle(con))
            self._settling.add(settling)
            settling.add_done_callback(self._settling.discard)

    def _note(self, journey: Journey[T]) -> None:
        log.warning("a report has taken more than %g s: %r", self._limits.report_slow_s, journey)

    async def _settle(self, con: aiosqlite.Connection) -> None:
        """Let go of the snapshot, however the journey ended, and offer the reader to the next."""
        try:
            while not await _let_go(con):
                pass
        except sqlite3.Error:
            log.exception("a reader could not end its snapshot")
        finally:
            self._idle.put_nowait(con)


async def _let_go(con: aiosqlite.Connection) -> bool:
    await con.interrupt()
    try:
        await asyncio.wait_for(con.rollback(), INTERRUPT_EVERY_S)
    except TimeoutError:
        return False
    except sqlite3.OperationalError as error:
        if code(error) != sqlite3.SQLITE_INTERRUPT:
            raise
        return False
    return True


async def open_readers(path: Path, count: int, limits: Limits) -> Readers:
    """So many readers of a file that exists; raises sqlite3.Error, and then none stays open."""
    readers = Readers(limits)
    try:
        for _ in range(count):
            await readers.add(path)
    except BaseException:
        await readers.close()
        raise
    return readers
