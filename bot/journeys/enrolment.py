"""Joining, privacy and finding one's way: what everyone needs who is new here, or lost."""

from .. import actions, screens, wording
from ..actions import Request
from ..commands import COMMANDS
from ..data import starters
from ..messages import Message
from ..screens import setting_up
from ..store import cohorts, decks, learners
from ..store.tx import Tx


async def hide_name(tx: Tx, request: Request, now: int) -> list[Message]:
    """Take the asker's name off this group's leaderboard, or put it back."""
    assert isinstance(request.action, actions.HideName)
    cohort = await cohorts.here(tx, request.place, request.account)
    member = await learners.find_or_enrol(tx, request.account, cohort, now)
    await learners.set_hidden(tx, cohort.id, member.learner_id, hidden=request.action.hidden)
    return [screens.name_hidden(hidden=request.action.hidden)]


async def show_help(tx: Tx, request: Request, now: int) -> list[Message]:
    """What can be done here, by who asks and by what is set up."""
    cohort = await cohorts.at_place(tx, request.place) if request.place.channel else None
    ready = bool(cohort and any(deck.cards for deck in await decks.of_cohort(tx, cohort.id)))
    elsewhere = not request.place.channel
    if request.account.leads and not (ready or elsewhere):
        return [setting_up.no_deck(cohort, starters()) if cohort else setting_up.no_group()]
    return [screens.help_page(COMMANDS, ready=ready or elsewhere, leads=request.account.leads)]


async def unknown_button(tx: Tx, request: Request, now: int) -> list[Message]:
    return [screens.said(wording.OLD_BUTTON)]


async def unknown_command(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.UnknownCommand)
    return [screens.said(wording.unknown_command(request.action.text, request.action.nearest))]
