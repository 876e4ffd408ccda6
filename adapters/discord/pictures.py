"""The pictures of a card's text."""

from collections.abc import Iterator, Sequence

from bot.markdown import Block, Bullets, Emphasis, Heading, Image, Link, Paragraph, Quote, Span, Strike, Strong, Table


def pictures(blocks: Sequence[Block]) -> Iterator[Image]:
    """All of them, in order, wherever they stand."""
    for block in blocks:
        match block:
            case Paragraph(spans) | Heading(_, spans):
                yield from _in_spans(spans)
            case Bullets(items):
                for item in items:
                    yield from pictures(item)
            case Quote(inner):
                yield from pictures(inner)
            case Table(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _in_spans(cell)
            case _:
                pass


def _in_spans(spans: Sequence[Span]) -> Iterator[Image]:
    for span in spans:
        match span:
            case Image():
                yield span
            case Strong(inner) | Emphasis(inner) | Strike(inner) | Link(inner):
                yield from _in_spans(inner)
            case _:
                pass
