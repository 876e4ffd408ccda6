"""What is kept of one person: read for their own copy, and deleted for good.

Deleting hides at once (`forget`) and takes the rows away in chunks (`erase_some`), so that nobody else waits. Closed
posts keep their counts; decks, posts and what others did are untouched.
"""

from typing import Any

from .tx import Row, Tx

CHUNK = 500


async def reviews_kept(tx: Tx, learner_id: int) -> int:
    row = await tx.one("select count(*) as n from reviews where learner_id = :learner", learner=learner_id)
    return int(row["n"]) if row else 0


async def person(tx: Tx, learner_id: int) -> dict[str, Any]:
    """Everything but the reviews, which come in pages."""
    learner = await tx.one("select zone, joined_at, remind_time from learners where id = :id", id=learner_id)
    groups = await tx.all(
        """select c.name as cohort, m.name, m.hidden, m.joined_at
           from memberships m join cohorts c on c.id = m.cohort_id
           where m.learner_id = :learner order by c.id""",
        learner=learner_id,
    )
    kept = {name: await tx.all(sql, learner=learner_id) for name, sql in _KEPT.items()}
    return {
        "zone": learner["zone"] if learner else "",
        "joined_at": learner["joined_at"] if learner else 0,
        "reminder": learner["remind_time"] if learner else None,
        "groups": [_named(row) for row in groups],
        **{name: [_named(row) for row in rows] for name, rows in kept.items()},
    }


def _named(row: Row) -> dict[str, Any]:
    return dict(zip(row.keys(), row, strict=True))


_CARD = "join cards c on c.id = t.card_id join decks d on d.id = c.deck_id"
_KEPT = {
    "memory": f"""select d.key as deck, c.key as card, c.part, t.stability, t.difficulty, t.last_day, t.due_day,
                         t.reviews, t.lapses
                  from memory_states t {_CARD} where t.learner_id = :learner order by t.card_id""",
    "never_ask": f"""select d.key as deck, c.key as card, c.part, t.set_at from set_aside t {_CARD}
                     where t.learner_id = :learner order by t.card_id""",
    "reported": f"""select d.key as deck, c.key as card, c.part, t.reported_at from reports t {_CARD}
                    where t.learner_id = :learner order by t.card_id""",
    "reactions": "select position, rating, reacted_at from reactions where learner_id = :learner order by reacted_at",
    "changed_ratings": """select c.number, c.changed_at, c.rating
                          from review_changes c join reviews r on r.id = c.review_id
                          where r.learner_id = :learner and c.number > 1 order by c.changed_at""",
    "sessions": "select mode, started_at, ended_at from sessions where learner_id = :learner order by id",
    "filled_forms": "select form, given, filled_at from filled_forms where learner_id = :learner",
    "standings": """select c.name as cohort, s.period, s.points, s.cards from standings s
                    join cohorts c on c.id = s.cohort_id where s.learner_id = :learner order by s.period""",
}


async def reviews_after(tx: Tx, learner_id: int, after: int, most: int) -> list[dict[str, Any]]:
    """A page of the review log, with the cards' names."""
    rows = await tx.all(
        """select r.id, d.key as deck, c.key as card, c.part, r.turn, r.input, r.kind, r.day, r.revealed_at, r.rated_at,
                  r.rating, r.grade, r.mapping
           from reviews r join cards c on c.id = r.card_id join decks d on d.id = c.deck_id
           where r.learner_id = :learner and r.id > :after order by r.id limit :most""",
        learner=learner_id,
        after=after,
        most=most,
    )
    return [_named(row) for row in rows]


async def forget(tx: Tx, learner_id: int, now: int) -> None:
    """From now on this is nobody: no account leads here, no name is shown, nothing is sent."""
    await _take_out_names(tx, learner_id)
    await tx.run("delete from accounts where learner_id = :learner", learner=learner_id)
    await tx.run(
        "update memberships set hidden = 1, name = '', left_at = :now where learner_id = :learner",
        now=now,
        learner=learner_id,
    )
    await tx.run("update cohorts set led_by = null where led_by = :learner", learner=learner_id)
    await _leave_own(tx, learner_id, now)
    await tx.run(
        "update learners set erased_at = :now, remind_time = null, remind_at = null where id = :learner",
        now=now,
        learner=learner_id,
    )


async def _leave_own(tx: Tx, learner_id: int, now: int) -> None:
    """What they had for themselves, decks included, is purged as a workspace that was left long ago (`purging.py`)."""
    await tx.run(
        "update workspaces set left_at = 0 where id in (select workspace_id from cohorts where learner_id = :learner)",
        learner=learner_id,
    )
    await tx.run(
        "update cohorts set learner_id = null, ended_at = :now where learner_id = :learner",
        now=now,
        learner=learner_id,
    )


async def _take_out_names(tx: Tx, learner_id: int) -> None:
    """Where a lead's name stands in words: who changed what, why a cohort is paused, why a post was left out."""
    for row in await tx.all(
        "select cohort_id, name from memberships where learner_id = :learner and name <> ''", learner=learner_id
    ):
        for table, column in _WORDS:
            await tx.run(
                f"update {table} set {column} = replace({column}, :name, :instead) where cohort_id = :cohort",
                name=row["name"],
                instead=FORMER,
                cohort=row["cohort_id"],
            )


FORMER = "a former member"
_WORDS = (
    ("changes", "changed_by"),
    ("changes", "what"),
    ("schedules", "paused"),
    ("posts", "reason"),
    ("staged_imports", "staged_by"),
)


async def erase_some(tx: Tx) -> bool:
    """Delete a chunk of somebody who asked for it; False where nobody is left."""
    row = await tx.one("select id from learners where erased_at is not null order by id limit 1")
    if row is None:
        return False
    for table in ("reviews", "memory_states"):
        if await _chunk(tx, table, row["id"]):
            return True
    await tx.run("delete from learners where id = :id", id=row["id"])  # the rest goes with it
    return True


async def _chunk(tx: Tx, table: str, learner_id: int) -> int:
    """How many rows of one of our own tables went."""
    key = "id" if table == "reviews" else "card_id"
    return await tx.run(
        f"""delete from {table} where learner_id = :learner and {key} in (
              select {key} from {table} where learner_id = :learner order by {key} limit :most)""",
        learner=learner_id,
        most=CHUNK,
    )
