"""What the bot says, free of any platform: an adapter draws each part in its platform's own manner.

Text is Markdown (see `markdown.py`). Words of other people (names, titles) are escaped before they get here; a card's
own text stands alone in `CardSide`, since it is the only Markdown that comes from outside.
"""

from enum import StrEnum

import msgspec

from .model import Side as Side


class Audience(StrEnum):
    EVERYONE = "everyone"
    ONLY_YOU = "only you"


class ButtonStyle(StrEnum):
    PLAIN = "plain"
    MAIN = "main"


class Button(msgspec.Struct, frozen=True):
    """`id` says what it does (see `buttons.py`); `shortcut` is the key that presses it where there is a keyboard."""

    id: str
    label: str
    style: ButtonStyle = ButtonStyle.PLAIN
    shortcut: str = ""


class Title(msgspec.Struct, frozen=True):
    """The message's first line, in plain text."""

    text: str


class Text(msgspec.Struct, frozen=True):
    """A paragraph or more of ours; `quiet` asks for small print."""

    markdown: str
    quiet: bool = False


class Notice(msgspec.Struct, frozen=True):
    """What just happened, above everything else, with at most a button or two."""

    markdown: str
    buttons: tuple[Button, ...] = ()


class CardSide(msgspec.Struct, frozen=True):
    """One side of a card: the author's own Markdown, of any length; the renderer cuts it, never refuses it.

    `more` shows all of it, and is drawn where it was cut and nowhere else.
    """

    side: Side
    markdown: str
    more: Button | None = None


class Numbered(msgspec.Struct, frozen=True):
    """A real numbered list, one line an item. A leaderboard gives its own `numbers`, since ranks may be shared."""

    items: tuple[str, ...]
    numbers: tuple[int, ...] = ()


class Buttons(msgspec.Struct, frozen=True):
    """Buttons in a row; `label` says what the row is for ("No:", "Yes:")."""

    row: tuple[Button, ...]
    label: str = ""


class Attachment(msgspec.Struct, frozen=True):
    """A text file for whoever may see the message."""

    name: str
    text: str


class Instant(msgspec.Struct, frozen=True):
    """A point in time between a few words, in plain text: in each reader's own zone, or by `words` that say it."""

    label: str
    at: int
    words: str
    after: str = "."

    @property
    def said(self) -> str:
        """All of it in words, where the platform cannot."""
        return f"{self.label} {self.words}{self.after}"


class FieldKind(StrEnum):
    """What a field takes. A platform that lacks one of them draws a line of text instead."""

    LINE = "line"
    LONG = "long text"
    ONE_OF = "one of"
    SOME_OF = "some of"
    FILE = "file"
    TIME = "time"
    CHANNEL = "channel"


class Field(msgspec.Struct, frozen=True):
    """Something to fill in. `values` stand there at first; `options` are values with their labels, to choose from.

    `most` is how many characters it takes, 0 for as many as the platform lets. A label has at most 45 characters, a
    hint 100.
    """

    name: str
    label: str
    kind: FieldKind = FieldKind.LINE
    values: tuple[str, ...] = ()
    options: tuple[tuple[str, str], ...] = ()
    optional: bool = False
    hint: str = ""
    most: int = 0


class Form(msgspec.Struct, frozen=True):
    """Fields and a button that sends them, alone in its message; `id` says what it is for (see `forms.py`).

    At most five fields, and a title of at most 24 characters: the least that platforms take.
    """

    id: str
    title: str
    fields: tuple[Field, ...]
    submit: str


Part = Title | Text | Notice | CardSide | Numbered | Buttons | Attachment | Instant | Form


class Message(msgspec.Struct, frozen=True):
    """`summary` is the notification's text and never holds an answer; `replaces`: in place of the pressed message.

    `ping` is the id of a role or user group whom the platform notifies where this is sent; nothing else ever does.
    """

    parts: tuple[Part, ...]
    summary: str
    audience: Audience = Audience.ONLY_YOU
    replaces: bool = False
    ping: str = ""

    @property
    def form(self) -> Form | None:
        """The form that this message is, if it is one."""
        return next((part for part in self.parts if isinstance(part, Form)), None)
