import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import DatabaseTooNew, DatabaseUnusable
from bot.store.database import open_database
from bot.store.migrate import MIGRATIONS, load, migrate, statements

from .helpers import NOTES, NOW, on_disk, write_migrations

STARS = "alter table notes add column stars integer not null default 3;\ninsert into notes (text) values ('starred');"
BROKEN = "insert into notes (text) values ('half');\ninsert into nowhere values (1);"
ORPHAN = "create table links (note integer references notes (id)) strict; insert into links values (77);"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "migrations"


async def bring(path: Path, folder: Path, *scripts: str, now: int = NOW) -> None:
    """Open with these migrations, and close."""
    await (await open_database(path, 0, now=now, folder=write_migrations(folder, *scripts))).close()


def query(path: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as con:
        return con.execute(sql).fetchall()


def content(path: Path) -> bytes:
    return path.read_bytes()


def neighbours(path: Path) -> list[str]:
    return sorted(file.name for file in path.parent.iterdir() if file.is_file() and file != path)


async def test_a_new_file_gets_every_migration_and_no_copy(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES, STARS)
    assert query(path, "select version, length(sha256), applied_at from schema_version") == [
        (1, 64, NOW),
        (2, 64, NOW),
    ]
    assert query(path, "select text, stars from notes") == [("starred", 3)]
    assert neighbours(path) == []


async def test_a_second_opening_applies_nothing(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES, STARS)
    await bring(path, folder, NOTES, STARS, now=NOW + 1)
    assert query(path, "select distinct applied_at from schema_version") == [(NOW,)]
    assert on_disk(path) == ["starred"]
    assert neighbours(path) == []


async def test_an_existing_file_is_copied_beside_itself_before_it_is_migrated(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES)
    await bring(path, folder, NOTES, STARS)
    assert on_disk(path) == ["starred"]
    assert neighbours(path) == ["flashmob.db.before-0002"]
    copy = path.with_name("flashmob.db.before-0002")
    assert on_disk(copy) == []
    assert query(copy, "select version from schema_version") == [(1,)]


async def test_a_copy_of_an_existing_file_can_be_opened_in_its_place(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES)
    await bring(path, folder, NOTES, STARS)
    path.with_name("flashmob.db.before-0002").replace(path)
    await bring(path, folder, NOTES, STARS)
    assert on_disk(path) == ["starred"]


async def test_a_migration_that_fails_changes_nothing_and_is_named(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES)
    with pytest.raises(DatabaseUnusable, match=r"Migration 0002_step could not be applied .* no such table: nowhere"):
        await bring(path, folder, NOTES, BROKEN)
    assert on_disk(path) == []
    await bring(path, folder, NOTES, STARS)
    assert on_disk(path) == ["starred"]


async def test_migrations_before_one_that_fails_are_kept(path: Path, folder: Path) -> None:
    with pytest.raises(DatabaseUnusable):
        await bring(path, folder, NOTES, STARS, BROKEN)
    assert on_disk(path) == ["starred"]
    assert query(path, "select max(version) from schema_version") == [(2,)]


def test_a_migration_that_another_process_has_just_applied_is_not_applied_twice(path: Path, folder: Path) -> None:
    steps = load(write_migrations(folder, NOTES, STARS))
    with closing(sqlite3.connect(path, isolation_level=None)) as con:
        migrate(con, path, steps, NOW)
        migrate(con, path, steps, NOW + 1)
    assert on_disk(path) == ["starred"]
    assert query(path, "select distinct applied_at from schema_version") == [(NOW,)]


async def test_a_migration_that_leaves_a_row_pointing_nowhere_is_refused(path: Path, folder: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="a row of links points at a row of notes that is not there"):
        await bring(path, folder, NOTES, ORPHAN)
    assert query(path, "select max(version) from schema_version") == [(1,)]


async def test_a_newer_schema_is_refused_with_what_to_do_and_left_alone(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES, STARS)
    before = content(path)
    (folder / "0002_step.sql").unlink()
    with pytest.raises(DatabaseTooNew, match="has schema 2, and this Flashmob knows schemas up to 1") as caught:
        await bring(path, folder, NOTES)
    assert "Update Flashmob, or restore a copy such as flashmob.db.before-0002." in caught.value.hint
    assert content(path) == before


async def test_a_migration_that_was_changed_after_it_was_applied_is_refused(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES, STARS)
    with pytest.raises(DatabaseUnusable, match="0001_step is not the one that was applied"):
        await bring(path, folder, NOTES + " -- a better one", STARS)


async def test_line_ends_do_not_change_a_migration(path: Path, folder: Path) -> None:
    await bring(path, folder, NOTES, STARS)
    file = folder / "0002_step.sql"
    file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    await (await open_database(path, 0, now=NOW, folder=folder)).close()


async def test_a_file_of_another_program_is_refused_and_left_alone(path: Path, folder: Path) -> None:
    with closing(sqlite3.connect(path)) as con:
        con.execute("create table bookmarks (url text)")
    before = content(path)
    with pytest.raises(DatabaseUnusable, match="belongs to another program: it has a table bookmarks"):
        await bring(path, folder, NOTES)
    assert content(path) == before


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("0003_step.sql", "0003_step.sql stands where migration 0002 is expected"),
        ("0001_twice.sql", "0001_twice.sql stands where migration 0002 is expected"),
        ("2_step.sql", "2_step.sql is not named like a migration"),
    ],
)
def test_a_folder_with_wrong_names_is_refused(folder: Path, name: str, complaint: str) -> None:
    write_migrations(folder, NOTES)
    (folder / name).write_text(STARS)
    with pytest.raises(ValueError, match=complaint):
        load(folder)


def test_the_migrations_of_flashmob_are_numbered_from_one() -> None:
    assert [migration.version for migration in load(MIGRATIONS)][:1] == [1]


PIECES = st.lists(
    st.sampled_from(
        [
            "create table a (b text default 'x;y');",
            "-- a comment; with one\ninsert into a values ('it''s; fine');",
            "/* a; b */ delete from a;",
            "create trigger t after insert on a begin update a set b = ';'; delete from a; end;",
            'select ";" from a;',
        ]
    )
)


@given(PIECES, st.sampled_from(["", " ", "\n", "\n\n"]))
def test_a_script_is_cut_where_its_statements_end(pieces: list[str], between: str) -> None:
    assert [statement.strip() for statement in statements(between.join(pieces))] == pieces


def test_a_last_statement_may_lack_its_semicolon() -> None:
    assert list(statements("select 1; select 2")) == ["select 1;", " select 2"]
    assert list(statements("select 1;\n-- the end\n")) == ["select 1;", "\n-- the end\n"]
