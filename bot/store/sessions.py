"""Sessions: one learner's private run of cards; one open per learner and cohort."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from ..model import Cohort, Rating, SessionMode, Source, SourceKind
from ..selection import CATCH_UP, OWN_DUE, QUIZ
from ..states import AskedCard, OwnRating, SessionState
from . import queues
from .decks import card_of
from .ids import new_id
from .learners import Member
from .tx import Row, Tx

_APPEND = """insert into session_cards (session_id, position, card_id, revision, turn, origin, repeats, show_at, state)
             select :session, (select coalesce(max(position) + 1, 0) from session_cards where session_id = :session),
                    id, revision, :turn, :origin, :repeats, :show_at, 'waiting' from cards where id = :card"""
"""Puts a card at the end of a session."""

ASKED = """sc.session_id, sc.position, sc.turn, sc.repeats, k.id as card_id, k.body, k.revision,
            (select count(*) from session_cards n
              where n.session_id = sc.session_id and n.repeats = 0 and n.position <= sc.position) as number,
            (select count(*) from session_cards n where n.session_id = sc.session_id and n.repeats = 0) as total"""
"""The card `k` at a place `sc` of a session, and which of how many it is, repeats not counted."""


@dataclass(frozen=True, slots=True)
class Session:
    id: int
    mode: SessionMode
    post_id: int | None


async def open_of(tx: Tx, cohort_id: int, learner_id: int) -> Session | None:
    """The learner's open session in this cohort."""
    row = await tx.one(
        """select id, mode, post_id from sessions
           where learner_id = :learner and cohort_id = :cohort and ended_at is null""",
        learner=learner_id,
        cohort=cohort_id,
    )
    return Session(row["id"], SessionMode(row["mode"]), row["post_id"]) if row else None


class Origin(StrEnum):
    """How a card came into a session: with its beginning, or by an offer that was taken."""

    FIRST = "first"
    DUE = "due"
    CATCH_UP = "catch_up"


async def start(
    tx: Tx, cohort_id: int, learner_id: int, mode: SessionMode, post_id: int | None, cards: Sequence[int], now: int
) -> int:
    """Open a session with these cards; the one that was open ends."""
    await tx.run(
        "update sessions set ended_at = :now where learner_id = :learner and cohort_id = :cohort and ended_at is null",
        now=now,
        learner=learner_id,
        cohort=cohort_id,
    )
    session_id = new_id(now)
    await tx.run(
        """insert into sessions (id, learner_id, cohort_id, post_id, mode, started_at)
           values (:id, :learner, :cohort, :post, :mode, :now)""",
        id=session_id,
        learner=learner_id,
        cohort=cohort_id,
        post=post_id,
        mode=mode.value,
        now=now,
    )
    await add_cards(tx, session_id, cards, Origin.FIRST, now)
    return session_id


async def add_cards(tx: Tx, session_id: int, cards: Sequence[int], origin: Origin, now: int) -> None:
    """Put these cards at the end, for their first turn here."""
    first = {"session": session_id, "origin": origin.value, "turn": 1, "repeats": 0, "show_at": now}
    await tx.each(_APPEND, [{**first, "card": card_id} for card_id in cards])


async def add_repeat(tx: Tx, session_id: int, card_id: int, repeats: int, show_at: int) -> None:
    """Put a card at the end once more, for its next turn, not to be shown before `show_at`."""
    row = await tx.one(
        """select max(turn) + 1 as next, min(origin) as origin from session_cards
           where session_id = :session and card_id = :card""",
        session=session_id,
        card=card_id,
    )
    assert row is not None
    await tx.run(
        _APPEND,
        session=session_id,
        card=card_id,
        turn=row["next"],
        origin=row["origin"],
        repeats=repeats,
        show_at=show_at,
    )


async def mark_rated(tx: Tx, session_id: int, position: int) -> None:
    """This place is done with."""
    await tx.run(
        "update session_cards set state = 'rated' where session_id = :session and position = :position",
        session=session_id,
        position=position,
    )


async def skip(tx: Tx, session_id: int, position: int) -> None:
    """This place, and every later one of the same card, is done with."""
    await tx.run(
        """update session_cards set state = 'skipped' where session_id = :session and state = 'waiting' and card_id = (
             select card_id from session_cards where session_id = :session and position = :position)""",
        session=session_id,
        position=position,
    )


async def drop_repeats(tx: Tx, session_id: int, card_id: int) -> None:
    """Nothing of this card is to come back in this session."""
    await tx.run(
        """update session_cards set state = 'skipped'
           where session_id = :session and card_id = :card and repeats > 0 and state = 'waiting'""",
        session=session_id,
        card=card_id,
    )


async def came_back(tx: Tx, session_id: int, card_id: int, repeats: int) -> bool:
    """Whether the card was rated again in this session after its `repeats`-th coming back."""
    row = await tx.one(
        """select 1 from session_cards
           where session_id = :session and card_id = :card and repeats > :repeats and state = 'rated' limit 1""",
        session=session_id,
        card=card_id,
        repeats=repeats,
    )
    return row is not None


