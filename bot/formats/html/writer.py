"""What is written while HTML is read: text, styles, code, links and pictures, on the lines of one side of a card."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html import unescape

from ..text import tidy
from . import formulas, pictures
from .code import Code
from .inline import BOLD, ITALIC, KEPT, KEPT_PIECE, OFF, ON, STRUCK, escape, unescaped
from .lines import Lines
from .tables import lines_of


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


_EDGES = re.compile(r"(?<=[0-9\x0f])(?=\x0e)|(?<=\x0f)(?=[0-9])")
_SPACE = re.compile(r"[ \t\n\r\xa0]+")


class Writer:
    """Takes texts and what tags ask for; `finish` gives the Markdown of it all."""

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

    def text(self, text: str) -> None:
        if self.skipping:
            return
        if "&" in text:
            text = unescaped(text)
        if self.code is not None:
            self.code.put(KEPT_PIECE.sub(lambda found: self.sources[int(found[1])], text))
            return
        plain = text if text.isprintable() and "  " not in text else _SPACE.sub(" ", text)
        if plain[:1] == " " and self.lines.at_start:
            plain = plain.lstrip(" ")
            if plain and (indent := _indent(text)):
                self.lines.put(indent)
        if plain:
            self.lines.put(escape(plain))

    def style(self, style: str, by: int) -> None:
        before = self.styles[style]
        self.styles[style] = max(0, before + by)
        if (before == 0) != (self.styles[style] == 0):
            self.lines.put((ON if by > 0 else OFF)[style])

    def keep(self, markdown: str, source: str = "") -> str:
        self.kept.append(markdown)
        self.sources.append(source or markdown)
        return KEPT.format(len(self.kept) - 1)

    def keep_formula(self, formula: formulas.Found) -> str:
        kept = self.keep(formula.markdown, unescape(formula.source))
        return f"<x-alone>{kept}</x-alone>" if formula.alone else kept

    def _whole(self, text: str) -> str:
        """With the pieces in place; a formula never touches a digit or another piece."""
        if not self.kept:
            return text
        return KEPT_PIECE.sub(lambda found: self.kept[int(found[1])], _EDGES.sub(" ", text))

    def end_code(self) -> None:
        assert self.code is not None
        code, self.code = self.code, None
        if self.lines.table is not None or not code.is_block:
            span = code.span()
            self.lines.put(self.keep(span) if span else "")
            return
        self.lines.gap()
        for line in code.lines():
            self.lines.add(line)
        self.lines.gap()

    def end_link(self) -> None:
        """The text of a link that goes over several lines stays as it is, and its address follows."""
        if self.link is None:
            return
        (address, place), self.link = self.link, None
        inside = self.lines.take_since(place)
        href = pictures.target(address).replace("%25", "%")
        if inside is None:
            self.lines.put(self.keep(f" ([link]({href}))"))
        elif inside.strip():
            self.lines.put(self.keep("[") + inside + self.keep(f"]({href})"))

    def end_table(self) -> None:
        rows = self.lines.close_table()
        for line in lines_of([[self._whole(cell) for cell in row] for row in rows]):
            self.lines.add(line)
        self.lines.gap()

    def picture(self, alt: str, name: str) -> None:
        self.names[name] = None
        self.lines.put(self.keep(f"![{alt}]({pictures.target(name)})"))

    def finish(self) -> Converted:
        """Whatever was left open ends here."""
        if self.code is not None:
            self.end_code()
        self.end_link()
        if self.lines.table is not None:
            self.end_table()
        self.lines.end()
        self.found.markdown = tidy(self._whole("\n".join(self.lines.done)))
        self.found.pictures, self.found.left_out = tuple(self.names), tuple(self.left_out)
        self.found.embedded = self.embedded
        return self.found


def _indent(text: str) -> str:
    """Hard spaces at the start of a line are how people indent in HTML; one alone is only a space."""
    spaces = text[: len(text) - len(text.lstrip())].count("\xa0")
    return "\xa0" * spaces if spaces > 1 else ""
