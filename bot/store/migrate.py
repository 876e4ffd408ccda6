"""Bring a file to the schema that this program knows.

Rules of this file:
- a file that cannot be used (another program's, too new, changed migrations) is refused before anything is written;
- a migration is applied whole or not at all, and never changes once it was released;
- before an existing file is migrated it is copied beside itself.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from ..errors import DatabaseTooNew, DatabaseUnusable
from .failures import OF_THE_FILE, code

MIGRATIONS = Path(__file__).with_name("migrations")
FILE_NAME = re.compile(r"(\d{4})_([a-z0-9_]+)\.sql")
TABLE = """create table if not exists schema_version (
  version integer primary key, sha256 text not null, applied_at integer not null) strict"""


@dataclass(frozen=True, slots=True)
class Migration:
    """One step of the schema: `name` is the file's, `0002_streaks`."""

    version: int
    name: str
    sql: str

    @property
    def sha256(self) -> str:
        return sha256(self.sql.encode()).hexdigest()


def load(folder: Path = MIGRATIONS) -> tuple[Migration, ...]:
    """The migrations of a folder in order. Raises ValueError where a name or the numbering is wrong."""
    found = tuple(_read(file) for file in sorted(folder.glob("*.sql")))
    for expected, migration in enumerate(found, start=1):
        if migration.version != expected:
            raise ValueError(f"{migration.name}.sql stands where migration {expected:04} is expected")
    return found


def _read(file: Path) -> Migration:
    name = FILE_NAME.fullmatch(file.name)
    if name is None:
        raise ValueError(f"{file.name} is not named like a migration: 0002_what_it_does.sql")
    return Migration(int(name[1]), file.stem, file.read_text(encoding="utf-8"))  # any line ends: one checksum


def pending(con: sqlite3.Connection, path: Path, migrations: Sequence[Migration]) -> Sequence[Migration]:
    """What is still to be applied. Raises DatabaseTooNew or DatabaseUnusable, having changed nothing."""
    applied = _applied(con, path)
    newest, known = max(applied, default=0), len(migrations)
    if newest > known:
        raise DatabaseTooNew(
            f"{path} has schema {newest}, and this Flashmob knows schemas up to {known}.",
            f"Update Flashmob, or restore a copy such as {path.name}.before-{known + 1:04}.",
        )
    for migration in migrations[:newest]:
        if applied.get(migration.version) != migration.sha256:
            raise DatabaseUnusable(
                f"Migration {migration.name} is not the one that was applied to {path}.",
                "Install Flashmob again from a release; released migrations never change.",
            )
    return migrations[newest:]


def _applied(con: sqlite3.Connection, path: Path) -> dict[int, str]:
    tables = {row[0] for row in con.execute("select name from sqlite_master where type = 'table'")}
    if "schema_version" in tables:
        return dict(con.execute("select version, sha256 from schema_version").fetchall())
    if tables:
        raise DatabaseUnusable(
            f"{path} belongs to another program: it has a table {min(tables)}.", "Give the path of a new file."
        )
    return {}


def migrate(con: sqlite3.Connection, path: Path, steps: Sequence[Migration], now: int) -> None:
    """Apply `steps` at `now` (UTC milliseconds). `con` must be in autocommit with foreign keys off."""
    if steps and steps[0].version > 1:
        copy(con, path.with_name(f"{path.name}.before-{steps[0].version:04}"))
    for step in steps:
        try:
            _apply(con, step, now)
        except sqlite3.Error as error:
            with suppress(sqlite3.Error):
                con.execute("rollback")
            if code(error) in OF_THE_FILE:
                raise
            raise DatabaseUnusable(
                f"Migration {step.name} could not be applied to {path}: {error}.",
                "Nothing of it was kept. Go back to the Flashmob you had, and report this.",
            ) from error


def copy(con: sqlite3.Connection, to: Path) -> None:
    """Copy the open database into another file, which is there whole or not at all."""
    part = to.with_name(f"{to.name}.part")
    part.unlink(missing_ok=True)
    with closing(sqlite3.connect(part)) as target:
        con.backup(target)
    part.replace(to)


def _apply(con: sqlite3.Connection, step: Migration, now: int) -> None:
    con.execute("begin immediate")
    con.execute(TABLE)
    if con.execute("select 1 from schema_version where version = ?", [step.version]).fetchone():
        con.execute("rollback")  # another process was faster
        return
    for statement in statements(step.sql):
        con.execute(statement)
    if broken := con.execute("pragma foreign_key_check").fetchone():
        raise sqlite3.IntegrityError(f"a row of {broken[0]} points at a row of {broken[2]} that is not there")
    con.execute("insert into schema_version values (?, ?, ?)", [step.version, step.sha256, now])
    con.execute("commit")


def statements(sql: str) -> Iterator[str]:
    """Cut a script at the semicolons that end a statement, not at those inside texts, comments and triggers.

    `executescript` would commit before it starts, and a migration is one transaction.
    """
    statement = ""
    for piece in re.split("(?<=;)", sql):
        statement += piece
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if statement.strip():
        yield statement
