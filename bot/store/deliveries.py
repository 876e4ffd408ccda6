"""Deliveries: what is to be sent once, each with a key for ever. Claiming and recording stand in `leases.py`."""

from dataclasses import dataclass
from enum import StrEnum

from ..model import MessageRef, Place
from .ids import new_id
from .tx import Row, Tx

COUNT_PAUSE_MS = 60_000


class DeliveryKind(StrEnum):
    """A message of a post, its closing, its count drawn anew, words to a group or a lead, a reminder, reactions."""

    POST = "post"
    CLOSE = "close"
    COUNT = "count"
    NOTICE = "notice"
    REMINDER = "reminder"
    SEED = "seed"


PRIORITY = {
    DeliveryKind.POST: 0,
    DeliveryKind.REMINDER: 1,
    DeliveryKind.NOTICE: 1,
    DeliveryKind.CLOSE: 2,
    DeliveryKind.COUNT: 2,
    DeliveryKind.SEED: 3,
}


@dataclass(frozen=True, slots=True)
class Target:
    """Where a delivery goes: a place of a cohort, or a learner's direct messages; nothing before `blocked_until`."""

    platform: str
    place_id: int | None = None
    learner_id: int | None = None
    blocked_until: int = 0


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery. `message` is the post's own message, once there is one; `body` a notice's words.

    `in_doubt`: it was begun before, and nobody heard that it was refused, so it may have arrived.
    """

    id: int
    key: str
    kind: DeliveryKind
    post_id: int | None
    cohort_id: int | None
    place_id: int | None
    learner_id: int | None
    part: int
    attempts: int
    place: Place
    message: MessageRef | None
    body: str
    in_doubt: bool = False


async def targets_of(tx: Tx, cohort_id: int) -> list[Target]:
    """The cohort's places."""
    rows = await tx.all(
        """select p.id, w.platform, p.blocked_until from cohort_places cp join places p on p.id = cp.place_id
           join workspaces w on w.id = p.workspace_id where cp.cohort_id = :cohort order by p.id""",
        cohort=cohort_id,
    )
    return [Target(row["platform"], place_id=row["id"], blocked_until=row["blocked_until"]) for row in rows]


async def target_of_learner(tx: Tx, learner_id: int) -> Target | None:
    """A learner's direct messages; None for a learner without an account."""
    row = await tx.one("select platform from accounts where learner_id = :learner limit 1", learner=learner_id)
    return Target(row["platform"], learner_id=learner_id) if row else None


# ---- adding ----------------------------------------------------------------------------------------------------------


async def add_for_post(
    tx: Tx, kind: DeliveryKind, post_id: int, cohort_id: int, target: Target, part: int, run_at: int, now: int
) -> None:
    """Have something of a post sent. A count that was sent, or is just being sent, is sent anew a minute later."""
    await tx.run(
        """insert into deliveries (id, key, kind, platform, post_id, cohort_id, place_id, part, priority, state, run_at)
           values (:id, :key, :kind, :platform, :post, :cohort, :place, :part, :priority, 'pending', :run_at)
           on conflict (key) do update
           set state = 'pending', attempts = 0, lease_owner = null, lease_until = null,
               run_at = case when deliveries.run_at + :pause > excluded.run_at
                        then deliveries.run_at + :pause else excluded.run_at end
           where deliveries.state in ('sent', 'sending') and deliveries.kind = 'count'""",
        id=new_id(now),
        key=f"{kind.value}:{post_id}:{target.place_id}:{part}",
        kind=kind.value,
        platform=target.platform,
        post=post_id,
        cohort=cohort_id,
        place=target.place_id,
        part=part,
        priority=PRIORITY[kind],
        run_at=max(run_at, target.blocked_until),
        pause=COUNT_PAUSE_MS,
    )


async def add_everywhere(tx: Tx, kind: DeliveryKind, post_id: int, now: int, *, every_message: bool = False) -> None:
    """Have the first message of a post drawn anew wherever it was posted, or all of its messages."""
    rows = await tx.all(
        """select platform, place_id, cohort_id, part from deliveries
           where post_id = :post and kind = 'post' and state in ('pending', 'sending', 'sent')
             and (part = 0 or :every = 1)""",
        post=post_id,
        every=int(every_message),
    )
    for row in rows:
        target = Target(row["platform"], place_id=row["place_id"])
        await add_for_post(tx, kind, post_id, row["cohort_id"], target, row["part"], now, now)


async def add_words(
    tx: Tx, kind: DeliveryKind, key: str, target: Target, body: str, now: int, *, cohort_id: int | None = None
) -> None:
    """Have a notice or a reminder sent; the same key again is the same one."""
    await tx.run(
        """insert into deliveries
             (id, key, kind, platform, cohort_id, place_id, learner_id, priority, state, run_at, body)
           values (:id, :key, :kind, :platform, :cohort, :place, :learner, :priority, 'pending', :now, :body)
           on conflict (key) do nothing""",
        id=new_id(now),
        key=key,
        kind=kind.value,
        platform=target.platform,
        cohort=cohort_id,
        place=target.place_id,
        learner=target.learner_id,
        priority=PRIORITY[kind],
        now=now,
        body=body,
    )


async def card_of_message(tx: Tx, ref: MessageRef) -> tuple[int, int] | None:
    """The post and the part that this message shows."""
    row: Row | None = await tx.one(
        """select d.post_id, d.part from workspaces w join places p on p.workspace_id = w.id
           join deliveries d on d.place_id = p.id and d.kind = 'post' and d.message_id = :message
           where w.platform = :platform and w.foreign_id = :workspace and p.foreign_id = :channel""",
        platform=ref.place.platform,
        workspace=ref.place.workspace,
        channel=ref.place.channel,
        message=ref.message_id,
    )
    return (row["post_id"], row["part"]) if row else None
