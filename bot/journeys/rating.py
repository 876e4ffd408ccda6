"""Reveal, then rate: the answer in private, a rating from 1 to 5, and changing it; and rating by reaction."""

from collections.abc import Mapping

from msgspec.structs import replace

from .. import actions, screens, wording
from ..actions import Request
from ..errors import AnswerFirst
from ..messages import Message
from ..model import Account, PostStyle, Rating, RatingInput, ReviewKind, Source, SourceKind
from ..store import cohorts, deliveries, encounters, learners, posts, reactions, reviews, sessions, standings
from ..store.deliveries import Delivery
from ..store.encounters import Encounter
from ..store.reviews import Known, NewTurn, Turn
from ..store.tx import Tx

REPEAT_AFTER_MS = {Rating.NOT_AT_ALL: 60_000, Rating.BARELY: 600_000}
MOST_REPEATS = 2
LIVE_COUNT_MS = 3_600_000


async def reveal(tx: Tx, request: Request, now: int) -> list[Message]:
    """The answer, and the turn that its rating will fill."""
    assert isinstance(request.action, actions.RevealAnswer)
    met = await encounters.meet(tx, request.action.source, request.action.position, request.account, now)
    turn = await _turn_to_show(tx, met, now)
    await learners.was_active(tx, met.cohort.id, met.member)
    notice = screens.welcome(met.member.name) if met.member.joined else screens.NO_NOTICE
    in_session = met.asked.source.kind is SourceKind.SESSION
    return [screens.reveal(met.asked, turn.turn, turn.rating, notice, replaces=in_session)]


async def _turn_to_show(tx: Tx, met: Encounter, now: int) -> Turn:
    """The session's own turn; in a post the latest one, or the next once that can no longer be changed."""
    if met.asked.turn:
        return await _begin(tx, met, met.asked.turn, now)
    latest = await _latest(tx, met)
    if latest is None:
        return await _begin(tx, met, 1, now)
    if latest.rating is None or _may_change(met, latest):
        return latest
    return await _begin(tx, met, latest.turn + 1, now)


async def _begin(tx: Tx, met: Encounter, turn: int, now: int, *, revealed: bool = True) -> Turn:
    revealed_at = now if revealed else None
    new = NewTurn(met.asked.card_id, met.cohort.id, met.asked.source.id, turn, revealed_at)
    return await reviews.begin_turn(tx, met.member.learner_id, new, now)


async def _latest(tx: Tx, met: Encounter) -> Turn | None:
    return await reviews.latest_turn(tx, met.member.learner_id, met.asked.card_id, met.asked.source.id)


def _may_change(met: Encounter, turn: Turn) -> bool:
    """Until the post closes in which it was rated; outside an open post until the end of the next day."""
    return met.post_open if turn.post_id is not None else turn.day is not None and turn.day >= met.member.day - 1


async def rate(tx: Tx, request: Request, now: int) -> list[Message]:
    """Save a rating: pressed again it is kept, pressed differently changed, pressed much later a new turn."""
    assert isinstance(request.action, actions.RateCard)
    action = request.action
    met = await encounters.meet(tx, action.source, action.position, request.account, now)
    turn = await reviews.turn_numbered(tx, met.member.learner_id, met.asked.card_id, met.asked.source.id, action.turn)
    if turn is None:
        raise AnswerFirst
    said, turn = await _save(tx, met, turn, action.rating, now)
    if met.session_id is not None and turn.turn == met.asked.turn:
        await sessions.mark_rated(tx, met.session_id, met.asked.position)
    return await _after(tx, met, turn.turn, said, now)


async def _save(tx: Tx, met: Encounter, turn: Turn, rating: Rating, now: int) -> tuple[str, Turn]:
    """What is said of it, and the turn that holds it: an old message that can change nothing speaks of the newest."""
    if turn.rating is not None and not _may_change(met, turn):
        turn = await _latest(tx, met) or turn
    if turn.rating is None:
        return await _first(tx, met, turn, rating, now), turn
    if turn.rating is rating:
        return wording.kept(rating), turn
    if _may_change(met, turn):
        return await _change(tx, met, turn, rating, now), turn
    again = await _begin(tx, met, turn.turn + 1, now)
    return await _first(tx, met, again, rating, now), again


