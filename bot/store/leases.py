"""Claiming deliveries and recording what became of them: a claim is a lease, and only its owner records.

Rules of this file:
- what people wait for goes before what they don't, and within that whatever is due longest: no cohort can crowd out
  another;
- a post goes in order, and whatever hangs on a message goes after it;
- a lease that is over, or lies further ahead than a lease can (the clock went back), may be claimed again; whoever does
  so looks for the message first;
- a sending that was begun may have arrived until its platform has said that it did not.
"""

from ..model import MessageRef, Place
from .deliveries import Delivery, DeliveryKind
from .tx import Row, Tx

LEASE_MS = 60_000


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


async def hold(tx: Tx, delivery_id: int, owner: str, now: int) -> bool:
    """Begin the lease anew, and the sending; False where it went to somebody else."""
    held = await tx.run(
        "update deliveries set lease_until = :until, in_doubt = 1 where id = :id and lease_owner = :owner",
        id=delivery_id,
        owner=owner,
        until=now + LEASE_MS,
    )
    return held == 1


async def _delivery(tx: Tx, delivery_id: int) -> Delivery:
    row = await tx.one(
        """select d.id, d.key, d.kind, d.platform, d.post_id, d.cohort_id, d.place_id, d.learner_id, d.part, d.attempts,
                  d.body, d.in_doubt, w.foreign_id as workspace, p.foreign_id as channel,
                  a.realm, a.foreign_id as person, m.message_id
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
        in_doubt=bool(row["in_doubt"]),
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
            "update places set refusals = 0, blocked_until = 0, reason = '' where id = :place and refusals > 0",
            place=delivery.place_id,
        )
    return recorded == 1


async def put_back(tx: Tx, delivery_id: int, owner: str) -> None:
    """What was claimed and not tried waits for its next turn."""
    await tx.run(
        """update deliveries set state = 'pending', attempts = attempts - 1, lease_owner = null, lease_until = null
           where id = :id and lease_owner = :owner""",
        id=delivery_id,
        owner=owner,
    )


async def beyond_doubt(tx: Tx, delivery_id: int, owner: str) -> None:
    """It did not arrive, or that was given up to know: nobody need look for it."""
    await tx.run(
        "update deliveries set in_doubt = 0 where id = :id and lease_owner = :owner", id=delivery_id, owner=owner
    )


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
