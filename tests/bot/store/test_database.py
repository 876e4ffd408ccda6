import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bot.errors import Busy, DatabaseUnusable, StoreError
from bot.store.connect import connect, try_to_write
from bot.store.database import open_database
from bot.store.failures import unusable
from bot.store.limits import Limits
from bot.store.migrate import MIGRATIONS, load, migrate
from bot.store.writer import open_writer

from .helpers import NOTES, NOW, note, texts, write_migrations


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_migrations(tmp_path / "migrations", NOTES)


async def refusal(path: Path, folder: Path, limits: Limits | None = None) -> StoreError:
    """What opening this file says."""
    with pytest.raises(StoreError) as caught:
        await open_database(path, now=NOW, folder=folder, limits=limits)
    return caught.value


def content(path: Path) -> bytes:
    return path.read_bytes()


def fill(path: Path, content: bytes) -> None:
    path.write_bytes(content)


@pytest.mark.parametrize("name", ["new/folders/flashmob.db", "a b?c#d%41é.db", "it's 100% new.sqlite"])
async def test_a_missing_file_is_made_with_its_folders(tmp_path: Path, folder: Path, name: str) -> None:
    database = await open_database(tmp_path / name, now=NOW, folder=folder)
    await database.write(note("kept"))
    assert await database.read(texts) == ["kept"]
    await database.close()
    assert (tmp_path / name).is_file()


async def test_what_was_kept_is_there_after_opening_again(path: Path, folder: Path) -> None:
    for number in range(3):
        database = await open_database(path, now=NOW, folder=folder)
        await database.write(note(str(number)))
        assert await database.read(texts) == [str(earlier) for earlier in range(number + 1)]
        await database.close()


async def test_a_relative_path_is_one_file_for_the_writer_and_the_readers(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    database = await open_database(Path("flashmob.db"), now=NOW, folder=folder)
    await database.write(note("kept"))
    assert await database.read(texts) == ["kept"]
    await database.close()


async def test_an_empty_file_is_a_new_database(path: Path, folder: Path) -> None:
    fill(path, b"")
    await (await open_database(path, now=NOW, folder=folder)).close()


async def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path, folder: Path) -> None:
    fill(path, b"Dear diary, " * 100)
    error = await refusal(path, folder)
    assert str(error) == f"{path} is not a database. Give another path, or restore a copy."
    assert content(path) == b"Dear diary, " * 100


async def test_a_damaged_file_is_refused(path: Path, folder: Path) -> None:
    await (await open_database(path, now=NOW, folder=folder)).close()
    fill(path, content(path)[:100] + b"\xff" * 3996 + content(path)[4096:])
    assert str(await refusal(path, folder)) == f"{path} is damaged. Restore a copy."


async def test_a_folder_is_not_taken_for_a_file(tmp_path: Path, folder: Path) -> None:
    error = await refusal(tmp_path, folder)
    assert error.sentence == f"{tmp_path} is a folder."
    assert "flashmob.db" in error.hint


async def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, folder: Path) -> None:
    (tmp_path / "file").touch()
    error = await refusal(tmp_path / "file" / "flashmob.db", folder)
    assert error.sentence.startswith(f"The folder {tmp_path / 'file'} cannot be made:")


async def test_a_file_that_another_program_holds_is_busy_and_opens_later(path: Path, folder: Path) -> None:
    await (await open_database(path, now=NOW, folder=folder)).close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        error = await refusal(path, folder, Limits(busy_s=0.01))
        assert isinstance(error, Busy)
        assert str(error).startswith(f"{path} is held by another program")
    await (await open_database(path, now=NOW, folder=folder)).close()


async def test_a_file_that_only_may_be_read_is_refused(path: Path, folder: Path) -> None:
    await (await open_database(path, now=NOW, folder=folder)).close()
    with closing(connect(path, "ro", 1)) as con, pytest.raises(sqlite3.OperationalError) as caught:
        try_to_write(con)
    error = unusable(path, caught.value)
    assert isinstance(error, DatabaseUnusable)
    assert error.sentence == f"{path} cannot be written to."


async def test_a_writer_of_a_file_that_turned_read_only_says_not_saved_and_lives_on(path: Path, folder: Path) -> None:
    await (await open_database(path, now=NOW, folder=folder)).close()
    writer = await open_writer(path, lambda: connect(path, "ro", 1), Limits())
    for _ in range(2):
        with pytest.raises(StoreError, match="That could not be saved, so nothing has changed"):
            await writer.act(note("no"))
    await writer.close()


async def test_a_disk_without_room_for_the_schema_is_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as con:
        con.execute("pragma max_page_count = 2")
        with pytest.raises(sqlite3.OperationalError) as caught:
            migrate(con, path, load(MIGRATIONS), NOW)
    assert unusable(path, caught.value).sentence == f"There is no room left on the disk of {path}."
