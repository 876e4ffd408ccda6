"""The daily post: planned, chosen, filled, sent and closed; and what people ask about it.

Planning takes three steps, so that no arithmetic sits in the writer: `plan` puts the post down as `choosing` and moves
the schedule on; the scheduler reads what the cohort remembers (`load`) and chooses in a worker thread; `fill` gives the
post its cards if it still waits for them. Whoever dies between two steps is followed up by the next tick.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import time

from .. import actions, screens, wording
from ..actions import Request
from ..clock import instant, local_day, next_post, parse_time
from ..messages import Message
from ..model import Cohort, PostStyle, RatingInput, Schedule
from ..selection import ACTIVE_WINDOW, member_weight
from ..store import cohorts, deliveries, posts
from ..store.deliveries import DeliveryKind
from ..store.posts import PickedCard
from ..store.tx import Row, Tx

MISSED = "Flashmob was not running at the time. No progress was lost; the cards will come back."
NEWER = "A newer post took its place before this could be sent."
LATEST_BY_MS = 6 * 3_600_000
LATEST_AT = time(21)


async def to_plan(tx: Tx, now: int) -> list[int]:
    """The cohorts whose next post is due."""
    rows = await tx.all(
        """select s.cohort_id from schedules s join cohorts c on c.id = s.cohort_id
           where s.run_at <= :now and c.ended_at is null order by s.run_at, s.cohort_id limit 100""",
        now=now,
    )
    return [row["cohort_id"] for row in rows]


async def plan(tx: Tx, cohort_id: int, now: int) -> int | None:
    """Put down a cohort's post and move its schedule on; returns the post that waits for cards, if any."""
    cohort = await cohorts.by_id(tx, cohort_id)
    row = await tx.one(
        "select weekdays, local_time, run_at from schedules where cohort_id = :cohort and run_at <= :now",
        cohort=cohort_id,
        now=now,
    )
    if row is None:
        return None
    times, following = _since(schedule_of(cohort, row), row["run_at"], now)
    moved = await tx.run(
        "update schedules set run_at = :next where cohort_id = :cohort and run_at = :seen",
        next=following,
        cohort=cohort.id,
        seen=row["run_at"],
    )
    if not moved:  # another process was first
        return None
    planned = [await _plan_one(tx, cohort, run_at, now) for run_at in times]
    return planned[-1]


def _since(schedule: Schedule, run_at: int, now: int) -> tuple[list[int], int]:
    """Every time at which a post was due, from `run_at` up to now, and the first one after now."""
    times = []
    while run_at <= now:
        times.append(run_at)
        run_at = next_post(schedule, run_at)[1]
    return times, run_at


async def _plan_one(tx: Tx, cohort: Cohort, run_at: int, now: int) -> int | None:
    late = is_too_late(run_at, now, cohort.zone)
    day = local_day(run_at, cohort.zone)
    post_id = await posts.plan(tx, cohort, day, now, skipped=MISSED if late else "")
    return None if late else post_id


def is_too_late(run_at: int, now: int, zone: str) -> bool:
    """A post may be six hours late, but comes neither after 21:00, unless it was meant to, nor on another day."""
    day = local_day(run_at, zone)
    evening = instant(day, LATEST_AT, zone)
    return now - run_at > LATEST_BY_MS or run_at < evening <= now or local_day(now, zone) != day


def schedule_of(cohort: Cohort, row: Row) -> Schedule:
    weekdays = frozenset(day for day in range(7) if row["weekdays"] >> day & 1)
    return Schedule(weekdays, parse_time(row["local_time"]), cohort.zone)


# ---- choosing --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Candidates:
    """What there is to choose from: the cards in deck order, and the members with how likely each is to answer."""

    cohort: Cohort
    card_ids: Sequence[int]
    siblings: Sequence[object]
    posted: Sequence[bool]
    members: Sequence[tuple[int, float]]


async def candidates(tx: Tx, cohort_id: int, today: int) -> Candidates:
    cohort = await cohorts.by_id(tx, cohort_id)
    cards = await tx.all(
        """select c.id, c.deck_id, c.key,
                  exists (select 1 from post_cards pc join posts p on p.id = pc.post_id
                          where pc.card_id = c.id and p.cohort_id = :cohort) as posted
           from cohort_decks cd join cards c on c.deck_id = cd.deck_id
           where cd.cohort_id = :cohort and c.retired_at is null order by cd.position, c.position""",
        cohort=cohort_id,
    )
    return Candidates(
        cohort,
        [row["id"] for row in cards],
        [(row["deck_id"], row["key"]) for row in cards],
        [bool(row["posted"]) for row in cards],
        await _members(tx, cohort_id, today),
    )


async def _members(tx: Tx, cohort_id: int, today: int) -> list[tuple[int, float]]:
    rows = await tx.all(
        """select m.learner_id, m.joined_at, c.zone,
                  (select count(*) from days d where d.cohort_id = m.cohort_id and d.learner_id = m.learner_id
                   and d.day >= :since and d.day < :today and d.cards > 0) as active
           from memberships m join cohorts c on c.id = m.cohort_id
           where m.cohort_id = :cohort and m.left_at is null order by m.learner_id""",
        cohort=cohort_id,
        since=today - ACTIVE_WINDOW,
        today=today,
    )
    return [
        (row["learner_id"], member_weight(row["active"], today - local_day(row["joined_at"], row["zone"]) + 1))
        for row in rows
    ]


async def memory_rows(tx: Tx, learner_id: int, first: int, last: int) -> list[Row]:
    """What one learner remembers of the cards with ids from `first` to `last`."""
    return await tx.all(
        """select card_id, stability, difficulty, last_day, due_day from memory_states
           where learner_id = :learner and card_id between :first and :last and reviews > 0""",
        learner=learner_id,
        first=first,
        last=last,
    )


async def fill(tx: Tx, post_id: int, cohort_id: int, day: int, cards: Sequence[PickedCard], now: int) -> bool:
    """Open the post with these cards, have it sent, and close the one before. False where there is nothing to send.

    A post that was planned by a process that died is too late where it would have been too late to plan it.
    """
    cohort = await cohorts.by_id(tx, cohort_id)
    if is_too_late(await posts.planned_at(tx, post_id), now, cohort.zone):
        await posts.skip(tx, post_id, MISSED)
        return False
    if not await posts.fill(tx, post_id, cards):
        return False
    for closed in await posts.close_before(tx, cohort_id, day, now):
        await deliveries.give_up(tx, closed, NEWER)
        await deliveries.add_everywhere(tx, DeliveryKind.CLOSE, closed, now)
    post = await posts.state(tx, post_id)
    for place_id in await deliveries.places_of(tx, cohort_id):
        for part in range(screens.parts_of(post)):
            await deliveries.add(tx, DeliveryKind.POST, post_id, place_id, part, now, now)
            if post.style is PostStyle.CARDS and post.rating_input is not RatingInput.BUTTONS:
                await deliveries.add(tx, DeliveryKind.SEED, post_id, place_id, part, now, now)
    return True


# ---- what people ask -------------------------------------------------------------------------------------------------


async def explain(tx: Tx, request: Request, now: int) -> list[Message]:
    return [screens.how_it_works()]


async def see_answers(tx: Tx, request: Request, now: int) -> list[Message]:
    """The answers of a closed post; an open one keeps them until each learner has tried."""
    assert isinstance(request.action, actions.SeeAnswers)
    post = await posts.state(tx, request.action.post_id)
    return [screens.answers(post) if post.closed else screens.said(wording.STILL_OPEN)]


async def why_these(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.WhyThese)
    return [screens.why_these(await posts.state(tx, request.action.post_id))]
