"""The database: open it, write and read in journeys, close it."""

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from ..errors import DatabaseUnusable
from .connect import connect, connect_writer, try_to_write
from .failures import unusable
from .limits import Limits
from .migrate import MIGRATIONS, load, migrate, pending
from .readers import Readers, open_readers
from .tx import Journey, T
from .writer import Writer, open_writer

MEDIA_FOLDER = "media"


@dataclass(frozen=True, slots=True)
class Database:
    """One file with one writer and a few readers beside it; the pictures of cards are in a folder next to it."""

    path: Path
    writer: Writer
    readers: Readers

    @property
    def media(self) -> Path:
        """The folder of the pictures (see `bot/media/`)."""
        return self.path.with_name(MEDIA_FOLDER)

    def write(self, journey: Journey[T], /, *, background: bool = False) -> "asyncio.Future[T]":
        """Run a journey in one transaction; the answer comes after the commit. People go before background work.

        Raises StoreError, in words for people, and whatever the journey raises; then nothing of it is saved.
        """
        return self.writer.act(journey, background=background)

    async def read(self, journey: Journey[T], /) -> T:
        """Run a journey that changes nothing, in one snapshot beside the writer."""
        return await self.readers.read(journey)

    async def close(self) -> None:
        """Serve what waits, then refuse; the writer is the last to leave, since only a writer can tidy the log away."""
        try:
            await self.readers.close()
        finally:
            await self.writer.close()


async def open_database(
    path: Path, readers: int = 2, *, now: int, folder: Path = MIGRATIONS, limits: Limits | None = None
) -> Database:
    """Open the file, made where it is missing, and bring it to the newest schema of `folder`.

    `now` (UTC milliseconds) is written beside each migration that is applied. Raises Busy, DatabaseTooNew or
    DatabaseUnusable, in words for whoever runs the bot.
    """
    limits = limits or Limits()
    await asyncio.to_thread(_prepare, path, folder, now, limits.busy_s)
    try:
        writer = await open_writer(path, lambda: connect_writer(path, limits.busy_s), limits)
        try:
            return Database(path, writer, await open_readers(path, readers, limits))
        except BaseException:
            await writer.close()
            raise
    except sqlite3.Error as error:
        raise unusable(path, error) from error


def _prepare(path: Path, folder: Path, now: int, busy_s: float) -> None:
    _make_folder(path)
    try:
        with closing(connect(path, "rwc", busy_s)) as con:
            steps = pending(con, path, load(folder))
            con.execute("pragma journal_mode = wal")
            migrate(con, path, steps, now)
            try_to_write(con)
    except sqlite3.Error as error:
        raise unusable(path, error) from error


def _make_folder(path: Path) -> None:
    if path.is_dir():
        raise DatabaseUnusable(f"{path} is a folder.", f"Give the name of a file, such as {path / 'flashmob.db'}.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise DatabaseUnusable(
            f"The folder {path.parent} cannot be made: {error.strerror}.", "Give another path, or make the folder."
        ) from error
