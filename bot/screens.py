"""What a person sees: messages made of wording, cards and buttons. Pure: whatever a screen shows is handed to it.

Rules of this file:
- a public message, its summary included, holds no answer;
- a private screen begins with what happened (a notice), then says where one is ("Card 2 of 5");
- spent buttons are left out, never disabled.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from . import actions, buttons, wording
from .actions import Action, Instead, Offer
from .commands import Command
from .markdown import escape, one_line, plain
from .messages import (
    Audience,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Message,
    Notice,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)
from .model import (
    AnswersAfter,
    AskedCard,
    Card,
    OwnRating,
    PostState,
    PostStyle,
    Rating,
    RatingInput,
    SessionMode,
    SessionState,
    Source,
    SourceKind,
    Window,
)

NO_NOTICE = Notice("")
DIGEST_QUESTION = 120
DONE_QUESTION = 80
PROBLEMS_SHOWN = 10


def button(label: str, action: Action, *, main: bool = False, shortcut: str = "") -> Button:
    return Button(buttons.write(action), label, ButtonStyle.MAIN if main else ButtonStyle.PLAIN, shortcut)


def private(parts: Sequence[Part], summary: str, *, replaces: bool = False, notice: Notice = NO_NOTICE) -> Message:
    """A message for its asker alone, under a notice if there is one."""
    top: tuple[Part, ...] = (notice,) if notice is not NO_NOTICE else ()
    return Message((*top, *parts), summary, Audience.ONLY_YOU, replaces)


def said(markdown: str, *, replaces: bool = False) -> Message:
    """One plain sentence to whoever asked."""
    return private([Text(markdown)], plain(markdown), replaces=replaces)


def _line(prompt: str, most: int) -> str:
    """A card's question on one line, its words literal."""
    return escape(one_line(prompt, most))


# ---- the post --------------------------------------------------------------------------------------------------------


def post_message(post: PostState, part: int) -> Message:
    """The `part`-th message of a post, as everybody sees it now."""
    return _digest(post) if post.style is PostStyle.DIGEST else _single_card(post, part)


def parts_of(post: PostState) -> int:
    """How many messages a post is made of."""
    return 1 if post.style is PostStyle.DIGEST else len(post.cards)


def _question(card: Card) -> CardSide:
    """The prompt; a choice card's choices belong to it, in the author's order, without saying which are right."""
    listed = bullets([choice.text for choice in card.choices])
    return CardSide(Side.QUESTION, f"{card.prompt}\n\n{listed}" if listed else card.prompt)


def _digest(post: PostState) -> Message:
    questions = tuple(_line(asked.card.prompt, DIGEST_QUESTION) for asked in post.cards)
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
    return Message(
        (*head, Title(title), _question(asked.card), Text(hint, quiet=True), Buttons((show,)), *foot),
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


def answers(post: PostState) -> Message:
    """A closed post's questions with their answers, in private."""
    parts: list[Part] = [Title(wording.todays_cards(len(post.cards), post.title).replace("Today's", "The post's", 1))]
    for asked in post.cards:
        parts += [_question(asked.card), CardSide(Side.ANSWER, asked.card.answer)]
    return private(parts, "The answers of this post")


def why_these(post: PostState) -> Message:
    lines = tuple(
        f"{_line(asked.card.prompt, DONE_QUESTION)} ({reason})"
        for asked, reason in zip(post.cards, post.reasons, strict=True)
    )
    return private(
        [Title(wording.why_title(len(lines))), Numbered(lines), Text(wording.WHY_RULE, quiet=True)], wording.WHY_RULE
    )


# ---- a session -------------------------------------------------------------------------------------------------------


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
        [*where, _question(asked.card), Buttons(row)],
        _summary_of(asked),
        notice=notice,
        replaces=replaces,
    )


def reveal(
    asked: AskedCard, turn: int, rated: Rating | None, notice: Notice = NO_NOTICE, *, replaces: bool = True
) -> Message:
    """Both sides, and the question that the rating answers; `rated` is what was said before."""
    sides: list[Part] = [_question(asked.card), CardSide(Side.ANSWER, asked.card.answer)]
    if asked.card.why:
        sides.append(CardSide(Side.WHY, asked.card.why))
    ask = wording.DID_YOU_REMEMBER if rated is None else wording.said_before(rated)
    skip = button("Skip or flag", actions.SkipOrFlag(asked.source, asked.position))
    return private(
        [*_where(asked), *sides, Text(ask), *_rating_rows(asked.source, asked.position, turn), Buttons((skip,))],
        _summary_of(asked),
        notice=notice,
        replaces=replaces,
    )


