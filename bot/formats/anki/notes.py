"""The nouns of Anki: a note has fields; its note type has templates; each template makes a card of the note."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any

from ..html import clean


@dataclass(frozen=True, slots=True)
class Template:
    """The front and the back of a card, in HTML with `{{Field}}` in it."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """`templates` by their number. Those of a cloze type have one template and make a card of each deletion."""

    name: str
    fields: tuple[str, ...]
    templates: Mapping[int, Template]
    is_cloze: bool = False


@dataclass(slots=True)  # not frozen, which takes three times as long to make, for there are many of them
class Note:
    """`fields` are HTML. `places` says which templates make a card, and in which deck; None means whichever can.

    `guid` is Anki's name of the note, the same in every copy of the deck; `section` counts where `places` is None.
    `line` is where the note starts in a text; 0 where there are no lines, so that the cards are counted instead.
    """

    guid: str
    type: NoteType
    fields: tuple[str, ...]
    tags: tuple[str, ...] = ()
    places: tuple[tuple[int, str], ...] | None = None
    section: str = ""
    line: int = 0


def note_type_of(model: Mapping[str, Any]) -> NoteType:
    """A note type as Anki and CrowdAnki write it in JSON. Raises KeyError and the like where it is none."""
    fields = sorted(model["flds"], key=lambda field: int(field.get("ord", 0)))
    templates = {
        int(template.get("ord", index)): Template(str(template["name"]), str(template["qfmt"]), str(template["afmt"]))
        for index, template in enumerate(model["tmpls"])
    }
    names = tuple(clean(str(field["name"])) for field in fields)
    return NoteType(clean(str(model["name"])), names, templates, model.get("type") == 1)


def tags_of(text: str) -> tuple[str, ...]:
    """Tags as Anki keeps them, with spaces between; `leech` and `marked` say how someone studies and stay behind."""
    return tuple(tag for tag in dict.fromkeys(text.split()) if tag.lower() not in ("leech", "marked"))


def common_deck(names: Iterable[str]) -> tuple[str, ...]:
    """The parts of the name that all these decks share: of `Geo::Europe` and `Geo::Asia` it is `Geo`."""
    paths = [name.split("::") for name in names]
    shared = zip(*paths, strict=False)
    return tuple(parts[0] for parts in takewhile(lambda parts: len(set(parts)) == 1, shared))


def section_of(name: str, common: tuple[str, ...]) -> str:
    """What is left of a deck's name below the deck that all share."""
    return "::".join(name.split("::")[len(common) :])
