"""Everything that is in a text, in the order in which it is read."""

from collections.abc import Iterator, Sequence

from .reading import parse
from .tree import Block, Bullets, Emphasis, Heading, Image, Link, Paragraph, Quote, Span, Strike, Strong, Table


def walk(blocks: Sequence[Block]) -> Iterator[Block | Span]:
    """Each block and each span, and what is inside of it after it."""
    for block in blocks:
        yield block
        match block:
            case Paragraph(spans) | Heading(_, spans):
                yield from _walk_spans(spans)
            case Bullets(items):
                for item in items:
                    yield from walk(item)
            case Quote(inner):
                yield from walk(inner)
            case Table(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _walk_spans(cell)
            case _:
                pass


def _walk_spans(spans: Sequence[Span]) -> Iterator[Span]:
    for span in spans:
        yield span
        match span:
            case Strong(inner) | Emphasis(inner) | Strike(inner) | Link(inner):
                yield from _walk_spans(inner)
            case _:
                pass


def pictures(text: str) -> list[Image]:
    """The pictures of a text, wherever they stand."""
    return [each for each in walk(parse(text)) if isinstance(each, Image)] if "![" in text else []
