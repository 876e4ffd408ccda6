"""Deliveries: what is to be sent once. Each has a key for ever; a claim is a lease."""

from dataclasses import dataclass
from enum import StrEnum

from ..model import MessageRef, Place
from .ids import new_id
from .tx import Row, Tx

LEASE_MS = 60_000


class DeliveryKind(StrEnum):
    """A message of a post, the reactions under it, its count drawn anew, its closing."""

    POST = "post"
    SEED = "seed"
    COUNT = "count"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Delivery:
    """`message` is the post's own message, once there is one."""

    id: int
    key: str
    kind: DeliveryKind
    post_id: int
    part: int
    attempts: int
    place: Place
    message: MessageRef | None


async def places_of(tx: Tx, cohort_id: int) -> list[int]:
    rows = await tx.all(
        "select place_id from cohort_places where cohort_id = :cohort order by place_id", cohort=cohort_id
    )
    return [row["place_id"] for row in rows]


async def add_everywhere(tx: Tx, kind: DeliveryKind, post_id: int, now: int) -> None:
    """Have the first message of a post drawn anew wherever it was posted, or is about to be."""
    rows = await tx.all(
        "select place_id from deliveries where post_id = :post and kind = 'post' and part = 0 and state <> 'dead'",
        post=post_id,
    )
    for row in rows:
        await add(tx, kind, post_id, row["place_id"], 0, now, now)


async def add(tx: Tx, kind: DeliveryKind, post_id: int, place_id: int, part: int, run_at: int, now: int) -> None:
    """Have something sent at this time. A count that was sent, or is just being sent, is sent anew a minute later."""
    await tx.run(
        """insert into deliveries (id, key, kind, post_id, place_id, part, state, run_at)
           values (:id, :key, :kind, :post, :place, :part, 'pending', :run_at)
           on conflict (key) do update
           set state = 'pending', attempts = 0, lease_owner = null, lease_until = null,
               run_at = case when deliveries.run_at + :pause > excluded.run_at
                        then deliveries.run_at + :pause else excluded.run_at end
           where deliveries.state in ('sent', 'sending') and deliveries.kind = 'count'""",
        id=new_id(now),
        key=f"{kind.value}:{post_id}:{place_id}:{part}",
        kind=kind.value,
        post=post_id,
        place=place_id,
        part=part,
        run_at=run_at,
        pause=LEASE_MS,
    )


async def give_up(tx: Tx, post_id: int, reason: str) -> None:
    """Send nothing more of a post than what is being sent."""
    await tx.run(
        "update deliveries set state = 'dead', reason = :reason where post_id = :post and state = 'pending'",
        post=post_id,
        reason=reason,
    )


async def claim(tx: Tx, owner: str, now: int) -> Delivery | None:
    """Lease one delivery whose time has come. A post goes in order: a later part waits for the earlier."""
    row = await tx.one(
        """update deliveries set state = 'sending', lease_owner = :owner, lease_until = :until, attempts = attempts + 1
           where id = (
             select d.id from deliveries d
             where ((d.state = 'pending' and d.run_at <= :now) or (d.state = 'sending' and d.lease_until < :now))
               and not exists (
                 select 1 from deliveries e where e.post_id = d.post_id and e.place_id = d.place_id and e.kind = 'post'
                 and e.state in ('pending', 'sending') and (e.part < d.part or (d.kind <> 'post' and e.part = d.part)))
             order by d.run_at, d.id limit 1)
             and ((state = 'pending' and run_at <= :now) or (state = 'sending' and lease_until < :now))
           returning id""",
        owner=owner,
        until=now + LEASE_MS,
        now=now,
    )
    return await _delivery(tx, row["id"]) if row else None


async def _delivery(tx: Tx, delivery_id: int) -> Delivery:
    row = await tx.one(
        """select d.id, d.key, d.kind, d.post_id, d.part, d.attempts, w.platform, w.foreign_id as workspace,
                  p.foreign_id as channel, m.message_id
           from deliveries d join places p on p.id = d.place_id join workspaces w on w.id = p.workspace_id
           left join deliveries m
             on m.post_id = d.post_id and m.place_id = d.place_id and m.kind = 'post' and m.part = d.part
           where d.id = :id""",
        id=delivery_id,
    )
    assert row is not None
    place = Place(row["platform"], row["workspace"], row["channel"])
    return Delivery(
        id=row["id"],
        key=row["key"],
        kind=DeliveryKind(row["kind"]),
        post_id=row["post_id"],
        part=row["part"],
        attempts=row["attempts"],
        place=place,
        message=MessageRef(place, row["message_id"]) if row["message_id"] else None,
    )


async def sent(tx: Tx, delivery_id: int, owner: str, message_id: str | None) -> None:
    """Record the sending; a lease that went to somebody else records nothing."""
    await tx.run(
        """update deliveries
           set state = 'sent', message_id = :message, lease_owner = null, lease_until = null, reason = ''
           where id = :id and lease_owner = :owner""",
        id=delivery_id,
        owner=owner,
        message=message_id,
    )


async def failed(tx: Tx, delivery_id: int, owner: str, reason: str, again_at: int | None) -> None:
    """Record why it was not sent, and when to try again; never again is `dead`."""
    await tx.run(
        """update deliveries
           set state = :state, run_at = :run_at, reason = :reason, lease_owner = null, lease_until = null
           where id = :id and lease_owner = :owner""",
        id=delivery_id,
        owner=owner,
        state="dead" if again_at is None else "pending",
        run_at=again_at or 0,
        reason=reason,
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
