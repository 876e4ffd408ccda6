"""Which cards a learner could be asked now. Retired cards, and those set aside, never come up here.

Each query reads an index in the order of its answer and stops at `MOST`, so that its cost does not grow with the deck.
"""

from collections.abc import Sequence

from ..model import Cohort
from ..selection import Remembered
from .tx import Row, Tx

MOST = 200
EVERY_DECK = 0
NO_SESSION = 0

_ASKABLE = """c.retired_at is null
    and not exists (select 1 from set_aside a where a.learner_id = :learner and a.card_id = c.id)
    and not exists (select 1 from session_cards sc where sc.session_id = :session and sc.card_id = c.id)
    and (:deck = 0 or c.deck_id = :deck)"""


async def due(
    tx: Tx,
    cohort_id: int,
    learner_id: int,
    today: int,
    *,
    session: int = NO_SESSION,
    deck: int = EVERY_DECK,
    most: int = MOST,
) -> list[Remembered]:
    """The learner's due cards in the cohort's decks, the most recently due first: at most `most`."""
    rows = await tx.all(
        f"""select m.card_id, m.stability, m.difficulty, m.last_day, m.due_day
            from memory_states m join cards c on c.id = m.card_id
            join cohort_decks cd on cd.deck_id = c.deck_id and cd.cohort_id = :cohort
            where m.learner_id = :learner and m.reviews > 0 and m.due_day <= :today and {_ASKABLE}
            order by m.due_day desc limit :most""",
        cohort=cohort_id,
        learner=learner_id,
        today=today,
        session=session,
        deck=deck,
        most=most,
    )
    return _remembered(rows)


async def practice(
    tx: Tx, cohort_id: int, learner_id: int, today: int, *, session: int = NO_SESSION, most: int
) -> list[int]:
    """Cards that are not due yet and were not seen today, the next due first."""
    rows = await tx.all(
        f"""select m.card_id from memory_states m join cards c on c.id = m.card_id
            join cohort_decks cd on cd.deck_id = c.deck_id and cd.cohort_id = :cohort
            where m.learner_id = :learner and m.reviews > 0 and m.due_day > :today and m.last_day < :today
              and {_ASKABLE}
            order by m.due_day limit :most""",
        cohort=cohort_id,
        learner=learner_id,
        today=today,
        session=session,
        deck=EVERY_DECK,
        most=most,
    )
    return [row["card_id"] for row in rows]


async def catch_up(
    tx: Tx, cohort: Cohort, learner_id: int, *, session: int = NO_SESSION, deck: int = EVERY_DECK, most: int
) -> list[int]:
    """Cards that this learner has not met: those that the group has met, in its order; alone, in the deck's order."""
    query = _unmet if cohort.personal else _met_by_the_group
    rows = await query(tx, cohort=cohort.id, learner=learner_id, session=session, deck=deck, most=most)
    return [row["card_id"] for row in rows]


async def _met_by_the_group(tx: Tx, **values: int) -> list[Row]:
    return await tx.all(
        f"""select pc.card_id from posts p join post_cards pc on pc.post_id = p.id join cards c on c.id = pc.card_id
            join cohort_decks cd on cd.deck_id = c.deck_id and cd.cohort_id = :cohort
            where p.cohort_id = :cohort and p.state = 'closed' and {_ASKABLE}
              and not exists (select 1 from memory_states m
                              where m.learner_id = :learner and m.card_id = pc.card_id and m.reviews > 0)
              and not exists (select 1 from posts o join post_cards oc on oc.post_id = o.id
                              where o.cohort_id = :cohort and o.state = 'open' and oc.card_id = pc.card_id)
            group by pc.card_id order by min(p.day), min(pc.position) limit :most""",
        **values,
    )


async def _unmet(tx: Tx, **values: int) -> list[Row]:
    return await tx.all(
        f"""select c.id as card_id from cohort_decks cd join cards c on c.deck_id = cd.deck_id
            where cd.cohort_id = :cohort and {_ASKABLE}
              and not exists (select 1 from memory_states m
                              where m.learner_id = :learner and m.card_id = c.id and m.reviews > 0)
            order by cd.position, c.position limit :most""",
        **values,
    )


async def of_post(tx: Tx, post_id: int, learner_id: int, today: int) -> list[Remembered | int]:
    """A post's cards, in order: what is remembered of each, or its bare id.

    Left out is what this learner rated today, and what they rated since the post came and is not due again.
    """
    rows = await tx.all(
        """select pc.card_id, m.stability, m.difficulty, m.last_day, m.due_day, m.reviews
           from posts p join post_cards pc on pc.post_id = p.id
           left join memory_states m on m.learner_id = :learner and m.card_id = pc.card_id
           where p.id = :post
             and not exists (select 1 from set_aside a where a.learner_id = :learner and a.card_id = pc.card_id)
             and (m.card_id is null or m.reviews = 0
                  or (m.last_day < :today and (m.last_day < p.day or m.due_day <= :today)))
           order by pc.position""",
        post=post_id,
        learner=learner_id,
        today=today,
    )
    return [_remembered([row])[0] if row["reviews"] else row["card_id"] for row in rows]


async def next_due_day(tx: Tx, cohort_id: int, learner_id: int, today: int) -> int | None:
    row = await tx.one(
        """select m.due_day from memory_states m join cards c on c.id = m.card_id
           join cohort_decks cd on cd.deck_id = c.deck_id and cd.cohort_id = :cohort
           where m.learner_id = :learner and m.reviews > 0 and m.due_day > :today and c.retired_at is null
             and not exists (select 1 from set_aside a where a.learner_id = m.learner_id and a.card_id = m.card_id)
           order by m.due_day limit 1""",
        cohort=cohort_id,
        learner=learner_id,
        today=today,
    )
    return row["due_day"] if row else None


def _remembered(rows: Sequence[Row]) -> list[Remembered]:
    return [
        Remembered(row["card_id"], row["stability"], row["difficulty"], row["last_day"], row["due_day"]) for row in rows
    ]
