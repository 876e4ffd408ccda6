"""A private session, screen by screen."""

from collections.abc import Sequence

from msgspec.structs import replace

from .. import actions, wording
from ..actions import Instead, Offer, ReadOn
from ..messages import (
    Button,
    Buttons,
    CardSide,
    Message,
    Notice,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)
from ..model import Rating, SessionMode, Source, SourceKind
from ..states import AskedCard, OwnRating, SessionState
from .parts import DONE_QUESTION, NO_NOTICE, button, card_side, line, private, turning

NO, YES = (tuple(rating for rating in Rating if rating.remembered is known) for known in (False, True))


def welcome(name: str) -> Notice:
    return Notice(wording.welcome(name), (button("Hide my name", actions.HideName(hidden=True)),))


def session(state: SessionState, notice: Notice = NO_NOTICE, *, replaces: bool = True) -> Message:
    """The card that is asked now, or the summary."""
    if state.asked is not None:
        return question(state.asked, notice, replaces=replaces)
    return summary(state, notice, replaces=replaces)


def question(asked: AskedCard, notice: Notice = NO_NOTICE, *, replaces: bool = True) -> Message:
    where = _where(asked)
    row = (
        button("Show answer", actions.RevealAnswer(asked.source, asked.position), main=True, shortcut=" "),
        button("Skip or flag", actions.SkipOrFlag(asked.source, asked.position)),
    )
    return private(
        [*where, card_side(Side.QUESTION, asked), Buttons(row)],
        _summary_of(asked),
        notice=notice,
        replaces=replaces,
    )


def reveal(
    asked: AskedCard, turn: int, rated: Rating | None, notice: Notice = NO_NOTICE, *, replaces: bool = True
) -> Message:
    """Both sides, and the question that the rating answers; `rated` is what was said before."""
    sides: list[Part] = [card_side(Side.QUESTION, asked), card_side(Side.ANSWER, asked)]
    if asked.card.why:
        sides.append(card_side(Side.WHY, asked))
    ask = wording.DID_YOU_REMEMBER if rated is None else wording.said_before(rated)
    skip = button("Skip or flag", actions.SkipOrFlag(asked.source, asked.position))
    return private(
        [*_where(asked), *sides, Text(ask), *_rating_rows(asked.source, asked.position, turn), Buttons((skip,))],
        _summary_of(asked),
        notice=notice,
        replaces=replaces,
    )


def one_page(action: ReadOn, text: str, page: int, pages: int) -> Message:
    """A page of a side that was cut: the first one comes beside the card, others in the place of the page before."""
    where = wording.page_of(page, pages)
    title = [Title(where)] if pages > 1 else []
    turn = turning(page, pages, lambda to: replace(action, page=to))
    return private([*title, CardSide(action.side, text), *turn], where, replaces=action.page > 0)


def _rating_rows(source: Source, position: int, turn: int) -> list[Part]:
    def rate(rating: Rating) -> Button:
        return button(wording.rating(rating), actions.RateCard(source, position, turn, rating), shortcut=f"{rating}")

    return [Buttons(tuple(map(rate, NO)), "No:"), Buttons(tuple(map(rate, YES)), "Yes:")]


def _where(asked: AskedCard) -> list[Part]:
    if asked.again:
        return [Title(wording.ONCE_MORE)]
    return [Title(wording.card_of(asked.number, asked.total))] if asked.total else []


def _summary_of(asked: AskedCard) -> str:
    if asked.again:
        return wording.ONCE_MORE
    return wording.card_of(asked.number, asked.total) if asked.total else wording.YOUR_CARD


def saved(asked: AskedCard, turn: int, text: str) -> Notice:
    """The feedback, with the way back to the rating it speaks of."""
    return Notice(text, (button("Change last rating", actions.ChangeRating(asked.source, asked.position, turn)),))


