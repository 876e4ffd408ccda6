"""What a learner's due queue costs, with few cards behind it and with many."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.model import Cohort
from bot.selection import QUIZ, due_queue
from bot.store import queues
from bot.store.database import Database
from bot.store.tx import Tx

from .filling import cohort_in, fill_cards, fill_members, fill_memory, filling
from .group import TODAY, opened
from .measure import Figures, interleaved, ratio, say

LEARNER = 1


async def due(*, few: int, many: int, calls: int, runs: int) -> Figures:
    """The next cards of a learner who remembers something of `few` and of `many` cards, about half of them due."""
    with TemporaryDirectory() as folder:
        async with _filled(Path(folder) / "few.db", few) as small, _filled(Path(folder) / "many.db", many) as large:
            took = await interleaved(runs, few=lambda: _choose(*small, calls), many=lambda: _choose(*large, calls))
    return Figures({"growth": ratio(took["many"], took["few"])})


@asynccontextmanager
async def _filled(path: Path, cards: int) -> AsyncIterator[tuple[Database, Cohort]]:
    say(f"  filling {cards:,} memory states of one learner")
    cohort = await cohort_in(path, "queue")
    with filling(path) as con:
        fill_cards(con, cohort, cards)
        fill_members(con, cohort, LEARNER)
        fill_memory(con, LEARNER, cards)
    async with opened(path) as database:
        yield database, cohort


async def _choose(database: Database, cohort: Cohort, calls: int) -> float:
    """The seconds that so many queues take, in the writer, where a quiz has them made."""

    async def story(tx: Tx) -> list[int]:
        return due_queue(await queues.due(tx, cohort.id, LEARNER, TODAY), TODAY, QUIZ)

    began = perf_counter()
    for _ in range(calls):
        assert len(await database.write(story)) == QUIZ
    return perf_counter() - began
