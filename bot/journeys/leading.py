"""What leads do: set a group up, change it, pause and resume, skip today, post now, look, and copy a set-up.

Rules of this file: only leads may; every change is kept with who made it; what was asked is done whole or not at all.
"""

from datetime import time

from .. import actions, screens, settings
from ..actions import Request
from ..choosing import choose_cards
from ..clock import clock_time, date_of, local_day
from ..errors import ConfigError, NotForYou
from ..messages import Message
from ..model import Cohort, Schedule, Settings, SetUp
from ..screens import leads as lead_screens
from ..store import changes, cohorts, learners, posts, schedules, status, unsent, workspaces
from ..store.changes import Change
from ..store.database import Database
from ..store.status import PostLine, TroubleLine
from ..store.tx import Tx
from ..wording import leads as lead_wording

CHANGES_SHOWN = 5
USUAL = SetUp(Schedule(frozenset(range(5)), time(9), "UTC"), Settings())


async def show_status(tx: Tx, request: Request, now: int) -> list[Message]:
    """The last and the next posts, what was skipped or failed and why, and what to do about it."""
    cohort = await _led(tx, request)
    return [await status_screen(tx, cohort, now)]


async def status_screen(tx: Tx, cohort: Cohort, now: int) -> Message:
    found = await status.of(tx, cohort, now)
    latest = await changes.latest(tx, cohort.id, CHANGES_SHOWN)
    set_up = settings.said(await cohorts.set_up_of(tx, cohort))
    return lead_screens.status(
        cohort.name,
        await _what_comes(tx, cohort, now),
        [
            (
                "Troubles",
                [
                    *lead_wording.away(found.connections, cohort.zone, now),
                    *map(lead_wording.blocked, found.blocked),
                    *(_trouble(one, cohort) for one in found.troubles),
                ],
            ),
            ("Why these cards", await _reasons(tx, cohort)),
            ("Last posts", [_post(one, cohort) for one in found.posts]),
            ("Last changes", [_change(one, cohort) for one in latest]),
        ],
        paused=bool(found.paused),
        settings=[lead_screens.setting_line(name, value) for name, value in set_up],
    )


async def _what_comes(tx: Tx, cohort: Cohort, now: int) -> str:
    """When the next post comes, or why none does."""
    since = await workspaces.away_since(tx, cohort.id)
    if since is not None:
        return lead_wording.removed(since, workspaces.GRACE_DAYS, cohort.zone)
    planned = await schedules.of(tx, cohort)
    return lead_wording.next_post(planned.run_at, planned.paused, cohort.zone, now)


async def _reasons(tx: Tx, cohort: Cohort) -> list[str]:
    """Why each card of the newest post was chosen."""
    post_id = await posts.latest(tx, cohort.id)
    if post_id is None:
        return []
    post = await posts.state(tx, post_id)
    return [
        lead_screens.reason_line(asked.card.prompt, reason)
        for asked, reason in zip(post.cards, post.reasons, strict=True)
    ]


def _post(line: PostLine, cohort: Cohort) -> str:
    time = clock_time(line.at, cohort.zone)
    return lead_wording.post_line(date_of(line.day), line.state, time, line.cards, line.studied, line.reason)


def _trouble(line: TroubleLine, cohort: Cohort) -> str:
    again = clock_time(line.again_at, cohort.zone) if line.again_at is not None else ""
    return lead_wording.trouble_line(line.kind, line.attempts, again, line.reason)


def _change(line: Change, cohort: Cohort) -> str:
    day = date_of(local_day(line.at, cohort.zone))
    return lead_wording.change_line(day, clock_time(line.at, cohort.zone), line.by, line.what)


async def set_up(tx: Tx, request: Request, now: int) -> list[Message]:
    """Make a group of this channel, or change the one that is here."""
    assert isinstance(request.action, actions.SetUpGroup)
    _must_lead(request)
    if not request.place.channel:
        raise ConfigError("A group lives in a channel.", "Say this in the channel that it is for.")
    there = await cohorts.at_place(tx, request.place)
    wanted = settings.changed(await cohorts.set_up_of(tx, there) if there else USUAL, request.action.values)
    name = there.name if there else request.action.name or request.place.channel
    if there is None and await cohorts.is_taken(tx, request.place, name):
        raise ConfigError(f"There is a group named “{name}” here already.", "Give this one a name of its own.")
    cohort = await cohorts.set_up(tx, request.place, name, wanted, request.account.name, now)
    await _remember_lead(tx, cohort, request, now)
    return [await _said(tx, cohort, lead_wording.SET_UP, now)]


async def change(tx: Tx, request: Request, now: int) -> list[Message]:
    """Change settings; all of them, or none where one of them cannot be."""
    assert isinstance(request.action, actions.ChangeSettings)
    cohort = await _led(tx, request)
    if request.action.version not in (0, cohort.version):
        return [screens.said(await _meanwhile(tx, cohort))]
    if not request.action.values:
        return [screens.said(lead_wording.WHICH_SETTING)]
    before = await cohorts.set_up_of(tx, cohort)
    wanted = settings.changed(before, request.action.values)
    what = settings.differences(before, wanted)
    cohort = await cohorts.change(tx, cohort, wanted, request.account.name, now)
    await _remember_lead(tx, cohort, request, now)
    return [await _said(tx, cohort, lead_wording.settings_changed(what), now)]


