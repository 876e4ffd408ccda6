"""What leads do: look how it goes, pause and resume, skip today, post now, look ahead.

Rules of this file: only leads may; every change is kept with who made it; what was asked is done whole or not at all.
"""

from collections.abc import Sequence

from .. import actions, settings
from ..actions import Request
from ..choosing import choose_cards
from ..clock import clock_time, date_of, local_day
from ..coming import next_post
from ..errors import ConfigError
from ..markdown import escape
from ..messages import Button, Message
from ..model import Cohort
from ..screens import leads as lead_screens
from ..screens import setting_up as set_up_screens
from ..store import changes, cohorts, leads, posts, schedules, status, unsent
from ..store.changes import Change
from ..store.database import Database
from ..store.status import PostLine, Status, TroubleLine
from ..store.tx import Tx
from ..wording import leads as lead_wording

CHANGES_SHOWN = 5


async def show_status(tx: Tx, request: Request, now: int) -> list[Message]:
    """The last and the next posts, what was skipped or failed and why, and what to do about it."""
    cohort = await leads.led_group(tx, request)
    return [await status_screen(tx, cohort, now, request.lacks)]


async def status_screen(tx: Tx, cohort: Cohort, now: int, lacks: Sequence[str] = ()) -> Message:
    found = await status.of(tx, cohort, now)
    latest = await changes.latest(tx, cohort.id, CHANGES_SHOWN)
    return lead_screens.status(
        cohort,
        await next_post(tx, cohort, now),
        [
            (lead_wording.LACKING, list(map(escape, lacks))),
            (
                "Troubles",
                [
                    *lead_wording.away(found.connections, cohort.zone, now),
                    *map(lead_wording.blocked, found.blocked),
                    *(_trouble(one, cohort) for one in found.troubles),
                ],
            ),
            (lead_wording.WHY, await _reasons(tx, cohort)),
            ("Last posts", [_post(one, cohort) for one in found.posts]),
            ("Last changes", [_change(one, cohort) for one in latest]),
        ],
        settings.said(await cohorts.set_up_of(tx, cohort)),
        _todays_post(found, cohort, now),
        paused=bool(found.paused),
    )


def _todays_post(found: Status, cohort: Cohort, now: int) -> list[Button]:
    """It may come now unless it is out, and be skipped while it is ahead or on its way."""
    today = local_day(now, cohort.zone)
    state = next((line.state for line in found.posts if line.day == today), "")
    ahead = not state and found.next_at is not None and local_day(found.next_at, cohort.zone) == today
    waits = any(line.state == "waiting" for line in found.posts)
    return lead_screens.todays_post(can_post=state not in ("open", "closed"), can_skip=ahead or waits)


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


async def pause(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.PausePosts)
    cohort = await leads.led_group(tx, request)
    until = settings.a_date(request.action.until) if request.action.until else None
    if until is not None and until <= local_day(now, cohort.zone):
        raise ConfigError("That day is not ahead.", "Name the day of the next post, for example 2027-01-04.")
    words = lead_wording.paused_by(request.account.name, date_of(until) if until is not None else None)
    await schedules.pause(tx, cohort, words, until, now)
    await _leave_out_what_waits(tx, cohort, words)
    await _note(tx, cohort, request, words, now)
    return [await _said(tx, cohort, lead_wording.PAUSED, now)]


async def resume(tx: Tx, request: Request, now: int) -> list[Message]:
    cohort = await leads.led_group(tx, request)
    await schedules.resume(tx, cohort, now)
    await _note(tx, cohort, request, "resumed", now)
    return [await _said(tx, cohort, lead_wording.RESUMED, now)]


async def skip_today(tx: Tx, request: Request, now: int) -> list[Message]:
    """Leave today's post out, unless it went out already."""
    cohort = await leads.led_group(tx, request)
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
    cohort = await leads.led_group(tx, request)
    today = local_day(now, cohort.zone)
    made = await posts.plan(tx, cohort, today, now, now) or await unsent.revive(tx, cohort.id, today, now)
    if made is None:
        return [await _said(tx, cohort, lead_wording.POSTED_ALREADY, now)]
    await schedules.skip_past(tx, cohort, today, now)
    await _note(tx, cohort, request, "posted at once", now)
    return [await _said(tx, cohort, lead_wording.POSTING_NOW, now)]


async def preview(database: Database, request: Request, now: int) -> list[Message]:
    """Today's post as it would be now, to its asker alone; nothing is kept."""
    asked = request.action
    assert isinstance(asked, actions.PreviewPost)

    async def find(tx: Tx) -> Cohort:
        return await leads.led_group(tx, request, asked.cohort_id)

    cohort = await database.read(find)
    cards = await choose_cards(database, cohort.id, local_day(now, cohort.zone))

    async def show(tx: Tx) -> list[Message]:
        next_step = set_up_screens.or_change(cohort.id) if asked.cohort_id else []
        return [lead_screens.preview(await posts.as_if(tx, cohort, cards, now), next_step)]

    return await database.read(show)


# ---- within ----------------------------------------------------------------------------------------------------------


async def _leave_out_what_waits(tx: Tx, cohort: Cohort, reason: str) -> int:
    """Send no more what should have gone out and could not yet; returns how many posts that are."""
    waiting = await unsent.waiting(tx, cohort.id)
    for post_id, _ in waiting:
        await unsent.leave_out(tx, post_id, reason)
    return len(waiting)


async def _note(tx: Tx, cohort: Cohort, request: Request, what: str, now: int) -> None:
    await changes.note(tx, cohort.id, request.account.name, [what], now)
    await leads.remember(tx, cohort, request, now)


async def _said(tx: Tx, cohort: Cohort, words: str, now: int) -> Message:
    """What was done, and when the next post comes."""
    return lead_screens.answer(words, await next_post(tx, cohort, now))
