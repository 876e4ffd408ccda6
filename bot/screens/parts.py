"""What every screen is made of: buttons, private messages, a card's question."""

from collections.abc import Callable, Sequence

from .. import buttons, wording
from ..actions import Action, ReadOn
from ..markdown import escape, one_line, plain
from ..messages import (
    Audience,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Message,
    Notice,
    Part,
    Side,
    Text,
)
from ..model import Card
from ..states import AskedCard

NO_NOTICE = Notice("")
DIGEST_QUESTION = 120
DONE_QUESTION = 80


def button(label: str, action: Action, *, main: bool = False, shortcut: str = "") -> Button:
    return Button(buttons.write(action), label, ButtonStyle.MAIN if main else ButtonStyle.PLAIN, shortcut)


def private(parts: Sequence[Part], summary: str, *, replaces: bool = False, notice: Notice = NO_NOTICE) -> Message:
    """A message for its asker alone, under a notice if there is one."""
    top: tuple[Part, ...] = (notice,) if notice is not NO_NOTICE else ()
    return Message((*top, *parts), summary, Audience.ONLY_YOU, replaces)


def said(markdown: str, *, replaces: bool = False) -> Message:
    """One plain sentence to whoever asked."""
    return private([Text(markdown)], plain(markdown), replaces=replaces)


def line(prompt: str, most: int) -> str:
    """A card's question on one line, its words literal."""
    return escape(one_line(prompt, most))


def bullets(lines: Sequence[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def card_side(side: Side, asked: AskedCard) -> CardSide:
    """One side of a card, with the way to all of it; a card that is only previewed has none."""
    read_on = ReadOn(asked.source, asked.position, side)
    return CardSide(
        side, side_of(asked.card, side), button(wording.more_of(side), read_on) if asked.source.id else None
    )


def side_of(card: Card, side: Side) -> str:
    """A side's text. A choice card's choices belong to its question, in the author's order, right or not."""
    match side:
        case Side.ANSWER:
            return card.answer
        case Side.WHY:
            return card.why
        case Side.QUESTION:
            listed = bullets([choice.text for choice in card.choices])
            return f"{card.prompt}\n\n{listed}" if listed else card.prompt


def turning(page: int, pages: int, to: Callable[[int], Action]) -> list[Part]:
    """The buttons that turn to the page before and after this one, as far as there are any."""
    before = (button("Previous page", to(page - 1)),) if page > 1 else ()
    after = (button("Next page", to(page + 1), main=True, shortcut=" "),) if page < pages else ()
    return [Buttons((*before, *after))] if pages > 1 else []