async def pause(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.PausePosts)
    cohort = await _led(tx, request)
    until = settings.a_date(request.action.until) if request.action.until else None
    if until is not None and until <= local_day(now, cohort.zone):
        raise ConfigError("That day is not ahead.", "Name the day of the next post, for example 2027-01-04.")
    words = lead_wording.paused_by(request.account.name, date_of(until) if until is not None else None)
    await schedules.pause(tx, cohort, words, until, now)
    await _leave_out_what_waits(tx, cohort, words)
    await _note(tx, cohort, request, words, now)
    return [await _said(tx, cohort, lead_wording.PAUSED, now)]


async def resume(tx: Tx, request: Request, now: int) -> list[Message]:
    cohort = await _led(tx, request)
    await schedules.resume(tx, cohort, now)
    await _note(tx, cohort, request, "resumed", now)
    return [await _said(tx, cohort, lead_wording.RESUMED, now)]


async def skip_today(tx: Tx, request: Request, now: int) -> list[Message]:
    """Leave today's post out, unless it went out already."""
    cohort = await _led(tx, request)
    today = local_day(now, cohort.zone)
    reason = lead_wording.skipped_by(request.account.name)
    waited = await _leave_out_what_waits(tx, cohort, reason)
    made = await posts.plan(tx, cohort, today, now, now, skipped=reason)
    if made is None and not waited:
        return [await _said(tx, cohort, lead_wording.TODAY_IS_SETTLED, now)]
    await schedules.skip_past(tx, cohort, today, now)
    await _note(tx, cohort, request, "skipped today", now)
    return [await _said(tx, cohort, lead_wording.SKIPPED_TODAY, now)]


async def post_now(tx: Tx, request: Request, now: int) -> list[Message]:
    """Bring today's post forward; refused where it went out already."""
    cohort = await _led(tx, request)
    today = local_day(now, cohort.zone)
    made = await posts.plan(tx, cohort, today, now, now) or await unsent.revive(tx, cohort.id, today, now)
    if made is None:
        return [await _said(tx, cohort, lead_wording.POSTED_ALREADY, now)]
    await schedules.skip_past(tx, cohort, today, now)
    await _note(tx, cohort, request, "posted at once", now)
    return [await _said(tx, cohort, lead_wording.POSTING_NOW, now)]


async def copy(tx: Tx, request: Request, now: int) -> list[Message]:
    """Take over the schedule and the settings of another group of this workspace."""
    assert isinstance(request.action, actions.CopySetUp)
    cohort = await _led(tx, request)
    other = await cohorts.named(tx, cohort.workspace_id, request.action.name)
    if other is None or other.id == cohort.id:
        return [screens.said(lead_wording.no_group_named(request.action.name))]
    wanted = await cohorts.set_up_of(tx, other)
    what = settings.differences(await cohorts.set_up_of(tx, cohort), wanted)
    cohort = await cohorts.change(tx, cohort, wanted, request.account.name, now)
    await _remember_lead(tx, cohort, request, now)
    return [await _said(tx, cohort, lead_wording.settings_changed(what), now)]


async def preview(database: Database, request: Request, now: int) -> list[Message]:
    """Today's post as it would be now, to its asker alone; nothing is kept."""

    async def find(tx: Tx) -> Cohort:
        return await _led(tx, request)

    cohort = await database.read(find)
    cards = await choose_cards(database, cohort.id, local_day(now, cohort.zone))

    async def show(tx: Tx) -> list[Message]:
        return [lead_screens.preview(await posts.as_if(tx, cohort, cards, now))]

    return await database.read(show)


# ---- within ----------------------------------------------------------------------------------------------------------


def _must_lead(request: Request) -> None:
    if not request.account.leads:
        raise NotForYou


async def _led(tx: Tx, request: Request) -> Cohort:
    cohort = await cohorts.led(tx, request.place, request.account)
    if cohort.personal:
        raise ConfigError(lead_wording.NO_POSTS_ALONE)
    return cohort


async def _leave_out_what_waits(tx: Tx, cohort: Cohort, reason: str) -> int:
    """Send no more what should have gone out and could not yet; returns how many posts that are."""
    waiting = await unsent.waiting(tx, cohort.id)
    for post_id, _ in waiting:
        await unsent.leave_out(tx, post_id, reason)
    return len(waiting)


async def _meanwhile(tx: Tx, cohort: Cohort) -> str:
    latest = await changes.latest(tx, cohort.id, 1)
    return lead_wording.changed_meanwhile(latest[0].by, latest[0].what) if latest else ""


async def _note(tx: Tx, cohort: Cohort, request: Request, what: str, now: int) -> None:
    await changes.note(tx, cohort.id, request.account.name, [what], now)
    await _remember_lead(tx, cohort, request, now)


async def _remember_lead(tx: Tx, cohort: Cohort, request: Request, now: int) -> None:
    """Whoever changed it last is told of troubles."""
    learner_id = await learners.known_or_new(tx, request.account, cohort.zone, now)
    await cohorts.led_by(tx, cohort.id, learner_id)


async def _said(tx: Tx, cohort: Cohort, words: str, now: int) -> Message:
    """What was done, and when the next post comes."""
    return lead_screens.answer(words, await _what_comes(tx, cohort, now))
