"""Our side, in a process of its own: `python -m bench.against_anki.ours PACKAGE FOLDER`.

Opens a new database in the folder, then reads the package, imports it into a group and closes the database. Prints
the seconds of the latter three, and waits for the end of its input.
"""

import asyncio
import sys
from pathlib import Path
from time import perf_counter

from bot.importing import import_deck, ready_file
from bot.model import Cohort
from bot.store.database import Database

from ..group import NOW, opened, set_up


async def import_package(database: Database, cohort: Cohort, package: Path) -> None:
    """What `bot/app.py` does with the deck of a group."""
    await import_deck(database, cohort, await ready_file(database, package), NOW)


async def _seconds(package: Path, folder: Path) -> float:
    async with opened(folder / "new.db") as database:
        cohort = await set_up(database, "importing")
        began = perf_counter()
        await import_package(database, cohort, package)
    return perf_counter() - began


if __name__ == "__main__":
    print(asyncio.run(_seconds(*map(Path, sys.argv[1:]))), flush=True)
    sys.stdin.read()
