"""Setting a group up, step by step, and changing it: forms are opened, filled in, and opened again where need be.

Rules of this file: only leads may; what was asked is done whole or not at all; what cannot be done is kept with whoever
filled it in, so that nobody has to write it twice.
"""

import dataclasses
from collections.abc import Mapping
from datetime import time

from msgspec.structs import replace

from .. import actions, forms, screens, settings
from ..actions import FormKind, OpenForm, Request
from ..coming import next_post
from ..data import starters
from ..errors import ConfigError
from ..messages import Form, Message
from ..model import Account, Cohort, Schedule, Settings, SetUp
from ..screens import leads as lead_screens
from ..screens import setting_up as set_up_screens
from ..store import changes, cohorts, decks, filled, leads, names, schedules
from ..store.tx import Tx
from ..wording import leads as lead_wording

USUAL_DAYS, USUAL_TIME = frozenset(range(5)), time(9)


async def open_form(tx: Tx, request: Request, now: int) -> list[Message]:
    """The form that was asked for, filled in with how things are set, or with what its asker had filled in last."""
    asked = request.action
    assert isinstance(asked, OpenForm)
    kept = await filled.last(tx, request.account, asked.which) if asked.again else {}
    cohort = await _asked_about(tx, asked, request)
    return [set_up_screens.form(await _form(tx, asked, request, cohort, kept))]


async def _asked_about(tx: Tx, asked: OpenForm, request: Request) -> Cohort | None:
    """The group, or None where there is none yet and one is to be made. A deck may be for a personal cohort too."""
    match asked.which:
        case FormKind.SET_UP:
            leads.must(request)
            return await cohorts.at_place(tx, request.place) if request.place.channel else None
        case FormKind.CHANGE | FormKind.POSTS:
            return await leads.led_group(tx, request, asked.cohort_id)
        case FormKind.PASTE | FormKind.UPLOAD:
            return await leads.led(tx, request, asked.cohort_id)


async def _form(tx: Tx, asked: OpenForm, request: Request, cohort: Cohort | None, kept: Mapping[str, str]) -> Form:
    if cohort is None:
        said = {**dict(settings.said(_usual(request.account))), "zone": request.account.zone, **kept}
        return forms.set_up(asked, kept.get(forms.CHANNEL) or request.place.channel, said)
    asked = replace(asked, cohort_id=cohort.id, version=cohort.version)
    said = {**dict(settings.said(await cohorts.set_up_of(tx, cohort))), **kept}
    match asked.which:
        case FormKind.SET_UP | FormKind.CHANGE:
            return forms.change(replace(asked, which=FormKind.CHANGE), said)
        case FormKind.POSTS:
            return forms.posts(asked, said)
        case FormKind.PASTE:
            return forms.paste(asked, kept)
        case FormKind.UPLOAD:
            return forms.upload(asked)


async def set_up(tx: Tx, request: Request, now: int) -> list[Message]:
    """Make a group of this channel, or change the one that is here."""
    action = request.action
    assert isinstance(action, actions.SetUpGroup)
    leads.must(request)
    if not request.place.channel:
        raise ConfigError("A group lives in a channel.", "Say this in the channel that it is for.")
    there = await cohorts.at_place(tx, request.place)
    try:
        before = await cohorts.set_up_of(tx, there) if there else _usual(request.account)
        name = () if there else ((forms.NAME, action.name or request.place.channel),)
        wanted = settings.changed(before, (*name, *action.values))
        if not there and await names.is_taken(tx, request.place, wanted.name):
            raise _taken(wanted.name)
    except ConfigError as error:  # answered here: what was filled in is kept, and that is a write
        if not forms.holds(action.values, forms.SET_UP):
            raise
        named = {forms.NAME: action.name} if action.name else {}
        given = {forms.CHANNEL: request.place.channel, **named, **dict(action.values)}
        return [await _not_done(tx, request, OpenForm(FormKind.SET_UP), given, error, now)]
    cohort = await cohorts.set_up(tx, request.place, wanted, request.account.name, now)
    await leads.remember(tx, cohort, request, now)
    return [await _what_is_set(tx, cohort, request, now)]