def _rating_rows(source: Source, position: int, turn: int) -> list[Part]:
    def rate(rating: Rating) -> Button:
        return button(
            wording.rating(rating), actions.RateCard(source, position, turn, rating), shortcut=str(rating.value)
        )

    no = tuple(rate(rating) for rating in Rating if not rating.remembered)
    yes = tuple(rate(rating) for rating in Rating if rating.remembered)
    return [Buttons(no, "No:"), Buttons(yes, "Yes:")]


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
    lines = tuple(f"{_line(own.prompt, DONE_QUESTION)}: **{wording.rating(own.rating)}**" for own in done)
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
        [*_where(asked), _question(asked.card), Text(wording.INSTEAD), rows, back],
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


def nothing_due(text: str, *, can_practise: bool) -> Message:
    row = (button("Practise 5", actions.Practise()),) if can_practise else ()
    return private([Text(text), *([Buttons(row)] if row else [])], text)


# ---- the group -------------------------------------------------------------------------------------------------------


def leaderboard(
    title: str, window: Window, lines: Sequence[tuple[int, str]], foot: Sequence[str], *, hidden: bool, public: bool
) -> Message:
    """A real numbered list; `foot` are the lines below it. The public one carries no buttons of its asker's."""
    listing: list[Part] = (
        [Numbered(tuple(text for _, text in lines), tuple(rank for rank, _ in lines))]
        if lines
        else [Text(wording.NO_STANDINGS)]
    )
    parts: list[Part] = [Title(title), *listing, *(Text(line) for line in foot), Text(wording.POINTS_RULE, quiet=True)]
    if public:
        return Message(tuple(parts), title, Audience.EVERYONE)
    windows = [
        button(label, actions.ShowLeaderboard(other))
        for other, label in ((Window.WEEK, "Week"), (Window.MONTH, "Month"), (Window.ALL, "All time"))
        if other is not window
    ]
    hide = button("Show my name" if hidden else "Hide my name", actions.HideName(hidden=not hidden))
    share = [button("Share", actions.ShareLeaderboard(window))] if lines else []
    return private([*parts, Buttons((*windows, *share, hide))], title)


def error(sentence: str) -> Message:
    """A sentence in plain text, which may hold words of a file."""
    return private([Text(escape(sentence))], sentence)


@dataclass(frozen=True, slots=True)
class DeckProgress:
    """How far one learner is in a deck; `mastery` is the expected share of it that they would remember today."""

    title: str
    cards: int
    met: int
    known: int
    mastery: float


def stats(forecast: Sequence[int], streak: int, decks: Sequence[DeckProgress], today: date) -> Message:
    lines = [wording.due_now(forecast[0]), wording.streak(streak)]
    parts: list[Part] = [Title("Your stats"), Text("\n\n".join(lines))]
    parts += [Text(wording.deck_progress(deck.title, deck.known, deck.cards, deck.mastery)) for deck in decks]
    parts += [Text("**The next seven days**"), Text(bullets(wording.forecast(list(forecast), today)))]
    return private(parts, "Your stats")


def bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def decks(lines: Sequence[str], *, leads: bool) -> Message:
    """One line a deck."""
    if not lines:
        return said(wording.NOT_SET_UP_LEAD if leads else wording.NOT_SET_UP)
    return private([Title("Decks of this group"), Text(bullets(lines))], "Decks of this group")


def import_report(title: str, counts: dict[str, int], problems: Sequence[str]) -> Message:
    """What became of the cards, and what in the file needs a look, a line a kind."""
    text = wording.import_report(title, counts, len(problems))
    parts: list[Part] = [Text(text)]
    if problems:
        parts.append(Text(bullets([escape(problem) for problem in problems[:PROBLEMS_SHOWN]])))
    return private(parts, plain(text))


def name_hidden(*, hidden: bool) -> Message:
    undo = button("Show my name" if hidden else "Hide my name", actions.HideName(hidden=not hidden))
    text = wording.NAME_HIDDEN if hidden else wording.NAME_SHOWN
    return private([Text(text), Buttons((undo,))], text)


def help_page(commands: Sequence[Command], *, ready: bool, leads: bool) -> Message:
    lines = [f"`{command.usage}` {command.says}" for command in commands if leads or not command.leads]
    if not ready:
        first = wording.NOT_SET_UP_LEAD if leads else wording.NOT_SET_UP
        return private([Title("Flashmob"), Text(first)], first)
    tail = [Text(wording.LEAD_HELP)] if leads else []
    return private(
        [Title("Flashmob"), Text(wording.HOW_IT_WORKS), Text(bullets(lines)), *tail], "What Flashmob can do here"
    )
