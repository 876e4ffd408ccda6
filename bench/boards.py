"""What a leaderboard costs, over few reviews and over many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from msgspec.structs import replace

from bot.actions import ShowLeaderboard
from bot.engine import Engine
from bot.model import Cohort, Window
from bot.store import standings
from bot.store.database import Database

from .filling import cohort_in, fill_cards, fill_members, fill_reviews, filling
from .group import NOW, TODAY, account, opened, request
from .measure import Figures, interleaved, ratio, say

CARDS = 200
CHANNEL = "board"


async def leaderboard(*, members: int, few: int, many: int, calls: int, runs: int) -> Figures:
    """The same board of so many members over `few` and over `many` reviews, for its asker, in every window."""
    with TemporaryDirectory() as folder:
        async with (
            _filled(Path(folder) / "few.db", members, few) as small,
            _filled(Path(folder) / "many.db", members, many) as large,
        ):
            took = await interleaved(runs, few=lambda: _show(small, calls), many=lambda: _show(large, calls))
    return Figures({"growth": ratio(took["many"], took["few"])})


@asynccontextmanager
async def _filled(path: Path, members: int, reviews: int) -> AsyncIterator[Database]:
    say(f"  filling {reviews:,} reviews of {members:,} members")
    cohort = await cohort_in(path, CHANNEL)
    with filling(path) as con:
        fill_cards(con, cohort, CARDS)
        fill_members(con, cohort, members)
        fill_reviews(con, cohort, members, CARDS, reviews)
    async with opened(path) as database:
        await _check(database, cohort, members)
        yield database


async def _check(database: Database, cohort: Cohort, members: int) -> None:
    """Everybody stands on every board, so that both databases have as much to show."""
    for window in Window:
        shown = partial(standings.board, cohort_id=cohort.id, learner_id=1, window=window, cohort_day=TODAY, most=10)
        board = await database.read(shown)
        assert board.people == members, f"{board.people} of {members} members stand on the board of the {window}"


async def _show(database: Database, calls: int) -> float:
    """The seconds that so many boards take."""
    engine, asker = Engine(database), replace(account(1), foreign_id="many1")
    began = perf_counter()
    for number in range(calls):
        for window in Window:
            await engine.handle(request(ShowLeaderboard(window), f"board-{number}", asker, CHANNEL), NOW)
    return perf_counter() - began
