"""The group's board, decks and help, and what one learner knows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from .. import actions, wording
from ..commands import Command
from ..markdown import escape, plain
from ..messages import (
    Attachment,
    Audience,
    Buttons,
    Message,
    Numbered,
    Part,
    Text,
    Title,
)
from ..model import (
    Window,
)
from ..states import Elsewhere
from ..wording import leads as lead_wording
from .parts import bullets, button, private

MOST_ELSEWHERE = 4


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
    parts: list[Part] = [Title("Your stats"), Text(wording.due_now(forecast[0])), Text(wording.streak(streak))]
    parts += [Text(wording.deck_progress(deck.title, deck.known, deck.cards, deck.mastery)) for deck in decks]
    parts += [Text("**The next seven days**"), Text(bullets(wording.forecast(list(forecast), today)))]
    return private(parts, "Your stats")


def decks(name: str, lines: Sequence[str], steps: Sequence[Part], elsewhere: Elsewhere | None) -> Message:
    """One line a deck, and the `steps` to one more; in direct messages, what they could speak of instead."""
    title, nothing = f"Decks of {name}", lead_wording.NO_DECK if steps else wording.NOT_SET_UP
    return private([Title(title), Text(bullets(lines) or nothing), *steps, *_ways_elsewhere(elsewhere)], title)


def _ways_elsewhere(elsewhere: Elsewhere | None) -> list[Part]:
    if elsewhere is None:
        return []
    row = [button(name, actions.LearnWith(cohort_id)) for cohort_id, name in elsewhere.cohorts[:MOST_ELSEWHERE]]
    if elsewhere.can_begin_alone:
        row.append(button(wording.LEARN_ALONE, actions.LearnAlone()))
    return [Buttons(tuple(row), wording.ELSEWHERE)] if row else []


def in_no_group(sentence: str) -> Message:
    return private([Text(escape(sentence)), _alone_button()], sentence)


def _alone_button() -> Buttons:
    return Buttons((button(wording.LEARN_ALONE, actions.LearnAlone(), main=True),))


def learning_alone(steps: Sequence[Part]) -> Message:
    """`steps` are the ways to a first deck, or the start where there is one."""
    return private([Text(wording.LEARNING_ALONE), *steps], plain(wording.LEARNING_ALONE))


def learning_with(name: str) -> Message:
    return private([Text(wording.learning_with(name)), start_now()], plain(wording.learning_with(name)))


def start_now() -> Buttons:
    return Buttons((button("Start", actions.StartQuiz(), main=True, shortcut=" "),))


def suggestions(titles: Sequence[str]) -> Message:
    """What may be chosen while one types: an adapter reads the items as plain words."""
    return private([Numbered(tuple(map(escape, titles)))], "Decks of this group")


def name_hidden(*, hidden: bool) -> Message:
    undo = button("Show my name" if hidden else "Hide my name", actions.HideName(hidden=not hidden))
    text = wording.NAME_HIDDEN if hidden else wording.NAME_SHOWN
    return private([Text(text), Buttons((undo,))], text)


def help_page(commands: Sequence[Command], *, ready: bool, leads: bool) -> Message:
    lines = [f"`{command.usage}` {command.says}" for command in commands if leads or not command.leads]
    if not ready:
        return private([Title("Flashmob"), Text(wording.NOT_SET_UP)], wording.NOT_SET_UP)
    tail = [Text(wording.LEAD_HELP)] if leads else []
    return private(
        [Title("Flashmob"), Text(wording.HOW_IT_WORKS), Text(bullets(lines)), *tail], "What Flashmob can do here"
    )


def privacy(kept: int) -> Message:
    """What is kept, and what can be done about it."""
    row = (
        button("Hide my name", actions.HideName(hidden=True)),
        button("Export my data", actions.ExportMyData()),
        button("Delete my data", actions.DeleteMyData()),
    )
    return private([Title("Privacy"), Text(wording.PRIVACY), Text(wording.kept_of_you(kept)), Buttons(row)], "Privacy")


def my_data(text: str, reviews: int) -> Message:
    return private([Text(wording.your_file(reviews)), Attachment("flashmob-my-data.json", text)], "Your data")


def sure_to_delete(reviews: int) -> Message:
    row = (
        button("Delete everything", actions.DeleteMyData(sure=True)),
        button("Keep it", actions.ShowPrivacy()),
    )
    words = wording.sure_to_delete(reviews)
    return private([Text(words), Buttons(row)], words, replaces=True)
