"""Templates of Anki's note types: `{{Field}}`, filters such as `{{hint:Field}}`, and `{{#Field}}` .. `{{/Field}}`.

A template is slimmed and cut once, then filled for each note (`filling.py`). What Anki does with scripts and styles is
left out.
"""

import re
from dataclasses import dataclass

from ..html import clean
from ..html.tokens import SWALLOWED, tokens

MOST_PARTS = 2_000
DEEPEST = 30
SPECIAL = frozenset({"Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", "CardID", "FrontSide"})
_MARK = re.compile(r"\{\{([^{}]*)\}\}")
_OLD_MARK = re.compile(r"<%([^<>%]*)%>")
_OLD = "{{=<% %>=}}"
CLOZE_SECTION = re.compile(r"c[0-9]{1,3}")
_KEPT_ATTRIBUTES = ("img", "a", "hr", "ol")


class BadTemplate(Exception):
    """A template that cannot be read; the argument says why."""


@dataclass(frozen=True, slots=True)
class FieldPart:
    name: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """Shown where the field is filled, or, if `negated`, where it is empty."""

    name: str
    negated: bool
    parts: "tuple[Part, ...]"


Part = str | FieldPart | Section


@dataclass(frozen=True, slots=True)
class Cut:
    """A template ready to be filled; `weight` is how many marks it has.

    `plain` are the parts of one that has nothing but texts and fields as they stand, `names` its fields, and `bare` is
    how long its texts are.
    """

    parts: tuple[Part, ...]
    scripts: bool = False
    weight: int = 1
    plain: tuple[tuple[str, str], ...] = ()
    names: tuple[str, ...] = ()
    bare: int = 0


def cut(template: str, names: frozenset[str]) -> Cut:
    """The parts of a template. Raises BadTemplate where it names a field that is not in `names`, or never ends."""
    mark, text = (_OLD_MARK, template.replace(_OLD, "", 1)) if template.startswith(_OLD) else (_MARK, template)
    text = clean(text if mark is _OLD_MARK else _slim(text))
    stack: list[tuple[str, bool, list[Part]]] = [("", False, [])]
    at = count = 0
    for count, found in enumerate(mark.finditer(text), 1):
        _add(stack, text[at : found.start()])
        _read_mark(stack, found[1].strip(), names)
        at = found.end()
        if count > MOST_PARTS:
            raise BadTemplate("it has too many parts")
    _add(stack, text[at:])
    if len(stack) > 1:
        raise BadTemplate(f"{{{{#{stack[-1][0]}}}}} is never closed")
    return _cut(tuple(stack[0][2]), "<script" in template.lower(), count)


def cut_after(template: Cut, line: re.Pattern[str]) -> Cut | None:
    """What follows a line that a template begins with, the front before it aside; None where it begins otherwise."""
    parts = template.parts[1:] if template.parts[:1] == (FieldPart("FrontSide", ()),) else template.parts
    found = line.search(parts[0]) if parts and isinstance(parts[0], str) else None
    if found is None:
        return None
    rest = found.string[found.end() :]
    return _cut((rest, *parts[1:]) if rest else parts[1:], template.scripts, template.weight)


def _cut(parts: tuple[Part, ...], scripts: bool, weight: int) -> Cut:
    plain = tuple((part, "") if isinstance(part, str) else ("", part.name) for part in parts if not _is_filtered(part))
    names = tuple(name for _, name in plain if name)
    bare = sum(len(text) for text, _ in plain)
    return Cut(parts, scripts, weight, plain if len(plain) == len(parts) else (), names, bare)


def _is_filtered(part: Part) -> bool:
    return isinstance(part, Section) or (isinstance(part, FieldPart) and part.filters != ())


def _add(stack: list[tuple[str, bool, list[Part]]], text: str) -> None:
    if text:
        stack[-1][2].append(text)


def _read_mark(stack: list[tuple[str, bool, list[Part]]], said: str, names: frozenset[str]) -> None:
    kind, name = (said[:1], said[1:].strip()) if said[:1] in ("#", "^", "/") else ("", said)
    if kind == "/":
        if len(stack) < 2 or stack[-1][0] != name:
            raise BadTemplate(f"{{{{/{name}}}}} closes nothing")
        name, negated, parts = stack.pop()
        stack[-1][2].append(Section(name, negated, tuple(parts)))
    elif kind:
        if len(stack) > DEEPEST:
            raise BadTemplate("its conditions are nested too deep")
        _known(name, names)
        stack.append((name, kind == "^", []))
    else:
        *filters, name = (part.strip() for part in name.split(":"))
        _known(name, names)
        stack[-1][2].append(FieldPart(name, tuple(reversed(filters))))


def _known(name: str, names: frozenset[str]) -> None:
    if name and name not in names and name not in SPECIAL and not CLOZE_SECTION.fullmatch(name):
        raise BadTemplate(f'there is no field "{name}"')


def _slim(template: str) -> str:
    """Without scripts, styles, comments, and attributes that mean nothing here: templates repeat with every card."""
    pieces = []
    for name, attributes, text in tokens(template):
        if name and name not in SWALLOWED:
            pieces.append(f"<{name}{attributes if name in _KEPT_ATTRIBUTES else ''}>")
        pieces.append(re.sub(r"\s+", " ", text))
    return "".join(pieces)
