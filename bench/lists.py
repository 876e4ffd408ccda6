"""What today's list of a cohort costs, and whether anybody notices that it is made."""

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.actions import Request
from bot.choosing import choose_cards
from bot.engine import Engine
from bot.model import Settings
from bot.store.database import Database

from .filling import cohort_in, fill_cards, fill_members, fill_memory, filling
from .group import TODAY, opened, revealed
from .measure import Beside, Figures, interleaved, looked_at, say

RATERS, RATER_CARDS = 100, 10
RATING_EVERY_S = 0.020


async def todays_list(*, members: int, cards: int, runs: int) -> Figures:
    """The list of a cohort in which everyone has met every card, while members of another one rate theirs."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "list.db"
        cohort_id = await _fill(path, members, cards)
        async with opened(path) as database:
            ratings = (await revealed(database, RATERS, RATER_CARDS)).ratings_for_ever()
            found = await interleaved(runs, todays_list=lambda: _choose(database, cohort_id, ratings))
    return Figures(
        {
            "seconds": median(seconds for seconds, _ in found["todays_list"]),
            "stall": median(max(beside.stalls) for _, beside in found["todays_list"]),
            "wait": median(max(beside.waits) for _, beside in found["todays_list"]),
        }
    )


async def _fill(path: Path, members: int, cards: int) -> int:
    began = perf_counter()
    cohort = await cohort_in(path, "list")
    with filling(path) as con:
        fill_cards(con, cohort, cards)
        fill_members(con, cohort, members)
        fill_memory(con, members, cards)
    say(f"  {members * cards:,} memory states in {perf_counter() - began:.0f} s")
    return cohort.id


async def _choose(database: Database, cohort_id: int, ratings: Iterator[Request]) -> tuple[float, Beside]:
    async with looked_at(Engine(database), ratings, RATING_EVERY_S) as beside:
        began = perf_counter()
        chosen = await choose_cards(database, cohort_id, TODAY)
        seconds = perf_counter() - began
    assert len(chosen) == Settings().cards
    return seconds, beside
