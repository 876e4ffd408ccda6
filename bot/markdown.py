"""Card text, which is Markdown, as a tree that every renderer draws in its platform's own manner.

Rules of this file:
- CommonMark with tables, strikethrough and formulas in dollars. HTML, bare addresses and `||x||` are text;
- a new line in a card is a new line on the screen, as chat has it;
- nothing that was written is lost: link definitions, which would vanish, are text;
- `parse` takes whatever comes, at any length: depth is bounded, and dollars beyond reason are text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from . import formulas

# ---- the tree --------------------------------------------------------------------------------------------------------


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

# ---- reading ---------------------------------------------------------------------------------------------------------

DEEPEST = 24
MOST_DOLLARS = 400


def _reader() -> MarkdownIt:
    made = MarkdownIt("commonmark", {"html": False, "linkify": False, "typographer": False, "maxNesting": DEEPEST})
    return made.enable(["table", "strikethrough"]).disable(["reference", "html_block", "html_inline"])


_WITHOUT_FORMULAS = _reader()
_WITH_FORMULAS = _reader().use(
    dollarmath_plugin, allow_labels=False, allow_space=False, allow_digits=False, allow_blank_lines=False
)


@lru_cache(maxsize=256)
def parse(text: str) -> tuple[Block, ...]:
    """The tree of a text. Never fails."""
    reader = _WITH_FORMULAS if text.count("$") <= MOST_DOLLARS else _WITHOUT_FORMULAS
    return _blocks(iter(reader.parse(text)))


def _blocks(tokens: Iterator[Token], until: str = "") -> tuple[Block, ...]:
    made: list[Block] = []
    for token in tokens:
        if token.type == until:
            break
        made.append(_block(token, tokens))
    return tuple(made)


def _block(token: Token, rest: Iterator[Token]) -> Block:
    match token.type:
        case "bullet_list_open":
            return Bullets(_items(rest))
        case "ordered_list_open":
            return Bullets(_items(rest), ordered=True, start=int(token.attrs.get("start", 1)))
        case "blockquote_open":
            return Quote(_blocks(rest, "blockquote_close"))
        case "fence" | "code_block":
            return Code(token.content.removesuffix("\n"), next(iter(token.info.split()), ""))
        case "math_block":
            return Formula(token.content.strip())
        case "table_open":
            return _table(rest)
        case "heading_open":
            return Heading(int(token.tag[1:]), _line(rest))
        case "paragraph_open":
            return Paragraph(_line(rest))
    return Rule()


def _items(rest: Iterator[Token]) -> tuple[tuple[Block, ...], ...]:
    """The items up to the end of this list; whatever stands between them is `list_item_open`."""
    made: list[tuple[Block, ...]] = []
    for token in rest:
        if token.type in ("bullet_list_close", "ordered_list_close"):
            break
        made.append(_blocks(rest, "list_item_close"))
    return tuple(made)


def _table(rest: Iterator[Token]) -> Table:
    rows: list[list[tuple[Span, ...]]] = []
    for token in rest:
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(_spans(token.children or []))
    head, *body = rows
    return Table(tuple(head), tuple(map(tuple, body)))


def _line(rest: Iterator[Token]) -> tuple[Span, ...]:
    """The spans of the one inline token that stands between an opening and its closing."""
    spans = _spans(next(rest).children or [])
    next(rest)
    return spans


def _spans(tokens: Sequence[Token]) -> tuple[Span, ...]:
    """Nested spans, built with a stack: emphasis can be nested without end, and what is too deep is laid flat."""
    stack: list[tuple[Token | None, list[Span]]] = [(None, [])]
    flat = 0
    for index, token in enumerate(tokens):
        if token.nesting == 1 and len(stack) > DEEPEST:
            flat += 1
        elif token.nesting == 1:
            stack.append((token, []))
        elif token.nesting == -1 and flat:
            flat -= 1
        elif token.nesting == -1:
            opening, inner = stack.pop()
            stack[-1][1].append(_nest(opening, _joined(inner)))
        else:
            stack[-1][1].extend(_leaf(token, _touches_word(tokens, index)))
    return _joined(stack[0][1])


def _joined(spans: list[Span]) -> tuple[Span, ...]:
    """Neighbouring plain texts as one, so that a renderer meets whole words."""
    made: list[Span] = []
    for span in spans:
        if made and isinstance(span, Plain) and isinstance(last := made[-1], Plain):
            made[-1] = Plain(last.text + span.text)
        else:
            made.append(span)
    return tuple(made)


def _nest(opening: Token | None, inner: tuple[Span, ...]) -> Span:
    match opening.type if opening else "":
        case "strong_open":
            return Strong(inner)
        case "em_open":
            return Emphasis(inner)
        case "s_open":
            return Strike(inner)
    return Link(inner, str(opening.attrs.get("href", "")) if opening else "")


def _leaf(token: Token, touches_word: bool) -> Iterator[Span]:
    match token.type:
        case "softbreak" | "hardbreak":
            yield Break()
        case "code_inline":
            yield CodeSpan(token.content)
        case "image":
            yield Image(_words(_spans(token.children or [])), str(token.attrs.get("src", "")))
        case "math_inline" if not touches_word:
            yield InlineFormula(token.content)
        case "math_inline":
            yield Plain(f"${token.content}$")
        case _:
            for number, line in enumerate(token.content.split("\n")):
                yield from [Break()] * (number > 0)
                yield from [Plain(line)] * bool(line)


def _touches_word(tokens: Sequence[Token], index: int) -> bool:
    """Dollars that lean on a letter or a figure are money or a shell's variables: `$HOME/$PATH`, `US$5`."""
    before = tokens[index - 1].content[-1:] if index else ""
    after = tokens[index + 1].content[:1] if index + 1 < len(tokens) else ""
    return before.isalnum() or after.isalnum()


