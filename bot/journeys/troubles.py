"""What is done when something could not be sent: try again, hold a place back, pause a group, tell its lead."""

from zlib import crc32

from ..adapter import SendFailed, Trouble
from ..clock import local_day
from ..model import Cohort, InDoubt
from ..store import (
    changes,
    cohorts,
    deliveries,
    learners,
    leases,
    places,
    reminders,
    schedules,
    unsent,
    workspaces,
)
from ..store.deliveries import Delivery, DeliveryKind
from ..store.tx import Tx
from ..wording import leads as lead_wording

FIRST_RETRY_MS = 5_000
LONGEST_RETRY_MS = 15 * 60_000
SOONEST_RETRY_MS = 1_000
"""Some platforms say "at once", which would be within the same tick, for ever."""
MOST_ATTEMPTS = 12
"""For what hangs on a message; a post itself is tried until it is too late."""
HOLD_BACK_MS = (3_600_000, 24 * 3_600_000)


async def failed(tx: Tx, delivery: Delivery, owner: str, error: SendFailed, now: int) -> None:
    """Keep why it was not sent, and do about it what there is to do."""
    if not error.may_have_arrived and not delivery.in_doubt:
        await leases.beyond_doubt(tx, delivery.id, owner)
    if await workspaces.is_place_left(tx, delivery.place_id):
        await leases.never(tx, delivery.id, owner, lead_wording.NOT_THERE, state="skipped")
        return
    match error.trouble:
        case Trouble.RATE_LIMITED:
            wait = max(SOONEST_RETRY_MS, int(error.retry_after_s * 1000))
            await leases.later(tx, delivery.id, owner, error.reason, now + wait)
        case Trouble.PASSING if delivery.kind is DeliveryKind.POST or delivery.attempts < MOST_ATTEMPTS:
            await leases.later(tx, delivery.id, owner, error.reason, now + backoff(delivery, error))
        case Trouble.NOT_ALLOWED if delivery.kind is DeliveryKind.POST and delivery.place_id is not None:
            await _not_allowed(tx, delivery, owner, error.reason, now)
        case Trouble.GONE if delivery.kind is DeliveryKind.POST:
            await leases.never(tx, delivery.id, owner, error.reason)
            await _give_up(tx, delivery, error.reason, now)
        case _:
            await leases.never(tx, delivery.id, owner, error.reason)
            await _do_without(tx, delivery, error, now)


async def send_again(tx: Tx, delivery: Delivery, owner: str, reason: str, now: int) -> bool:
    """Whether to send what may have arrived, where nobody can look: if not, it is given up, and its lead told.

    A reminder belongs to no group; better none than two. What was given up may be sent by Post now, since whoever
    presses that has looked.
    """
    if delivery.cohort_id is not None:
        cohort = await cohorts.by_id(tx, delivery.cohort_id)
        if cohort.settings.in_doubt is InDoubt.SEND_AGAIN:
            return True
    await leases.beyond_doubt(tx, delivery.id, owner)
    await leases.never(tx, delivery.id, owner, lead_wording.in_doubt(reason))
    if delivery.kind is DeliveryKind.POST and delivery.post_id is not None:
        await unsent.skip_if_hopeless(tx, delivery.post_id, lead_wording.in_doubt(reason))
        await _tell_lead(tx, delivery, lead_wording.left_out_in_doubt(reason), now)
    return False


def backoff(delivery: Delivery, error: SendFailed) -> int:
    """Milliseconds: twice as long each time, at most a quarter of an hour, spread so that not all come back at once."""
    wait = min(LONGEST_RETRY_MS, FIRST_RETRY_MS << min(delivery.attempts - 1, 10))
    spread = crc32(f"{delivery.key}:{delivery.attempts}".encode()) % max(1, wait // 4)
    return max(wait + spread, int(error.retry_after_s * 1000))


async def _not_allowed(tx: Tx, delivery: Delivery, owner: str, reason: str, now: int) -> None:
    """An hour later, then a day later, then no more until somebody resumes."""
    assert delivery.place_id is not None
    times = await leases.refused(tx, delivery.place_id, reason)
    if times > len(HOLD_BACK_MS):
        await leases.never(tx, delivery.id, owner, reason)
        await _give_up(tx, delivery, reason, now)
        return
    until = now + HOLD_BACK_MS[times - 1]
    await leases.later(tx, delivery.id, owner, reason, until)
    await leases.hold_back(tx, delivery.place_id, until)
    if times == 1:
        await _tell_lead(tx, delivery, lead_wording.not_allowed(reason), now)


async def _give_up(tx: Tx, delivery: Delivery, reason: str, now: int) -> None:
    """Post no more to this place; a group that has no other is paused."""
    if delivery.cohort_id is None or delivery.post_id is None or delivery.place_id is None:
        return
    await unsent.leave_out_at(tx, delivery.post_id, delivery.place_id, reason)
    cohort = await cohorts.by_id(tx, delivery.cohort_id)
    if (await places.of(tx, cohort.id)).keys() - {delivery.place_id}:
        await _drop(tx, cohort, delivery, delivery.place_id, reason, now)
    else:
        await _pause(tx, cohort, delivery, reason, now)


async def _drop(tx: Tx, cohort: Cohort, delivery: Delivery, place_id: int, reason: str, now: int) -> None:
    where = f"{delivery.place.channel} on {delivery.place.platform.capitalize()}"
    await places.drop(tx, cohort.id, place_id, reason)
    await changes.note(tx, cohort.id, "Flashmob", [f"not posted to {where} any more: {reason}"], now)
    await _tell_lead(tx, delivery, lead_wording.dropped(cohort.name, where, reason), now)


async def _pause(tx: Tx, cohort: Cohort, delivery: Delivery, reason: str, now: int) -> None:
    await schedules.pause(tx, cohort, reason, None, now)
    await changes.note(tx, cohort.id, "Flashmob", [f"paused: {reason}"], now)
    await _tell_lead(tx, delivery, lead_wording.paused_for(cohort.name, reason), now)


async def _do_without(tx: Tx, delivery: Delivery, error: SendFailed, now: int) -> None:
    """What hangs on a message is done without; somebody who cannot be reached is reminded no more."""
    unreachable = error.trouble in (Trouble.NOT_ALLOWED, Trouble.GONE, Trouble.LEFT)
    if delivery.kind is DeliveryKind.REMINDER and delivery.learner_id is not None and unreachable:
        await reminders.stop(tx, delivery.learner_id)
    if error.trouble is Trouble.LEFT and delivery.learner_id is not None:
        await learners.leave(tx, delivery.learner_id, now)
    if delivery.kind is DeliveryKind.POST and delivery.post_id is not None:
        await unsent.skip_if_hopeless(tx, delivery.post_id, error.reason)
    if delivery.kind is DeliveryKind.POST or (delivery.kind is DeliveryKind.SEED and delivery.message is not None):
        await _tell_lead(tx, delivery, lead_wording.could_not(delivery.kind.value, error.reason), now)


async def _tell_lead(tx: Tx, delivery: Delivery, words: str, now: int) -> None:
    """In private, and at most once a day for a group."""
    if delivery.cohort_id is None:
        return
    row = await tx.one("select led_by, zone from cohorts where id = :id", id=delivery.cohort_id)
    target = await deliveries.target_of_learner(tx, row["led_by"]) if row and row["led_by"] else None
    if row is None or target is None:
        return
    key = f"trouble:{delivery.cohort_id}:{local_day(now, row['zone'])}:{crc32(words.encode()):x}"
    await deliveries.add_words(tx, DeliveryKind.NOTICE, key, target, words, now, cohort_id=delivery.cohort_id)
