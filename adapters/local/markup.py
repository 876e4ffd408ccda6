"""Card text as HTML that is safe wherever it is put: everything is escaped, and nothing is loaded from elsewhere."""

from html import escape
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

SCHEMES = ("http", "https", "mailto")


def render(text: str) -> str:
    """Markdown as blocks of HTML."""
    return "".join(map(_block, markdown.parse(text)))


def render_line(text: str) -> str:
    """Markdown as HTML without its paragraph, where there is but one: for items and notices."""
    return _compact(markdown.parse(text))


def _compact(blocks: tuple[Block, ...]) -> str:
    match blocks:
        case (Paragraph(spans), *rest):
            return _spans(spans) + "".join(map(_block, rest))
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    match block:
        case Paragraph(spans):
            return f"<p>{_spans(spans)}</p>"
        case Heading(_, spans):  # the page has headings of its own, so a card's are told apart by their looks
            return f'<p class="heading">{_spans(spans)}</p>'
        case Bullets(items, ordered, start):
            inner = "".join(f"<li>{_compact(item)}</li>" for item in items)
            return f'<ol start="{start}">{inner}</ol>' if ordered else f"<ul>{inner}</ul>"
        case Quote(blocks):
            return f"<blockquote>{''.join(map(_block, blocks))}</blockquote>"
        case Code(text):
            return f"<pre><code>{escape(text)}</code></pre>"
        case Table(head, rows):
            return _table(head, rows)
        case Formula(source):
            return f'<div class="formula" {_as_math(source)}</div>'
        case Rule():
            return "<hr>"


def _table(head: tuple[tuple[Span, ...], ...], rows: tuple[tuple[tuple[Span, ...], ...], ...]) -> str:
    above = "".join(f'<th scope="col">{_spans(cell)}</th>' for cell in head)
    below = "".join("<tr>" + "".join(f"<td>{_spans(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="table"><table><thead><tr>{above}</tr></thead><tbody>{below}</tbody></table></div>'


def _spans(spans: tuple[Span, ...]) -> str:
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    match span:
        case Plain(text):
            return escape(text)
        case Break():
            return "<br>"
        case CodeSpan(text):
            return f"<code>{escape(text)}</code>"
        case InlineFormula(source):
            return f'<span class="formula" {_as_math(source)}</span>'
        case Image(alt, target):
            return _picture(span) if span.media else _link(_named(alt or target), target)
        case Strong(inner):
            return f"<strong>{_spans(inner)}</strong>"
        case Emphasis(inner):
            return f"<em>{_spans(inner)}</em>"
        case Strike(inner):
            return f"<s>{_spans(inner)}</s>"
        case Link(inner, target):
            return _link(_spans(inner) or escape(target), target)


def _picture(image: Image) -> str:
    """A kept picture, which the page's own server holds; where it cannot be shown, a browser says its description."""
    return f'<img class="picture" src="/media/{image.media}" alt="{escape(image.alt)}">'


def _named(text: str) -> str:
    return f'<span class="picture">Picture: {escape(text)}</span>'


def _link(inner: str, target: str) -> str:
    """A link where its scheme is a harmless one, else what it would have said."""
    try:
        harmless = urlsplit(target).scheme.lower() in SCHEMES
    except ValueError:
        harmless = False
    if not harmless:
        return inner
    return f'<a href="{escape(target)}" target="_blank" rel="noopener noreferrer nofollow">{inner}</a>'


def _as_math(source: str) -> str:
    return f'role="math" aria-label="{escape(source)}">{escape(formulas.readable(source))}'
