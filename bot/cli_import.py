"""`flashmob deck import`: what a file would do to a deck of a group, a question, and then the import."""

import argparse
import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import Any

from .app import system_clock
from .cli_database import add_place, opened, the_cohort, told
from .errors import DeckError
from .importing import carry_on, ended, forget, ready_file, stage, stage_again, start
from .screens.imports import staged
from .store import staging
from .store.database import Database

TERMINAL = "the terminal"


def add_import(decks: Any) -> None:
    """`deck import`, among the other deck commands."""
    command = decks.add_parser("import", help="make this file a deck of a group, or bring its deck up to date")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--format", metavar="NAME", help="skip the guess at the file's format")
    command.add_argument("--yes", action="store_true", help="import it without asking first")
    add_place(command)
    command.set_defaults(command=_import)


def _import(options: argparse.Namespace) -> None:
    """Show what it would do, ask, and do it. The question stands between two runs, so that Ctrl+C ends it at once."""
    waiting: int | None = asyncio.run(_stage(options))
    while waiting is not None:
        wanted = options.yes or _says_yes()
        waiting = asyncio.run(_apply(options, waiting) if wanted else _cancel(options, waiting))


def _says_yes() -> bool:
    print("Import it? [y/N] ", end="", flush=True)
    return sys.stdin.readline().strip().casefold() in ("y", "yes")


async def _stage(options: argparse.Namespace) -> int:
    """Read the file and show what it would do. Raises `DeckError` where somebody is to be asked and nobody can be."""
    async with opened(options) as database:
        cohort = await the_cohort(database, options.cohort)
        deck = await ready_file(database, options.file, options.format)
        staged_id = await stage(database, cohort, deck, options.file.name, TERMINAL, system_clock())
        if options.yes:
            return staged_id
        await _show(database, staged_id)
        if sys.stdin.isatty():
            return staged_id
        await forget(database, staged_id)
    raise DeckError("Nobody can be asked here, so nothing was imported.", "Pass --yes to import it without asking.")


async def _apply(options: argparse.Namespace, staged_id: int) -> int | None:
    """Import it; where the deck has changed meanwhile, the id of what is to be asked about instead."""
    async with opened(options) as database:
        if not await start(database, staged_id, system_clock()):
            again = await stage_again(database, staged_id, system_clock())
            await _show(database, again)
            return again
        cards = (await database.read(partial(staging.find, staged_id=staged_id))).cards
        with _bar() as progress:
            task = progress.add_task("Importing", total=cards)
            await carry_on(database, staged_id, system_clock(), lambda done: progress.update(task, completed=done))
        await ended(database, staged_id)
        await _show(database, staged_id)
        return None


async def _cancel(options: argparse.Namespace, staged_id: int) -> None:
    async with opened(options) as database:
        await forget(database, staged_id)
    print("Nothing was imported.")


async def _show(database: Database, staged_id: int) -> None:
    print(told(staged(await database.read(partial(staging.find, staged_id=staged_id)))))


def _bar() -> Any:
    """A bar on the way to the terminal's second channel, and nothing in a pipe."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
