"""Deliveries: what is to be sent once, each with a key for ever. Claiming and recording stand in `leases.py`."""

from dataclasses import dataclass
from enum import StrEnum

from ..model import MessageRef, Place
from .ids import new_id
from .tx import Row, Tx

ANEW_PAUSE_MS = 60_000


class DeliveryKind(StrEnum):
    """A message of a post, its closing, its count drawn anew, words to a group or a lead, a reminder; the reactions
    that are put under a message for people to press, and those of people read again.
    """

    POST = "post"
    CLOSE = "close"
    COUNT = "count"
    NOTICE = "notice"
    REMINDER = "reminder"
    SEED = "seed"
    REREAD = "reread"


PRIORITY = {
    DeliveryKind.POST: 0,
    DeliveryKind.REMINDER: 1,
    DeliveryKind.NOTICE: 1,
    DeliveryKind.CLOSE: 2,
    DeliveryKind.COUNT: 2,
    DeliveryKind.SEED: 3,
    DeliveryKind.REREAD: 4,
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
    """A claimed delivery. `message` is the post's own message, once there is one.

    `body` is a notice's words, or the instant that a reminder or a rereading is about. `in_doubt`: it was begun before,
    and nobody heard that it was refused, so it may have arrived.
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
    """The cohort's places, where Flashmob is."""
    rows = await tx.all(
        """select p.id, w.platform, p.blocked_until from cohort_places cp join places p on p.id = cp.place_id
           join workspaces w on w.id = p.workspace_id
           where cp.cohort_id = :cohort and w.left_at is null order by p.id""",
        cohort=cohort_id,
    )
    return [Target(row["platform"], place_id=row["id"], blocked_until=row["blocked_until"]) for row in rows]


async def target_of_learner(tx: Tx, learner_id: int) -> Target | None:
    """A learner's direct messages; None for a learner without an account."""
    row = await tx.one("select platform from accounts where learner_id = :learner limit 1", learner=learner_id)
    return Target(row["platform"], learner_id=learner_id) if row else None


# ---- adding ----------------------------------------------------------------------------------------------------------


async def add_for_post(
    tx: Tx,
    kind: DeliveryKind,
    post_id: int,
    cohort_id: int,
    target: Target,
    part: int,
    run_at: int,
    now: int,
    *,
    body: str = "",
) -> None:
    """Have something of a post sent. Counts and rereadings are done anew, a minute after the last time at the soonest:
    a count that was sent, or is just being sent; a rereading also where it was given up.
    """
    await tx.run(
        """insert into deliveries
             (id, key, kind, platform, post_id, cohort_id, place_id, part, priority, state, run_at, body)
           values (:id, :key, :kind, :platform, :post, :cohort, :place, :part, :priority, 'pending', :run_at, :body)
           on conflict (key) do update
           set state = 'pending', attempts = 0, lease_owner = null, lease_until = null, reason = '',
               body = excluded.body,
               run_at = case when deliveries.run_at + :pause > excluded.run_at
                        then deliveries.run_at + :pause else excluded.run_at end
           where (deliveries.kind = 'count' and deliveries.state in ('sent', 'sending'))
              or (deliveries.kind = 'reread' and deliveries.state <> 'pending')""",
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
        pause=ANEW_PAUSE_MS,
        body=body,
    )


async def add_everywhere(tx: Tx, kind: DeliveryKind, post_id: int, now: int, *, every_message: bool = False) -> None:
    """Have the first message of a post drawn anew wherever it was posted, or all of its messages.

    Where that waits to be sent already, there is nothing to do, which most ratings find. The cast keeps SQLite from
    planning the statement anew each time: `kind` stands in the condition of an index, and a bare value might meet it.
    """
    rows = await tx.all(
        """select p.platform, p.place_id, p.cohort_id, p.part from deliveries p
           where p.post_id = :post and p.kind = 'post' and p.state in ('pending', 'sending', 'sent')
             and (p.part = 0 or :every = 1)
             and not exists (select 1 from deliveries d where d.post_id = p.post_id and d.kind = cast(:kind as text)
                             and d.place_id = p.place_id and d.part = p.part and d.state = 'pending')""",
        post=post_id,
        kind=kind.value,
        every=int(every_message),
    )
    for row in rows:
        target = Target(row["platform"], place_id=row["place_id"])
        await add_for_post(tx, kind, post_id, row["cohort_id"], target, row["part"], now, now)


async def read_again(tx: Tx, platform: str, now: int) -> None:
    """Have the reactions read again under every message of this platform that is rated by them just now."""
    rows = await tx.all(
        """select d.post_id, d.cohort_id, d.place_id, d.part
           from posts p join deliveries d on d.post_id = p.id
           join places pl on pl.id = d.place_id join workspaces w on w.id = pl.workspace_id and w.left_at is null
           where p.state = 'open' and p.style = 'cards' and p.rating_input <> 'buttons'
             and d.kind = 'post' and d.state = 'sent' and d.platform = :platform order by d.id""",
        platform=platform,
    )
    for row in rows:
        target = Target(platform, place_id=row["place_id"])
        post_id, cohort_id, part = row["post_id"], row["cohort_id"], row["part"]
        await add_for_post(tx, DeliveryKind.REREAD, post_id, cohort_id, target, part, now, now, body=str(now))


async def is_alone(tx: Tx, delivery: Delivery) -> bool:
    """Whether this part of its post stands in one place of its platform, so that all reactions to it are there."""
    row = await tx.one(
        """select count(*) as places from deliveries
           where post_id = :post and kind = 'post' and part = :part and platform = :platform
             and message_id is not null""",
        post=delivery.post_id,
        part=delivery.part,
        platform=delivery.place.platform,
    )
    return row is not None and row["places"] == 1


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