async def _first(tx: Tx, met: Encounter, turn: Turn, rating: Rating, now: int) -> str:
    learner_id, card_id = met.member.learner_id, met.asked.card_id
    known = await reviews.lock_known(tx, learner_id, card_id, met.member.day)
    open_post = met.post_id if met.post_open else None
    posted = open_post is not None and not await reviews.rated_in_post(tx, learner_id, card_id, open_post)
    kind = kind_of(known, met.member.day, posted=posted)
    await reviews.fill_turn(tx, turn, met.member, kind, rating, open_post, now)
    state = await reviews.refold(tx, learner_id, card_id)
    assert state is not None
    if kind is ReviewKind.SCHEDULED:
        await standings.count_card(tx, met.cohort.id, learner_id, met.member.cohort_day, +1)
    if open_post is not None:
        await _count_anew(tx, open_post, met.post_came_at, now)
    again = turn.turn == met.asked.turn and await _repeat(tx, met, rating, now)
    return wording.saved(rating, state.due_day - met.member.day, comes_back=again)


def kind_of(known: Known, today: int, *, posted: bool) -> ReviewKind:
    """A card twice on one day is a repeat; a due one, one never rated, or a `posted` one is scheduled.

    `posted`: the card is of the open post, and was not rated in it yet. A post may stay open over a weekend.
    """
    if known.reviews and known.last_day >= today:
        return ReviewKind.REPEAT
    if posted or not known.reviews or known.due_day <= today:
        return ReviewKind.SCHEDULED
    return ReviewKind.EARLY


async def _count_anew(tx: Tx, post_id: int, came_at: int, now: int) -> None:
    """Have the post's count drawn anew, at most once a minute in its first hour."""
    if now - came_at <= LIVE_COUNT_MS:
        await deliveries.add_everywhere(tx, deliveries.DeliveryKind.COUNT, post_id, now)


async def _repeat(tx: Tx, met: Encounter, rating: Rating, now: int) -> bool:
    """Have a card that was not remembered come back in its session; True if it does."""
    if met.session_id is None or rating not in REPEAT_AFTER_MS or met.repeats >= MOST_REPEATS:
        return False
    if await sessions.came_back(tx, met.session_id, met.asked.card_id, met.repeats):
        return False
    await sessions.add_repeat(tx, met.session_id, met.asked.card_id, met.repeats + 1, now + REPEAT_AFTER_MS[rating])
    return True


async def _change(tx: Tx, met: Encounter, turn: Turn, rating: Rating, now: int) -> str:
    learner_id, card_id = met.member.learner_id, met.asked.card_id
    assert turn.rating is not None
    await reviews.lock_known(tx, learner_id, card_id, met.member.day)
    await reviews.change_turn(tx, turn, rating, now)
    await reviews.refold(tx, learner_id, card_id)
    if met.session_id is not None and turn.turn == met.asked.turn:
        await sessions.drop_repeats(tx, met.session_id, card_id)
        await _repeat(tx, met, rating, now)
    return wording.changed(turn.rating, rating)


async def _after(tx: Tx, met: Encounter, turn: int, said: str, now: int) -> list[Message]:
    """The feedback, above the next card where there is one."""
    asked = replace(met.asked, turn=turn)
    if met.session_id is None:
        return [screens.card_done(asked, turn, said, met.post_id if met.post_open else None)]
    state = await sessions.state(tx, met.session_id, met.cohort, met.member, now)
    return [screens.session(state, screens.saved(asked, turn, said))]


async def change(tx: Tx, request: Request, now: int) -> list[Message]:
    """Show a rated turn's buttons again."""
    assert isinstance(request.action, actions.ChangeRating)
    action = request.action
    met = await encounters.meet(tx, action.source, action.position, request.account, now, joins=False)
    turn = await reviews.turn_numbered(tx, met.member.learner_id, met.asked.card_id, met.asked.source.id, action.turn)
    if turn is None:
        raise AnswerFirst
    return [screens.reveal(met.asked, turn.turn, turn.rating)]


