"""Studying: a learner's private session on a post, a quiz on demand, practice, and the ways around a card."""

from .. import actions, screens, wording
from ..actions import Instead, Offer, Request
from ..clock import date_of
from ..data import starters
from ..messages import Message, Notice
from ..model import Cohort, SessionMode, Source, SourceKind
from ..screens import setting_up as set_up_screens
from ..selection import ABSENCE_DAYS, CATCH_UP, NEW_ALONE, Remembered, after_absence, due_queue
from ..store import cohorts, decks, encounters, learners, posts, queues, sessions
from ..store.learners import Member
from ..store.sessions import Origin
from ..store.tx import Tx

PRACTICE = 5


async def study(tx: Tx, request: Request, now: int) -> list[Message]:
    """Open or continue the learner's session on a post."""
    assert isinstance(request.action, actions.Study)
    post_id = request.action.post_id
    cohort = await cohorts.of_post(tx, post_id)
    member = await learners.find_or_enrol(tx, request.account, cohort, now)
    open_one = await sessions.open_of(tx, cohort.id, member.learner_id)
    cards = await _cards_of_post(tx, post_id, member)
    same = open_one if open_one is not None and open_one.post_id == post_id else None
    if same is not None and (not cards or await sessions.waiting(tx, same.id)):
        return await _continue(tx, same.id, cohort, member, now)
    session_id = await sessions.start(tx, cohort.id, member.learner_id, SessionMode.STUDY, post_id, cards, now)
    return await _opened(tx, session_id, cohort, member, now)


async def _cards_of_post(tx: Tx, post_id: int, member: Member) -> list[int]:
    """The post's order; after an absence, two that are probably remembered come first."""
    found = await queues.of_post(tx, post_id, member.learner_id, member.day)
    cards = [card.card_id if isinstance(card, Remembered) else card for card in found]
    if member.away_days < ABSENCE_DAYS:
        return cards
    first = after_absence([card for card in found if isinstance(card, Remembered)], member.day)[:2]
    return first + [card for card in cards if card not in first]


async def quiz(tx: Tx, request: Request, now: int) -> list[Message]:
    """A private session now: due cards, then cards that the group has met and this learner has not."""
    assert isinstance(request.action, actions.StartQuiz)
    wanted = request.action
    cohort = await cohorts.here(tx, request.place, request.account)
    member = await learners.find_or_enrol(tx, request.account, cohort, now)
    open_one = await sessions.open_of(tx, cohort.id, member.learner_id)
    if open_one is not None and not wanted.deck and await sessions.cards_left(tx, open_one.id):
        return await _continue(tx, open_one.id, cohort, member, now)
    deck_id = await _deck_meant(tx, cohort, wanted.deck)
    if deck_id is None:
        return [screens.said(wording.no_deck_like(wanted.deck))]
    cards = await _quiz_cards(tx, cohort, member, deck_id, wanted.cards)
    if not cards:
        return [await _nothing_due(tx, cohort, member)]
    session_id = await sessions.start(tx, cohort.id, member.learner_id, SessionMode.QUIZ, None, cards, now)
    return await _opened(tx, session_id, cohort, member, now)


async def _deck_meant(tx: Tx, cohort: Cohort, words: str) -> int | None:
    if not words:
        return queues.EVERY_DECK
    found = await decks.with_title_like(tx, cohort.id, words)
    return found[0][0] if found else None


async def _quiz_cards(tx: Tx, cohort: Cohort, member: Member, deck: int, most: int) -> list[int]:
    due = await queues.due(tx, cohort.id, member.learner_id, member.day, deck=deck)
    away = member.away_days >= ABSENCE_DAYS
    cards = after_absence(due, member.day, most) if away else due_queue(due, member.day, most)
    room = min(NEW_ALONE if cohort.personal else CATCH_UP, most - len(cards))
    if room > 0:
        cards += await queues.catch_up(tx, cohort, member.learner_id, deck=deck, most=room)
    return cards


async def practise(tx: Tx, request: Request, now: int) -> list[Message]:
    """A session of cards that are not due yet; it earns no points."""
    cohort = await cohorts.here(tx, request.place, request.account)
    member = await learners.find_or_enrol(tx, request.account, cohort, now)
    cards = await queues.practice(tx, cohort.id, member.learner_id, member.day, most=PRACTICE)
    if not cards:
        return [await _nothing_due(tx, cohort, member)]
    session_id = await sessions.start(tx, cohort.id, member.learner_id, SessionMode.PRACTICE, None, cards, now)
    return await _opened(tx, session_id, cohort, member, now)


async def _nothing_due(tx: Tx, cohort: Cohort, member: Member) -> Message:
    if cohort.personal:
        return await _alone(tx, cohort, member)
    post_id = await posts.latest(tx, cohort.id)
    if post_id is None:
        return screens.said(wording.NO_POST_YET)
    if (await posts.state(tx, post_id)).open and not await sessions.began(tx, member.learner_id, post_id):
        return screens.todays_cards_wait(post_id)
    return await _all_done(tx, cohort, member)


async def _alone(tx: Tx, cohort: Cohort, member: Member) -> Message:
    """Without posts, what may be missing is a deck."""
    if await decks.of_cohort(tx, cohort.id):
        return await _all_done(tx, cohort, member)
    return set_up_screens.no_deck(cohort, starters())


async def _all_done(tx: Tx, cohort: Cohort, member: Member) -> Message:
    next_day = await queues.next_due_day(tx, cohort.id, member.learner_id, member.day)
    can_practise = bool(await queues.practice(tx, cohort.id, member.learner_id, member.day, most=1))
    comes = wording.next_card(next_day - member.day, date_of(next_day)) if next_day is not None else ""
    return screens.nothing_due(wording.nothing_due(comes, can_practise=can_practise), can_practise=can_practise)


