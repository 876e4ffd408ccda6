"""The words of a text in Discord's Markdown, in which nothing of a card is a mention, a timestamp or a command.

Rules of this file:
- whatever Discord would read as more than text is written with a backslash, which Discord does not show;
- HTML entities mean nothing to Discord, so none is written.
"""

import re
from functools import lru_cache
from urllib.parse import urlsplit

from bot import formulas
from bot.markdown import Break, CodeSpan, Emphasis, Image, InlineFormula, Link, Plain, Span, Strike, Strong

SCHEMES = ("http", "https")
_MARK = re.compile(r"[\\*_~`|<\[\]@]|(?<=[A-Za-z]):(?=//)")
_UNSENDABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_LINE_START = re.compile(r"^([ \t]*)(?:([#>+-])|(\d+)([.)]))", re.MULTILINE)


@lru_cache(maxsize=512)
def literal(text: str) -> str:
    """Words of other people, to the letter, on one line."""
    return line_starts(escaped(" ".join(clean(text).split())))


def size(text: str) -> int:
    """How long Discord finds a text, at most: UTF-16 units."""
    return len(text) if text.isascii() else len(text) + sum(letter > "\uffff" for letter in text)


def shortened(text: str, most: int) -> str:
    """A label or a title in at most `most` characters."""
    return text if len(text) <= most else text[: most - 1] + "…"


def clean(text: str) -> str:
    """Without what cannot be sent: control characters and halves of surrogate pairs."""
    return _UNSENDABLE.sub("", text)


def escaped(text: str) -> str:
    return _MARK.sub(r"\\\g<0>", text)


def line_starts(text: str) -> str:
    """With what would begin a list, a heading or a quote as text."""
    return _LINE_START.sub(lambda found: f"{found[1]}{found[3] or ''}\\{found[2] or found[4]}", text)


def drawn_formula(source: str) -> str:
    return escaped(formulas.readable(source) or source)


def plain(spans: tuple[Span, ...]) -> str:
    """Spans as plain words on one line."""
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


def render(spans: tuple[Span, ...]) -> str:
    """Spans as Discord's Markdown."""
    return "".join(map(_span, spans))


def _span(span: Span) -> str:
    match span:
        case Plain(text):
            return escaped(text)
        case Break():
            return "\n"
        case CodeSpan(text):
            return _code(text)
        case InlineFormula(source):
            return drawn_formula(source)
        case Image(alt, target):
            said = escaped(f"Picture: {alt or target}")
            return f"[{said}](<{target}>)" if is_web(target) else said
        case Strong(inner):
            return _around("**", inner)
        case Emphasis(inner):
            return _around("*", inner)
        case Strike(inner):
            return _around("~~", inner)
        case Link(inner, target):
            return _link(render(inner), target)


def _around(mark: str, inner: tuple[Span, ...]) -> str:
    said = render(inner)
    return f"{mark}{said}{mark}" if said.strip() else said


def _code(text: str) -> str:
    """Two backticks around what holds one; what holds two in a row cannot be code on Discord, and stays text."""
    if "``" in text or not text.strip():
        return escaped(text)
    if "`" not in text:
        return f"`{text}`"
    return f"`` {text} ``"


def _link(said: str, target: str) -> str:
    """A link to the web, without its preview; whatever else leads elsewhere is text."""
    if not is_web(target):
        return f"{said} ({escaped(target)})" if target and said else said or escaped(target)
    return f"[{said.replace(chr(10), ' ') or escaped(target)}](<{target}>)"


def is_web(target: str) -> bool:
    """Whether this is an address that Discord may show as a link: what would end the link early is none."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return parts.scheme.lower() in SCHEMES and bool(parts.netloc) and not re.search(r"[\s<>()\\]", target)
