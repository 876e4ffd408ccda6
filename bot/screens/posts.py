"""The daily post as everybody sees it, and what is asked about it; nudges and notices."""

from collections.abc import Sequence
from math import ceil

from msgspec.structs import replace

from .. import actions, wording
from ..markdown import plain
from ..messages import (
    Audience,
    Buttons,
    CardSide,
    Message,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)
from ..model import AnswersAfter, PostStyle, RatingInput
from ..states import AskedCard, PostState
from .parts import DIGEST_QUESTION, DONE_QUESTION, button, card_side, line, private, said, turning

ANSWERS_SHOWN = 5


def post_message(post: PostState, part: int) -> Message:
    """The `part`-th message of a post, as everybody sees it now; the first one notifies whom the group wants."""
    message = _digest(post) if post.style is PostStyle.DIGEST else _single_card(post, part)
    return replace(message, ping=post.ping) if part == 0 else message


def parts_of(post: PostState) -> int:
    """How many messages a post is made of."""
    return 1 if post.style is PostStyle.DIGEST else len(post.cards)


def _digest(post: PostState) -> Message:
    questions = tuple(line(asked.card.prompt, DIGEST_QUESTION) for asked in post.cards)
    invitation = [Text(f"{wording.TRY_EACH} {wording.minutes(len(questions))}")] if not post.closed else []
    title = Title(wording.todays_cards(len(questions), post.title))
    shown = [_in_public(asked) for asked in post.cards] if _answers_shown(post) else []
    return Message(
        (*_post_head(post), title, Numbered(questions), *_flat(shown), *invitation, *_post_foot(post)),
        wording.cards_ready(len(questions)),
        Audience.EVERYONE,
    )


def _single_card(post: PostState, part: int) -> Message:
    asked = post.cards[part]
    show = button("Show answer", actions.RevealAnswer(asked.source, asked.position), main=True)
    foot, head = (_post_foot(post), _post_head(post)) if part == 0 else ([], [])
    title = f"{wording.card_of(part + 1, len(post.cards))}: {post.title}"
    hint = wording.TRY_IT if post.rating_input is RatingInput.BUTTONS else wording.REACT
    answer = [card_side(Side.ANSWER, asked)] if _answers_shown(post) else [Text(hint, quiet=True)]
    return Message(
        (*head, Title(title), card_side(Side.QUESTION, asked), *answer, Buttons((show,)), *foot),
        wording.cards_ready(len(post.cards)) if part == 0 else title,
        Audience.EVERYONE,
    )


def _answers_shown(post: PostState) -> bool:
    """Only where the group wants it, and only after closing."""
    return post.closed and post.answers is AnswersAfter.PUBLIC


def _in_public(asked: AskedCard) -> list[Part]:
    return [CardSide(Side.QUESTION, asked.card.prompt), CardSide(Side.ANSWER, asked.card.answer)]


def _flat(groups: Sequence[Sequence[Part]]) -> list[Part]:
    return [part for group in groups for part in group]


def _post_head(post: PostState) -> list[Part]:
    """What stands above the cards: that it is late, and last week's standings in a week's first post."""
    head: list[Part] = [Text(wording.late(post.late_until))] if post.late_until else []
    if post.last_week is not None:
        lines = tuple(wording.points_of(name, points) for _, name, points in post.last_week.lines)
        ranks = tuple(rank for rank, _, _ in post.last_week.lines)
        together = wording.last_week(post.last_week.people, post.last_week.cards)
        head += [Text(f"**{wording.LAST_WEEK}**"), Numbered(lines, ranks), Text(together, quiet=True)]
    return head


def _post_foot(post: PostState) -> list[Part]:
    study = button("Study", actions.Study(post.id), main=not post.closed)
    if post.closed:
        row = (button("See answers", actions.SeeAnswers(post.id)), study)
        return [Text(wording.closed(post.studied), quiet=True), Buttons(row)]
    row = (study, button("How it works", actions.ExplainPost(post.id)))
    return [Buttons(row), Text(wording.studied(post.studied), quiet=True)]


def notice(body: str) -> Message:
    """Words to a lead in private; or, with none, to the group: that its posts are paused because nobody answered."""
    if body:
        return said(body)
    resume = Buttons((button("Resume posts", actions.ResumePosts()),))
    return Message((Text(wording.PAUSED_QUIET), resume), plain(wording.PAUSED_QUIET), Audience.EVERYONE)


def reminder(count: int) -> Message:
    row = (
        button("Start", actions.StartQuiz(), main=True, shortcut=" "),
        button("Stop reminders", actions.Remind("off")),
    )
    return private([Text(wording.reminder(count)), Buttons(row)], wording.reminder(count))


def reminder_test() -> Message:
    stop = Buttons((button("Stop reminders", actions.Remind("off")),))
    return private([Text(wording.REMINDER_TEST), stop], wording.REMINDER_TEST)


def reminders_on(time: str, zone: str) -> Message:
    text = wording.reminders_on(time, zone)
    off = Buttons((button("Turn off", actions.Remind("off")),))
    return private([Text(text), Text(wording.REMINDER_TEST_COMES, quiet=True), off], text)


def how_it_works() -> Message:
    return said(wording.HOW_IT_WORKS)


def answers(post: PostState, page: int) -> Message:
    """A closed post's questions with their answers, in private, a few a page: all of them may be long."""
    pages = max(1, ceil(len(post.cards) / ANSWERS_SHOWN))
    page = max(1, min(page, pages))
    parts: list[Part] = [Title(wording.todays_cards(len(post.cards), post.title).replace("Today's", "The post's", 1))]
    if pages > 1:
        parts.append(Text(wording.page_of(page, pages), quiet=True))
    for asked in post.cards[(page - 1) * ANSWERS_SHOWN : page * ANSWERS_SHOWN]:
        parts += [card_side(Side.QUESTION, asked), card_side(Side.ANSWER, asked)]
    turn = turning(page, pages, lambda to: actions.SeeAnswers(post.id, to))
    return private([*parts, *turn], "The answers of this post", replaces=True)


def why_these(post: PostState) -> Message:
    lines = tuple(
        f"{line(asked.card.prompt, DONE_QUESTION)} ({reason})"
        for asked, reason in zip(post.cards, post.reasons, strict=True)
    )
    return private(
        [Title(wording.why_title(len(lines))), Numbered(lines), Text(wording.WHY_RULE, quiet=True)], wording.WHY_RULE
    )
