"""SQLite's log (the -wal file): with readers that overlap SQLite would never cut it, so the writer does."""

import logging
import sqlite3
from pathlib import Path
from time import monotonic

from .limits import Limits

log = logging.getLogger(__name__)

LOOK_EVERY = 16


class Wal:
    """The log of one database, looked after by the writer between two commits."""

    __slots__ = ("_commits", "_limits", "_path", "_rests_until")

    def __init__(self, database: Path, limits: Limits) -> None:
        self._path = database.with_name(f"{database.name}-wal")
        self._limits = limits
        self._commits = 0
        self._rests_until = 0.0

    def look_after(self, con: sqlite3.Connection) -> None:
        """Every sixteenth time, cut the log if it is large; one that a reader still needs is tried again later."""
        self._commits += 1
        if self._commits % LOOK_EVERY:
            return
        try:
            if self._path.stat().st_size > self._limits.log_bytes and monotonic() >= self._rests_until:
                self._cut(con)
        except (OSError, sqlite3.Error):
            log.exception("%s could not be cut", self._path)

    def _cut(self, con: sqlite3.Connection) -> None:
        self._rests_until = monotonic() + self._limits.log_rest_s
        usual = con.execute("pragma busy_timeout").fetchone()[0]
        con.execute(f"pragma busy_timeout = {self._limits.log_wait_ms}")
        try:
            con.execute("pragma wal_checkpoint(truncate)").fetchall()
        finally:
            con.execute(f"pragma busy_timeout = {usual}")
