"""Personal reminders: opt-in, at the learner's own time, at most one a day."""

from datetime import time

from ..clock import next_post, parse_time
from ..model import Schedule
from .tx import Tx

EVERY_DAY = frozenset(range(7))


async def put(tx: Tx, learner_id: int, at: time, zone: str, now: int) -> int:
    """Remind this learner every day at this time of theirs; returns when next."""
    following = next_post(Schedule(EVERY_DAY, at, zone), now)[1]
    await tx.run(
        "update learners set remind_time = :time, remind_at = :at where id = :learner",
        time=f"{at:%H:%M}",
        at=following,
        learner=learner_id,
    )
    return following


async def stop(tx: Tx, learner_id: int) -> None:
    await tx.run("update learners set remind_time = null, remind_at = null where id = :learner", learner=learner_id)


async def wanted(tx: Tx, learner_id: int) -> bool:
    row = await tx.one("select remind_at from learners where id = :learner", learner=learner_id)
    return row is not None and row["remind_at"] is not None


async def due(tx: Tx, now: int, most: int, after: tuple[int, int] = (-1, 0)) -> list[tuple[int, int]]:
    """The learners whose time has come, the longest due first: (when, learner), those after this one."""
    rows = await tx.all(
        """select remind_at, id from learners
           where remind_at <= :now and remind_at >= :at and (remind_at > :at or id > :learner)
           order by remind_at, id limit :most""",
        now=now,
        at=after[0],
        learner=after[1],
        most=most,
    )
    return [(row["remind_at"], row["id"]) for row in rows]


async def move_on(tx: Tx, learner_id: int, now: int) -> int | None:
    """Past every reminder that is due; returns when the last of them was, or None where another process was first."""
    row = await tx.one("select remind_time, remind_at, zone from learners where id = :id", id=learner_id)
    if row is None or row["remind_at"] is None or row["remind_at"] > now:
        return None
    due_at, following = _last_due(
        Schedule(EVERY_DAY, parse_time(row["remind_time"]), row["zone"]), row["remind_at"], now
    )
    moved = await tx.run(
        "update learners set remind_at = :next where id = :id and remind_at = :seen",
        next=following,
        id=learner_id,
        seen=row["remind_at"],
    )
    return due_at if moved else None


def _last_due(schedule: Schedule, first: int, now: int) -> tuple[int, int]:
    """The last time from `first` up to now, and the one after it."""
    at = first if now - first < LONG_MS else next_post(schedule, now - LONG_MS)[1]
    while (following := next_post(schedule, at)[1]) <= now:
        at = following
    return at, following


LONG_MS = 3 * 24 * 3_600_000
"""Somebody who was away for a year need not be counted through it."""