# ---- plain text ------------------------------------------------------------------------------------------------------


def plain(text: str) -> str:
    """What a text says, without markup, for notifications and terminals."""
    return "\n\n".join(_said(block) for block in parse(text))


def one_line(text: str, most: int = 120) -> str:
    """The first sense of a question in at most `most` characters of plain text: cut at a word, and marked with "…"."""
    said = ""
    for block in parse(text):
        said = " ".join(f"{said} {_said(block)}".split())
        if said.endswith("?") or len(said) > most:
            break
    if len(said) <= most:
        return said
    cut_at = said.rfind(" ", most // 2, most)
    return said[: cut_at if cut_at > 0 else most - 1].rstrip(" ,;:") + "…"


def _said(block: Block) -> str:
    match block:
        case Paragraph(spans) | Heading(_, spans):
            return _words(spans)
        case Bullets(items, ordered, start):
            marks = (f"{number}." if ordered else "•" for number in range(start, start + len(items)))
            return "\n".join(_hang(mark, item) for mark, item in zip(marks, items, strict=True))
        case Quote(blocks):
            return "\n\n".join(map(_said, blocks))
        case Code(text):
            return text
        case Table(head, rows):
            return "\n".join(" | ".join(map(_words, row)) for row in (head, *rows))
        case Formula(source):
            return formulas.readable(source)
        case Rule():
            return "—"


def _hang(mark: str, item: tuple[Block, ...]) -> str:
    said = "\n".join(map(_said, item))
    return f"{mark} {said}".replace("\n", "\n" + " " * (len(mark) + 1)).rstrip()


def _words(spans: tuple[Span, ...]) -> str:
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
            return _words(spans)
        case Link(spans, target):
            return _words(spans) or target


# ---- writing ---------------------------------------------------------------------------------------------------------

_INLINE_MARK = re.compile(r"[\\`*_\[\]<>&|~$]")
_LINE_MARK = re.compile(r"^(?:([#+=:-])|(\d{1,9})([.)]))", re.MULTILINE)
_LINE_EDGE = re.compile(r"^\s|[^\S\n]$", re.MULTILINE)
_EMPTY_LINE = re.compile(r"\A\n|\n(?=\n|\Z)")


def escape(text: str) -> str:
    """Other people's words (names, titles) as Markdown that shows them as they are; control characters are dropped."""
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    text = _INLINE_MARK.sub(r"\\\g<0>", text)
    text = _LINE_MARK.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", text)
    text = _EMPTY_LINE.sub("&#10;", text)
    return _LINE_EDGE.sub(lambda found: f"&#{ord(found[0])};", text)


_FENCE = re.compile(r"^([ \t>]*)([-*+] +|\d{1,9}[.)] +)?(`{3,}|~{3,})")


def cut(text: str, most: int) -> tuple[str, bool]:
    """The beginning of a text in at most `most` characters, and whether anything is missing.

    Cuts at a paragraph, else a line, else a word. A fence is never left open: the cut comes before it, or, where the
    fence is nearly all there is, inside and with the fence closed.
    """
    if len(text) <= most:
        return text, False
    kept = _cut_at_edge(text, most)
    at, closing = _open_fence(kept)
    if not closing:
        return kept, True
    if at >= most // 3:
        return text[:at].rstrip(), True
    return _cut_at_edge(text, max(0, most - len(closing) - 1)) + "\n" + closing, True


def _cut_at_edge(text: str, most: int) -> str:
    for edge, least in (("\n\n", most // 2), ("\n", most // 3), (" ", most // 3)):
        at = text.rfind(edge, max(least, 1), most + 1)
        if at > 0:
            return text[:at].rstrip()
    return text[:most]


def _open_fence(text: str) -> tuple[int, str]:
    """Where the fence that is still open begins, and the line that closes it; an empty line where none is open."""
    at, begun, closing = 0, 0, ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if found and not closing:
            begun, closing = at, found[1] + " " * len(found[2] or "") + found[3]
        elif found and found[3].startswith(closing.strip(" \t>")) and line.strip(" \t>\n") == found[3]:
            closing = ""
        at += len(line)
    return begun, closing
