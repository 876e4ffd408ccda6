"""Reads Anki's text exports: lines such as `#separator:tab` at the top, then rows of fields.

1. A text export says nothing of templates, so the first field asks for the second; more fields come after the answer.
2. A note that has deletions is a cloze text. Notes that hide parts of pictures are left out.
3. Without HTML, text is what it says; lists and line ends were lost when it was exported.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from bot.model import Deck

from ..html import clean
from ..problems import Kind
from ..rows import Layout, Row, rows
from ..text import stem
from .cards import CardMaker
from .notes import Note, NoteType, Template, common_deck, section_of, tags_of

_HEAD = re.compile(
    r"#(separator|html|tags|columns|notetype|deck|match scope|if matches|(?:guid|notetype|deck|tags) column)\s*:(.*)",
    re.I,
)
_SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_COMMON = ("\t", "|", ";", ",")
_MARKUP = re.compile(
    r"</?(?:b|i|u|br|div|span|p|img|a|ul|ol|li|sub|sup|table|hr|code|pre|font)\b|&(?:[a-z]{2,8}|#\d+);"
)
_DELETION = re.compile(r"\{\{c[0-9,]+::")
_NAME = re.compile(r"[\w .()-]{1,60}")
MOST_FIELDS = 200


@dataclass(slots=True)
class Head:
    """What the lines at the top say; `special` are the places, from 0, of the columns that are no fields."""

    body: int = 0
    separator: str = ""
    html: bool | None = None
    deck: str = ""
    type: str = ""
    tags: str = ""
    columns: str = ""
    special: dict[str, int] = field(default_factory=dict)


def recognise(text: str) -> bool:
    """Whether this begins as Anki's text exports do."""
    return _HEAD.match(text) is not None


def read(text: str, file_name: str) -> Deck:
    """The deck of a text export. Never raises but for too much text; a deck without cards has problems that say why."""
    lines = text.split("\n")
    head = _head(lines)
    separator = head.separator or _guessed(lines[head.body :])
    found = list(rows(lines, Layout(separator, head.body)))
    maker = CardMaker()
    html = head.html if head.html is not None else any(_MARKUP.search(cell) for row in found for cell in row.cells)
    common = common_deck({_cell(row, head, "deck") or head.deck for row in found})
    types = _Types(head, separator)
    for row in found:
        if not row.quoted:
            text_of_problem = "A quote in this row is not closed as it should be, so its quotes were read as text."
            maker.gathering.say(row.line, "", Kind.QUOTES, text_of_problem)
        note = _note(row, head, types, common, html)
        if note.type.is_cloze or any(note.fields[1:]):
            maker.add([note])
        else:
            maker.gathering.say(row.line, "", Kind.ONE_CELL, "This note has one field only, so it was not added.")
    _remark(found, head, maker)
    return maker.gathering.deck(common[-1] if common and common[-1] else stem(file_name), "anki-text")


# ---- the lines at the top --------------------------------------------------------------------------------------------


def _head(lines: Sequence[str]) -> Head:
    """A value may be followed by separators, where a spreadsheet saved the file."""
    head = Head()
    while head.body < len(lines) and (found := _HEAD.match(lines[head.body])):
        key, value = found[1].lower(), found[2].strip()
        _take(head, key, value)
        head.body += 1
    return head


def _take(head: Head, key: str, value: str) -> None:
    plain = value.strip("\t;,| ")
    match key.split():
        case ["separator"]:
            said = _SEPARATORS.get(plain.lower(), value[:1] or "\t")
            head.separator = said if said not in ('"', "\\") else ""
        case ["html"]:
            head.html = plain.lower() == "true"
        case ["deck"]:
            head.deck = clean(plain)
        case ["notetype"]:
            head.type = clean(plain)
        case ["tags"]:
            head.tags = clean(plain)
        case ["columns"]:
            head.columns = value
        case [name, "column"] if re.fullmatch(r":?[0-9]{1,4}", plain) and int(plain.strip(":")) > 0:
            head.special[name] = int(plain.strip(":")) - 1


def _guessed(lines: Sequence[str]) -> str:
    """The separator that most of the first rows have."""
    counts = Counter(one for line in lines[:100] for one in _COMMON if one in line)
    return max(_COMMON, key=lambda one: counts[one])


# ---- rows ------------------------------------------------------------------------------------------------------------


class _Types:
    """A note type for each width of a row, with the names of its columns as far as they are said."""

    def __init__(self, head: Head, separator: str) -> None:
        self._names = [clean(name).strip() for name in head.columns.split(separator)] if head.columns else []
        self._special = set(head.special.values())
        self._made: dict[tuple[str, int, bool], NoteType] = {}

    def of(self, name: str, width: int, is_cloze: bool) -> NoteType:
        key = name, width, is_cloze
        if key not in self._made:
            self._made[key] = self._make(*key)
        return self._made[key]

    def _make(self, name: str, width: int, is_cloze: bool) -> NoteType:
        places = [place for place in range(width + len(self._special)) if place not in self._special][:width]
        fields: list[str] = []
        for number, place in enumerate(places, 1):
            said = self._names[place] if place < len(self._names) else ""
            fields.append(said if _NAME.fullmatch(said) and said not in fields else f"Field {number}")
        first, second, *more = (*fields, "", "")
        back = "".join(f"{{{{hint:{one}}}}}" for one in more if one)
        front = f"{{{{cloze:{first}}}}}" if is_cloze else f"{{{{{first}}}}}"
        return NoteType(name, tuple(fields), {0: Template("Card 1", front, f"{{{{{second}}}}}{back}")}, is_cloze)


def _note(row: Row, head: Head, types: _Types, common: tuple[str, ...], html: bool) -> Note:
    special = head.special.values()
    cells = [cell for place, cell in enumerate(row.cells) if place not in special][:MOST_FIELDS]
    while len(cells) > 2 and not cells[-1]:
        cells.pop()
    fields = tuple(clean(cell if html else escape(cell, quote=False).replace("\n", "<br>")) for cell in cells)
    is_cloze = any(_DELETION.search(one) for one in fields[:1])
    note_type = types.of(clean(_cell(row, head, "notetype")) or head.type, max(2, len(fields)), is_cloze)
    deck = _cell(row, head, "deck") or head.deck
    tags = tags_of(f"{head.tags} {clean(_cell(row, head, 'tags'))}")
    guid = clean(_cell(row, head, "guid"))
    return Note(guid, note_type, fields, tags, section=clean(section_of(deck, common)), line=row.line)


def _cell(row: Row, head: Head, name: str) -> str:
    place = head.special.get(name, len(row.cells))
    return row.cells[place] if place < len(row.cells) else ""


def _remark(found: Sequence[Row], head: Head, maker: CardMaker) -> None:
    if any(sum(map(bool, row.cells)) > 2 + len(head.special) for row in found):
        text = (
            "A text export does not say how Anki makes cards of its notes, so the first field asks for the second, and "
            "further fields are shown after the answer. An Anki Deck Package (.apkg) keeps everything."
        )
        maker.gathering.say(head.body + 1, "", Kind.AMBIGUOUS, text)
    if head.html is False:
        text = "This was exported without HTML, which loses line ends and lists. Tick Include HTML to keep them."
        maker.gathering.say(1, "", Kind.NOT_CARRIED, text)
