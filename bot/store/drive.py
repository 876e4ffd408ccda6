"""Journeys driven to their end in one step: in the writer's thread there is nothing to wait for."""

import asyncio
import sqlite3
from collections.abc import Coroutine, Mapping, Sequence
from typing import Any, NoReturn, cast

from .tx import JourneyWaited, Row, T, Value


class WriterTx:
    """A transaction whose statements complete at once: none of these ever yields."""

    __slots__ = ("_execute", "_execute_many")

    def __init__(self, con: sqlite3.Connection) -> None:
        self._execute = con.execute
        self._execute_many = con.executemany

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        try:
            rows = self._execute(sql, values).fetchall()  # to the end: an open `returning` blocks its savepoint
        except sqlite3.Error as error:
            error.add_note(f"in: {sql}")
            raise
        return rows[0] if rows else None

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        try:
            return self._execute(sql, values).fetchall()
        except sqlite3.Error as error:
            error.add_note(f"in: {sql}")
            raise

    async def run(self, sql: str, /, **values: Value) -> int:
        try:
            return self._execute(sql, values).rowcount
        except sqlite3.Error as error:
            error.add_note(f"in: {sql}")
            raise

    async def each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        try:
            self._execute_many(sql, rows)
        except sqlite3.Error as error:
            error.add_note(f"in: {sql}")
            raise


class _NoLoop:
    """Stands where a running loop would: whoever asks it for anything learns why there is none."""

    def __getattribute__(self, name: str) -> NoReturn:
        raise JourneyWaited(f"the event loop ({name}).")


def refuse_to_wait() -> None:
    """From here on, whatever this thread runs is told that it cannot wait for the event loop."""
    asyncio._set_running_loop(cast(asyncio.AbstractEventLoop, _NoLoop()))


def drive(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a coroutine that never yields to its end; one that yields is closed and raises JourneyWaited."""
    try:
        waited_on = coroutine.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]
    coroutine.close()
    raise JourneyWaited("" if waited_on is None else f"{waited_on!r}.")
