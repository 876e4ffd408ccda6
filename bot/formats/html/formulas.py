"""Formulas in cards of Anki: MathJax in `\\( \\)` and `\\[ \\]`, and LaTeX in `[$]`, `[$$]` and `[latex]`."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape

_EDGE = re.compile(r"\\[()\[\]]|\[/?(?:latex|\${1,2})\]", re.I)
_CLOSES = {r"\)": r"\(", r"\]": r"\[", "[/$]": "[$]", "[/$$]": "[$$]", "[/latex]": "[latex]"}
_SHOWN_ALONE = {r"\[", "[$$]"}
_TAG = re.compile(r"<[^<>]*>")
_BRACES = re.compile(r"\{(?=\{(?!c[0-9,]+::))|\{(?=\{\{c[0-9,]+::)")
_DOLLAR = re.compile(r"(?<!\\)\$")


@dataclass(frozen=True, slots=True)
class Found:
    """`markdown` is the formula in dollars; `alone` says that it stands on a line of its own."""

    markdown: str
    source: str
    alone: bool


def set_aside(html: str, keep: Callable[[Found], str]) -> str:
    """The text with every formula replaced by what `keep` returns for it. An opening without its end stays text."""
    pieces: list[str] = []
    at = 0
    for start, end, edge in _spans(html):
        pieces += [html[at:start], keep(_found(html[start:end], edge))]
        at = end
    return "".join([*pieces, html[at:]])


def _spans(html: str) -> Iterator[tuple[int, int, str]]:
    """Where formulas begin and end, with their opening. The last opening of its kind counts."""
    opened: dict[str, int] = {}
    for found in _EDGE.finditer(html):
        edge = found[0].lower()
        opening = _CLOSES.get(edge)
        if opening is None:
            opened[edge] = found.start()
        elif opening in opened:
            yield opened[opening], found.end(), opening
            opened.clear()


def _found(source: str, edge: str) -> Found:
    inner = source[len(edge) : -len(edge) - (edge[0] == "[")]
    text = " ".join(unescape(_TAG.sub(" ", inner)).split())
    alone = edge in _SHOWN_ALONE
    if edge == "[latex]":
        text, alone = _unwrapped(text)
        if "$" in text:
            return Found(text, source, alone=False)
    # Two braces would be a deletion in the native format; a space between them changes no formula.
    text = _DOLLAR.sub(r"\\$", _BRACES.sub("{ ", text))
    if not text:
        return Found("", source, alone=False)
    return Found(f"$${text}$$" if alone else f"${text}$", source, alone)


def _unwrapped(text: str) -> tuple[str, bool]:
    """What stands inside of `[latex]` begins with its own dollars, or with an environment."""
    for mark, alone in (("$$", True), ("$", False)):
        inner = text[len(mark) : -len(mark)]
        if len(text) > 2 * len(mark) and text.startswith(mark) and text.endswith(mark) and "$" not in inner:
            return inner.strip(), alone
    return text, True
