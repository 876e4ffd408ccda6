"""Writes a deck as the text that Anki imports: HTML in columns, with guid, note type, deck and tags."""

import csv
from io import StringIO

from bot.model import Deck, Problem

from .anki_fields import losses, notes_of
from .problems import Kind
from .written import Written

_HEAD = (
    "#separator:tab",
    "#html:true",
    "#guid column:1",
    "#notetype column:2",
    "#deck column:3",
    "#tags column:6",
)


def write(deck: Deck) -> Written:
    """Notes of the types "Basic" and "Cloze", which every collection has, in English at least."""
    text = StringIO()
    text.write("\n".join(_HEAD) + "\n")
    writer = csv.writer(text, delimiter="\t", lineterminator="\n", quoting=csv.QUOTE_ALL)
    for note in notes_of(deck):
        kind = "Cloze" if note.cloze else "Basic"
        writer.writerow([note.guid, kind, note.deck, note.front, note.back, " ".join(note.tags)])
    return Written(text.getvalue().encode(), (*losses(deck), *_pictures(deck)))


def _pictures(deck: Deck) -> list[Problem]:
    """Text holds none: they must be in the collection already."""
    shown = [card for card in deck.cards if "![" in card.prompt + card.answer + card.why + card.cloze]
    text = "Text holds no pictures: put those of this card into Anki's media folder."
    return [Problem(card.line, card.id, Kind.MEDIA, text) for card in shown]
