"""What SQLite's errors mean to a person."""

import sqlite3
from pathlib import Path

from ..errors import Busy, DatabaseUnusable, DiskFull, NotSaved, StoreError

LOCKED = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
OF_THE_FILE = LOCKED | {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_NOMEM,
}


def code(error: BaseException) -> int:
    """SQLite's primary result code, or 0 for any other error."""
    return getattr(error, "sqlite_errorcode", 0) & 0xFF


def unsaved(cause: BaseException) -> StoreError:
    """A fresh error for one waiter: a shared one would collect the tracebacks of all."""
    match code(cause):
        case found if found in LOCKED:
            error: StoreError = Busy()
        case sqlite3.SQLITE_FULL:
            error = DiskFull()
        case _:
            error = NotSaved()
    error.__cause__ = cause
    return error


def of_one_journey(error: BaseException) -> BaseException:
    """What a journey's caller is told: troubles of the file as sentences, its own errors as they are."""
    if code(error) in OF_THE_FILE:
        return unsaved(error)
    if isinstance(error, Exception) and not isinstance(error, StopIteration):
        return error
    broken = RuntimeError(f"a journey ended with {error!r}")  # a future refuses some of these, and misreads others
    broken.__cause__ = error
    return broken


def unusable(path: Path, cause: sqlite3.Error) -> StoreError:
    """Why this file cannot be opened, and what to do."""
    match code(cause):
        case found if found in LOCKED:
            error: StoreError = Busy(
                f"{path} is held by another program, so Flashmob cannot open it.", "Stop that program and start again."
            )
        case sqlite3.SQLITE_NOTADB:
            error = DatabaseUnusable(f"{path} is not a database.", "Give another path, or restore a copy.")
        case sqlite3.SQLITE_CORRUPT:
            error = DatabaseUnusable(f"{path} is damaged.", "Restore a copy.")
        case sqlite3.SQLITE_READONLY:
            error = DatabaseUnusable(f"{path} cannot be written to.", "Let Flashmob write to the file and its folder.")
        case sqlite3.SQLITE_FULL:
            error = DatabaseUnusable(f"There is no room left on the disk of {path}.", "Make room and start again.")
        case _:
            error = DatabaseUnusable(f"{path} cannot be opened: {cause}.", "Check the path and who may write there.")
    error.__cause__ = cause
    return error
