"""The work of an import: a deck is compared with what is there, staged, and then applied in chunks.

Rules of this file:
- each step is one transaction of background work that leaves a state from which the next tick, or another process, goes
  on: nobody's rating waits for more than one of them;
- what is applied is what was staged: a deck that changed since then is compared anew;
- of two imports of a deck the newer one wins, and the older one stops.
"""

import asyncio
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from . import turns, wording
from .data import read_file
from .errors import DeckError
from .formats.planning import Known, Plan, plan
from .formats.reading import read_deck
from .media import keep_pictures
from .model import Cohort, Deck
from .states import ImportCounts, StagedImport, StagedState
from .store import changes, cohorts, decks, imports, staging
from .store.changes import CONFIGURATION
from .store.database import Database
from .store.tx import Tx

RETIRED_AT_ONCE = 1_000
Progress = Callable[[int], None]


async def ready(
    database: Database, data: bytes, file_name: str, format: str | None = None, beside: Path | None = None
) -> Deck:
    """A file as a deck that can be staged, its pictures kept: the one way from bytes to a deck of a group.

    Pictures may lie in the folder `beside`. Raises `DeckError`.
    """
    with turns.short(), _uncollected():
        deck = await asyncio.to_thread(read_deck, data, file_name, format)
        return await asyncio.to_thread(keep_pictures, deck, data, database.media, beside)


async def ready_file(database: Database, path: Path, format: str | None = None) -> Deck:
    """The same with a file on this computer; its pictures may lie beside it."""
    return await ready(database, await asyncio.to_thread(read_file, path), path.name, format, path.parent)


async def import_deck(
    database: Database, cohort: Cohort, deck: Deck, now: int, by: str = CONFIGURATION
) -> ImportCounts:
    """Make the deck in the group what the file says, without asking. Interrupted, the next tick goes on with it.

    Raises `DeckError` where the file holds no card, or where a newer import of the deck stops this one.
    """
    staged_id = await stage(database, cohort, deck, deck.title, by, now)
    while not await start(database, staged_id, now, background=True):
        staged_id = await stage_again(database, staged_id, now)
    await carry_on(database, staged_id, now)
    return (await ended(database, staged_id)).counts


# ---- before anything changes -----------------------------------------------------------------------------------------


async def stage(database: Database, cohort: Cohort, deck: Deck, file_name: str, by: str, now: int) -> int:
    """Keep the deck with what importing it would do. Returns the id of the staged import.

    Raises `DeckError` where the file holds no card.
    """
    if not deck.cards:
        raise DeckError(f"{deck.title}: no card in it can be asked, so nothing was imported.")
    with turns.short(), _uncollected():
        version, planned = await _planned(database, cohort, deck)
        keep = partial(staging.stage, cohort=cohort, deck=deck, plan=planned, version=version, now=now)
        staged_id = await database.write(partial(keep, file_name=file_name, by=by), background=True)
        chunks = staging.chunks(planned.entries)
        while written := await asyncio.to_thread(staging.written, chunks):
            await database.write(partial(staging.keep_chunks, staged_id=staged_id, written=written), background=True)
        return staged_id


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the garbage collector: its looks at a deck of thousands of cards take a fifteenth of the time.

    Nothing in here makes circles, so nothing is kept that would have gone.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


async def stage_again(database: Database, staged_id: int, now: int) -> int:
    """The same file, compared with the deck as it is now, in the place of one that is outdated."""

    async def read(tx: Tx) -> tuple[StagedImport, Cohort, Deck]:
        staged = await staging.find(tx, staged_id)
        return staged, await cohorts.by_id(tx, staged.cohort_id), await staging.deck_of(tx, staged_id)

    staged, cohort, deck = await database.read(read)
    again = await stage(database, cohort, deck, staged.file_name, staged.staged_by, now)
    await database.write(partial(staging.replace_by, old=staged_id, new=again), background=True)
    return again


async def _planned(database: Database, cohort: Cohort, deck: Deck) -> tuple[int, Plan]:
    """The version of the deck that is there, and what importing this one would do to it; reckoned in a thread."""
    version = await database.read(partial(decks.version_of, workspace_id=cohort.workspace_id, key=deck.key))
    page_after = partial(decks.known_after, workspace_id=cohort.workspace_id, key=deck.key)
    known: list[Known] = []
    while page := await database.read(partial(page_after, after=known[-1].id if known else 0)):
        known += page
    return version, await asyncio.to_thread(plan, known, deck.cards)


# ---- the deck changes ------------------------------------------------------------------------------------------------


async def start(database: Database, staged_id: int, now: int, *, background: bool = False) -> bool:
    """From now on it is applied, by whoever is up; False where the deck has changed since it was compared."""
    return await database.write(partial(_start, staged_id=staged_id, now=now), background=background)


async def _start(tx: Tx, staged_id: int, now: int) -> bool:
    staged = await staging.find(tx, staged_id)
    if staged.state is not StagedState.WAITING:
        return True
    cohort = await cohorts.by_id(tx, staged.cohort_id)
    deck = await staging.head_of(tx, staged_id)
    if await decks.version_of(tx, cohort.workspace_id, deck.key) != await staging.compared_with(tx, staged_id):
        return False
    await staging.start(tx, staged_id, await imports.begin(tx, cohort.workspace_id, cohort.id, deck, now))
    return True


async def carry_on(
    database: Database, staged_id: int, now: int, progress: Progress = lambda applied: None, most: int | None = None
) -> bool:
    """Apply what was started, chunk by chunk, `most` of them at a time; False where there is nothing more to do."""
    steps, step = 0, partial(_step, staged_id=staged_id, now=now)
    with turns.short():
        while (applied := await database.write(step, background=True)) is not None:
            progress(applied)
            steps += 1
            if steps == most:
                return True
    return False


async def _step(tx: Tx, staged_id: int, now: int) -> int | None:
    """One chunk; gives how many cards are applied, or None where the import is at its end."""
    import_id = await staging.run_of(tx, staged_id)
    if not import_id:
        return None
    deck_id = await imports.go_on(tx, import_id)
    if deck_id is None:
        await staging.leave(tx, staged_id, StagedState.STOPPED)
        return None
    if taken := await staging.take_chunk(tx, staged_id):
        first, cards = taken
        await imports.put(tx, import_id, deck_id, cards, first, now)
        return first + len(cards)
    if await imports.retire_some(tx, import_id, deck_id, now, RETIRED_AT_ONCE):
        return (await staging.find(tx, staged_id)).cards
    await _end(tx, staged_id, import_id, now)
    return None


async def _end(tx: Tx, staged_id: int, import_id: int, now: int) -> None:
    await imports.end(tx, import_id, now)
    await staging.leave(tx, staged_id, StagedState.DONE)
    staged = await staging.find(tx, staged_id)
    if staged.staged_by != CONFIGURATION:  # which is read at every start
        what = wording.imported(staged.title, staged.counts.named())
        await changes.note(tx, staged.cohort_id, staged.staged_by, [what], now)


async def ended(database: Database, staged_id: int) -> StagedImport:
    """What an import did that is at its end. Raises `DeckError` where a newer one stopped it."""
    staged = await database.read(partial(staging.find, staged_id=staged_id))
    if staged.state is StagedState.STOPPED:
        raise DeckError(wording.stopped(staged.title))
    return staged


# ---- by the tick -----------------------------------------------------------------------------------------------------


async def forget(database: Database, staged_id: int) -> None:
    """Take away a staged import that was cancelled, or that nobody needs any more."""
    while await database.write(partial(staging.forget_some, staged_id=staged_id), background=True):
        pass
