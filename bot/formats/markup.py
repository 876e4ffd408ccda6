"""Card text as HTML, for programs whose cards are HTML. Text never becomes mark-up: what is written is escaped."""

from collections.abc import Iterable
from html import escape

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
    parse,
)

_SAFE = ("http://", "https://", "mailto:")


def to_html(text: str) -> str:
    """One paragraph stands by itself, several in `<p>`. Formulas become `\\(..\\)`, as MathJax reads them."""
    blocks = parse(text)
    if len(blocks) == 1 and isinstance(blocks[0], Paragraph):
        return _line(blocks[0].spans)
    return "".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans):
            return f"<p>{_line(spans)}</p>"
        case Heading(level, spans):
            return f"<h{level}>{_line(spans)}</h{level}>"
        case Bullets():
            return _bullets(block)
        case Code(text, language):
            kind = f' class="language-{escape(language)}"' if language else ""
            return f"<pre><code{kind}>{escape(text, quote=False)}</code></pre>"
        case Quote(blocks):
            return f"<blockquote>{''.join(map(_block, blocks))}</blockquote>"
        case Table():
            return _table(block)
        case Formula(source):
            return f"<p>\\[{escape(source, quote=False)}\\]</p>"
        case Rule():
            return "<hr>"


def _bullets(block: Bullets) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
    return f"<{tag}{start}>{''.join(f'<li>{_item(item)}</li>' for item in block.items)}</{tag}>"


def _item(blocks: tuple[Block, ...]) -> str:
    """The first paragraph of an item stands without `<p>`."""
    if blocks and isinstance(blocks[0], Paragraph):
        return _line(blocks[0].spans) + "".join(map(_block, blocks[1:]))
    return "".join(map(_block, blocks))


def _table(block: Table) -> str:
    head = "".join(f"<th>{_line(cell)}</th>" for cell in block.head)
    rows = "".join(f"<tr>{''.join(f'<td>{_line(cell)}</td>' for cell in row)}</tr>" for row in block.rows)
    return f"<table><tr>{head}</tr>{rows}</table>"


def _line(spans: Iterable[Span]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    match span:
        case Plain(text):
            return escape(text, quote=False)
        case Break():
            return "<br>"
        case CodeSpan(text):
            return f"<code>{escape(text, quote=False)}</code>"
        case InlineFormula(source):
            return f"\\({escape(source, quote=False)}\\)"
        case Image(alt, target):
            return f'<img src="{escape(target)}" alt="{escape(" ".join(alt.split()))}">'
        case Strong(inner):
            return f"<b>{_line(inner)}</b>"
        case Emphasis(inner):
            return f"<i>{_line(inner)}</i>"
        case Strike(inner):
            return f"<s>{_line(inner)}</s>"
        case Link(inner, target):
            safe = target.lower().startswith(_SAFE)
            return f'<a href="{escape(target)}">{_line(inner)}</a>' if safe else _line(inner)
