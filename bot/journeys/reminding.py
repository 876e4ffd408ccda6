"""Personal reminders: asked for, tried out at once, at most one a day, and stopped with one press."""

from datetime import time

from .. import actions, screens, wording
from ..actions import Request
from ..clock import check_zone, clock_time, local_day, parse_time
from ..messages import Message
from ..store import cohorts, deliveries, learners, queues, reminders
from ..store.deliveries import Delivery, DeliveryKind
from ..store.tx import Tx

TEST = "test"
USUAL_TIME = time(18)
AT_ONCE = 100


async def remind(tx: Tx, request: Request, now: int) -> list[Message]:
    """Turn my reminders on, at this time, or off. Turning them on sends one at once, to see that it arrives.

    A zone after the time becomes the learner's own: "18:00 Europe/Oslo".
    """
    assert isinstance(request.action, actions.Remind)
    cohort = await cohorts.here(tx, request.place, request.account)
    member = await learners.find_or_enrol(tx, request.account, cohort, now)
    words, new_zone = _time_and_zone(request.action.words)
    if words.lower() in ("off", "stop"):
        await reminders.stop(tx, member.learner_id)
        return [screens.said(wording.REMINDERS_OFF)]
    at = parse_time(words) if words else USUAL_TIME
    if new_zone:
        check_zone(new_zone)
        await learners.move_to(tx, member.learner_id, new_zone)
    zone = await learners.zone_of(tx, member.learner_id)
    following = await reminders.put(tx, member.learner_id, at, zone, now)
    target = await deliveries.target_of_learner(tx, member.learner_id)
    if target is not None:
        key = f"remind-test:{member.learner_id}:{now}"
        await deliveries.add_words(tx, DeliveryKind.REMINDER, key, target, TEST, now)
    return [screens.reminders_on(clock_time(following, zone), zone)]


def _time_and_zone(words: str) -> tuple[str, str]:
    """`18:00 Europe/Oslo`; either may be missing."""
    first, _, rest = " ".join(words.split()).partition(" ")
    return ("", first) if "/" in first else (first, rest)


async def due(tx: Tx, after: tuple[int, int], now: int) -> list[tuple[int, int]]:
    """The learners whose reminder's time has come, after this one: (when, learner), at most AT_ONCE of them."""
    return await reminders.due(tx, now, AT_ONCE, after)


async def plan(tx: Tx, learner_id: int, now: int) -> None:
    """Put down one reminder for the day, and move to the next. One that is long past is left out."""
    due_at = await reminders.move_on(tx, learner_id, now)
    target = await deliveries.target_of_learner(tx, learner_id) if due_at is not None else None
    if due_at is None or target is None or now - due_at > LATEST_MS:
        return
    if not await learners.cohorts_of(tx, learner_id, now):
        return  # Flashmob was removed from wherever they learn
    day = local_day(due_at, await learners.zone_of(tx, learner_id))
    key = f"remind:{learner_id}:{day}"
    await deliveries.add_words(tx, DeliveryKind.REMINDER, key, target, str(due_at), now)


LATEST_MS = 3 * 3_600_000
"""A nudge for six in the evening is no use at midnight."""


async def compose(tx: Tx, delivery: Delivery, now: int) -> Message | None:
    """The nudge, or None where nothing is due any more, nobody wants it, or its time is long past.

    Its body is when it was due.
    """
    assert delivery.learner_id is not None
    if delivery.body == TEST:
        return screens.reminder_test()
    if now - int(delivery.body) > LATEST_MS or not await reminders.wanted(tx, delivery.learner_id):
        return None
    count = 0
    for cohort, day in await learners.cohorts_of(tx, delivery.learner_id, now):
        due_cards = await queues.due(tx, cohort, delivery.learner_id, day, most=MOST_COUNTED)
        count = max(count, len(due_cards))
    return screens.reminder(count) if count else None


MOST_COUNTED = 20
"""A backlog is never shown unasked."""
