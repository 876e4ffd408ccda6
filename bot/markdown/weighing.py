"""How much room a text takes at most when it is drawn, whatever the platform: marks, escapes, and what is said again.

Rules of this file:
- a page that is light enough is drawn whole everywhere, so adapters need not cut it;
- one that is not, such as a table whose heading is repeated in each of a thousand rows, is shown as it was written.
"""

import re

from .reading import parse
from .tree import (
    Block,
    Break,
    Bullets,
    Code,
    CodeSpan,
    Emphasis,
    Formula,
    Heading,
    Image,
    InlineFormula,
    Link,
    Paragraph,
    Plain,
    Quote,
    Rule,
    Span,
    Strike,
    Strong,
    Table,
)
from .words import words

LIGHT = 3_400
LINE, ITEM, STYLED, BLOCK = 4, 28, 38, 60
"""What these take beside their text: a line, an item of a list, a word in another style, a list or quote or code."""
NEST = 2
"""By how much each line is set in, a level."""
_ESCAPED = re.compile(r"[^\w\s]")


def drawable(page: str) -> str:
    """The page itself where it is light enough, else its source as code, which nothing adds to."""
    if weight(page) <= LIGHT:
        return page
    longest = max((len(run) for run in re.findall("`+", page)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{page}\n{fence}"


def weight(text: str) -> int:
    """Characters that drawing it takes at most."""
    return _blocks(parse(text), 0)


def _blocks(blocks: tuple[Block, ...], depth: int) -> int:
    return sum(_block(block, depth) for block in blocks)


def _block(block: Block, depth: int) -> int:
    line = LINE + NEST * depth
    match block:
        case Paragraph(spans):
            return line + _spans(spans, line)
        case Heading(_, spans):
            return line + STYLED + _spans(spans, line)
        case Bullets(items):
            return BLOCK + sum(ITEM + _blocks(item, depth + 1) for item in items)
        case Quote(blocks):
            return BLOCK + _blocks(blocks, depth + 1)
        case Code(text):
            return BLOCK + len(text) + text.count("`") + line * text.count("\n")
        case Table(head, rows):
            return _table(head, rows)
        case Formula(source):
            return line + _letters(source)
        case Rule():
            return line


def _table(head: tuple[tuple[Span, ...], ...], rows: tuple[tuple[tuple[Span, ...], ...], ...]) -> int:
    """Each row as wide as the widest one, and with the heading said again, one or the other."""
    every = (head, *rows)
    widest = sum(max(len(words(row[column])) for row in every) + LINE for column in range(len(head)))
    named = sum(_spans(cell, LINE) for cell in head)
    return STYLED * len(head) + sum(max(widest, named) + sum(_spans(cell, LINE) for cell in row) for row in every)


def _spans(spans: tuple[Span, ...], line: int) -> int:
    return sum(_span(span, line) for span in spans)


def _span(span: Span, line: int) -> int:
    match span:
        case Plain(text) | InlineFormula(text):
            return _letters(text)
        case Break():
            return line
        case CodeSpan(text):
            return STYLED + _letters(text)
        case Image(alt, target):
            return STYLED + _letters(alt or target) + len(target)
        case Strong(inner) | Emphasis(inner) | Strike(inner):
            return STYLED + _spans(inner, line)
        case Link(inner, target):
            return STYLED + _spans(inner, line) + _letters(target) + len(target)


def _letters(text: str) -> int:
    """With a backslash before every mark; what lies outside of the basic plane counts twice."""
    return len(text) + len(_ESCAPED.findall(text))