async def _opened(tx: Tx, session_id: int, cohort: Cohort, member: Member, now: int) -> list[Message]:
    """The first screen of a session, under a welcome or a welcome back."""
    state = await sessions.state(tx, session_id, cohort, member, now)
    return [screens.session(state, await _greeting(tx, cohort, member), replaces=False)]


async def _greeting(tx: Tx, cohort: Cohort, member: Member) -> Notice:
    await learners.was_active(tx, cohort.id, member)
    if member.joined:
        return screens.welcome(member.name)
    return Notice(wording.WELCOME_BACK) if member.away_days >= ABSENCE_DAYS else screens.NO_NOTICE


async def _continue(tx: Tx, session_id: int, cohort: Cohort, member: Member, now: int) -> list[Message]:
    """The session where it was left."""
    state = await sessions.state(tx, session_id, cohort, member, now)
    number = state.asked.number if state.asked and not state.asked.again else 0
    going_on = Notice(wording.continuing(number)) if number > 1 else screens.NO_NOTICE
    greeting = await _greeting(tx, cohort, member)
    notice = going_on if greeting is screens.NO_NOTICE else greeting
    return [screens.session(state, notice, replaces=False)]


async def go_on(tx: Tx, request: Request, now: int) -> list[Message]:
    """Add what the summary offered, and show the next card."""
    assert isinstance(request.action, actions.GoOn)
    session_id, offer = request.action.session_id, request.action.offer
    cohort, member = await encounters.own_session(tx, session_id, request.account, now)
    if not await sessions.cards_left(tx, session_id):
        await _add(tx, session_id, offer, cohort, member, now)
    return [screens.session(await sessions.state(tx, session_id, cohort, member, now))]


async def _add(tx: Tx, session_id: int, offer: Offer, cohort: Cohort, member: Member, now: int) -> None:
    most_due, most_catch_up = await sessions.offers(tx, session_id)
    match offer:
        case Offer.DUE:
            due = await queues.due(tx, cohort.id, member.learner_id, member.day, session=session_id)
            cards = due_queue(due, member.day, most_due)
            await sessions.add_cards(tx, session_id, cards, Origin.DUE, now)
        case Offer.CATCH_UP:
            cards = await queues.catch_up(tx, cohort, member.learner_id, session=session_id, most=most_catch_up)
            await sessions.add_cards(tx, session_id, cards, Origin.CATCH_UP, now)
        case Offer.REPEATS:
            await sessions.hasten_repeats(tx, session_id, now)


async def show(tx: Tx, request: Request, now: int) -> list[Message]:
    """Where my session stands."""
    assert isinstance(request.action, actions.ShowCard)
    cohort, member = await encounters.own_session(tx, request.action.session_id, request.account, now)
    return [screens.session(await sessions.state(tx, request.action.session_id, cohort, member, now))]


async def show_ratings(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.ShowRatings)
    await encounters.own_session(tx, request.action.session_id, request.account, now)
    return [screens.my_ratings(request.action.session_id, await sessions.done(tx, request.action.session_id))]


async def finish(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.FinishSession)
    await encounters.own_session(tx, request.action.session_id, request.account, now)
    await sessions.finish(tx, request.action.session_id, now)
    return [screens.finished(wording.FINISHED)]


async def skip_or_flag(tx: Tx, request: Request, now: int) -> list[Message]:
    assert isinstance(request.action, actions.SkipOrFlag)
    met = await encounters.meet(tx, request.action.source, request.action.position, request.account, now)
    return [screens.skip_or_flag(met.asked)]


async def set_aside(tx: Tx, request: Request, now: int) -> list[Message]:
    """Skip, never ask, ask after all, or report; a session then goes on with its next card."""
    assert isinstance(request.action, actions.SetAside)
    action = request.action
    met = await encounters.meet(tx, action.source, action.position, request.account, now)
    learner_id, card_id = met.member.learner_id, met.asked.card_id
    match action.how:
        case Instead.NEVER:
            await decks.never_ask(tx, learner_id, card_id, now)
        case Instead.AGAIN:
            await decks.ask_again(tx, learner_id, card_id)
        case Instead.REPORT:
            await decks.report(tx, met.cohort.id, learner_id, card_id, met.asked.revision, now)
        case Instead.SKIP:
            pass
    notice = screens.set_aside(met.asked, action.how)
    if action.source.kind is SourceKind.POST:
        return [screens.private([], notice.markdown, notice=notice, replaces=True)]
    if action.how in (Instead.SKIP, Instead.NEVER):
        await sessions.skip(tx, action.source.id, action.position)
    state = await sessions.state(tx, action.source.id, met.cohort, met.member, now)
    return [screens.session(state, notice)]


async def where_it_stands(tx: Tx, request: Request, now: int) -> list[Message]:
    """For an action that was done already: the session as it is now, or a word that nothing was counted twice."""
    session_id = _session_meant(request)
    if session_id is None:
        return [screens.said(wording.ALREADY_DONE)]
    cohort, member = await encounters.own_session(tx, session_id, request.account, now)
    return [screens.session(await sessions.state(tx, session_id, cohort, member, now))]


def _session_meant(request: Request) -> int | None:
    match request.action:
        case actions.GoOn(session_id) | actions.ShowCard(session_id):
            return session_id
        case actions.RateCard(Source(SourceKind.SESSION, id)) | actions.SetAside(Source(SourceKind.SESSION, id)):
            return id
        case _:
            return None
