"""The review log, which is the truth, and the memory states that are folded from it.

Rules of this file:
- one row per learner, card, source and turn: the reveal inserts it, the rating fills it, undo empties it;
- kind, day, cohort_day, grade and mapping are frozen when the rating is given, so that folding never asks for settings;
- a changed rating keeps its day; every version stands in review_changes.
"""

import msgspec

from .. import memory
from ..model import MemoryState, Rating, ReviewKind
from .ids import new_id
from .learners import Member
from .tx import Row, Tx


class Turn(msgspec.Struct, frozen=True):
    """One turn of one learner at one card in one source. `post_id`: the post in whose window it was rated, if any."""

    review_id: int
    turn: int
    post_id: int | None
    kind: ReviewKind | None
    day: int | None
    cohort_day: int | None
    rating: Rating | None
    rated_at: int | None = None


class Known(msgspec.Struct, frozen=True):
    """What is known of a learner's card before this rating; `reviews` is 0 for a card never rated."""

    reviews: int
    last_day: int
    due_day: int


async def latest_turn(tx: Tx, learner_id: int, card_id: int, source_id: int) -> Turn | None:
    return _turn(
        await tx.one(
            """select id, turn, post_id, kind, day, cohort_day, rating, rated_at from reviews
               where learner_id = :learner and card_id = :card and source_id = :source order by turn desc limit 1""",
            learner=learner_id,
            card=card_id,
            source=source_id,
        )
    )


async def turn_numbered(tx: Tx, learner_id: int, card_id: int, source_id: int, turn: int) -> Turn | None:
    return _turn(
        await tx.one(
            """select id, turn, post_id, kind, day, cohort_day, rating, rated_at from reviews
               where learner_id = :learner and card_id = :card and source_id = :source and turn = :turn""",
            learner=learner_id,
            card=card_id,
            source=source_id,
            turn=turn,
        )
    )


def _turn(row: Row | None) -> Turn | None:
    if row is None:
        return None
    kind, rating = row["kind"], row["rating"]
    return Turn(
        review_id=row["id"],
        turn=row["turn"],
        post_id=row["post_id"],
        kind=ReviewKind(kind) if kind else None,
        day=row["day"],
        cohort_day=row["cohort_day"],
        rating=Rating(rating) if rating else None,
        rated_at=row["rated_at"],
    )


class NewTurn(msgspec.Struct, frozen=True):
    """Where and how a turn begins. `revealed_at` is None for a reaction, which needs no reveal."""

    card_id: int
    cohort_id: int
    source_id: int
    turn: int
    revealed_at: int | None


async def begin_turn(tx: Tx, learner_id: int, new: NewTurn, now: int) -> Turn:
    """Insert the row that a rating will fill. The same turn begun twice is one turn."""
    begun = _turn(
        await tx.one(
            """insert into reviews (id, learner_id, card_id, cohort_id, source_id, turn, input, revealed_at)
               values (:id, :learner, :card, :cohort, :source, :turn, :input, :revealed_at)
               on conflict (learner_id, card_id, source_id, turn) do update set turn = excluded.turn
               returning id, turn, post_id, kind, day, cohort_day, rating, rated_at""",
            id=new_id(now),
            learner=learner_id,
            card=new.card_id,
            cohort=new.cohort_id,
            source=new.source_id,
            turn=new.turn,
            input="button" if new.revealed_at is not None else "reaction",
            revealed_at=new.revealed_at,
        )
    )
    assert begun is not None
    return begun


async def lock_known(tx: Tx, learner_id: int, card_id: int, day: int) -> Known:
    """What is known of this card, read and locked at once: two ratings at a time are folded one after the other."""
    row = await tx.one(
        """insert into memory_states
             (learner_id, card_id, stability, difficulty, last_day, due_day, reviews, lapses, model)
           values (:learner, :card, 0.0, 0.0, :day, :day, 0, 0, :model)
           on conflict (learner_id, card_id) do update set reviews = memory_states.reviews
           returning reviews, last_day, due_day""",
        learner=learner_id,
        card=card_id,
        day=day,
        model=memory.MODEL,
    )
    assert row is not None
    return Known(row["reviews"], row["last_day"], row["due_day"])


