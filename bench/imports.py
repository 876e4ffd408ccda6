"""What a long import does to those who rate meanwhile."""

from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from bot.engine import Engine
from bot.importing import import_deck
from bot.model import Deck

from .group import NOW, deck_of, opened, revealed, set_up
from .measure import Beside, Figures, interleaved, looked_at

RATERS, RATER_CARDS = 100, 10
RATING_EVERY_S = 0.010


async def import_beside_ratings(*, cards: int, runs: int) -> Figures:
    """A new deck of so many cards, while the members of another cohort rate theirs."""
    found = await interleaved(runs, import_of_a_deck=lambda: _import(deck_of(cards, "imported")))
    return Figures(
        {
            "seconds": median(seconds for seconds, _ in found["import_of_a_deck"]),
            "stall": median(max(beside.stalls) for _, beside in found["import_of_a_deck"]),
            "wait": median(max(beside.waits) for _, beside in found["import_of_a_deck"]),
        }
    )


async def _import(deck: Deck) -> tuple[float, Beside]:
    with TemporaryDirectory() as folder:
        async with opened(Path(folder) / "import.db") as database:
            raters = await revealed(database, RATERS, RATER_CARDS)
            cohort = await set_up(database, "importing")
            async with looked_at(Engine(database), raters.ratings_for_ever(), RATING_EVERY_S) as beside:
                began = perf_counter()
                counts = await import_deck(database, cohort, deck, NOW)
                seconds = perf_counter() - began
    assert counts.added == len(deck.cards)
    return seconds, beside
