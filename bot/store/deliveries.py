"""Deliveries: what is to be sent once. Each has a key for ever; a claim is a lease, and only its owner records.

Rules of this file:
- the messages of a post go in order, and whatever hangs on a message goes after it;
- what people wait for goes before what they don't (PRIORITY), and within that whatever is due longest: no cohort can
  crowd out another;
- a lease that is over, or lies further ahead than a lease can (the clock went back), may be claimed again; whoever does
  so looks for the message first.
"""

from dataclasses import dataclass
from enum import StrEnum

from ..model import MessageRef, Place
from .ids import new_id
from .tx import Row, Tx

LEASE_MS = 60_000
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
    """Where a delivery goes: a place of a cohort, or a learner's direct messages."""

    platform: str
    place_id: int | None = None
    learner_id: int | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """A claimed delivery. `message` is the post's own message, once there is one; `body` a notice's words."""

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


async def targets_of(tx: Tx, cohort_id: int) -> list[Target]:
    """The cohort's places."""
    rows = await tx.all(
        """select p.id, w.platform from cohort_places cp join places p on p.id = cp.place_id
           join workspaces w on w.id = p.workspace_id where cp.cohort_id = :cohort order by p.id""",
        cohort=cohort_id,
    )
    return [Target(row["platform"], place_id=row["id"]) for row in rows]


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
        run_at=run_at,
        pause=COUNT_PAUSE_MS,
    )


async def add_everywhere(tx: Tx, kind: DeliveryKind, post_id: int, now: int) -> None:
    """Have the first message of a post drawn anew wherever it was posted."""
    rows = await tx.all(
        """select platform, place_id, cohort_id from deliveries
           where post_id = :post and kind = 'post' and part = 0 and state in ('pending', 'sending', 'sent')""",
        post=post_id,
    )
    for row in rows:
        target = Target(row["platform"], place_id=row["place_id"])
        await add_for_post(tx, kind, post_id, row["cohort_id"], target, 0, now, now)


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


# ---- claiming --------------------------------------------------------------------------------------------------------


async def claim(tx: Tx, owner: str, platform: str, now: int) -> Delivery | None:
    """Lease what is to be sent next on this platform."""
    row = await tx.one(
        """update deliveries set state = 'sending', lease_owner = :owner, lease_until = :until, attempts = attempts + 1
           where id = (
             select d.id from deliveries d
             where d.platform = :platform and d.state in ('pending', 'sending')
               and ((d.state = 'pending' and d.run_at <= :now)
                    or (d.state = 'sending' and (d.lease_until < :now or d.lease_until > :far)))
               and (d.post_id is null or not exists (
                 select 1 from deliveries e
                 where e.post_id = d.post_id and e.kind = 'post' and e.place_id = d.place_id
                   and e.state in ('pending', 'sending')
                   and (e.part < d.part or (d.kind <> 'post' and e.part = d.part))))
             order by d.priority, d.run_at, d.id limit 1)
             and ((state = 'pending' and run_at <= :now)
                  or (state = 'sending' and (lease_until < :now or lease_until > :far)))
           returning id""",
        owner=owner,
        platform=platform,
        until=now + LEASE_MS,
        now=now,
        far=now + 2 * LEASE_MS,
    )
    return await _delivery(tx, row["id"]) if row else None


async def _delivery(tx: Tx, delivery_id: int) -> Delivery:
    row = await tx.one(
        """select d.id, d.key, d.kind, d.platform, d.post_id, d.cohort_id, d.place_id, d.learner_id, d.part, d.attempts,
                  d.body, w.foreign_id as workspace, p.foreign_id as channel, a.realm, a.foreign_id as person,
                  m.message_id
           from deliveries d left join places p on p.id = d.place_id left join workspaces w on w.id = p.workspace_id
           left join accounts a on a.learner_id = d.learner_id and a.platform = d.platform
           left join deliveries m
             on m.post_id = d.post_id and m.kind = 'post' and m.place_id = d.place_id and m.part = d.part
           where d.id = :id""",
        id=delivery_id,
    )
    assert row is not None
    place = _place(row)
    return Delivery(
        id=row["id"],
        key=row["key"],
        kind=DeliveryKind(row["kind"]),
        post_id=row["post_id"],
        cohort_id=row["cohort_id"],
        place_id=row["place_id"],
        learner_id=row["learner_id"],
        part=row["part"],
        attempts=row["attempts"],
        place=place,
        message=MessageRef(place, row["message_id"]) if row["message_id"] else None,
        body=row["body"],
    )


def _place(row: Row) -> Place:
    if row["place_id"] is None:
        return Place(row["platform"], row["realm"] or "", "", person=row["person"] or "")
    return Place(row["platform"], row["workspace"], row["channel"])


# ---- recording -------------------------------------------------------------------------------------------------------


async def sent(tx: Tx, delivery: Delivery, owner: str, message_id: str | None, now: int) -> bool:
    """Record the sending, and that the place takes messages; False where the lease went to somebody else."""
    recorded = await tx.run(
        """update deliveries
           set state = 'sent', message_id = :message, sent_at = :now, reason = '',
               lease_owner = null, lease_until = null
           where id = :id and lease_owner = :owner""",
        id=delivery.id,
        owner=owner,
        message=message_id,
        now=now,
    )
    if recorded and delivery.place_id is not None:
        await tx.run(
            "update places set refusals = 0, reason = '' where id = :place and refusals > 0", place=delivery.place_id
        )
    return recorded == 1


async def later(tx: Tx, delivery_id: int, owner: str, reason: str, run_at: int) -> None:
    """Record why it was not sent, and when to try again."""
    await tx.run(
        """update deliveries
           set state = 'pending', run_at = :run_at, reason = :reason, lease_owner = null, lease_until = null
           where id = :id and lease_owner = :owner""",
        id=delivery_id,
        owner=owner,
        run_at=run_at,
        reason=reason,
    )


async def never(tx: Tx, delivery_id: int, owner: str, reason: str, *, state: str = "dead") -> None:
    """Record why it will not be sent: `dead` after a trouble, `skipped` where there is no use in it any more."""
    await tx.run(
        """update deliveries set state = :state, reason = :reason, lease_owner = null, lease_until = null
           where id = :id and lease_owner = :owner""",
        id=delivery_id,
        owner=owner,
        state=state,
        reason=reason,
    )


async def give_up(tx: Tx, post_id: int, reason: str) -> None:
    """Send nothing more of a post than what is being sent."""
    await tx.run(
        "update deliveries set state = 'skipped', reason = :reason where post_id = :post and state = 'pending'",
        post=post_id,
        reason=reason,
    )


async def withdraw(tx: Tx, delivery_id: int, reason: str) -> None:
    """Send this no more, whoever holds it."""
    await tx.run(
        """update deliveries set state = 'skipped', reason = :reason, lease_owner = null, lease_until = null
           where id = :id and state <> 'sent'""",
        id=delivery_id,
        reason=reason,
    )


async def refused(tx: Tx, place_id: int, reason: str) -> int:
    """Flashmob was not allowed to send here; returns how often in a row."""
    row = await tx.one(
        "update places set refusals = refusals + 1, reason = :reason where id = :place returning refusals",
        place=place_id,
        reason=reason,
    )
    return int(row["refusals"]) if row else 0


async def hold_back(tx: Tx, place_id: int, until: int) -> None:
    """Send nothing into this place before then."""
    await tx.run("update places set blocked_until = :until where id = :place", place=place_id, until=until)
    await tx.run(
        "update deliveries set run_at = :until where place_id = :place and state = 'pending' and run_at < :until",
        place=place_id,
        until=until,
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
