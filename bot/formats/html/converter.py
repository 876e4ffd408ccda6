"""The HTML of one side of a card as Markdown: which tag means what.

1. A `<br>` is a new line, a block begins a line, a paragraph has empty lines around it. Colours and sizes mean nothing.
2. Text never becomes mark-up: what Markdown would read into it is escaped.
3. Nothing runs and nothing is fetched: scripts are left out, pictures on the web become links, and both are said.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from html import unescape

from ..text import tidy
from . import formulas, pictures
from .code import Code
from .inline import BOLD, ITALIC, KEPT, KEPT_PIECE, OFF, ON, STRUCK, clean, escape
from .lines import Lines
from .names import BLOCKS, CODE, HEADINGS, LISTS, LOWERED, RAISED, STYLES, WORDS_FOR
from .tables import lines_of
from .tokens import SWALLOWED, attributes, tokens


@dataclass(slots=True)
class Converted:
    """`pictures` are the plain names of files that the text shows; `remote` counts pictures that became links.

    `left_out` says in words what has no place in Markdown; `embedded` holds the pictures that stood in the text itself.
    """

    markdown: str = ""
    pictures: tuple[str, ...] = ()
    remote: int = 0
    sounds: int = 0
    left_out: tuple[str, ...] = ()
    embedded: Mapping[str, bytes] = field(default_factory=dict)


_PLAIN = re.compile(r"[^\W\d_](?:[^\W_]|[ ,.;:!?'\"()/–—…’“”-])*")
_EDGES = re.compile(r"(?<=[0-9\x0f])(?=\x0e)|(?<=\x0f)(?=[0-9])")
_SPACE = re.compile(r"[ \t\n\r\xa0]+")
_ODD_SPACE = re.compile(r"[\t\n\r\xa0]|  ")
_BOLD_STYLE = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_LINKED = re.compile(r"(?:https?://|mailto:)\S{1,2000}", re.I)


def to_markdown(html: str, held: Collection[str] = ()) -> Converted:
    """HTML as Markdown. `held` are the names of files at hand, which settles what a name such as `a%20b.png` means."""
    words = html.strip(" \n")
    if _PLAIN.fullmatch(words) and "  " not in words:
        return Converted(words)
    return _Converter(held).convert(clean(html))


class _Converter:
    def __init__(self, held: Collection[str]) -> None:
        self.held = held
        self.lines = Lines()
        self.found = Converted()
        self.kept: list[str] = []
        self.sources: list[str] = []
        self.names: dict[str, None] = {}
        self.left_out: dict[str, None] = {}
        self.embedded: dict[str, bytes] = {}
        self.code: Code | None = None
        self.styles = dict.fromkeys((BOLD, ITALIC, STRUCK), 0)
        self.spans: list[str] = []
        self.link: tuple[str, tuple[int, int]] | None = None
        self.raised: list[tuple[int, int]] = []
        self.in_ruby = False
        self.skipping = False

    def convert(self, html: str) -> Converted:
        """Everything in one pass over the tokens."""
        if "[" in html:
            html, self.found.sounds = pictures.SOUND.subn("", html)
        if "\\" in html or "[" in html:
            html = formulas.set_aside(html, self._keep_formula)
        for name, text in tokens(html):
            if not name:
                self._text(text)
            elif name[0] == "/":
                self._close(name[1:])
            else:
                self._open(name, text)
        self._finish()
        return self.found

    def _finish(self) -> None:
        if self.code is not None:
            self._end_code()
        self._end_link()
        if self.lines.table is not None:
            self._end_table()
        self.lines.end()
        self.found.markdown = tidy(self._whole("\n".join(self.lines.done)))
        self.found.pictures, self.found.left_out = tuple(self.names), tuple(self.left_out)
        self.found.embedded = self.embedded

    # ---- pieces that are finished Markdown ---------------------------------------------------------------------------

    def _keep(self, markdown: str, source: str = "") -> str:
        self.kept.append(markdown)
        self.sources.append(source or markdown)
        return KEPT.format(len(self.kept) - 1)

    def _keep_formula(self, formula: formulas.Found) -> str:
        kept = self._keep(formula.markdown, unescape(formula.source))
        return f"<x-alone>{kept}</x-alone>" if formula.alone else kept

    def _whole(self, text: str) -> str:
        """With the pieces in place; a formula never touches a digit or another piece."""
        if not self.kept:
            return text
        return KEPT_PIECE.sub(lambda found: self.kept[int(found[1])], _EDGES.sub(" ", text))

    # ---- text --------------------------------------------------------------------------------------------------------

    def _text(self, text: str) -> None:
        if self.skipping:
            return
        if "&" in text:
            text = clean(unescape(text))
        if self.code is not None:
            self.code.put(KEPT_PIECE.sub(lambda found: self.sources[int(found[1])], text))
            return
        plain = _SPACE.sub(" ", text) if _ODD_SPACE.search(text) else text
        if plain[:1] == " " and self.lines.at_start:
            plain = plain.lstrip(" ")
            if plain and (indent := _indent(text)):
                self.lines.put(indent)
        if plain:
            self.lines.put(escape(plain))

    # ---- tags --------------------------------------------------------------------------------------------------------

    def _open(self, name: str, text: str) -> None:
        opener = _OPENERS.get(name)
        if self.code is not None and name not in CODE:
            if name in ("br", "div", "p", "li"):
                self.code.break_line()
        elif name in STYLES:
            self._style(STYLES[name], 1)
        elif opener is not None:
            opener(self, name, text)
        elif name in WORDS_FOR:
            self.left_out[WORDS_FOR[name]] = None

    def _close(self, name: str) -> None:
        closer = _CLOSERS.get(name)
        if self.code is not None and name not in CODE:
            return
        if name in STYLES:
            self._style(STYLES[name], -1)
        elif closer is not None:
            closer(self, name, "")

    def _style(self, style: str, by: int) -> None:
        before = self.styles[style]
        self.styles[style] = max(0, before + by)
        if (before == 0) != (self.styles[style] == 0):
            self.lines.put((ON if by > 0 else OFF)[style])

    def _open_span(self, name: str, text: str) -> None:
        style = BOLD if "weight" in text and _BOLD_STYLE.search(text) else ""
        self.spans.append(style)
        if style:
            self._style(style, 1)

    def _close_span(self, name: str, text: str) -> None:
        if self.spans and (style := self.spans.pop()):
            self._style(style, -1)

    def _open_heading(self, name: str, text: str) -> None:
        self.lines.gap()
        self._style(BOLD, 1)

    def _close_heading(self, name: str, text: str) -> None:
        self._style(BOLD, -1)
        self.lines.gap()

    def _block(self, name: str, text: str) -> None:
        self.lines.end()

    def _paragraph(self, name: str, text: str) -> None:
        self.lines.gap()

    def _break(self, name: str, text: str) -> None:
        self.lines.break_here()

    def _rule(self, name: str, text: str) -> None:
        self.lines.gap()
        if self.lines.table is None:
            self.lines.add("---")
            self.lines.gap()

    def _open_list(self, name: str, text: str) -> None:
        if self.lines.table is not None:
            self.lines.end()
            return
        start = attributes(text).get("start", "1") if name == "ol" and text else "1"
        self.lines.open(name, int(start) if start.isascii() and start.isdigit() and len(start) < 6 else 1)

    def _close_list(self, name: str, text: str) -> None:
        if self.lines.table is not None:
            self.lines.end()
        else:
            self.lines.close(name)

    # ---- code --------------------------------------------------------------------------------------------------------

    def _open_code(self, name: str, text: str) -> None:
        self.code = self.code or Code(name)
        self.code.look_for_language(text)

    def _close_code(self, name: str, text: str) -> None:
        if self.code is not None and self.code.ends_with(name):
            self._end_code()

    def _end_code(self) -> None:
        assert self.code is not None
        code, self.code = self.code, None
        if self.lines.table is not None or not code.is_block:
            span = code.span()
            self.lines.put(self._keep(span) if span else "")
            return
        self.lines.gap()
        for line in code.lines():
            self.lines.add(line)
        self.lines.gap()

    # ---- pictures and links ------------------------------------------------------------------------------------------

    def _image(self, name: str, text: str) -> None:
        said = attributes(text)
        source = said.get("src", "").strip()
        alt = " ".join(re.sub(r"[\[\]\\`*_$\x0e\x0f]", " ", said.get("alt", "")).split())[:500]
        inside = pictures.embedded(source) if source.lower().startswith("data:") else None
        if inside is not None:
            self.embedded[inside[0]] = inside[1]
            self._picture(alt, inside[0])
        elif source.lower().startswith("data:"):
            self.left_out["a picture inside the text"] = None
        elif _LINKED.fullmatch(source) or source.startswith("//"):
            self.found.remote += 1
            address = f"https:{source}" if source.startswith("//") else source
            self.lines.put(self._keep(f"[{alt or 'picture'}]({pictures.target(address)})"))
        elif pictures.is_remote(source):
            self.left_out["a picture with an address that cannot be opened"] = None
        elif source:
            self._picture(alt, clean(pictures.file_name(source, self.held)))

    def _picture(self, alt: str, name: str) -> None:
        self.names[name] = None
        self.lines.put(self._keep(f"![{alt}]({pictures.target(name)})"))

    def _sound(self, name: str, text: str) -> None:
        self.found.sounds += 1

    def _open_link(self, name: str, text: str) -> None:
        self._end_link()
        address = attributes(text).get("href", "").strip()
        if _LINKED.fullmatch(address):
            self.link = address, self.lines.place

    def _close_link(self, name: str, text: str) -> None:
        self._end_link()

    def _end_link(self) -> None:
        """The text of a link that goes over several lines stays as it is, and its address follows."""
        if self.link is None:
            return
        (address, place), self.link = self.link, None
        inside = self.lines.take_since(place)
        href = pictures.target(address).replace("%25", "%")
        if inside is None:
            self.lines.put(self._keep(f" ([link]({href}))"))
        elif inside.strip():
            self.lines.put(self._keep("[") + inside + self._keep(f"]({href})"))

    # ---- ruby, raised and lowered text -------------------------------------------------------------------------------

    def _open_reading(self, name: str, text: str) -> None:
        self._close_reading(name, text)
        self.in_ruby = True
        self.lines.put("(")

    def _close_reading(self, name: str, text: str) -> None:
        if self.in_ruby:
            self.lines.put(")")
        self.in_ruby = False

    def _skip(self, name: str, text: str) -> None:
        self._close_reading(name, text)
        self.skipping = True

    def _stop_skipping(self, name: str, text: str) -> None:
        self.skipping = False

    def _raise(self, name: str, text: str) -> None:
        if len(self.raised) < 20:
            self.raised.append(self.lines.place)

    def _end_raised(self, name: str, text: str) -> None:
        inside = self.lines.take_since(self.raised.pop()) if self.raised else None
        if not inside:
            return
        table, mark = (RAISED, "^") if name == "sup" else (LOWERED, "\\_")
        if all(ord(character) in table for character in inside):
            self.lines.put(inside.translate(table))
        else:
            self.lines.put(f"{mark}{inside}" if inside.isalnum() and len(inside) == 1 else f"{mark}({inside})")

    # ---- tables ------------------------------------------------------------------------------------------------------

    def _open_table(self, name: str, text: str) -> None:
        self.lines.open_table()

    def _open_row(self, name: str, text: str) -> None:
        self.lines.open_row()

    def _open_cell(self, name: str, text: str) -> None:
        self.lines.open_cell()

    def _close_cell(self, name: str, text: str) -> None:
        self.lines.close_cell()

    def _close_table(self, name: str, text: str) -> None:
        if self.lines.table is not None:
            self._end_table()

    def _end_table(self) -> None:
        rows = self.lines.close_table()
        for line in lines_of([[self._whole(cell) for cell in row] for row in rows]):
            self.lines.add(line)
        self.lines.gap()


def _indent(text: str) -> str:
    """Hard spaces at the start of a line are how people indent in HTML; one alone is only a space."""
    spaces = text[: len(text) - len(text.lstrip())].count("\xa0")
    return "\xa0" * spaces if spaces > 1 else ""


_Handler = Callable[[_Converter, str, str], None]
_OPENERS: dict[str, _Handler] = {
    **dict.fromkeys(BLOCKS, _Converter._block),
    **dict.fromkeys(LISTS, _Converter._open_list),
    **dict.fromkeys(CODE, _Converter._open_code),
    **dict.fromkeys(HEADINGS, _Converter._open_heading),
    "br": _Converter._break, "hr": _Converter._rule, "p": _Converter._paragraph, "x-alone": _Converter._block,
    "span": _Converter._open_span, "font": _Converter._open_span, "img": _Converter._image,
    "audio": _Converter._sound, "video": _Converter._sound, "a": _Converter._open_link,
    "rt": _Converter._open_reading, "rb": _Converter._close_reading, "rp": _Converter._skip,
    "sup": _Converter._raise, "sub": _Converter._raise,
    "table": _Converter._open_table, "tr": _Converter._open_row, "td": _Converter._open_cell,
    "th": _Converter._open_cell,
}  # fmt: skip
_CLOSERS: dict[str, _Handler] = {
    **dict.fromkeys(BLOCKS, _Converter._block),
    **dict.fromkeys(LISTS, _Converter._close_list),
    **dict.fromkeys(CODE, _Converter._close_code),
    **dict.fromkeys(HEADINGS, _Converter._close_heading),
    "p": _Converter._paragraph, "x-alone": _Converter._block, "br": _Converter._break,
    "span": _Converter._close_span, "font": _Converter._close_span, "a": _Converter._close_link,
    "rt": _Converter._close_reading, "ruby": _Converter._close_reading, "rp": _Converter._stop_skipping,
    "sup": _Converter._end_raised, "sub": _Converter._end_raised,
    "table": _Converter._close_table, "tr": _Converter._close_cell, "td": _Converter._close_cell,
    "th": _Converter._close_cell,
}  # fmt: skip
assert not SWALLOWED & _CLOSERS.keys()
