"""Decks of a group: reading a file in, in small transactions so that no rating waits, and saying what there is."""

import asyncio
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from .. import actions, screens, wording
from ..actions import Request
from ..errors import DeckError
from ..formats.problems import summary
from ..formats.reading import read_deck
from ..media import keep_pictures
from ..messages import Message
from ..model import Card, Cohort, Deck
from ..store import alone, cohorts, decks
from ..store.database import Database
from ..store.decks import ImportCounts
from ..store.tx import Tx

CHUNK = 250
MOST_SUGGESTED = 25


async def import_file(database: Database, request: Request, now: int) -> list[Message]:
    """Read a dropped file, make it a deck of the group that is here, and report card by card what became of it."""
    assert isinstance(request.action, actions.ImportDeck)
    cohort = await database.read(partial(cohorts.led, place=request.place, account=request.account))
    deck = await asyncio.to_thread(_read, request.action.data, request.action.file_name, database.media)
    counts = await import_deck(database, cohort, deck, now)
    return [screens.import_report(deck.title, counts.named(), summary(deck.problems))]


def _read(data: bytes, file_name: str, media: Path) -> Deck:
    return keep_pictures(read_deck(data, file_name), data, media)


async def import_deck(database: Database, cohort: Cohort, deck: Deck, now: int) -> ImportCounts:
    """Make the deck in the group what the file says. Interrupted, it is taken up by importing the file again.

    Cards are added or changed in chunks, and only the last step retires what the file no longer holds.
    Raises `DeckError` where the file holds no card.
    """
    if not deck.cards:
        raise DeckError(f"{deck.title}: no card in it can be asked, so nothing was imported.")

    async def begin(tx: Tx) -> tuple[int, int]:
        return await decks.begin_import(tx, cohort.workspace_id, cohort.id, deck, now)

    import_id, deck_id = await database.write(begin, background=True)
    for first, cards in _chunks(deck.cards):
        await database.write(
            partial(_apply, import_id=import_id, deck_id=deck_id, cards=cards, first=first, now=now), background=True
        )
    return await database.write(
        partial(decks.finish_import, import_id=import_id, deck_id=deck_id, now=now), background=True
    )


async def _apply(tx: Tx, import_id: int, deck_id: int, cards: Sequence[Card], first: int, now: int) -> None:
    await decks.import_cards(tx, import_id, deck_id, cards, first, now)


def _chunks(cards: Sequence[Card]) -> Iterator[tuple[int, Sequence[Card]]]:
    for first in range(0, len(cards), CHUNK):
        yield first, cards[first : first + CHUNK]


async def show(tx: Tx, request: Request, now: int) -> list[Message]:
    """The decks of the group that is here; its leads also see how many cards were reported."""
    cohort = await cohorts.here(tx, request.place, request.account)
    leads = request.account.leads or cohort.personal
    lines = [
        wording.deck_line(deck.title, deck.cards, deck.met, deck.licence, deck.reported if leads else 0)
        for deck in await decks.of_cohort(tx, cohort.id)
    ]
    elsewhere = None if request.place.channel else await alone.others(tx, request.account, cohort)
    return [screens.decks(cohort.name, lines, elsewhere, leads=leads)]


async def suggest(tx: Tx, request: Request, now: int) -> list[Message]:
    """The titles of the decks that may be meant, the likeliest first."""
    assert isinstance(request.action, actions.SuggestDecks)
    cohort = await cohorts.here(tx, request.place, request.account)
    found = await decks.with_title_like(tx, cohort.id, request.action.text.strip())
    return [screens.suggestions([title for _, title in found[:MOST_SUGGESTED]])]
