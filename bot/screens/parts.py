"""What every screen is made of: buttons, private messages, a card's question."""

from collections.abc import Sequence

from .. import buttons
from ..actions import Action
from ..markdown import escape, one_line, plain
from ..messages import (
    Audience,
    Button,
    ButtonStyle,
    CardSide,
    Message,
    Notice,
    Part,
    Side,
    Text,
)
from ..model import (
    Card,
)

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


def question_side(card: Card) -> CardSide:
    """The prompt; a choice card's choices belong to it, in the author's order, without saying which are right."""
    listed = bullets([choice.text for choice in card.choices])
    return CardSide(Side.QUESTION, f"{card.prompt}\n\n{listed}" if listed else card.prompt)
