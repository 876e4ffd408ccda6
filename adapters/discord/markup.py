"""Card text as Discord's own Markdown, in which nothing of a card is a mention, a timestamp or a command.

Rules of this file:
- whatever Discord would read as more than text is written with a backslash, which Discord does not show;
- HTML entities mean nothing to Discord, so none is written;
- a fence cannot be escaped: inside code, three backticks are parted by a space of no width.
"""

import re
import unicodedata
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

SCHEMES = ("http", "https")
WIDEST_TABLE = 56
"""Characters of a row that a phone still shows in one line; a wider table becomes a list."""
NO_WIDTH = "\u200b"

_MARK = re.compile(r"[\\*_~`|<\[\]@]|(?<=[A-Za-z]):(?=//)")
_LINE_START = re.compile(r"^([ \t]*)(?:([#>+-])|(\d+)([.)]))", re.MULTILINE)
_LANGUAGE = re.compile(r"[A-Za-z0-9+#._-]{1,20}")


def render(text: str) -> str:
    """Markdown as Discord's Markdown; an empty text where nothing can be seen."""
    return _blocks(markdown.parse(_clean(text)))


def render_line(text: str) -> str:
    """The same without empty lines, for items of a list and small print."""
    return re.sub(r"\n{2,}", "\n", render(text))


def literal(text: str) -> str:
    """Words of other people, to the letter, on one line."""
    return _line_starts(_escaped(" ".join(_clean(text).split())))


def size(text: str) -> int:
    """How long Discord finds a text, at most: UTF-16 units."""
    return len(text) + sum(letter > "\uffff" for letter in text)


def _clean(text: str) -> str:
    """Without what cannot be sent: control characters and halves of surrogate pairs."""
    return "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))


def _escaped(text: str) -> str:
    return _MARK.sub(r"\\\g<0>", text)


def _line_starts(text: str) -> str:
    return _LINE_START.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", text)


# ---- blocks ----------------------------------------------------------------------------------------------------------


def _blocks(blocks: tuple[Block, ...]) -> str:
    return "\n\n".join(filter(str.strip, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans):
            return _line_starts(_spans(spans))
        case Heading(_, spans):
            said = _spans(spans).replace("\n", " ")
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
            return _line_starts(_escaped(formulas.readable(source) or source))
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
    plain = [[_plain(cell) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[column]) for row in plain) for column in range(len(head))]
    if sum(widths) + 3 * len(widths) <= WIDEST_TABLE:
        lines = [" | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in plain]
        lines.insert(1, "-+-".join("-" * width for width in widths))
        return _fenced("\n".join(line.rstrip() for line in lines))
    named = [[f"{_spans(name)}: {_spans(cell)}" for name, cell in zip(head, row, strict=True) if cell] for row in rows]
    return "\n".join(f"- {'; '.join(cells)}".replace("\n", " ") for cells in named if cells)


def _plain(spans: tuple[Span, ...]) -> str:
    return " ".join("".join(map(_word, spans)).split())


def _word(span: Span) -> str:
    match span:
        case Plain(text) | CodeSpan(text):
            return text
        case Break():
            return " "
        case InlineFormula(source):
            return formulas.readable(source)
        case Image(alt, target):
            return alt or target
        case Strong(inner) | Emphasis(inner) | Strike(inner) | Link(inner):
            return "".join(map(_word, inner))


# ---- spans -----------------------------------------------------------------------------------------------------------


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    match span:
        case Plain(text):
            return _escaped(text)
        case Break():
            return "\n"
        case CodeSpan(text):
            return _code(text)
        case InlineFormula(source):
            return _escaped(formulas.readable(source) or source)
        case Image(alt, target):
            said = _escaped(f"Picture: {alt or target}")
            return f"[{said}](<{target}>)" if is_web(target) else said
        case Strong(inner):
            return _around("**", inner)
        case Emphasis(inner):
            return _around("*", inner)
        case Strike(inner):
            return _around("~~", inner)
        case Link(inner, target):
            return _link(_spans(inner), target)


def _around(mark: str, inner: tuple[Span, ...]) -> str:
    said = _spans(inner)
    return f"{mark}{said}{mark}" if said.strip() else said


def _code(text: str) -> str:
    """Two backticks around what holds one; what holds two in a row cannot be code on Discord, and stays text."""
    if "``" in text or not text.strip():
        return _escaped(text)
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text} ``"


def _link(said: str, target: str) -> str:
    """A link to the web, without its preview; whatever else leads elsewhere is text."""
    if not is_web(target):
        return f"{said} ({_escaped(target)})" if target and said else said or _escaped(target)
    return f"[{said.replace(chr(10), ' ') or _escaped(target)}](<{target}>)"


def is_web(target: str) -> bool:
    """Whether this is an address that Discord may show as a link: what would end the link early is none."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc) and not re.search(r"[\s<>()\\]", target)