async def hasten_repeats(tx: Tx, session_id: int, now: int) -> None:
    """Show what waits now: the learner asked for it."""
    await tx.run(
        "update session_cards set show_at = :now where session_id = :session and state = 'waiting' and show_at > :now",
        session=session_id,
        now=now,
    )


async def finish(tx: Tx, session_id: int, now: int) -> None:
    await tx.run("update sessions set ended_at = :now where id = :id and ended_at is null", id=session_id, now=now)


async def began(tx: Tx, learner_id: int, post_id: int) -> bool:
    """Whether the learner has opened this post, by a session or card by card."""
    row = await tx.one(
        """select 1 where exists (select 1 from sessions where learner_id = :learner and post_id = :post)
             or exists (select 1 from reviews where learner_id = :learner and source_id = :post)""",
        learner=learner_id,
        post=post_id,
    )
    return row is not None


async def cards_left(tx: Tx, session_id: int) -> int:
    """First turns that wait."""
    row = await tx.one(
        "select count(*) as n from session_cards where session_id = :session and state = 'waiting' and repeats = 0",
        session=session_id,
    )
    return int(row["n"]) if row else 0


async def state(tx: Tx, session_id: int, cohort: Cohort, member: Member, now: int) -> SessionState:
    """Where the session stands: the next card, or the summary with what is offered."""
    mode, asked = await _mode_and_asked(tx, session_id, now)
    if asked is not None:
        return SessionState(session_id, mode, asked)
    most_due, most_catch_up = await offers(tx, session_id)
    due = await queues.due(tx, cohort.id, member.learner_id, member.day, session=session_id, most=most_due)
    left = 0 if due else most_catch_up
    catch_up = await queues.catch_up(tx, cohort, member.learner_id, session=session_id, most=left)
    return SessionState(
        id=session_id,
        mode=mode,
        asked=None,
        done=await done(tx, session_id),
        waiting=await waiting(tx, session_id),
        due=len(due),
        catch_up=len(catch_up),
    )


async def offers(tx: Tx, session_id: int) -> tuple[int, int]:
    """How many due and how many catch-up cards the session may go on with.

    After a post each is offered once, so that studying has an end; a quiz goes on as long as there are cards.
    """
    row = await tx.one(
        """select s.mode, count(*) filter (where sc.origin = 'due') as due,
                  count(*) filter (where sc.origin = 'catch_up') as catch_up
           from sessions s left join session_cards sc on sc.session_id = s.id
           where s.id = :id group by s.id, s.mode""",
        id=session_id,
    )
    if row is None or row["mode"] != SessionMode.STUDY:
        return QUIZ, CATCH_UP
    return 0 if row["due"] else OWN_DUE, 0 if row["catch_up"] else CATCH_UP


async def _mode_and_asked(tx: Tx, session_id: int, now: int) -> tuple[SessionMode, AskedCard | None]:
    """In one statement with the card's number, since every rating asks for it."""
    row = await tx.one(
        f"""select s.mode, {ASKED}
           from sessions s
           left join session_cards sc on sc.session_id = s.id and sc.state = 'waiting' and sc.show_at <= :now
           left join cards k on k.id = sc.card_id
           where s.id = :session
           order by sc.position limit 1""",
        session=session_id,
        now=now,
    )
    assert row is not None
    return SessionMode(row["mode"]), None if row["card_id"] is None else asked_of(row)


def asked_of(row: Row) -> AskedCard:
    """What `ASKED` holds, where there is a card."""
    return AskedCard(
        source=Source(SourceKind.SESSION, row["session_id"]),
        position=row["position"],
        turn=row["turn"],
        card_id=row["card_id"],
        revision=row["revision"],
        card=card_of(row["body"]),
        number=row["number"],
        total=row["total"],
        again=row["repeats"] > 0,
    )


async def done(tx: Tx, session_id: int) -> tuple[OwnRating, ...]:
    """Each card's first rating in this session, in order."""
    rows = await tx.all(
        """select c.body, r.rating from sessions s join session_cards sc on sc.session_id = s.id
           join cards c on c.id = sc.card_id
           join reviews r on r.learner_id = s.learner_id and r.card_id = sc.card_id
             and r.source_id = s.id and r.turn = sc.turn
           where s.id = :session and sc.repeats = 0 and r.rating is not null order by sc.position""",
        session=session_id,
    )
    return tuple(OwnRating(card_of(row["body"]).prompt, Rating(row["rating"])) for row in rows)


async def waiting(tx: Tx, session_id: int) -> int:
    """Places that are not done with, repeats included."""
    row = await tx.one(
        "select count(*) as n from session_cards where session_id = :session and state = 'waiting'", session=session_id
    )
    return int(row["n"]) if row else 0
