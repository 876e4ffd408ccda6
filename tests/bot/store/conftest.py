from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.database import Database, open_database
from bot.store.limits import Limits

from .helpers import NOTES, NOW, Open, write_migrations


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "flashmob.db"


@pytest.fixture
async def open_store(tmp_path: Path, path: Path) -> AsyncIterator[Open]:
    """Open a database of notes within these limits; it is closed after the test."""
    opened: list[Database] = []

    async def open_it(readers: int = 1, limits: Limits | None = None) -> Database:
        folder = write_migrations(tmp_path / "migrations", NOTES)
        opened.append(await open_database(path, readers, now=NOW, folder=folder, limits=limits))
        return opened[-1]

    yield open_it
    for database in opened:
        await database.close()
