"""Commands on a database that is there: show a leaderboard and how posts are doing, rebuild what is derived."""

import argparse
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

from . import wording
from .app import system_clock
from .clock import date_of, local_day, window_days
from .config import load
from .errors import QuizError
from .journeys.leading import status_screen
from .journeys.rebuild import rebuild
from .markdown import plain
from .messages import CardSide, Instant, Message, Notice, Text, Title
from .model import Cohort, Window
from .store import cohorts, connections, standings
from .store.database import Database, open_database
from .wording import leads as lead_wording
from .words import plural

CONFIG = Path("config.toml")
SHOWN = 20


def add_leaderboard(commands: Any) -> None:
    command = commands.add_parser("leaderboard", help="show who reviewed most")
    command.add_argument("--window", type=Window, choices=list(Window), default=Window.WEEK, help="week, month or all")
    add_place(command)
    command.set_defaults(command=_leaderboard)


def add_rebuild(commands: Any) -> None:
    command = commands.add_parser("rebuild", help="derive everything again from the review log, and repair it")
    _add_where(command)
    command.set_defaults(command=_rebuild)


def add_status(commands: Any) -> None:
    command = commands.add_parser(
        "status", help="how the connections and the posts of each group are doing, and what to do about it"
    )
    add_place(command)
    command.set_defaults(command=_status)


def add_place(command: argparse.ArgumentParser) -> None:
    _add_where(command)
    command.add_argument("--cohort", metavar="NAME", help="the group, where there are several")


def _add_where(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help="the configuration (config.toml)")
    command.add_argument("--data", type=Path, metavar="DIR", help="the folder of the database, instead of --config")


@asynccontextmanager
async def opened(options: argparse.Namespace) -> AsyncIterator[Database]:
    """The database that the options name. A missing one is an error: these commands never make one."""
    path = options.data / "flashmob.db" if options.data else load(options.config).database
    if not path.exists():
        raise QuizError(f"{path}: there is no database yet.", "Start with `flashmob run`, which makes it.")
    database = await open_database(path, now=system_clock())
    try:
        yield database
    finally:
        await database.close()


async def the_cohort(database: Database, name: str | None) -> Cohort:
    found = await database.read(cohorts.every)
    named = [cohort for cohort in found if name in (None, cohort.name)]
    if len(named) == 1:
        return named[0]
    if not found:
        raise QuizError("There is no group in this database.", "Add a [[cohort]] to the configuration and run it once.")
    names = ", ".join(f'"{cohort.name}"' for cohort in found)
    raise QuizError(f"Which group? There are {names}.", "Name one with --cohort.")


async def _leaderboard(options: argparse.Namespace) -> None:
    async with opened(options) as database:
        cohort = await the_cohort(database, options.cohort)
        today = local_day(system_clock(), cohort.zone)
        board = await database.read(
            partial(
                standings.board,
                cohort_id=cohort.id,
                learner_id=None,
                window=options.window,
                cohort_day=today,
                most=SHOWN,
            )
        )
    days = window_days(options.window, today)
    first, last = map(date_of, days) if days else (None, None)
    print(f"{cohort.name}. {wording.window_title(options.window, first, last)}")
    for line in board.lines:
        print(f"{line.rank:3}. {line.name}, {plural(line.points, 'point')}")
    print(wording.together(board.people, board.cards) if board.lines else wording.NO_STANDINGS)


async def _status(options: argparse.Namespace) -> None:
    from tzlocal import get_localzone_name

    async with opened(options) as database:
        for each in await database.read(connections.every):
            said = lead_wording.connection(each, get_localzone_name() or "UTC", system_clock())
            print(f"{said} (Flashmob {each.version})")
        print()
        for cohort in await database.read(cohorts.every):
            if options.cohort in (None, cohort.name):
                print(told(await database.read(partial(status_screen, cohort=cohort, now=system_clock()))))


def told(message: Message) -> str:
    """A message as lines for a terminal; its buttons are for elsewhere."""
    lines = []
    for part in message.parts:
        match part:
            case Title(text):
                lines += [text, "=" * len(text)]
            case Text(markdown) | Notice(markdown):
                lines.append(plain(markdown))
            case CardSide(side, markdown):
                lines.append(f"{side.value}: {plain(markdown)}")
            case Instant():
                lines.append(part.said)
            case _:
                pass
    return "\n".join([*lines, ""])


async def _rebuild(options: argparse.Namespace) -> None:
    from rich.console import Console
    from rich.progress import Progress, TextColumn

    console = Console(stderr=True)
    column = TextColumn("{task.description} {task.completed:.0f}")
    async with opened(options) as database:
        with Progress(column, console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task("Learners", total=None)
            done = await rebuild(database, lambda learners: progress.update(task, completed=learners))
    print(
        f"Derived again for {plural(done.learners, 'learner')}: {done.memory_states} memory states, "
        f"{done.days} days, {done.standings} standings."
    )
    print("No difference." if not done.repaired else f"{plural(done.repaired, 'difference')} found and repaired.")