def _taken(name: str) -> ConfigError:
    return ConfigError(f"There is a group named “{name}” here already.", "Give this one a name of its own.")


async def _what_is_set(tx: Tx, cohort: Cohort, request: Request, now: int) -> Message:
    """What is set, and the next step: a deck, or where there is one a look at the first post."""
    schedule = (await schedules.of(tx, cohort)).schedule
    ready = any(deck.cards for deck in await decks.of_cohort(tx, cohort.id))
    steps = set_up_screens.what_next(cohort.id) if ready else set_up_screens.add_a_deck(cohort, starters())
    steps = [*lead_screens.in_file(cohort), *steps]
    return set_up_screens.what_is_set(cohort, schedule, await next_post(tx, cohort, now), request.lacks, steps)


async def change(tx: Tx, request: Request, now: int) -> list[Message]:
    """Change settings; all of them, or none where one of them cannot be."""
    action = request.action
    assert isinstance(action, actions.ChangeSettings)
    cohort = await leads.led_group(tx, request, action.cohort_id)
    if action.version not in (0, cohort.version):
        return [screens.said(await _meanwhile(tx, cohort))]
    before = await cohorts.set_up_of(tx, cohort)
    if not action.values:
        return [lead_screens.which_setting(settings.said(before))]
    try:
        wanted = settings.changed(before, action.values)
        if await names.is_anothers(tx, cohort, wanted.name):
            raise _taken(wanted.name)
    except ConfigError as error:  # answered here, as above
        form = forms.that_holds(action.values)
        if form is None:
            raise
        return [await _not_done(tx, request, OpenForm(form, cohort.id), dict(action.values), error, now)]
    return [await _changed(tx, cohort, before, wanted, request, now)]


async def copy(tx: Tx, request: Request, now: int) -> list[Message]:
    """Take over the schedule and the settings of another group of this workspace."""
    assert isinstance(request.action, actions.CopySetUp)
    cohort = await leads.led_group(tx, request)
    other = await names.find(tx, cohort.workspace_id, request.action.name)
    if other is None or other.id == cohort.id:
        return [screens.said(lead_wording.no_group_named(request.action.name))]
    before = await cohorts.set_up_of(tx, cohort)
    wanted = dataclasses.replace(await cohorts.set_up_of(tx, other), name=cohort.name)
    return [await _changed(tx, cohort, before, wanted, request, now)]


async def finish(tx: Tx, request: Request, now: int) -> list[Message]:
    """All steps are done: say when the next post comes."""
    assert isinstance(request.action, actions.FinishSetUp)
    cohort = await leads.led_group(tx, request, request.action.cohort_id)
    return [set_up_screens.finished(await next_post(tx, cohort, now))]


# ---- within ----------------------------------------------------------------------------------------------------------


def _usual(account: Account) -> SetUp:
    return SetUp(Schedule(USUAL_DAYS, USUAL_TIME, account.zone or "UTC"), Settings())


async def _not_done(
    tx: Tx, request: Request, form: OpenForm, given: Mapping[str, str], error: ConfigError, now: int
) -> Message:
    """Say what is wrong, and keep what was filled in for the next try."""
    await filled.keep(tx, request.account, form.which, given, now)
    return set_up_screens.not_done(str(error), replace(form, again=True))


async def _changed(tx: Tx, cohort: Cohort, before: SetUp, wanted: SetUp, request: Request, now: int) -> Message:
    """Keep it, and say what is different and when the next post comes."""
    what = settings.differences(before, wanted)
    cohort = await cohorts.change(tx, cohort, wanted, request.account.name, now)
    await leads.remember(tx, cohort, request, now)
    return lead_screens.changed(cohort, what, await next_post(tx, cohort, now))


async def _meanwhile(tx: Tx, cohort: Cohort) -> str:
    latest = await changes.latest(tx, cohort.id, 1)
    return lead_wording.changed_meanwhile(latest[0].by, latest[0].what) if latest else ""
