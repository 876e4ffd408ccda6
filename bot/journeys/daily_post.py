"""The daily post: planned, chosen, filled, sent and closed; and what people ask about it.

Planning takes three steps, so that no arithmetic sits in the writer: `plan` puts the post down as `choosing` and moves
the schedule on; the scheduler has the cards chosen (`choosing.py`); `fill` gives the post its cards if it still waits
for them. Whoever dies between two steps is followed up by the next tick. A post is open for ratings from its filling,
and the one before closes when the first message of this one was sent.
"""

from collections.abc import Sequence

from .. import actions, screens, wording
from ..actions import Request
from ..clock import instant, local_day, next_post, weekday
from ..messages import Message
from ..model import AnswersAfter, Cohort, PostStyle, RatingInput, Schedule
from ..states import PostState
from ..store import changes, cohorts, deliveries, leases, places, posts, schedules, unsent, workspaces
from ..store.deliveries import Delivery, DeliveryKind
from ..store.posts import PickedCard
from ..store.tx import Tx
from ..wording import leads as lead_wording

MOST_QUIET = 5
AT_ONCE = 100


async def to_plan(tx: Tx, after: tuple[int, int], now: int) -> list[tuple[int, int]]:
    """The cohorts whose next post is due, after this one: (when, cohort), at most AT_ONCE of them."""
    return await schedules.due(tx, now, AT_ONCE, after)


async def plan(tx: Tx, cohort_id: int, now: int) -> int | None:
    """Put down a cohort's post and move its schedule on; returns the post that waits for cards, if any."""
    cohort = await cohorts.by_id(tx, cohort_id)
    planned = await schedules.of(tx, cohort)
    if planned.run_at is None or planned.run_at > now:
        return None
    if (later := _not_yet(planned.schedule, planned.run_at, now)) is not None:
        await schedules.move_on(tx, cohort_id, planned.run_at, later)
        return None
    times, following = _since(planned.schedule, planned.run_at, now)
    if not await schedules.move_on(tx, cohort_id, planned.run_at, following):
        return None  # another process was first
    await _leave_behind(tx, cohort, now)
    away = lead_wording.NOT_THERE if await workspaces.away_since(tx, cohort.id) is not None else ""
    if not away and await posts.unanswered_in_a_row(tx, cohort_id, MOST_QUIET) >= MOST_QUIET:
        await _fall_silent(tx, cohort, now)
        return None
    made = [await _plan_one(tx, cohort, day, run_at, now, away) for day, run_at in times]
    return made[-1]


def _not_yet(schedule: Schedule, run_at: int, now: int) -> int | None:
    """The right time where the rules of the zone have changed since `run_at` was written down, and it is ahead."""
    if next_post(schedule, run_at - 1)[1] == run_at:
        return None
    day = local_day(run_at, schedule.zone)
    right = instant(day, schedule.local_time, schedule.zone)
    return right if right > now and weekday(day) in schedule.weekdays else None


def _since(schedule: Schedule, run_at: int, now: int) -> tuple[list[tuple[int, int]], int]:
    """Every day and time at which a post was due, from `run_at` up to now, and the first time after now.

    The day is the one that the schedule means: a time that does not exist may be moved into the next date.
    """
    day, meant_at = next_post(schedule, run_at - 1)
    times = []
    while run_at <= now:
        times.append((day if meant_at == run_at else local_day(run_at, schedule.zone), run_at))
        day, run_at = next_post(schedule, run_at)
        meant_at = run_at
    return times, run_at


async def _leave_behind(tx: Tx, cohort: Cohort, now: int) -> None:
    """A post that nobody sends, as on a platform that is not enabled, does not wait for ever."""
    for post_id, due_at in await unsent.waiting(tx, cohort.id):
        if is_too_late(due_at, now, cohort):
            await unsent.leave_out(tx, post_id, lead_wording.missed(cohort.settings.late_hours))


async def _plan_one(tx: Tx, cohort: Cohort, day: int, run_at: int, now: int, away: str) -> int | None:
    """`away`: why nothing can be posted, or empty."""
    reason = lead_wording.DAY_OFF if day in cohort.settings.days_off else away
    if not reason and is_too_late(run_at, now, cohort):
        reason = lead_wording.missed(cohort.settings.late_hours)
    post_id = await posts.plan(tx, cohort, day, run_at, now, skipped=reason)
    return None if reason else post_id


def is_too_late(due_at: int, now: int, cohort: Cohort) -> bool:
    """Past the hours that a post may be late, past the evening's limit unless it was meant to be, or on a later day."""
    late_ms = now - due_at
    if late_ms <= GRACE_MS:  # where the clock was set back, it may even be early
        return False
    day = local_day(due_at, cohort.zone)
    evening = instant(day, cohort.settings.late_until, cohort.zone)
    past_limit = late_ms > cohort.settings.late_hours * 3_600_000
    return past_limit or due_at < evening <= now or local_day(now, cohort.zone) > day


