"""Card text to tree.

Rules of this file:
- CommonMark with tables, strikethrough and formulas in dollars. HTML, bare addresses and `||x||` are text;
- a new line in a card is a new line on the screen, as chat has it;
- nothing that was written is lost: link definitions, which would vanish, are text;
- `parse` takes whatever comes, at any length: depth is bounded, and dollars beyond reason are text.
"""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

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
            yield Image(words(_spans(token.children or [])), str(token.attrs.get("src", "")))
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