async def react(tx: Tx, request: Request, now: int) -> list[Message]:
    """A rating by reaction: the newest one counts, and taking the last one back undoes the rating."""
    assert isinstance(request.action, actions.React)
    action = request.action
    found = await deliveries.card_of_message(tx, action.message)
    if found is None:
        return []
    post_id, position = found
    post = await posts.state(tx, post_id)
    if post.rating_input is RatingInput.BUTTONS or post.style is PostStyle.DIGEST:
        return []
    if not action.added and await _is_stranger(tx, request, post.cohort_id, now):
        return []
    met = await encounters.meet(tx, Source(SourceKind.POST, post_id), position, request.account, now)
    if action.added:
        await reactions.put(tx, post_id, position, met.member.learner_id, action.rating, now)
    else:
        await reactions.take(tx, post_id, position, met.member.learner_id, action.rating)
    if met.post_open:
        await learners.was_active(tx, met.cohort.id, met.member)
        await _follow(tx, met, None if action.added else action.rating, now)
    return []


async def _is_stranger(tx: Tx, request: Request, cohort_id: int, now: int) -> bool:
    """Another bot, as a rule: that it is one is not told where a reaction is taken back, and nobody joins by that."""
    return await learners.find(tx, request.account, await cohorts.by_id(tx, cohort_id), now) is None


async def say_nothing(tx: Tx, request: Request, now: int) -> list[Message]:
    """A reaction that came twice."""
    return []


async def _follow(tx: Tx, met: Encounter, taken: Rating | None, now: int) -> None:
    """Make the review what the newest reaction says; one `taken` back says nothing where a button spoke since."""
    turn = await _latest(tx, met)
    if taken is not None and (turn is None or turn.rating is not taken):
        return
    there = await _reactions_of(tx, met)
    if there:
        await _save(tx, met, turn or await _begin(tx, met, 1, now, revealed=False), there[0], now)
    elif turn is not None:
        await _undo(tx, met, turn, now)


async def _reactions_of(tx: Tx, met: Encounter) -> list[Rating]:
    """The newest first."""
    return await reactions.newest_first(tx, met.asked.source.id, met.asked.position, met.member.learner_id)


async def _undo(tx: Tx, met: Encounter, turn: Turn, now: int) -> None:
    await reviews.lock_known(tx, met.member.learner_id, met.asked.card_id, met.member.day)
    await reviews.change_turn(tx, turn, None, now)
    await reviews.refold(tx, met.member.learner_id, met.asked.card_id)
    if turn.kind is ReviewKind.SCHEDULED and turn.cohort_day is not None:
        await standings.count_card(tx, met.cohort.id, met.member.learner_id, turn.cohort_day, -1)


# ---- reactions that were put unseen ----------------------------------------------------------------------------------


async def who_reacted(tx: Tx, delivery: Delivery) -> list[Account]:
    """Whose reactions to this card are kept."""
    assert delivery.post_id is not None
    return await reactions.people(tx, delivery.post_id, delivery.part, delivery.place.platform)


async def read_again(tx: Tx, delivery: Delivery, found: Mapping[Account, frozenset[Rating]], now: int) -> None:
    """Make the reactions of these people, as they are kept, what was `found` under the message; harmless twice.

    When a reaction was put that nobody told of is not known. It counts as put just before the new session began, which
    the delivery's body says: newer than what was kept before, older than what was told, or pressed, since. Of several
    the lowest counts, which brings the card back soonest.
    """
    takes_back = await deliveries.is_alone(tx, delivery)
    for account, there in found.items():
        assert delivery.post_id is not None
        source = Source(SourceKind.POST, delivery.post_id)
        met = await encounters.meet(tx, source, delivery.part, account, now, joins=bool(there))
        if met.post_open:
            await _make_it_so(tx, met, there, int(delivery.body), now, takes_back=takes_back)


async def _make_it_so(
    tx: Tx, met: Encounter, there: frozenset[Rating], since: int, now: int, *, takes_back: bool
) -> None:
    before = await _reactions_of(tx, met)
    card = (met.asked.source.id, met.asked.position, met.member.learner_id)
    for rating in there - set(before):
        await reactions.put_unseen(tx, *card, rating, since)
    for rating in set(before) - there if takes_back else ():
        await reactions.take(tx, *card, rating)
    said, says = (kept[0] if kept else None for kept in (before, await _reactions_of(tx, met)))
    if says is said or await _has_spoken(tx, met, said, since):
        return
    await learners.was_active(tx, met.cohort.id, met.member)
    await _follow(tx, met, said if says is None else None, now)


async def _has_spoken(tx: Tx, met: Encounter, said: Rating | None, since: int) -> bool:
    """Whether the latest rating is of a button pressed since then, and not what the reactions `said`."""
    turn = await _latest(tx, met)
    return turn is not None and turn.rating not in (None, said) and (turn.rated_at or 0) >= since
