"""Where a learner meets a card: at a position of a post, or of a session of their own."""

import msgspec

from ..errors import AnswerFirst, CardGone, NotYours
from ..model import Account, Cohort, Source, SourceKind
from ..states import AskedCard
from . import cohorts, learners, sessions
from .decks import card_of
from .learners import Member
from .tx import Row, Tx


class Encounter(msgspec.Struct, frozen=True):
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


async def own_session(tx: Tx, session_id: int, account: Account, now: int) -> tuple[Cohort, Member]:
    """Raises `CardGone` for a session that never was, `NotYours` for somebody else's."""
    row = await tx.one(
        f"""select s.learner_id as owner_id, {cohorts.COLUMNS}, {learners.COLUMNS}
            from sessions s join cohorts c on c.id = s.cohort_id left join {learners.MEMBER}
            where s.id = :session""",
        session=session_id,
        **learners.named(account),
    )
    if row is None:
        raise CardGone
    return _owner(row, now)


async def _in_post(tx: Tx, source: Source, position: int, account: Account, now: int, *, joins: bool) -> Encounter:
    row = await tx.one(
        f"""select k.id as card_id, k.body, k.revision, p.state, p.opened_at, {cohorts.COLUMNS}, {learners.COLUMNS}
            from posts p join post_cards pc on pc.post_id = p.id join cards k on k.id = pc.card_id
            join cohorts c on c.id = p.cohort_id left join {learners.MEMBER}
            where p.id = :post and pc.position = :position""",
        post=source.id,
        position=position,
        **learners.named(account),
    )
    if row is None:
        raise CardGone
    cohort = cohorts.cohort_of(row)
    member = learners.member_of(row, cohort, now)
    if member is None and not joins:
        raise AnswerFirst
    member = member or await learners.enrol(tx, account, cohort, now)
    asked = AskedCard(source, position, 0, row["card_id"], row["revision"], card_of(row["body"]))
    return Encounter(cohort, member, asked, source.id, row["state"] == "open", row["opened_at"] or 0)


async def _in_session(tx: Tx, source: Source, position: int, account: Account, now: int) -> Encounter:
    row = await tx.one(
        f"""select s.learner_id as owner_id, {sessions.ASKED}, pc.post_id, p.state, p.opened_at,
                   {cohorts.COLUMNS}, {learners.COLUMNS}
            from sessions s join session_cards sc on sc.session_id = s.id join cards k on k.id = sc.card_id
            join cohorts c on c.id = s.cohort_id left join {learners.MEMBER}
            left join post_cards pc on pc.post_id = s.post_id and pc.card_id = sc.card_id
            left join posts p on p.id = pc.post_id
            where s.id = :session and sc.position = :position""",
        session=source.id,
        position=position,
        **learners.named(account),
    )
    if row is None:
        raise CardGone
    cohort, member = _owner(row, now)
    is_open, came_at = row["state"] == "open", row["opened_at"] or 0
    return Encounter(cohort, member, sessions.asked_of(row), row["post_id"], is_open, came_at, row["repeats"])


def _owner(row: Row, now: int) -> tuple[Cohort, Member]:
    cohort = cohorts.cohort_of(row)
    member = learners.member_of(row, cohort, now)
    if member is None or member.learner_id != row["owner_id"]:
        raise NotYours
    return cohort, member
