"""Posts of which nothing was sent yet: left out for a reason, waited for, or brought forward after all."""

from .tx import Tx


async def waiting(tx: Tx, cohort_id: int) -> list[tuple[int, int]]:
    """The cohort's posts that are to go out and did not yet: (post, when it was due)."""
    rows = await tx.all(
        """select id, due_at from posts
           where cohort_id = :cohort and state in ('choosing', 'open') and opened_at is null order by id""",
        cohort=cohort_id,
    )
    return [(row["id"], row["due_at"]) for row in rows]


async def leave_out(tx: Tx, post_id: int, reason: str) -> None:
    """Skip a post that did not go out yet.

    What was tried may have arrived, so it is looked for once more: found, the post is out after all.
    """
    await tx.run(
        """update posts set state = 'skipped', reason = :reason
           where id = :post and opened_at is null and state in ('choosing', 'open')""",
        post=post_id,
        reason=reason,
    )
    await _withdraw(tx, post_id, None, reason)


async def leave_out_at(tx: Tx, post_id: int, place_id: int | None, reason: str) -> None:
    """Send no more messages of a post to this place, and skip it where it will go out nowhere."""
    await _withdraw(tx, post_id, place_id, reason)
    await skip_if_hopeless(tx, post_id, reason)


async def _withdraw(tx: Tx, post_id: int, place_id: int | None, reason: str) -> None:
    """Whatever was never tried, to one place or to all, except what hangs on a message that was sent."""
    await tx.run(
        """update deliveries set state = 'skipped', reason = :reason
           where post_id = :post and state = 'pending' and attempts = 0 and (place_id = :place or :every = 1)
             and kind in ('post', 'seed')
             and not exists (select 1 from deliveries m
                             where m.post_id = deliveries.post_id and m.kind = 'post' and m.attempts > 0
                               and m.state in ('pending', 'sending', 'sent')
                               and m.place_id = deliveries.place_id and m.part = deliveries.part)""",
        post=post_id,
        place=place_id,
        every=int(place_id is None),
        reason=reason,
    )


async def withdraw_all(tx: Tx, workspace_id: int, reason: str) -> None:
    """Whatever waits to be sent to a place of this workspace, for this reason."""
    await tx.run(
        """update deliveries set state = 'skipped', reason = :reason
           where state = 'pending' and place_id in (select id from places where workspace_id = :workspace)""",
        workspace=workspace_id,
        reason=reason,
    )


async def put_back_all(tx: Tx, workspace_id: int, reason: str, now: int) -> None:
    """Have sent after all what was withdrawn for this reason and hangs on a message that is there."""
    await tx.run(
        """update deliveries set state = 'pending', run_at = :now, reason = ''
           where state = 'skipped' and reason = :reason and kind in ('close', 'count', 'seed', 'reread')
             and place_id in (select id from places where workspace_id = :workspace)
             and exists (select 1 from deliveries m where m.post_id = deliveries.post_id and m.kind = 'post'
                         and m.place_id = deliveries.place_id and m.part = deliveries.part and m.state = 'sent')""",
        workspace=workspace_id,
        reason=reason,
        now=now,
    )


async def skip_if_hopeless(tx: Tx, post_id: int, reason: str) -> None:
    """Skip a post of which nothing was sent, nor will be."""
    await tx.run(
        """update posts set state = 'skipped', reason = :reason
           where id = :post and opened_at is null and state in ('choosing', 'open')
             and not exists (select 1 from deliveries d where d.post_id = posts.id and d.kind = 'post'
                             and d.state in ('pending', 'sending', 'sent'))""",
        post=post_id,
        reason=reason,
    )


async def revive(tx: Tx, cohort_id: int, day: int, now: int) -> int | None:
    """Have the post of this day sent now that was skipped, or still waits; None where there is none, or it went out.

    This also lifts what held its places back, as somebody says that it may be tried.
    """
    row = await tx.one(
        """update posts set reason = '', due_at = :now, planned_at = :now,
                  state = case when exists (select 1 from post_cards pc where pc.post_id = posts.id) then 'open'
                          else 'choosing' end
           where cohort_id = :cohort and day = :day and opened_at is null returning id""",
        cohort=cohort_id,
        day=day,
        now=now,
    )
    if row is None:
        return None
    await tx.run(
        """update places set blocked_until = 0 where blocked_until > 0
             and id in (select place_id from cohort_places where cohort_id = :cohort)""",
        cohort=cohort_id,
    )
    await tx.run(
        """update deliveries set state = 'pending', run_at = :now, reason = ''
           where post_id = :post and state in ('pending', 'skipped', 'dead')""",
        post=row["id"],
        now=now,
    )
    return int(row["id"])
