"""Reads CrowdAnki's `deck.json`: a tree of decks, with the note types at its root or on the way."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.errors import DeckError
from bot.model import Deck

from ..html import clean
from ..problems import Kind
from ..text import stem
from .cards import CardMaker
from .notes import Note, NoteType, note_type_of

_DECK = re.compile(r'"__type__"\s*:\s*"Deck"')
_NOTES = re.compile(r'"(?:notes|children)"\s*:\s*\[')
MOST_FIELDS = 1_000_000
"""Characters of one note."""

Types = Mapping[str, NoteType]


def recognise(text: str) -> bool:
    """Whether this is JSON with a deck in it as CrowdAnki writes it."""
    return text.lstrip()[:1] == "{" and _DECK.search(text) is not None and _NOTES.search(text) is not None


def read(text: str, file_name: str) -> Deck:
    """The deck of a `deck.json`, with its children as sections. Raises DeckError where it is damaged."""
    maker = CardMaker()
    try:
        root = json.loads(text)
        for note in _notes(root, maker):
            maker.add([note])
        title = clean(str(root["name"]).split("::")[-1]).strip()
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise DeckError(f"{file_name}: this is no deck as CrowdAnki writes it.", "Export it once more.") from error
    return maker.gathering.deck(title or stem(file_name), "crowdanki")


def _notes(root: Mapping[str, Any], maker: CardMaker) -> Iterator[Note]:
    """The notes of the deck, then of its children in order. A child knows its parent's note types."""
    waiting: list[tuple[Mapping[str, Any], str, Types]] = [(root, "", {})]
    while waiting:
        deck, section, types = waiting.pop()
        types = {**types, **{_uuid(model): note_type_of(model) for model in deck.get("note_models") or ()}}
        for said in deck.get("notes") or ():
            note = _note(said, section, types)
            if note is None:
                maker.gathering.say(
                    1, "", Kind.SKIPPED, "A note whose type is missing, or that is too long: not added."
                )
            else:
                yield note
        for child in reversed(deck.get("children") or ()):
            name = clean(str(child["name"]))
            waiting.append((child, f"{section}::{name}" if section else name, types))


def _uuid(model: Mapping[str, Any]) -> str:
    return str(model["crowdanki_uuid"])


def _note(said: Mapping[str, Any], section: str, types: Types) -> Note | None:
    note_type = types.get(str(said["note_model_uuid"]))
    fields = tuple(clean(str(field)) for field in said["fields"])
    if note_type is None or not note_type.fields or sum(map(len, fields)) > MOST_FIELDS:
        return None
    tags = tuple(dict.fromkeys("-".join(clean(str(tag)).split()) for tag in said.get("tags") or ()))
    return Note(clean(str(said["guid"])), note_type, fields, tags, section=section)