def summary(state: SessionState, notice: Notice = NO_NOTICE, *, replaces: bool = True) -> Message:
    """What was done, and what may come next."""
    ratings = [own.rating for own in state.done]
    first = wording.done_for_today(len(ratings)) if ratings else wording.NOTHING_DONE
    parts: list[Part] = [Title(first), *([Text(wording.remembered(ratings))] if ratings else [])]
    row: list[Button] = []
    for text, label, offer in _offers(state):
        parts.append(Text(text))
        row.append(button(label, actions.GoOn(state.id, offer), main=not row, shortcut="" if row else " "))
    if ratings:
        row.append(button("See my ratings", actions.ShowRatings(state.id)))
    row.append(button("Finish", actions.FinishSession(state.id)))
    return private([*parts, Buttons(tuple(row))], first, notice=notice, replaces=replaces)


def _offers(state: SessionState) -> list[tuple[str, str, Offer]]:
    offers = []
    if state.waiting:
        offers.append((wording.still_waiting(state.waiting), wording.repeat_now(state.waiting), Offer.REPEATS))
    if state.due:
        going_on = wording.KEEP_GOING if state.mode is not SessionMode.STUDY else wording.do_those(state.due)
        offers.append((wording.own_due(state.due), going_on, Offer.DUE))
    if state.catch_up:
        offers.append((wording.catch_up(state.catch_up), wording.meet_them(state.catch_up), Offer.CATCH_UP))
    return offers


def my_ratings(session_id: int, done: Sequence[OwnRating]) -> Message:
    lines = tuple(f"{line(own.prompt, DONE_QUESTION)} **{wording.rating(own.rating)}**" for own in done)
    back = button("Back", actions.ShowCard(session_id), main=True, shortcut=" ")
    return private([Title("My ratings"), Numbered(lines), Buttons((back,))], "My ratings", replaces=True)


def finished(text: str) -> Message:
    row = (button("Leaderboard", actions.ShowLeaderboard()), button("My stats", actions.ShowStats()))
    return private([Text(text), Buttons(row)], text, replaces=True)


def card_done(asked: AskedCard, turn: int, text: str, post_id: int | None) -> Message:
    """After rating a card of a post in `cards` style: there is no next card, but the rest may be studied."""
    row = [button("Change rating", actions.ChangeRating(asked.source, asked.position, turn))]
    if post_id is not None:
        row.append(button("Study the rest", actions.Study(post_id)))
    return private([Text(text), Buttons(tuple(row))], text, replaces=True)


def skip_or_flag(asked: AskedCard) -> Message:
    def way(label: str, how: Instead) -> Button:
        return button(label, actions.SetAside(asked.source, asked.position, how))

    rows = Buttons(
        (way("Skip today", Instead.SKIP), way("Never ask me", Instead.NEVER), way("Report a mistake", Instead.REPORT))
    )
    in_session = asked.source.kind is SourceKind.SESSION
    to = actions.ShowCard(asked.source.id) if in_session else actions.RevealAnswer(asked.source, asked.position)
    back = Buttons((button("Back", to),))
    return private(
        [*_where(asked), card_side(Side.QUESTION, asked), Text(wording.INSTEAD), rows, back],
        wording.INSTEAD,
        replaces=True,
    )


def set_aside(asked: AskedCard, how: Instead) -> Notice:
    match how:
        case Instead.SKIP:
            return Notice(wording.SKIPPED)
        case Instead.NEVER:
            undo = actions.SetAside(asked.source, asked.position, Instead.AGAIN)
            return Notice(wording.NEVER_AGAIN, (button("Undo", undo),))
        case Instead.AGAIN:
            return Notice(wording.ASK_AGAIN)
        case Instead.REPORT:
            return Notice(wording.REPORTED)


def todays_cards_wait(post_id: int) -> Message:
    """Nothing else is due, but today's cards are still to be tried."""
    study = Buttons((button("Study", actions.Study(post_id), main=True, shortcut=" "),))
    return private([Text(wording.TODAY_WAITS), study], wording.TODAY_WAITS)


def nothing_due(text: str, *, can_practise: bool) -> Message:
    row = (button("Practise 5", actions.Practise()),) if can_practise else ()
    return private([Text(text), *([Buttons(row)] if row else [])], text)
