"""Notes become cards, as the templates of their note type say.

A card's id is made of the note's guid and of the template's number; of a cloze note, of the guid alone. So a deck keeps
its progress whatever is edited, and whichever of Anki's formats it comes in.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bot.errors import DeckError
from bot.model import Card

from ..gathering import Gathering
from ..html import Converted, to_markdown, to_plain
from ..identity import OURS, provisional_id
from ..problems import Kind
from .filling import MOST_CHARACTERS, Filled, fill, is_filled
from .notes import Note, NoteType, Template
from .templates import BadTemplate, Cut, FieldPart, cut, cut_after

BUDGET = 100_000_000
MOST_EMBEDDED = 50 * 2**20
_NAME = 40
_ANSWER = re.compile(r"<(?i:hr\b[^<>]*\bid\s*=\s*[\"']?answer)\b[^<>]*>")
_BLANK = re.compile(r"\{\{c[0-9,]{1,20}::\s*(?:::[^{}]{0,100})?\}\}")
"""A deletion that hides nothing: Anki shows nothing there either."""
_OCCLUSION = "::image-occlusion:"


@dataclass(frozen=True, slots=True)
class Sides:
    """The two sides of a template, cut. `type` is kept so that no other type can be taken for it.

    `answer` is what stands on the back after a line called `answer`, where nothing but the front stands before it.
    """

    type: NoteType
    front: Cut
    back: Cut
    answer: Cut | None = None


@dataclass(slots=True)
class CardMaker:
    """Makes cards of notes. `held` names the pictures at hand; `budget` is how many characters may be filled in all.

    `sections` names the section of each deck that is not one itself; `embedded` holds the pictures that stand in the
    notes themselves.
    """

    held: set[str] = field(default_factory=set)
    budget: int = BUDGET
    sections: Mapping[str, str] = field(default_factory=dict)
    gathering: Gathering = field(default_factory=Gathering)
    embedded: dict[str, bytes] = field(default_factory=dict)
    _line: int = 0
    _at: int = 0
    _room: int = MOST_EMBEDDED
    _sides: dict[tuple[int, int], Sides] = field(default_factory=dict)
    _ids: dict[str, tuple[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.gathering.held = self.held

    def add(self, notes: Iterable[Note]) -> None:
        """Cards and problems of these notes. Raises DeckError where the budget is used up."""
        for note in notes:
            whole = "\n".join(note.fields)
            self._spend(len(whole))
            self._at = note.line
            name = _name(note)
            if _OCCLUSION in whole:
                self._line += 1
                text = (
                    "This note hides parts of a picture (image occlusion), which Flashmob cannot, so it was not added."
                )
                self._say(name, Kind.SKIPPED, text)
            elif note.type.is_cloze:
                self._add_cloze(note, name, _values(note))
            else:
                self._add_cards(note, name, _values(note))

    def _next_line(self) -> None:
        self._line = self._at or self._line + 1

    def _say(self, name: str, kind: Kind, text: str) -> None:
        self.gathering.say(self._line, name, kind, text)

    def _spend(self, characters: int) -> None:
        self.budget -= characters
        if self.budget < 0:
            raise DeckError("There is more text in these notes than a deck may have.", "Split the deck.")

    # ---- cards of templates ------------------------------------------------------------------------------------------

    def _add_cards(self, note: Note, name: str, values: Mapping[str, str]) -> None:
        for number, deck in note.places if note.places is not None else self._places(note, values):
            self._next_line()
            self._add_card(note, name, number, self.sections.get(deck, deck), values)

    def _places(self, note: Note, values: Mapping[str, str]) -> Iterator[tuple[int, str]]:
        """Anki makes a card of each template whose front shows a field of the note, and of the first if none does."""
        numbers = list(note.type.templates)
        if len(numbers) > 1:
            numbers = [number for number in numbers if self._filled(self._cut(note.type, number).front, values).shown]
        yield from ((number, note.section) for number in numbers or [0])

    def _add_card(self, note: Note, name: str, number: int, section: str, values: Mapping[str, str]) -> None:
        sides = self._cut(note.type, number)
        front, back = self._filled(sides.front, values), self._filled(sides.answer or sides.back, values, back=True)
        if front.size > MOST_CHARACTERS or back.size > MOST_CHARACTERS:
            self._say(name, Kind.TOO_LARGE, "This card is longer than a book, so it was not added.")
            return
        prompt = self._converted(front.html, name)
        answer = self._converted(back.html if sides.answer else _answer(front.html, back.html), name)
        if prompt.sounds and not prompt.markdown:
            self._say(name, Kind.SKIPPED, "This card asks by sound alone, which Flashmob cannot play: not added.")
            return
        typed = tuple(dict.fromkeys(plain for text in front.typed if (plain := to_plain(text)))) if front.typed else ()
        why = self._hints([*front.hints, *back.hints], name) if front.hints or back.hints else ""
        said = answer.markdown or (to_markdown(" ".join(front.typed)).markdown if front.typed else "")
        card_id, native_id = self._id(note.guid, f"card {number}"), _native_id(note, number)
        card = Card(
            card_id, prompt.markdown, said, accepted=typed, why=why, tags=note.tags, section=section, line=self._line,
            native_id=native_id,
        )  # fmt: skip
        self.gathering.add(card, name, card_id)

    def _hints(self, hints: Iterable[tuple[str, str]], name: str) -> str:
        """What Anki shows on demand is shown after the answer."""
        said = ((field, self._converted(html, name).markdown) for field, html in dict.fromkeys(hints))
        return "\n".join(f"{field}: {text}" for field, text in said if text)

    # ---- cards of deletions ------------------------------------------------------------------------------------------

    def _add_cloze(self, note: Note, name: str, values: Mapping[str, str]) -> None:
        """The front with its deletions is the text; what the back adds to it is shown after the answer."""
        self._next_line()
        sides = self._cut(note.type, 0)
        front = self._filled(sides.front, values)
        others = {field: "" if field in front.shown else value for field, value in values.items()}
        back = self._filled(sides.back, others, back=True)
        if front.size > MOST_CHARACTERS or back.size > MOST_CHARACTERS:
            self._say(name, Kind.TOO_LARGE, "This card is longer than a book, so it was not added.")
            return
        source = _BLANK.sub(" ", self._converted(front.html, name).markdown)
        more = self._converted(_answer("", back.html), name).markdown if back.shown else ""
        why = "\n".join(text for text in (more, self._hints([*front.hints, *back.hints], name)) if text)
        deck = min(note.places)[1] if note.places else note.section
        section = self.sections.get(deck, deck)
        native_id = _native_id(note, 0)
        card = Card(
            "", "", "", cloze=source, why=why, tags=note.tags, section=section, line=self._line, native_id=native_id
        )
        self.gathering.add_cloze(card, name, self._id(note.guid, "cloze"))

    # ---- what both need ----------------------------------------------------------------------------------------------

    def _filled(self, template: Cut, values: Mapping[str, str], *, back: bool = False) -> Filled:
        filled = fill(template, values, back=back)
        self._spend(filled.size + template.weight)
        return filled

    def _cut(self, type: NoteType, number: int) -> Sides:
        """Both sides of a template, cut once."""
        key = id(type), number
        return self._sides.get(key) or self._sides.setdefault(key, self._cut_anew(type, number))

    def _cut_anew(self, type: NoteType, number: int) -> Sides:
        """A template that cannot be read is replaced: the first field asks for the second."""
        template = type.templates.get(number) or Template("", "", "")
        try:
            names = frozenset(type.fields)
            back = cut(template.back, names)
            sides = Sides(type, cut(template.front, names), back, cut_after(back, _ANSWER))
        except BadTemplate as error:
            text = (
                f'The template "{template.name}" of the note type "{type.name}" cannot be read: {error}. So the first '
                "field of its notes was taken as the question, and the second as the answer."
            )
            self._say(type.name, Kind.AMBIGUOUS, text)
            first, second, *_ = (*type.fields, "", "")
            return Sides(type, Cut((FieldPart(first, ()),)), Cut((FieldPart(second, ()),)))
        if sides.front.scripts or sides.back.scripts:
            text = f'The template "{template.name}" of the note type "{type.name}" has a script, which was left out.'
            self._say(type.name, Kind.NOT_CARRIED, text)
        return sides

    def _converted(self, html: str, name: str) -> Converted:
        found = to_markdown(html, self.held)
        if found.embedded or found.remote or found.sounds or found.left_out:
            for kind, text in self._remarks(found):
                self._say(name, kind, text)
        return found

    def _remarks(self, found: Converted) -> Iterator[tuple[Kind, str]]:
        for name, data in found.embedded.items():
            if name not in self.embedded and len(data) <= self._room:
                self._room -= len(data)
                self.embedded[name] = data
                self.held.add(name)
        if found.remote:
            yield Kind.MEDIA, "A picture on the web became a link, since Flashmob never fetches anything."
        if found.sounds:
            yield Kind.MEDIA, "A sound was left out: Flashmob plays none."
        for what in found.left_out:
            yield Kind.NOT_CARRIED, f"Left out: {what}."

    def _id(self, guid: str, part: str) -> str:
        """Eight letters made of the guid, or the id that we gave; of two guids that make the same, one gets others."""
        if not guid or guid.startswith(OURS):
            return guid.removeprefix(OURS)
        made, whose = provisional_id("anki", part, guid), (guid, part)
        more = 2
        while self._ids.setdefault(made, whose) != whose:
            made = provisional_id("anki", part, guid, str(more))
            more += 1
        return made


def _native_id(note: Note, number: int) -> str:
    """What Anki calls a card: its note's guid, and which template it is of. Our own guids hold our id already."""
    return "" if not note.guid or note.guid.startswith(OURS) else f"anki:{note.guid}:{number}"


def _values(note: Note) -> dict[str, str]:
    values = {"Tags": " ".join(note.tags), "Type": note.type.name, "Deck": note.section}
    if len(note.fields) < len(note.type.fields):
        values |= dict.fromkeys(note.type.fields, "")
    for name, text in zip(note.type.fields, note.fields, strict=False):
        values[name] = text if text[:1].isalnum() or is_filled(text) else ""
    return values


def _name(note: Note) -> str:
    """What people find the note by: the beginning of its first field."""
    words = to_plain(note.fields[0][:500]) if note.fields else ""
    return words if len(words) <= _NAME else words[: _NAME - 1].rstrip() + "…"


def _answer(front: str, back: str) -> str:
    """What the back adds: all after its line called `answer`, else all after the front, else the whole."""
    line = _ANSWER.search(back)
    if line is not None:
        return back[line.end() :]
    begins, whole = front.strip(), back.strip()
    if begins and whole.startswith(begins) and is_filled(whole[len(begins) :]):
        return whole[len(begins) :]
    return back
