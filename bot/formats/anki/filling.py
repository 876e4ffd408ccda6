"""A template that was cut is filled with the fields of a note: one side of a card, as HTML."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape

from ..html import to_plain
from .templates import CLOZE_SECTION, Cut, FieldPart, Part, Section

MOST_CHARACTERS = 1_000_000
"""Of one side of one card, as HTML."""
_EMPTY = re.compile(r"(?:\s|</?(?:br|div) ?/?>)*+")
_FURIGANA = re.compile(r" ?([^ >\[]{1,40})\[(?!sound:)([^\[\]]{1,100})\]")
_RUBY = {"furigana": r"<ruby>\1<rt>\2</rt></ruby>", "kanji": r"\1", "kana": r"\2"}


@dataclass(slots=True)
class Filled:
    """One side of a card as HTML. `typed` are the fields to be typed, `hints` what is shown on demand: name and HTML.

    `shown` names the fields that are in it, nothing where they are empty; `size` is how long it is, also where it has
    more than MOST_CHARACTERS and so is cut off.
    """

    html: str
    size: int
    shown: Collection[str]
    typed: Sequence[str] = ()
    hints: Sequence[tuple[str, str]] = ()


@dataclass(slots=True)
class _Filling:
    """What becomes a `Filled`."""

    pieces: list[str] = field(default_factory=list)
    size: int = 0
    shown: set[str] = field(default_factory=set)
    typed: list[str] = field(default_factory=list)
    hints: list[tuple[str, str]] = field(default_factory=list)


def is_filled(html: str) -> bool:
    return html[:1].isalnum() or _EMPTY.fullmatch(html) is None


def fill(template: Cut, values: Mapping[str, str], *, back: bool = False) -> Filled:
    """One side of a card; on the back, what was typed is shown. `values` holds every field, "" where it is empty."""
    if template.plain:  # as nearly all templates are
        html = "".join([text or values.get(name, "") for text, name in template.plain])
        if len(html) <= MOST_CHARACTERS:
            return Filled(html, len(html), template.names if len(html) > template.bare else ())
    filling = _Filling()
    _fill(template.parts, values, back, filling)
    return Filled("".join(filling.pieces), filling.size, filling.shown, filling.typed, filling.hints)


def _fill(parts: tuple[Part, ...], values: Mapping[str, str], back: bool, filled: _Filling) -> None:
    for part in parts:
        if isinstance(part, Section):
            if bool(values.get(part.name) or CLOZE_SECTION.fullmatch(part.name)) != part.negated:
                _fill(part.parts, values, back, filled)
            continue
        piece = part if isinstance(part, str) else _field(part, values, back, filled)
        filled.size += len(piece)
        if filled.size <= MOST_CHARACTERS:
            filled.pieces.append(piece)


def _field(part: FieldPart, values: Mapping[str, str], back: bool, filled: _Filling) -> str:
    value = values.get(part.name, "")
    for name in part.filters:
        if name == "hint":
            filled.hints.append((part.name, value))
            return ""
        if name == "type":
            filled.typed.append(value)
            return value if back else ""
        value = _filtered(name, value)
    if value:
        filled.shown.add(part.name)
    return value


def _filtered(name: str, value: str) -> str:
    if name in _RUBY:
        return _FURIGANA.sub(_RUBY[name], value)
    if name == "text":
        return escape(to_plain(value))
    return "" if name.startswith("tts") else value
