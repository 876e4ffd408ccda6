"""How a cohort's posts are doing: what went out, what was skipped or failed and why, and what comes next."""

from dataclasses import dataclass

from ..model import Cohort
from ..states import Connection
from . import connections, schedules
from .tx import Tx

POSTS_SHOWN = 7
TROUBLES_SHOWN = 5


@dataclass(frozen=True, slots=True)
class PostLine:
    """A post of the last days; `at` is when it went out, or when it was meant to."""

    day: int
    state: str
    at: int
    cards: int
    studied: int
    reason: str


@dataclass(frozen=True, slots=True)
class TroubleLine:
    """Something that waits or was given up; `again_at` is when it is tried again, or None."""

    kind: str
    state: str
    attempts: int
    again_at: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Status:
    """One cohort's."""

    cohort: Cohort
    members: int
    next_at: int | None
    paused: str
    posts: tuple[PostLine, ...]
    troubles: tuple[TroubleLine, ...]
    blocked: tuple[str, ...]
    connections: tuple[Connection, ...]


async def of(tx: Tx, cohort: Cohort, now: int) -> Status:
    planned = await schedules.of(tx, cohort)
    row = await tx.one(
        "select count(*) as members from memberships where cohort_id = :cohort and left_at is null", cohort=cohort.id
    )
    return Status(
        cohort=cohort,
        members=int(row["members"]) if row else 0,
        next_at=planned.run_at,
        paused=planned.paused,
        posts=await _posts(tx, cohort.id),
        troubles=await _troubles(tx, cohort.id),
        blocked=await _blocked(tx, cohort.id, now),
        connections=tuple(await connections.of_cohort(tx, cohort.id)),
    )


async def _posts(tx: Tx, cohort_id: int) -> tuple[PostLine, ...]:
    rows = await tx.all(
        """select p.day, p.state, coalesce(p.opened_at, p.due_at) as at, p.opened_at, p.reason,
                  (select count(*) from post_cards pc where pc.post_id = p.id) as cards,
                  coalesce(p.studied, (select count(distinct r.learner_id) from reviews r
                                       where r.post_id = p.id and r.rating is not null)) as studied
           from posts p where p.cohort_id = :cohort order by p.day desc limit :most""",
        cohort=cohort_id,
        most=POSTS_SHOWN,
    )
    return tuple(
        PostLine(
            row["day"],
            "waiting" if row["state"] in ("open", "choosing") and row["opened_at"] is None else row["state"],
            row["at"],
            row["cards"],
            row["studied"],
            row["reason"],
        )
        for row in rows
    )


async def _troubles(tx: Tx, cohort_id: int) -> tuple[TroubleLine, ...]:
    rows = await tx.all(
        """select kind, state, attempts, run_at, reason from deliveries
           where cohort_id = :cohort and reason <> '' and state in ('pending', 'sending', 'dead')
           order by id desc limit :most""",
        cohort=cohort_id,
        most=TROUBLES_SHOWN,
    )
    return tuple(
        TroubleLine(
            row["kind"],
            row["state"],
            row["attempts"],
            None if row["state"] == "dead" else row["run_at"],
            row["reason"],
        )
        for row in rows
    )


async def _blocked(tx: Tx, cohort_id: int, now: int) -> tuple[str, ...]:
    rows = await tx.all(
        """select p.reason from cohort_places cp join places p on p.id = cp.place_id
           where cp.cohort_id = :cohort and p.blocked_until > :now order by p.id""",
        cohort=cohort_id,
        now=now,
    )
    return tuple(row["reason"] for row in rows)
