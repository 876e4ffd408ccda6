"""Writes an Anki package (`.apkg`) through genanki: two note types, a deck for each section, pictures as far as given.

The guid of a note is made of the card's id, so a package that is imported again changes the notes that are there.
"""

import json
import sqlite3
import zipfile
from collections.abc import Mapping
from hashlib import sha256
from io import BytesIO
from itertools import count
from typing import Any

from bot.model import Deck, Problem

from . import cloze
from .anki_fields import Fields, losses, notes_of
from .pictures import see_to_pictures
from .problems import Kind
from .written import Written

_BASIC, _CLOZE = 1_483_920_175, 1_483_920_176
_STYLE = ".card { font-family: sans-serif; font-size: 20px; text-align: center; } .cloze { font-weight: bold; }"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def write(deck: Deck, now: int, media: Mapping[str, bytes]) -> Written:
    """The package, of the generation that every Anki reads; `media` are pictures by the names that cards use."""
    notes = list(notes_of(deck))
    missing, used = _pictures(deck, media)
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as package:
        _put(package, "collection.anki2", _collection(notes, now))
        _put(package, "media", json.dumps({str(number): name for number, name in enumerate(used)}).encode())
        for number, name in enumerate(used):
            _put(package, str(number), media[name])
    return Written(archive.getvalue(), (*losses(deck), *missing))


def _put(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    """Without the time of writing, so that the same deck gives the same bytes."""
    package.writestr(zipfile.ZipInfo(name, _LONG_AGO), data, zipfile.ZIP_DEFLATED)


def _pictures(deck: Deck, media: Mapping[str, bytes]) -> tuple[list[Problem], list[str]]:
    """What is said of pictures that are not given, and the names of those that are used."""
    problems: list[Problem] = []
    used: dict[str, None] = {}
    for card in deck.cards:
        missing = see_to_pictures(card, media).missing
        used.update(dict.fromkeys(name for name in see_to_pictures(card, ()).missing if name in media))
        if missing:
            text = f"A picture of this card was not at hand: {', '.join(missing[:5])}."
            problems.append(Problem(card.line, card.id, Kind.MEDIA, text))
    return problems, list(used)


def _collection(notes: list[Fields], now: int) -> bytes:
    """The database, made in memory. `now` is when the notes were changed, by which Anki takes the newer ones."""
    import genanki

    types = _note_types(genanki)
    decks: dict[str, Any] = {}
    for note in notes:
        deck = decks.setdefault(note.deck, genanki.Deck(_number(note.deck), note.deck))
        deck.add_note(_made(genanki, note, types[note.cloze]))
    connection = sqlite3.connect(":memory:")
    try:
        genanki.Package(list(decks.values())).write_to_db(connection.cursor(), now / 1000, count(now))
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def _note_types(genanki: Any) -> dict[bool, Any]:
    front_back = {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"}
    filled = {"name": "Cloze", "qfmt": "{{cloze:Text}}", "afmt": "{{cloze:Text}}<br>{{Back Extra}}"}
    basic = genanki.Model(
        _BASIC, "Flashmob", fields=[{"name": "Front"}, {"name": "Back"}], templates=[front_back], css=_STYLE
    )
    gaps = genanki.Model(
        _CLOZE,
        "Flashmob cloze",
        fields=[{"name": "Text"}, {"name": "Back Extra"}],
        templates=[filled],
        css=_STYLE,
        model_type=genanki.Model.CLOZE,
    )
    return {False: basic, True: gaps}


def _made(genanki: Any, note: Fields, type: Any) -> Any:
    """A note whose cards are ours: genanki does not see a deletion inside another, and doubts our HTML."""
    made = genanki.Note(model=type, fields=[note.front, note.back], tags=list(note.tags), guid=note.guid)
    made.cards = [genanki.Card(part.number - 1) for part in cloze.parts(note.front)] if note.cloze else made.cards
    made._check_invalid_html_tags_in_fields = lambda: None
    return made


def _number(path: str) -> int:
    """A deck's number, the same whenever it is written."""
    return 2**30 + int.from_bytes(sha256(path.encode()).digest()[:4], "big") % 2**30
