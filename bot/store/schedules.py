"""Schedules: when a cohort's next post goes out, and why it may not."""

from dataclasses import dataclass

from ..clock import instant, local_day, next_post, parse_time
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
    row = await tx.one(
        "select run_at from schedules where cohort_id = :cohort and paused <> '' and run_at is not null",
        cohort=cohort_id,
    )
    since = now if row is None else max(now, _midnight(local_day(row["run_at"], schedule.zone), schedule.zone) - 1)
    await tx.run(
        """insert into schedules (cohort_id, weekdays, local_time, run_at)
           values (:cohort, :weekdays, :local_time, :run_at)
           on conflict (cohort_id) do update
           set weekdays = excluded.weekdays, local_time = excluded.local_time,
               run_at = case when schedules.paused <> '' and schedules.run_at is null then null
                        else excluded.run_at end""",
        cohort=cohort_id,
        weekdays=sum(1 << day for day in schedule.weekdays),
        local_time=schedule.local_time.strftime("%H:%M"),
        run_at=next_post(schedule, since)[1],
    )


def _midnight(day: int, zone: str) -> int:
    return instant(day, parse_time("00:00"), zone)


async def due(tx: Tx, now: int, most: int, after: tuple[int, int] = (-1, 0)) -> list[tuple[int, int]]:
    """The cohorts whose next post is due, the longest due first: (when, cohort), those after this one."""
    rows = await tx.all(
        """select run_at, cohort_id from schedules
           where run_at <= :now and run_at >= :at and (run_at > :at or cohort_id > :cohort)
           order by run_at, cohort_id limit :most""",
        now=now,
        at=after[0],
        cohort=after[1],
        most=most,
    )
    return [(row["run_at"], row["cohort_id"]) for row in rows]


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
        following = next_post(planned.schedule, max(now, _midnight(until_day, cohort.zone) - 1))[1]
    await tx.run(
        "update schedules set run_at = :run_at, paused = :reason where cohort_id = :cohort",
        run_at=following,
        reason=reason,
        cohort=cohort.id,
    )


async def resume(tx: Tx, cohort: Cohort, now: int) -> None:
    """Post again; one that goes on anyway keeps its next post, which may be due just now."""
    planned = await of(tx, cohort)
    following = next_post(planned.schedule, now)[1] if planned.paused else planned.run_at
    await tx.run(
        "update schedules set run_at = :run_at, paused = '', resumed_at = :now where cohort_id = :cohort",
        run_at=following,
        now=now,
        cohort=cohort.id,
    )


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