GRACE_MS = 5 * 60_000
"""A few ticks, also with `late_hours` 0, in the evening, and over midnight."""


async def _fall_silent(tx: Tx, cohort: Cohort, now: int) -> None:
    """Nobody answered for days: say so once, in the channel, and post no more until somebody resumes."""
    await schedules.pause(tx, cohort, lead_wording.QUIET_PAUSE, None, now)
    await changes.note(tx, cohort.id, "Flashmob", [f"paused: {lead_wording.QUIET_PAUSE}"], now)
    for target in await deliveries.targets_of(tx, cohort.id):
        key = f"silent:{cohort.id}:{target.place_id}:{now}"
        await deliveries.add_words(tx, DeliveryKind.NOTICE, key, target, "", now, cohort_id=cohort.id)


async def fill(tx: Tx, post_id: int, cohort_id: int, cards: Sequence[PickedCard], now: int) -> bool:
    """Open the post with these cards and have it sent. False where there is nothing to send.

    A post that was planned by a process that died is too late where it would have been too late to plan it.
    """
    cohort = await cohorts.by_id(tx, cohort_id)
    if is_too_late((await posts.state(tx, post_id)).due_at, now, cohort):
        await unsent.leave_out(tx, post_id, lead_wording.missed(cohort.settings.late_hours))
        return False
    if not await posts.fill(tx, post_id, cards):
        return False
    post = await posts.state(tx, post_id)
    seeded = post.style is PostStyle.CARDS and post.rating_input is not RatingInput.BUTTONS
    for target in await deliveries.targets_of(tx, cohort_id):
        for part in range(screens.parts_of(post)):
            for kind in (DeliveryKind.POST, *([DeliveryKind.SEED] if seeded else [])):
                await deliveries.add_for_post(tx, kind, post_id, cohort_id, target, part, now, now)
    return True


# ---- sending ---------------------------------------------------------------------------------------------------------


async def begin(tx: Tx, delivery: Delivery, owner: str, now: int) -> bool:
    """Whether to send it, which is asked just before: not when somebody else took it over, nor a post that is too late.

    The latter is skipped with a reason, as is one to a place that the group has left meanwhile; of one that went out
    elsewhere, the rest is left out.
    """
    if not await leases.hold(tx, delivery.id, owner, now):
        return False
    if delivery.kind is not DeliveryKind.POST or delivery.post_id is None or delivery.cohort_id is None:
        return True
    post = await posts.state(tx, delivery.post_id)
    cohort = await cohorts.by_id(tx, delivery.cohort_id)
    opened_at = await posts.opened_at(tx, post.id)
    late = _is_over(post, opened_at, now, cohort) if opened_at else is_too_late(post.due_at, now, cohort)
    left_out = not post.open and not post.closed
    here = delivery.place_id in await places.of(tx, cohort.id)
    if here and not late and not left_out:
        return True
    reason = lead_wording.missed(cohort.settings.late_hours) if here else lead_wording.ELSEWHERE
    if not delivery.in_doubt:  # it is not begun after all
        await leases.beyond_doubt(tx, delivery.id, owner)
    await leases.never(tx, delivery.id, owner, reason, state="skipped")
    await unsent.leave_out_at(tx, post.id, delivery.place_id, reason)
    return False


def _is_over(post: PostState, opened_at: int, now: int, cohort: Cohort) -> bool:
    """What is missing of a post is sent for an hour at least, and not once the next one is out."""
    return post.closed or now - opened_at > max(1, cohort.settings.late_hours) * 3_600_000


async def record(tx: Tx, delivery: Delivery, owner: str, message_id: str | None, now: int) -> None:
    """Keep that it was sent; the first message of a post closes the one before."""
    if not await leases.sent(tx, delivery, owner, message_id, now):
        return
    if delivery.kind is DeliveryKind.POST and delivery.post_id is not None and delivery.cohort_id is not None:
        if not await posts.went_out(tx, delivery.post_id, now):
            return
        day = await posts.day_of(tx, delivery.post_id)
        public = (await cohorts.by_id(tx, delivery.cohort_id)).settings.answers is AnswersAfter.PUBLIC
        for closed in await posts.close_before(tx, delivery.cohort_id, day, now):
            await deliveries.add_everywhere(tx, DeliveryKind.CLOSE, closed, now, every_message=public)


# ---- what people ask -------------------------------------------------------------------------------------------------


async def explain(tx: Tx, request: Request, now: int) -> list[Message]:
    return [screens.how_it_works()]


async def see_answers(tx: Tx, request: Request, now: int) -> list[Message]:
    """The answers of a closed post; an open one keeps them until each learner has tried."""
    assert isinstance(request.action, actions.SeeAnswers)
    post = await posts.state(tx, request.action.post_id)
    return [screens.answers(post, request.action.page) if post.closed else screens.said(wording.STILL_OPEN)]


async def why_these(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.WhyThese)
    return [screens.why_these(await posts.state(tx, request.action.post_id))]
