"""Decks of a group: what there is, and importing one: a lead sees what a file would do, and then says so.

Rule of this file: nothing of a deck changes before a lead has said Import. The work itself is in `bot/importing.py`.
"""

import asyncio
from functools import partial

from msgspec.structs import replace

from .. import actions, forms, importing, screens, wording
from ..actions import OpenForm, Request
from ..data import starter_deck, starters
from ..errors import DeckError
from ..messages import Message, Notice, Part
from ..model import Cohort, Deck
from ..screens import imports as import_screens
from ..screens.setting_up import add_a_deck, another_deck, not_done, what_next
from ..states import StagedImport, StagedState
from ..store import alone, cohorts, decks, filled, leads, posts, proposals, staging
from ..store.database import Database
from ..store.tx import Tx

MOST_SUGGESTED = 25
WAITED_FOR = 1_000
"""Cards that are imported while whoever pressed Import waits; of more, the tick does the work."""


async def import_file(database: Database, request: Request, now: int) -> list[Message]:
    """Read a file and show what importing it would do."""
    action = request.action
    assert isinstance(action, actions.ImportDeck)
    cohort = await database.read(partial(leads.led, request=request, cohort_id=action.cohort_id))
    try:
        deck = await importing.ready(database, action.data, action.file_name)
        offered = await _offer(database, request, cohort, deck, action.called, now)
    except DeckError as error:  # answered here: what was filled in is kept, and that is a write
        if action.form is None:
            raise
        return [await _not_read(database, request, OpenForm(action.form, cohort.id), error, now)]
    if action.form is not None:
        await database.write(partial(filled.done, account=request.account))
    return offered


async def _not_read(database: Database, request: Request, form: OpenForm, error: DeckError, now: int) -> Message:
    """Say what is wrong, and keep what was filled in for the next try."""
    assert isinstance(request.action, actions.ImportDeck)
    given = forms.to_fill_in_again(request.action)
    await database.write(partial(filled.keep, account=request.account, form=form.which, given=given, now=now))
    return not_done(str(error), replace(form, again=True), kept=bool(given))


async def import_starter(database: Database, request: Request, now: int) -> list[Message]:
    """The same with a deck that comes with Flashmob: the group has a copy of its own from then on."""
    action = request.action
    assert isinstance(action, actions.ImportStarter)
    cohort = await database.read(partial(leads.led, request=request, cohort_id=action.cohort_id))
    deck = await asyncio.to_thread(starter_deck, action.key)
    return await _offer(database, request, cohort, deck, deck.title, now)


async def _offer(
    database: Database, request: Request, cohort: Cohort, deck: Deck, file_name: str, now: int
) -> list[Message]:
    staged_id = await importing.stage(database, cohort, deck, file_name, request.account.name, now)
    return [import_screens.staged(await database.read(partial(staging.find, staged_id=staged_id)))]


async def show_import(tx: Tx, request: Request, now: int) -> list[Message]:
    """What it would do, how far it is, or what it did."""
    return [await _staged(tx, await _asked_about(tx, request))]


async def show_problems(tx: Tx, request: Request, now: int) -> list[Message]:
    """Everything in the file that needs a look, as a file."""
    return [import_screens.report(await _asked_about(tx, request))]


async def show_proposals(tx: Tx, request: Request, now: int) -> list[Message]:
    """Cards that may be the same, some at a time."""
    assert isinstance(request.action, actions.ShowProposals)
    return [await _proposals(tx, await _asked_about(tx, request), request.action.page)]


async def settle_proposal(tx: Tx, request: Request, now: int) -> list[Message]:
    """Two cards are the same one, or they are not."""
    action = request.action
    assert isinstance(action, actions.SettleProposal)
    staged = await _asked_about(tx, request)
    if staged.state is StagedState.WAITING:
        await proposals.settle(tx, staged.id, action.number, same=action.same)
        staged = await staging.find(tx, staged.id)
    return [await _proposals(tx, staged, (action.number - 1) // import_screens.PROPOSALS + 1)]


async def apply_import(database: Database, request: Request, now: int) -> list[Message]:
    """Import what was staged: a small deck while its lead waits, a large one by and by."""
    staged = await database.read(partial(_asked_about, request=request))
    notice = screens.NO_NOTICE
    staged_id = staged.id
    if not await importing.start(database, staged_id, now):
        staged_id = await importing.stage_again(database, staged_id, now)
        notice = Notice(wording.OUTDATED)
    elif staged.cards <= WAITED_FOR:
        await importing.carry_on(database, staged_id, now)
    found = await database.read(partial(staging.find, staged_id=staged_id))
    return [await database.read(partial(_staged, found=found, notice=notice))]


async def cancel_import(tx: Tx, request: Request, now: int) -> list[Message]:
    """Forget a file that waits. What is being imported already goes on."""
    staged = await _asked_about(tx, request)
    if staged.state is not StagedState.WAITING:
        return [import_screens.staged(staged, replaces=True)]
    await staging.leave(tx, staged.id, StagedState.CANCELLED)
    return [screens.said(wording.cancelled(staged.title), replaces=True)]


async def show(tx: Tx, request: Request, now: int) -> list[Message]:
    """The decks of the group that is here; its leads also see how many cards were reported."""
    cohort = await cohorts.here(tx, request.place, request.account)
    may_lead = request.account.leads or cohort.personal
    lines = [
        wording.deck_line(deck.title, deck.cards, deck.met, deck.licence, deck.reported if may_lead else 0)
        for deck in await decks.of_cohort(tx, cohort.id)
    ]
    steps = another_deck(cohort) if lines else add_a_deck(cohort, starters())
    elsewhere = None if request.place.channel else await alone.others(tx, request.account, cohort)
    return [screens.decks(cohort.name, lines, steps if may_lead else [], elsewhere)]


async def suggest(tx: Tx, request: Request, now: int) -> list[Message]:
    """The titles of the decks that may be meant, the likeliest first."""
    assert isinstance(request.action, actions.SuggestDecks)
    cohort = await cohorts.here(tx, request.place, request.account)
    found = await decks.with_title_like(tx, cohort.id, request.action.text.strip())
    return [screens.suggestions([title for _, title in found[:MOST_SUGGESTED]])]


# ---- within ----------------------------------------------------------------------------------------------------------


async def _asked_about(tx: Tx, request: Request) -> StagedImport:
    """The staged import that a button names, if it is of a group that its presser leads."""
    assert isinstance(request.action, actions.AboutImport)
    staged = await staging.find(tx, request.action.staged_id)
    await leads.led(tx, request, staged.cohort_id)
    return staged


async def _staged(tx: Tx, found: StagedImport, notice: Notice = screens.NO_NOTICE) -> Message:
    """How it stands. Once the first deck is in, its first post can be looked at; alone, one can start."""
    shown = import_screens.staged(found, notice, replaces=True)
    return replace(shown, parts=(*shown.parts, *await _next_step(tx, found)))


async def _next_step(tx: Tx, found: StagedImport) -> list[Part]:
    if found.state is not StagedState.DONE or await posts.latest(tx, found.cohort_id) is not None:
        return []
    cohort = await cohorts.by_id(tx, found.cohort_id)
    return [screens.start_now()] if cohort.personal else what_next(cohort.id)


async def _proposals(tx: Tx, staged: StagedImport, page: int) -> Message:
    if staged.state is not StagedState.WAITING:
        return import_screens.staged(staged, replaces=True)
    first = (page - 1) * import_screens.PROPOSALS + 1
    shown = await proposals.page(tx, staged.id, first, import_screens.PROPOSALS)
    return import_screens.proposals(staged, page, shown)
