"""What the bot says, free of any platform: an adapter draws each part in its platform's own manner.

Text is Markdown (see `markdown.py`). Words of other people (names, titles) are escaped before they get here; a card's
own text stands alone in `CardSide`, since it is the only Markdown that comes from outside.
"""

from dataclasses import dataclass
from enum import StrEnum

from .model import Side as Side


class Audience(StrEnum):
    EVERYONE = "everyone"
    ONLY_YOU = "only you"


class ButtonStyle(StrEnum):
    PLAIN = "plain"
    MAIN = "main"


@dataclass(frozen=True, slots=True)
class Button:
    """`id` says what it does (see `buttons.py`); `shortcut` is the key that presses it where there is a keyboard."""

    id: str
    label: str
    style: ButtonStyle = ButtonStyle.PLAIN
    shortcut: str = ""


@dataclass(frozen=True, slots=True)
class Title:
    """The message's first line, in plain text."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph or more of ours; `quiet` asks for small print."""

    markdown: str
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Notice:
    """What just happened, above everything else, with at most a button or two."""

    markdown: str
    buttons: tuple[Button, ...] = ()


@dataclass(frozen=True, slots=True)
class CardSide:
    """One side of a card: the author's own Markdown, of any length; the renderer cuts it, never refuses it.

    `more` shows all of it, and is drawn where it was cut and nowhere else.
    """

    side: Side
    markdown: str
    more: Button | None = None


@dataclass(frozen=True, slots=True)
class Numbered:
    """A real numbered list, one line an item. A leaderboard gives its own `numbers`, since ranks may be shared."""

    items: tuple[str, ...]
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Buttons:
    """Buttons in a row; `label` says what the row is for ("No:", "Yes:")."""

    row: tuple[Button, ...]
    label: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A text file for whoever may see the message."""

    name: str
    text: str


Part = Title | Text | Notice | CardSide | Numbered | Buttons | Attachment


@dataclass(frozen=True, slots=True)
class Message:
    """`summary` is the notification's text and never holds an answer; `replaces`: in place of the pressed message.

    `ping` is the id of a role or user group whom the platform notifies where this is sent; nothing else ever does.
    """

    parts: tuple[Part, ...]
    summary: str
    audience: Audience = Audience.ONLY_YOU
    replaces: bool = False
    ping: str = ""
