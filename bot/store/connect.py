"""Connections to a SQLite file."""

import sqlite3
from pathlib import Path

STATEMENTS = 512
# temp_store: what a savepoint may have to put back stays in memory; past 64 KB it went to a file of its own.
WRITING = """
pragma synchronous = full; pragma foreign_keys = on; pragma journal_size_limit = 67108864; pragma temp_store = memory;
"""


def address(path: Path, mode: str) -> str:
    """The file as a URI, whatever characters its name holds; `mode` is `ro`, `rw` or `rwc`."""
    return f"{path.resolve().as_uri()}?mode={mode}"


def connect(path: Path, mode: str, busy_s: float) -> sqlite3.Connection:
    """A connection that begins and ends transactions only when told to, and waits `busy_s` for a lock."""
    con = sqlite3.connect(
        address(path, mode), uri=True, isolation_level=None, timeout=busy_s, cached_statements=STATEMENTS
    )
    con.row_factory = sqlite3.Row
    return con


def connect_writer(path: Path, busy_s: float) -> sqlite3.Connection:
    """The connection of the writer: a commit is on the disk before it is answered."""
    con = connect(path, "rw", busy_s)
    con.executescript(WRITING)
    return con


def try_to_write(con: sqlite3.Connection) -> None:
    """Raise sqlite3.Error here rather than at the first journey: a file that may only be read opens quietly."""
    con.execute("begin immediate")
    con.execute("pragma user_version = 0")
    con.execute("rollback")
