"""A side of a card that a platform had to cut, read to its end in private, page by page.

An answer is shown to whoever looked at it in this very turn, or once its post has closed; a question always.
"""

from .. import actions, markdown, screens
from ..actions import ReadOn, Request
from ..errors import AnswerFirst
from ..messages import Message
from ..model import Side, SourceKind
from ..states import AskedCard
from ..store import encounters, posts, reviews
from ..store.encounters import Encounter
from ..store.tx import Tx


async def read_on(tx: Tx, request: Request, now: int) -> list[Message]:
    """One page of it. Raises `AnswerFirst` for an answer that was not looked at."""
    assert isinstance(request.action, actions.ReadOn)
    asked = await _free_to_all(tx, request.action) or await _looked_at(tx, request.action, request, now)
    pages = markdown.pages(screens.side_of(asked.card, request.action.side))
    number = max(1, min(request.action.page, len(pages)))
    shown = markdown.drawable(pages[number - 1])
    return [screens.one_page(request.action, shown, number, len(pages))]


async def _free_to_all(tx: Tx, action: ReadOn) -> AskedCard | None:
    """A card of a post, where this side of it is no secret; members or not may look."""
    if action.source.kind is not SourceKind.POST:
        return None
    post = await posts.state(tx, action.source.id)
    free = action.side is Side.QUESTION or post.closed
    return next((asked for asked in post.cards if free and asked.position == action.position), None)


async def _looked_at(tx: Tx, action: ReadOn, request: Request, now: int) -> AskedCard:
    met = await encounters.meet(tx, action.source, action.position, request.account, now, joins=False)
    if action.side is not Side.QUESTION and not await _has_begun(tx, met):
        raise AnswerFirst
    return met.asked


async def _has_begun(tx: Tx, met: Encounter) -> bool:
    """Whether the turn has: in a session the one that the card stands there for, in a post any."""
    where = (met.member.learner_id, met.asked.card_id, met.asked.source.id)
    if met.session_id is not None:
        return await reviews.turn_numbered(tx, *where, met.asked.turn) is not None
    return await reviews.latest_turn(tx, *where) is not None
