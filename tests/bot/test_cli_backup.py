"""`flashmob backup`: one file from which everything can be had back."""

import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.testing.world import MONDAY, open_world


async def test_a_backup_of_a_running_bot_holds_what_was_rated_and_no_half_files(tmp_path: Path) -> None:
    file = tmp_path / "kept.zip"
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Study")
        await world.rate_all("sam")
        data = world.app.config.database.parent
        (data / "media").mkdir()
        (data / "media" / "river.png").write_bytes(b"a picture")
        assert main(["backup", str(file), "--data", str(data)]) == 0
        assert main(["backup", str(file), "--data", str(data)]) == 0  # once more, over the first
    with zipfile.ZipFile(file) as archive:
        names = archive.namelist()
        archive.extractall(tmp_path / "back")
    assert "flashmob.db" in names
    assert "media/river.png" in names
    assert not [name for name in names if name.endswith(("-wal", "-shm", ".part"))]
    with closing(sqlite3.connect(tmp_path / "back" / "flashmob.db")) as con:
        assert con.execute("select count(*) from reviews where rating = 4").fetchone() == (5,)


def test_without_a_database_there_is_a_sentence_and_no_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["backup", str(tmp_path / "kept.zip"), "--data", str(tmp_path)]) == 1
    assert "there is no database yet" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_cannot_be_written_is_said_and_leaves_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async with open_world(tmp_path) as world:
        data = world.app.config.database.parent
        assert main(["backup", str(tmp_path / "nowhere" / "kept.zip"), "--data", str(data)]) == 1
    assert "cannot be written" in capsys.readouterr().err
