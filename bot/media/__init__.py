"""The pictures of cards: checked when a deck comes in, kept once beside the database, and named by their content.

Rules of this file:
- a picture is what its first bytes say, never what its name says. An SVG is none: it may hold scripts, and no chat
  platform shows it;
- a card names a kept picture as `![alt](media:<SHA-256>.png)`, so the same picture again is no change of the card;
- a picture that is missing or refused stays in the text under its own name; it is a problem, and the card stays;
- whoever cannot see a picture hears what it shows, or its name where nobody said; never the answer, in a question;
- nothing is taken away: old revisions, retired cards and other decks may show the same picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import DeckError
from ..formats.pictures import may_show, pictures_of
from ..formats.problems import of_missing_pictures
from ..formats.reading import read_media
from ..model import Deck
from .checking import files_beside, judged
from .keeping import keep, read
from .naming import named

__all__ = ["Pictured", "at_hand", "keep", "keep_pictures", "pictured", "read"]


@dataclass(frozen=True, slots=True)
class Pictured:
    """A deck whose cards name pictures by their content, and those pictures, by the names that they are kept under."""

    deck: Deck
    files: Mapping[str, bytes]


def keep_pictures(deck: Deck, data: bytes, folder: Path, beside: Path | None = None) -> Deck:
    """The deck with its pictures kept in `folder`. `data` is the file that it was read from; see `pictured`.

    Reads and writes files. Raises `DeckError` where they cannot be kept.
    """
    found = pictured(deck, data, beside)
    keep(found.files, folder)
    return found.deck


def pictured(deck: Deck, data: bytes, beside: Path | None = None) -> Pictured:
    """The deck with its pictures as they would be kept, and a problem for each that is odd. Writes nothing.

    Pictures come out of the file itself or, where it holds none, out of its folder `beside`, and from nowhere else.
    """
    showing = [(place, card) for place, card in enumerate(deck.cards) if may_show(card)]
    wanted = pictures_of(card for _, card in showing)
    if not wanted:
        return Pictured(deck, {})
    held = _at_hand(wanted, deck.format, data, beside)
    names, refused = judged(held)
    cards = list(deck.cards)
    problems = dict.fromkeys(problem for problem in deck.problems if not of_missing_pictures(problem))
    for place, card in showing:
        cards[place], said = named(card, names, refused)
        problems |= dict.fromkeys(said)
    ordered = tuple(sorted(problems, key=lambda problem: problem.line))
    made = replace(deck, cards=tuple(cards), problems=ordered)
    return Pictured(made, {kept: held[name] for name, kept in names.items()})


def at_hand(deck: Deck, data: bytes, beside: Path | None = None) -> dict[str, bytes]:
    """The pictures that the deck names, as they are, by the names that its cards use."""
    return _at_hand(pictures_of(deck.cards), deck.format, data, beside)


def _at_hand(wanted: tuple[str, ...], format: str, data: bytes, beside: Path | None) -> dict[str, bytes]:
    try:
        held = read_media(data, format, wanted)
    except DeckError:  # the cards could be read, so they come without
        held = {}
    return held or (files_beside(beside, wanted) if beside else {})
