"""Schedules: when a cohort's next post goes out, and why it may not."""

from dataclasses import dataclass

from ..clock import instant, next_post, parse_time
from ..model import Cohort, Schedule
from .tx import Row, Tx


@dataclass(frozen=True, slots=True)
class Planned:
    """A cohort's schedule with what comes next: `run_at` is None while it is paused without an end."""

    schedule: Schedule
    run_at: int | None
    paused: str


async def of(tx: Tx, cohort: Cohort) -> Planned:
    row = await tx.one(
        "select weekdays, local_time, run_at, paused from schedules where cohort_id = :cohort", cohort=cohort.id
    )
    assert row is not None
    return Planned(_schedule(cohort, row), row["run_at"], row["paused"])


def _schedule(cohort: Cohort, row: Row) -> Schedule:
    weekdays = frozenset(day for day in range(7) if row["weekdays"] >> day & 1)
    return Schedule(weekdays, parse_time(row["local_time"]), cohort.zone)


async def put(tx: Tx, cohort_id: int, schedule: Schedule, now: int) -> None:
    """Keep the schedule. One that is paused stays so; an unchanged one keeps its next post (see `cohorts.change`)."""
    await tx.run(
        """insert into schedules (cohort_id, weekdays, local_time, run_at)
           values (:cohort, :weekdays, :local_time, :run_at)
           on conflict (cohort_id) do update
           set weekdays = excluded.weekdays, local_time = excluded.local_time,
               run_at = case when schedules.paused = '' then excluded.run_at else schedules.run_at end""",
        cohort=cohort_id,
        weekdays=sum(1 << day for day in schedule.weekdays),
        local_time=schedule.local_time.strftime("%H:%M"),
        run_at=next_post(schedule, now)[1],
    )


async def due(tx: Tx, now: int, most: int) -> list[int]:
    """The cohorts whose next post is due, the longest due first."""
    rows = await tx.all(
        "select cohort_id from schedules where run_at <= :now order by run_at, cohort_id limit :most",
        now=now,
        most=most,
    )
    return [row["cohort_id"] for row in rows]


async def move_on(tx: Tx, cohort_id: int, seen: int, following: int | None) -> bool:
    """From one post to the next; a pause that had an end is over. False where another process was first."""
    moved = await tx.run(
        "update schedules set run_at = :next, paused = '' where cohort_id = :cohort and run_at = :seen",
        next=following,
        cohort=cohort_id,
        seen=seen,
    )
    return moved == 1


async def pause(tx: Tx, cohort: Cohort, reason: str, until_day: int | None, now: int) -> None:
    """Post nothing, without an end or until this day, whose post is the next one."""
    planned = await of(tx, cohort)
    following = None
    if until_day is not None:
        midnight = instant(until_day, parse_time("00:00"), cohort.zone)
        following = next_post(planned.schedule, max(now, midnight - 1))[1]
    await tx.run(
        "update schedules set run_at = :run_at, paused = :reason where cohort_id = :cohort",
        run_at=following,
        reason=reason,
        cohort=cohort.id,
    )


async def resume(tx: Tx, cohort: Cohort, now: int) -> int:
    """Post again; returns when."""
    planned = await of(tx, cohort)
    following = next_post(planned.schedule, now)[1]
    await tx.run(
        "update schedules set run_at = :run_at, paused = '', resumed_at = :now where cohort_id = :cohort",
        run_at=following,
        now=now,
        cohort=cohort.id,
    )
    return following


async def skip_past(tx: Tx, cohort: Cohort, day: int, now: int) -> None:
    """Have no post before the day after this one, unless it is paused anyway."""
    planned = await of(tx, cohort)
    if planned.run_at is None:
        return
    after = max(now, instant(day, planned.schedule.local_time, cohort.zone))
    await tx.run(
        "update schedules set run_at = :run_at where cohort_id = :cohort and run_at <= :after",
        run_at=next_post(planned.schedule, after)[1],
        cohort=cohort.id,
        after=after,
    )
