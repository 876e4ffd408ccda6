"""A tree in words: what its blocks and spans say, without any mark."""

from .. import formulas
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


def spoken(block: Block) -> str:
    match block:
        case Paragraph(spans) | Heading(_, spans):
            return words(spans)
        case Bullets(items, ordered, start):
            marks = (f"{number}." if ordered else "•" for number in range(start, start + len(items)))
            return "\n".join(_hang(mark, item) for mark, item in zip(marks, items, strict=True))
        case Quote(blocks):
            return "\n\n".join(map(spoken, blocks))
        case Code(text):
            return text
        case Table(head, rows):
            return "\n".join(" | ".join(map(words, row)) for row in (head, *rows))
        case Formula(source):
            return formulas.readable(source)
        case Rule():
            return "—"


def _hang(mark: str, item: tuple[Block, ...]) -> str:
    said = "\n".join(map(spoken, item))
    return f"{mark} {said}".replace("\n", "\n" + " " * (len(mark) + 1)).rstrip()


def words(spans: tuple[Span, ...]) -> str:
    return "".join(map(_word, spans))


def _word(span: Span) -> str:
    match span:
        case Plain(text) | CodeSpan(text):
            return text
        case Break():
            return "\n"
        case InlineFormula(source):
            return formulas.readable(source)
        case Image(alt, target):
            return alt or target
        case Strong(spans) | Emphasis(spans) | Strike(spans):
            return words(spans)
        case Link(spans, target):
            return words(spans) or target
