"""Card text as Discord's own Markdown: paragraphs, lists, code, quotes and tables (words are in inline.py).

A fence cannot be escaped: inside code, three backticks are parted by a space of no width.
"""

import re
from functools import lru_cache

from bot import markdown
from bot.markdown import Block, Bullets, Code, Formula, Heading, Paragraph, Quote, Rule, Span, Table

from . import inline

WIDEST_TABLE = 56
"""Characters of a row that a phone still shows in one line; a wider table becomes a list."""
NO_WIDTH = "\u200b"
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,20}")


@lru_cache(maxsize=512)
def render(text: str) -> str:
    """Markdown as Discord's Markdown; an empty text where nothing can be seen."""
    return _blocks(markdown.parse(inline.clean(text)))


def render_line(text: str) -> str:
    """The same without empty lines, for items of a list and small print."""
    return re.sub(r"\n{2,}", "\n", render(text))


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(filter(str.strip, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans):
            return inline.line_starts(inline.render(spans))
        case Heading(_, spans):
            said = inline.render(spans).replace("\n", " ")
            return f"### {said}" if said.strip() else ""
        case Bullets():
            return _list(block)
        case Quote(blocks):
            return "\n".join(f"> {line}" for line in _blocks(blocks).split("\n"))
        case Code(text, language):
            return _fenced(text, language)
        case Table(head, rows):
            return _table(head, rows)
        case Formula(source):
            return inline.line_starts(inline.drawn_formula(source))
        case Rule():
            return "⎯⎯⎯"


def _list(block: Bullets) -> str:
    marks = (f"{block.start + number}." if block.ordered else "-" for number in range(len(block.items)))
    return "\n".join(_hung(mark, item) for mark, item in zip(marks, block.items, strict=True))


def _hung(mark: str, item: tuple[Block, ...]) -> str:
    """An item with what belongs to it below; code stands at the margin, where its fences are read."""
    first, *rest = item or (Paragraph(()),)
    lines = _block(first).split("\n") if not isinstance(first, Code | Table) else ["", *_block(first).split("\n")]
    made = [f"{mark} {lines[0]}".rstrip() if lines[0] else f"{mark} {NO_WIDTH}"]
    made += lines[1:] if isinstance(first, Code | Table) else [f"  {line}" for line in lines[1:]]
    for block in rest:
        inner = _block(block).split("\n")
        made += inner if isinstance(block, Code | Table) else [f"  {line}" for line in inner if line]
    return "\n".join(made)


def _fenced(text: str, language: str = "") -> str:
    word = language if _LANGUAGE.fullmatch(language) else ""
    inner = re.sub("`(?=``)", f"`{NO_WIDTH}", text)
    return f"```{word}\n{inner or ' '}\n```"


def _table(head: tuple[tuple[Span, ...], ...], rows: tuple[tuple[tuple[Span, ...], ...], ...]) -> str:
    """Columns below each other where they fit; else a list that names each cell."""
    plain = [[inline.plain(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in plain) for column in range(len(head))]
    if sum(widths) + 3 * len(widths) <= WIDEST_TABLE:
        lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in plain]
        lines.insert(1, "-+-".join("-" * width for width in widths))
        return _fenced("\n".join(line.rstrip() for line in lines))
    named = ([_named(*each) for each in zip(head, row, strict=True) if each[1]] for row in rows)
    return "\n".join(f"- {'; '.join(cells)}".replace("\n", " ") for cells in named if cells)


def _named(name: tuple[Span, ...], cell: tuple[Span, ...]) -> str:
    return f"{inline.render(name)}: {inline.render(cell)}"
