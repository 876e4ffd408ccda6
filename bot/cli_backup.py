"""`flashmob backup`: everything that is kept, in one file, while the bot runs."""

import argparse
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from .config import load
from .errors import QuizError
from .store.connect import connect
from .store.migrate import copy
from .words import plural

BUSY_S = 30.0
NOT_KEPT = ("-wal", "-shm", "-journal", ".part")
"""What SQLite and half-written files leave beside a database; a copy of it is whole without them."""


def add_backup(commands: Any) -> None:
    command = commands.add_parser("backup", help="put everything that is kept into one file, while the bot runs")
    command.add_argument("file", type=Path, metavar="FILE", help="the file to write, for example flashmob.zip")
    command.add_argument("--config", type=Path, default=Path("config.toml"), metavar="FILE", help="the configuration")
    command.add_argument("--data", type=Path, metavar="DIR", help="the folder of the database, instead of --config")
    command.set_defaults(command=_backup)


def _backup(options: argparse.Namespace) -> None:
    folder = options.data or load(options.config).database.parent
    if not (folder / "flashmob.db").exists():
        raise QuizError(f"{folder}: there is no database yet.", "Start with `flashmob run`, which makes it.")
    try:
        files = write_backup(folder, options.file)
    except (OSError, sqlite3.Error) as error:
        raise QuizError(f"{options.file}: it cannot be written ({error}).", "Nothing was changed.") from error
    print(f"{options.file}: {plural(files, 'file')}, {options.file.stat().st_size / 1e6:.1f} MB.")
    print(f"To go back to it: stop Flashmob, empty {folder}, and unpack the file there.")


def write_backup(folder: Path, to: Path) -> int:
    """Write everything of the data folder into a zip file, databases as they are at one instant; returns how many.

    The file is there whole or not at all.
    """
    part = to.with_name(f"{to.name}.part")
    kept = list(_kept(folder, leave_out={to.resolve(), part.resolve()}))
    try:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive, TemporaryDirectory(dir=to.parent) as beside:
            for file in kept:
                archive.write(_still(file, Path(beside)), file.relative_to(folder))
        part.replace(to)
    finally:
        part.unlink(missing_ok=True)
    return len(kept)


def _kept(folder: Path, leave_out: set[Path]) -> Iterator[Path]:
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.resolve() not in leave_out and not file.name.endswith(NOT_KEPT):
            yield file


def _still(file: Path, beside: Path) -> Path:
    """The file itself, or for a database a copy that nobody writes to."""
    if file.suffix != ".db":
        return file
    with closing(connect(file, "ro", BUSY_S)) as con:
        copy(con, beside / file.name)
    return beside / file.name