async def rated_in_post(tx: Tx, learner_id: int, card_id: int, post_id: int) -> bool:
    """Whether the learner rated this card while this post was open."""
    row = await tx.one(
        """select 1 from reviews
           where post_id = :post and learner_id = :learner and card_id = :card and rating is not null limit 1""",
        post=post_id,
        learner=learner_id,
        card=card_id,
    )
    return row is not None


async def fill_turn(
    tx: Tx, turn: Turn, member: Member, kind: ReviewKind, rating: Rating, open_post: int | None, now: int
) -> None:
    """Give a turn its first rating, in the window of this post if it is open."""
    await tx.run(
        """update reviews set post_id = :post, kind = :kind, day = :day, cohort_day = :cohort_day, rated_at = :now,
                  rating = :rating, grade = :grade, mapping = :mapping where id = :id""",
        id=turn.review_id,
        post=open_post,
        kind=kind.value,
        day=member.day,
        cohort_day=member.cohort_day,
        now=now,
        rating=rating.value,
        grade=memory.grade_of(rating).value,
        mapping=memory.MAPPING,
    )
    await _keep_version(tx, turn.review_id, rating, now)


async def change_turn(tx: Tx, turn: Turn, rating: Rating | None, now: int) -> None:
    """Another rating for a rated turn, or none: its day and kind stay."""
    await tx.run(
        "update reviews set rated_at = :now, rating = :rating, grade = :grade, mapping = :mapping where id = :id",
        id=turn.review_id,
        now=now,
        rating=rating.value if rating else None,
        grade=memory.grade_of(rating).value if rating else None,
        mapping=memory.MAPPING if rating else None,
    )
    await _keep_version(tx, turn.review_id, rating, now)


async def _keep_version(tx: Tx, review_id: int, rating: Rating | None, now: int) -> None:
    await tx.run(
        """insert into review_changes (review_id, number, changed_at, rating)
           select :id, coalesce(max(number), 0) + 1, :now, :rating from review_changes where review_id = :id""",
        id=review_id,
        now=now,
        rating=rating.value if rating else None,
    )


async def refold(tx: Tx, learner_id: int, card_id: int) -> MemoryState | None:
    """Derive a memory state anew from all of the learner's ratings of the card, and keep it."""
    rows = await tx.all(
        """select day, grade from reviews where learner_id = :learner and card_id = :card and rating is not null
           order by day, id""",
        learner=learner_id,
        card=card_id,
    )
    state = memory.fold((row["day"], memory.Grade(row["grade"])) for row in rows)
    await keep_state(tx, learner_id, card_id, state)
    return state


async def keep_state(tx: Tx, learner_id: int, card_id: int, state: MemoryState | None) -> None:
    if state is None:
        await tx.run(
            "delete from memory_states where learner_id = :learner and card_id = :card",
            learner=learner_id,
            card=card_id,
        )
        return
    await tx.run(
        """insert into memory_states
             (learner_id, card_id, stability, difficulty, last_day, due_day, reviews, lapses, model)
           values (:learner, :card, :stability, :difficulty, :last_day, :due_day, :reviews, :lapses, :model)
           on conflict (learner_id, card_id) do update
           set stability = excluded.stability, difficulty = excluded.difficulty, last_day = excluded.last_day,
               due_day = excluded.due_day, reviews = excluded.reviews, lapses = excluded.lapses,
               model = excluded.model""",
        learner=learner_id,
        card=card_id,
        stability=state.stability,
        difficulty=state.difficulty,
        last_day=state.last_day,
        due_day=state.due_day,
        reviews=state.reviews,
        lapses=state.lapses,
        model=memory.MODEL,
    )
