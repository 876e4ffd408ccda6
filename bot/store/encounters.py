"""Where a learner meets a card: at a position of a post, or of a session of their own."""

from dataclasses import dataclass, replace

from ..errors import AnswerFirst, CardGone, NotYours
from ..model import Account, Cohort, Source, SourceKind
from ..states import AskedCard
from . import cohorts, learners, sessions
from .decks import card_of
from .learners import Member
from .tx import Tx


@dataclass(frozen=True, slots=True)
class Encounter:
    """A member and a card. `post_id`: the post that the card belongs to, if any, whether that post is open, and when it
    came (0: not yet).
    """

    cohort: Cohort
    member: Member
    asked: AskedCard
    post_id: int | None
    post_open: bool
    post_came_at: int
    repeats: int = 0

    @property
    def session_id(self) -> int | None:
        source = self.asked.source
        return source.id if source.kind is SourceKind.SESSION else None


async def meet(tx: Tx, source: Source, position: int, account: Account, now: int, *, joins: bool = True) -> Encounter:
    """A card of a post makes its presser a member, unless `joins` is False: then nothing is written.

    Raises `CardGone` for a card that never stood there, `NotYours` for a session of somebody else, `AnswerFirst` for
    somebody who is no member and may not become one here.
    """
    if source.kind is SourceKind.POST:
        return await _in_post(tx, source, position, account, now, joins=joins)
    return await _in_session(tx, source, position, account, now)


async def numbered(tx: Tx, met: Encounter) -> AskedCard:
    """The card with its place in the session, for the screen's title."""
    if met.session_id is None:
        return met.asked
    number, total = await sessions.number_of(tx, met.session_id, met.asked.position)
    return replace(met.asked, number=number, total=total, again=met.repeats > 0)


async def _in_post(tx: Tx, source: Source, position: int, account: Account, now: int, *, joins: bool) -> Encounter:
    row = await tx.one(
        """select p.cohort_id, p.state, p.opened_at, c.id, c.body, c.revision
           from posts p join post_cards pc on pc.post_id = p.id join cards c on c.id = pc.card_id
           where p.id = :post and pc.position = :position""",
        post=source.id,
        position=position,
    )
    if row is None:
        raise CardGone
    cohort = await cohorts.by_id(tx, row["cohort_id"])
    member = await (learners.find_or_enrol if joins else learners.find)(tx, account, cohort, now)
    if member is None:
        raise AnswerFirst
    asked = AskedCard(source, position, 0, row["id"], row["revision"], card_of(row["body"]))
    return Encounter(cohort, member, asked, source.id, row["state"] == "open", row["opened_at"] or 0)


async def _in_session(tx: Tx, source: Source, position: int, account: Account, now: int) -> Encounter:
    row = await tx.one(
        """select s.cohort_id, s.learner_id, sc.turn, sc.repeats, c.id, c.body, c.revision, pc.post_id, p.state,
                  p.opened_at
           from sessions s join session_cards sc on sc.session_id = s.id join cards c on c.id = sc.card_id
           left join post_cards pc on pc.post_id = s.post_id and pc.card_id = sc.card_id
           left join posts p on p.id = pc.post_id
           where s.id = :session and sc.position = :position""",
        session=source.id,
        position=position,
    )
    if row is None:
        raise CardGone
    cohort = await cohorts.by_id(tx, row["cohort_id"])
    member = await learners.find(tx, account, cohort, now)
    if member is None or member.learner_id != row["learner_id"]:
        raise NotYours
    asked = AskedCard(source, position, row["turn"], row["id"], row["revision"], card_of(row["body"]))
    return Encounter(
        cohort, member, asked, row["post_id"], row["state"] == "open", row["opened_at"] or 0, row["repeats"]
    )


async def own_session(tx: Tx, session_id: int, account: Account, now: int) -> tuple[Cohort, Member]:
    """Raises `CardGone` for a session that never was, `NotYours` for somebody else's."""
    row = await tx.one("select cohort_id, learner_id from sessions where id = :id", id=session_id)
    if row is None:
        raise CardGone
    cohort = await cohorts.by_id(tx, row["cohort_id"])
    member = await learners.find(tx, account, cohort, now)
    if member is None or member.learner_id != row["learner_id"]:
        raise NotYours
    return cohort, member
