"""What stands inside a line: text made safe against being read as Markdown, bold and italic, formulas set aside.

Control characters never come out of a card, so they are our own marks on the way: `ON` and `OFF` of each style, and
`KEPT` around the number of a piece that is finished Markdown already.
"""

import re
import unicodedata
from collections.abc import Iterator
from html import unescape

from ..text import collapse

BOLD, ITALIC, STRUCK = "bold", "italic", "struck"
ON = {BOLD: "\x01", ITALIC: "\x03", STRUCK: "\x05"}
OFF = {BOLD: "\x02", ITALIC: "\x04", STRUCK: "\x06"}
KEPT = "\x0e{}\x0f"
KEPT_PIECE = re.compile("\x0e([0-9]+)\x0f")
_STYLE_OF = {mark: (style, True) for style, mark in ON.items()} | {mark: (style, False) for style, mark in OFF.items()}
_STYLE_MARK = re.compile("([\x01-\x06])")
_WORDS = "([^\\W_](?:[^\x01-\x06\x0e\x0f]*[^\\W_])?)"
_ALONE = re.compile(f"(?=[\x01\x03])(?<![^ ])(?:\x01{_WORDS}\x02|\x03{_WORDS}\x04)(?![^ .,;:!?])")
_UNFIT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_REFERENCE = re.compile("&[^&\x0e\x0f]*")
_TAGS = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|div|/div|p|/p|li|tr)\b[^<>]*>", re.I)

_SPECIAL = re.compile(
    r"(?=[\\`*_~$\](<&])(?:"  # most characters are none of these, so they need no closer look
    r"\\(?=[!-/:-@\[-`{-~])"  # a backslash that would escape what follows
    r"|`"
    r"|(?<! )\*|\*(?! )"
    r"|(?<![\w ])_|(?<=\w)_(?![\w ])|(?<= )_(?! )"  # an underscore inside a word means nothing
    r"|~(?=~)"
    r"|\$(?=\S)|(?<=\S)\$"
    r"|\](?=\()|(?<=\}\})\("  # no link, not even one made by a deletion shown as [...]
    r"|<(?=[A-Za-z][A-Za-z0-9+.-]*:|[^\s<>]+@)"
    r"|&(?=\#?\w+;))"
)
_RISKY = re.compile(r"[\\`*_~$\]<&]")
_OPENING = re.compile(r"(\{\{c[0-9,]{1,20}::)")
_LINE_START = re.compile(
    r"((?:[\x01-\x06]|\}\}\s*)*)"
    r"(?:([-+*>](?=\s|$)|>|\#{1,6}(?=\s|$)|[=-]+\s*$|\|?[:-][-:| ]*$)|([0-9]{1,9})([.)])(?=\s|$))"
)


def clean(text: str) -> str:
    """Without control characters and lone halves of characters, which no database and no platform takes."""
    return text if text.isprintable() else _UNFIT.sub("", text)


def unescaped(text: str) -> str:
    """With the characters that `&gt;` and the like stand for; what is set aside stays so."""
    plain = text.replace("&nbsp;", "\xa0").replace("&gt;", ">").replace("&lt;", "<")  # nearly always that is all
    return _REFERENCE.sub(lambda found: clean(unescape(found[0])), text) if "&" in plain else plain


def to_plain(html: str) -> str:
    """The words alone, on one line."""
    if "<" not in html and "&" not in html:
        return collapse(clean(html))
    return " ".join(unescape(_TAGS.sub("", _BREAK.sub(" ", clean(html)))).split())


def escape(text: str) -> str:
    """Text that means nothing in Markdown, but for what only counts at the start of a line."""
    return _SPECIAL.sub(lambda found: f"\\{found[0]}", text) if _RISKY.search(text) or "}}(" in text else text


def escape_start(line: str) -> str:
    """A line that would begin a list, a heading or the like, as text; so too what a deletion begins with."""
    if "{{c" in line:
        return "".join(map(_escape_start, _OPENING.split(line)))
    return line if line[:1].isalpha() else _escape_start(line)


def _escape_start(text: str) -> str:
    found = _LINE_START.match(text)
    if found is None:
        return text
    at = found.end(1) if found[2] else found.end(3)
    return f"{text[:at]}\\{text[at:]}"


# ---- bold, italic, struck out ----------------------------------------------------------------------------------------

Run = tuple[str, frozenset[str]]


def styled(line: str, open_now: set[str]) -> str:
    """The line with `**` and the like in place of the marks; `open_now` holds what was open before, and is updated.

    Styles end with the line and go on in the next one. Where Markdown could not read a style, it is left out.
    """
    if not open_now:
        if line.isprintable():
            return line
        line = _ALONE.sub(_alone, line)
        if line.isprintable() or not _STYLE_MARK.search(line):
            return line
    runs = _merged(_runs(line, open_now))
    pieces: list[str] = []
    for index, (text, styles) in enumerate(runs):
        before = pieces[-1][-1:] if pieces else ""
        after = runs[index + 1][0][:1] if index + 1 < len(runs) else ""
        pieces.append(_wrapped(text, styles, before, after))
    return "".join(pieces)


def _alone(found: re.Match[str]) -> str:
    """What is bold or italic between spaces needs no closer look."""
    return f"**{found[1]}**" if found[1] else f"*{found[2]}*"


def _runs(line: str, open_now: set[str]) -> Iterator[Run]:
    for piece in _STYLE_MARK.split(line):
        if piece in _STYLE_OF:
            style, on = _STYLE_OF[piece]
            (open_now.add if on else open_now.discard)(style)
        elif piece:
            yield piece, frozenset(open_now)


def _merged(runs: Iterator[Run]) -> list[Run]:
    """Runs that touch without a space share the styles that both have: `**a*****b***` would be unreadable."""
    merged: list[Run] = []
    for text, styles in runs:
        if merged and merged[-1][1] == styles:
            merged[-1] = merged[-1][0] + text, styles
            continue
        if merged and merged[-1][1] and styles and not merged[-1][0][-1].isspace() and not text[0].isspace():
            both = merged[-1][1] & styles
            merged[-1] = (merged[-1][0] + text, both) if both else merged[-1]
            if not both:
                merged.append((text, both))
            continue
        merged.append((text, styles))
    return merged


def _wrapped(text: str, styles: frozenset[str], before: str, after: str) -> str:
    core = text.strip()
    if not core or not styles:
        return text
    head, tail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    before, after = head[-1:] or before, tail[:1] or after
    if (_joins(before) and _is_mark(core[0])) or (_joins(after) and _is_mark(core[-1])):
        return text
    stars = "*" * ((2 if BOLD in styles else 0) + (1 if ITALIC in styles else 0))
    lines = "~~" if STRUCK in styles else ""
    return f"{head}{lines}{stars}{core}{stars}{lines}{tail}"


def _joins(character: str) -> bool:
    """Whether a style may not begin or end here beside punctuation (CommonMark, left- and right-flanking)."""
    return bool(character) and not character.isspace() and not _is_mark(character)


def _is_mark(character: str) -> bool:
    return character in "\x0e\x0f" or unicodedata.category(character)[0] in "PS"
