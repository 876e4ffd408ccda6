"""The tree that card text becomes: blocks, and spans inside them."""

import re
from dataclasses import dataclass

MEDIA = "media:"
"""How the target of a picture begins that is kept beside the database (see `bot/media/`); its name follows."""
MEDIA_NAME = re.compile(r"[0-9a-f]{64}\.(?:png|jpg|gif|webp)")


@dataclass(frozen=True, slots=True)
class Plain:
    text: str


@dataclass(frozen=True, slots=True)
class Break:
    """A new line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class CodeSpan:
    text: str


@dataclass(frozen=True, slots=True)
class InlineFormula:
    """LaTeX between single dollars; `formulas.readable` says it in plain characters."""

    source: str


@dataclass(frozen=True, slots=True)
class Image:
    alt: str
    target: str

    @property
    def media(self) -> str:
        """The name of the picture beside the database that this shows; empty for any other picture."""
        name = self.target.removeprefix(MEDIA)
        return name if name != self.target and MEDIA_NAME.fullmatch(name) else ""


@dataclass(frozen=True, slots=True)
class Strong:
    spans: "tuple[Span, ...]"


@dataclass(frozen=True, slots=True)
class Emphasis:
    spans: "tuple[Span, ...]"


@dataclass(frozen=True, slots=True)
class Strike:
    spans: "tuple[Span, ...]"


@dataclass(frozen=True, slots=True)
class Link:
    """`target` is as written: a renderer decides which schemes it lets through."""

    spans: "tuple[Span, ...]"
    target: str


Span = Plain | Break | CodeSpan | InlineFormula | Image | Strong | Emphasis | Strike | Link


@dataclass(frozen=True, slots=True)
class Paragraph:
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list; `start` is the first number of an ordered one."""

    items: "tuple[tuple[Block, ...], ...]"
    ordered: bool = False
    start: int = 1


@dataclass(frozen=True, slots=True)
class Code:
    text: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    blocks: "tuple[Block, ...]"


@dataclass(frozen=True, slots=True)
class Table:
    """Cells are spans; every row is as wide as `head`."""

    head: tuple[tuple[Span, ...], ...]
    rows: tuple[tuple[tuple[Span, ...], ...], ...]


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX between double dollars, on lines of its own."""

    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A line across."""


Block = Paragraph | Heading | Bullets | Code | Quote | Table | Formula | Rule
