"""Ratings by reaction, as they stand under a post's messages: the newest of a learner's is the one that counts."""

from ..model import Account, Rating
from .tx import Tx


async def put(tx: Tx, post_id: int, position: int, learner_id: int, rating: Rating, now: int) -> None:
    """Keep a reaction. Of two in one millisecond the one that came later is the newer."""
    await tx.run(
        """insert into reactions (post_id, position, learner_id, rating, reacted_at)
           select :post, :position, :learner, :rating,
                  case when max(reacted_at) >= :now then max(reacted_at) + 1 else :now end
           from reactions where post_id = :post and position = :position and learner_id = :learner
           on conflict (post_id, position, learner_id, rating) do update set reacted_at = excluded.reacted_at""",
        post=post_id,
        position=position,
        learner=learner_id,
        rating=rating.value,
        now=now,
    )


async def put_unseen(tx: Tx, post_id: int, position: int, learner_id: int, rating: Rating, before: int) -> None:
    """Keep a reaction that was put unseen, some time before this: of several such the lowest rating is the newest."""
    await tx.run(
        """insert into reactions (post_id, position, learner_id, rating, reacted_at)
           values (:post, :position, :learner, :rating, :at)
           on conflict (post_id, position, learner_id, rating) do nothing""",
        post=post_id,
        position=position,
        learner=learner_id,
        rating=rating.value,
        at=before - rating.value,
    )


async def take(tx: Tx, post_id: int, position: int, learner_id: int, rating: Rating) -> None:
    await tx.run(
        """delete from reactions where post_id = :post and position = :position and learner_id = :learner
           and rating = :rating""",
        post=post_id,
        position=position,
        learner=learner_id,
        rating=rating.value,
    )


async def newest_first(tx: Tx, post_id: int, position: int, learner_id: int) -> list[Rating]:
    """What stands there of this learner."""
    rows = await tx.all(
        """select rating from reactions where post_id = :post and position = :position and learner_id = :learner
           order by reacted_at desc, rating desc""",
        post=post_id,
        position=position,
        learner=learner_id,
    )
    return [Rating(row["rating"]) for row in rows]


async def people(tx: Tx, post_id: int, position: int, platform: str) -> list[Account]:
    """The members whose reactions are kept, as this platform knows them."""
    rows = await tx.all(
        """select distinct a.realm, a.foreign_id, m.name
           from reactions r join posts p on p.id = r.post_id
           join memberships m on m.cohort_id = p.cohort_id and m.learner_id = r.learner_id and m.left_at is null
           join accounts a on a.learner_id = r.learner_id and a.platform = :platform
           where r.post_id = :post and r.position = :position order by a.realm, a.foreign_id""",
        post=post_id,
        position=position,
        platform=platform,
    )
    return [Account(platform, row["realm"], row["foreign_id"], row["name"]) for row in rows]
