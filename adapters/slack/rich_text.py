"""Card text as Slack's `rich_text`: typed runs, in which nothing is parsed, so no text can ping or break the layout."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any, assert_never
from urllib.parse import urlsplit

from bot import formulas, markdown
from bot.markdown import (
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

Piece = dict[str, Any]
SCHEMES = ("http", "https", "mailto")
DEEPEST_INDENT = 8
LINE = "\u2014" * 8
PLAIN: frozenset[str] = frozenset()


def block(pieces: Sequence[Piece]) -> Piece:
    return {"type": "rich_text", "elements": list(pieces)}


def render(text: str) -> list[Piece]:
    """Markdown as elements of a `rich_text` block; an empty list where it says nothing."""
    return list(_rendered(text))


@lru_cache(maxsize=256)  # many people look at the same cards
def _rendered(text: str) -> tuple[Piece, ...]:
    return tuple(_spaced(markdown.parse(text)))


def section(runs: Sequence[Piece]) -> Piece:
    return {"type": "rich_text_section", "elements": _merged(runs) or [run(" ")]}


def _merged(runs: Sequence[Piece]) -> list[Piece]:
    """Neighbours in the same style in one run, since each costs room in the payload."""
    made: list[Piece] = []
    for each in runs:
        before = made[-1] if made else {}
        if before.get("type") == each["type"] == "text" and before.get("style") == each.get("style"):
            made[-1] = {**before, "text": before["text"] + each["text"]}
        else:
            made.append(each)
    return made


def run(text: str, style: frozenset[str] = PLAIN) -> Piece:
    """A piece of text as it is; `style` holds "bold", "italic", "strike" and "code"."""
    made: Piece = {"type": "text", "text": text}
    return {**made, "style": dict.fromkeys(sorted(style), True)} if style else made


def instant(at: int, words: str) -> Piece:
    """UTC milliseconds in each reader's own zone; `words` say it where Slack cannot."""
    return {"type": "date", "timestamp": at // 1000, "format": "{date_long_pretty} at {time}", "fallback": words}


def one_line(text: str) -> list[Piece]:
    """Markdown as the runs of a single section, for the items of a list."""
    runs: list[Piece] = []
    for each in markdown.parse(text):
        runs += [run("\n")] * bool(runs) + _runs_of(each)
    return runs


def is_fetchable(target: str) -> bool:
    """Whether Slack can fetch this picture."""
    return _scheme(target) == "https"


# ---- blocks ----------------------------------------------------------------------------------------------------------


def _spaced(blocks: Sequence[Block]) -> list[Piece]:
    """An empty line stands between two paragraphs, which Slack would put on adjacent lines."""
    made: list[Piece] = []
    for each in blocks:
        pieces = list(_block(each, 0))
        if made and made[-1]["type"] == pieces[0]["type"] == "rich_text_section":
            made[-1] = section([*made[-1]["elements"], run("\n\n"), *pieces.pop(0)["elements"]])
        made += pieces
    return made


def _block(each: Block, indent: int) -> Iterator[Piece]:
    match each:
        case Paragraph() | Heading() | Formula() | Rule() | Table():
            yield section(_runs_of(each))
        case Bullets():
            yield from _list(each, indent)
        case Quote():
            yield {"type": "rich_text_quote", "elements": _merged(_runs_of(each)) or [run(" ")]}
        case Code(text):
            yield {"type": "rich_text_preformatted", "elements": [run(text or " ")]}
        case _:
            assert_never(each)


def _list(listed: Bullets, indent: int) -> Iterator[Piece]:
    """Slack's lists do not nest: a list inside an item ends it, and the next item begins a list anew.

    Its ordered lists begin at 1, so the items of one that does not, or that was interrupted, carry their numbers.
    """
    whole = all(not isinstance(block, Bullets) for item in listed.items for block in item)
    numbered_by_slack = listed.ordered and listed.start == 1 and whole
    style = "ordered" if numbered_by_slack else "bullet"
    rows: list[Piece] = []
    for number, item in enumerate(listed.items, listed.start):
        mark = [run(f"{number}. ")] if listed.ordered and not numbered_by_slack else []
        rows.append(section(mark + _joined([part for part in item if not isinstance(part, Bullets)])))
        inner = [part for part in item if isinstance(part, Bullets)]
        if inner:
            yield _rows(style, rows, indent)
            rows = []
        for part in inner:
            yield from _list(part, min(indent + 1, DEEPEST_INDENT))
    if rows:
        yield _rows(style, rows, indent)


def _rows(style: str, rows: list[Piece], indent: int) -> Piece:
    return {"type": "rich_text_list", "style": style, "indent": indent, "elements": rows}


def _joined(blocks: Sequence[Block]) -> list[Piece]:
    runs: list[Piece] = []
    for each in blocks:
        runs += [run("\n")] * bool(runs) + _runs_of(each)
    return runs


def _runs_of(each: Block) -> list[Piece]:
    """Any block as the runs of a line, for places where no block may stand."""
    match each:
        case Paragraph(spans):
            return _runs(spans)
        case Heading(_, spans):
            return _runs(spans, frozenset({"bold"}))
        case Formula(source):
            return _text(formulas.readable(source))
        case Rule():
            return [run(LINE)]
        case Table(head, rows):
            return _table(head, rows)
        case Quote(blocks):
            return _joined(blocks)
        case Code(text):
            return _text(text, frozenset({"code"}))
        case Bullets(items, ordered, start):
            marks = [f"{number}. " if ordered else "\u2022 " for number in range(start, start + len(items))]
            lines = [[run(mark), *_joined(item)] for mark, item in zip(marks, items, strict=True)]
            return [piece for n, line in enumerate(lines) for piece in ([run("\n")] * (n > 0) + line)]
        case _:
            assert_never(each)


def _table(head: tuple[tuple[Span, ...], ...], rows: tuple[tuple[tuple[Span, ...], ...], ...]) -> list[Piece]:
    """A line a row, its cells apart: columns drawn with spaces are read as noise by a screen reader."""
    runs: list[Piece] = []
    for number, row in enumerate((head, *rows)):
        runs += [run("\n")] * (number > 0)
        for place, cell in enumerate(row):
            runs += [run(" | ")] * (place > 0) + _runs(cell, frozenset({"bold"}) if number == 0 else PLAIN)
    return runs


# ---- spans -----------------------------------------------------------------------------------------------------------


def _runs(spans: Sequence[Span], style: frozenset[str] = PLAIN) -> list[Piece]:
    return [piece for span in spans for piece in _span(span, style)]


def _span(span: Span, style: frozenset[str]) -> list[Piece]:
    match span:
        case Plain(text):
            return _text(text, style)
        case Break():
            return [run("\n")]
        case CodeSpan(text):
            return _text(text, style | {"code"})
        case InlineFormula(source):
            return _text(formulas.readable(source), style)
        case Image(alt, target):
            return _text(f"Picture: {alt or target}", style)
        case Strong(inner):
            return _runs(inner, style | {"bold"})
        case Emphasis(inner):
            return _runs(inner, style | {"italic"})
        case Strike(inner):
            return _runs(inner, style | {"strike"})
        case Link(inner, target):
            return _link(inner, target, style)
        case _:
            assert_never(span)


def _text(text: str, style: frozenset[str] = PLAIN) -> list[Piece]:
    return [run(text, style)] if text else []


def _link(inner: tuple[Span, ...], target: str, style: frozenset[str]) -> list[Piece]:
    """A link where its scheme is a harmless one, else what it would have said."""
    words = "".join(piece.get("text", "") for piece in _runs(inner)) or target
    if _scheme(target) not in SCHEMES:
        return _runs(inner, style) or _text(target, style)
    made: Piece = {"type": "link", "url": target, "text": words}
    return [{**made, "style": dict.fromkeys(sorted(style), True)} if style else made]


def _scheme(target: str) -> str:
    try:
        return urlsplit(target).scheme.lower()
    except ValueError:
        return ""
