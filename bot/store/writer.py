"""The writer: one thread, one commit for all who wait.

Rules of this file:
- nobody is answered before the commit that holds their work;
- whatever happens to a batch, every waiter gets an answer of its own and the thread lives on;
- what was cancelled while it queued is not run; what was cancelled later is done, unanswered;
- background work runs when no person waits, as the first of a batch and the only one of its kind: whoever comes
  meanwhile waits for it alone, and people who are already in a batch never wait for it.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import Any

from ..errors import Busy, Stopping
from .drive import WriterTx, drive, refuse_to_wait
from .failures import of_one_journey, unsaved
from .lanes import Lanes
from .limits import Limits
from .tx import Journey, T
from .wal import Wal

log = logging.getLogger(__name__)


class _Waiter:
    """A journey, and who waits for it."""

    __slots__ = ("error", "future", "journey", "value")

    def __init__(self, journey: Journey[Any], future: asyncio.Future[Any]) -> None:
        self.journey = journey
        self.future = future
        self.value: Any = None
        self.error: BaseException | None = None

    def answer(self) -> None:
        if self.future.done():
            return
        if self.error is None:
            self.future.set_result(self.value)
        else:
            self.future.set_exception(self.error)


class Writer:
    """Runs journeys in its own thread. Build it with `open_writer`."""

    __slots__ = ("_lanes", "_limits", "_loop", "_thread", "_wal")

    def __init__(self, path: Path, limits: Limits) -> None:
        self._limits = limits
        self._lanes: Lanes[_Waiter] = Lanes()
        self._loop = asyncio.get_running_loop()
        self._wal = Wal(path, limits)
        self._thread: Thread | None = None

    async def start(self, connect: Callable[[], sqlite3.Connection]) -> None:
        """Open the connection inside the thread that will own it; an error there is raised here."""
        opened: asyncio.Future[None] = self._loop.create_future()
        self._thread = Thread(target=self._live, args=(connect, opened), name="flashmob-writer", daemon=True)
        self._thread.start()
        await opened

    def act(self, journey: Journey[T], /, *, background: bool = False) -> "asyncio.Future[T]":
        """Queue a journey; the answer comes after the commit.

        Raises Stopping after `close`, and Busy when too many wait. Cancelling the future once the journey runs leaves
        it running: the caller then does not know.
        """
        if self._lanes.closed:
            raise Stopping
        if self._lanes.waiting(background=background) >= self._limits.waiting:
            raise Busy
        future: asyncio.Future[T] = self._loop.create_future()
        self._lanes.put(_Waiter(journey, future), background=background)
        return future

    async def close(self) -> None:
        """Refuse what comes, serve what waits, then end."""
        self._lanes.close()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    # ---- in the thread -----------------------------------------------------------------------------------------------

    def _live(self, connect: Callable[[], sqlite3.Connection], opened: "asyncio.Future[None]") -> None:
        try:
            con = connect()
        except BaseException as error:
            self._lanes.close()
            self._tell(_fail, opened, error)
            return
        self._tell(_succeed, opened)
        refuse_to_wait()
        try:
            self._work(con)
        finally:
            con.close()

    def _work(self, con: sqlite3.Connection) -> None:
        tx = WriterTx(con)
        while self._lanes.wait():
            if not self._tell(_answer, self._serve(con, tx)):
                self._lanes.close()
                return
            self._wal.look_after(con)

    def _tell(self, function: Callable[..., None], *values: object) -> bool:
        """Call a function in the loop's thread; False where the loop is closed and nobody is left to hear."""
        try:
            self._loop.call_soon_threadsafe(function, *values)
        except RuntimeError:
            return False
        return True

    def _serve(self, con: sqlite3.Connection, tx: WriterTx) -> list[_Waiter]:
        """Run a batch to its commit and return who was in it."""
        batch: list[_Waiter] = []
        try:
            if con.in_transaction:  # an earlier rollback failed
                con.execute("rollback")
            con.execute("begin immediate")
            self._run_batch(con, tx, batch)
            con.execute("commit")
        except BaseException as error:
            batch = batch or self._lanes.everyone()
            self._spoil(con, batch, error)
        return batch

    def _run_batch(self, con: sqlite3.Connection, tx: WriterTx, batch: list[_Waiter]) -> None:
        ends_at = monotonic() + self._limits.batch_s
        waiter = self._lanes.first()
        while waiter is not None:
            batch.append(waiter)
            if not waiter.future.cancelled():
                _try(con, tx, waiter)
            if len(batch) >= self._limits.batch or monotonic() >= ends_at:
                return
            waiter = self._lanes.person()

    def _spoil(self, con: sqlite3.Connection, batch: list[_Waiter], cause: BaseException) -> None:
        """Nothing of this batch is saved: every waiter gets an error of its own."""
        log.error("%d journeys were not saved: %r", len(batch), cause)
        for waiter in batch:
            waiter.error = unsaved(cause)
        with suppress(sqlite3.Error):
            con.execute("rollback")


async def open_writer(path: Path, connect: Callable[[], sqlite3.Connection], limits: Limits) -> Writer:
    """A writer whose thread has opened its connection with `connect`."""
    writer = Writer(path, limits)
    try:
        await writer.start(connect)
    except BaseException:
        await writer.close()
        raise
    return writer


def _try(con: sqlite3.Connection, tx: WriterTx, waiter: _Waiter) -> None:
    """Run one journey in a savepoint of its own."""
    con.execute("savepoint journey")
    try:
        waiter.value = drive(waiter.journey(tx))
    except BaseException as error:
        if not con.in_transaction:  # a full disk and the like: SQLite has rolled back the whole batch
            raise
        waiter.error = of_one_journey(error)
        con.execute("rollback to journey")
    con.execute("release journey")


def _answer(batch: list[_Waiter]) -> None:
    for waiter in batch:
        waiter.answer()


def _succeed(future: "asyncio.Future[None]") -> None:
    if not future.done():
        future.set_result(None)


def _fail(future: "asyncio.Future[None]", error: BaseException) -> None:
    if not future.done():
        future.set_exception(error)
