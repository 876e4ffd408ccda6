"""Where a deck comes in: which format is it, is there anything in it? Formats are told by content, never by name."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from functools import partial

from bot.errors import DeckError
from bot.model import Deck

from . import (
    brainscape,
    gift,
    hashcards,
    kahoot,
    mochi,
    moodle,
    native,
    obsidian,
    opentdb,
    opentriviaqa,
    quizlet,
    table,
    trivia,
)
from .anki import crowdanki
from .anki import package as anki
from .anki import text as anki_text
from .text import decode, refuse_large

_HOWTO = 'A deck has lines like "Q: question" and "A: answer", or is a table with a question and an answer in each row.'


@dataclass(frozen=True, slots=True)
class Format:
    """A format of text: `read` takes the text and the name of its file."""

    name: str
    recognise: Callable[[str], bool]
    read: Callable[[str, str], Deck]


@dataclass(frozen=True, slots=True)
class BinaryFormat:
    """A format of bytes: `read` takes the bytes and the name of their file, and may raise DeckError.

    `media` gives the bytes of pictures by the names that the cards use; a name that the file does not hold is left out.
    """

    name: str
    recognise: Callable[[bytes], bool]
    read: Callable[[bytes, str], Deck]
    media: Callable[[bytes, Collection[str]], dict[str, bytes]]


BINARY_FORMATS = {
    "anki": BinaryFormat("anki", anki.recognise, anki.read, anki.read_media),
    "moodle": BinaryFormat("moodle", moodle.recognise, moodle.read, moodle.media),
    "mochi": BinaryFormat("mochi", mochi.recognise, mochi.read, mochi.media),
    "kahoot": BinaryFormat("kahoot", kahoot.recognise, kahoot.read, kahoot.media),
}
"""Tried before the formats of text."""

FORMATS = {
    "anki-text": Format("anki-text", anki_text.recognise, anki_text.read),
    "crowdanki": Format("crowdanki", crowdanki.recognise, crowdanki.read),
    "opentdb": Format("opentdb", opentdb.recognise, opentdb.read),
    "obsidian": Format("obsidian", obsidian.recognise, obsidian.read),
    "hashcards": Format("hashcards", hashcards.recognise, hashcards.read),
    "brainscape": Format("brainscape", brainscape.recognise, brainscape.read),
    "native": Format("native", native.recognise, native.read),
    "gift": Format("gift", gift.recognise, gift.read),
    "opentriviaqa": Format("opentriviaqa", opentriviaqa.recognise, opentriviaqa.read),
    "trivia": Format("trivia", trivia.recognise, trivia.read),
    "table": Format("table", table.recognise, table.read),
    "quizlet": Format("quizlet", quizlet.recognise, quizlet.read),
}
"""In the order in which they are tried: the surest signs first."""


def read_deck(data: bytes, file_name: str, format: str | None = None) -> Deck:
    """The deck of a file, with everything odd in it as problems in the order of their lines.

    `format` skips the guess. Raises DeckError where there is no text, no such format, or not a single card.
    """
    refuse_large(data, file_name)
    chosen = _known(format) if format else _recognise_bytes(data)
    deck = chosen.read(data, file_name) if isinstance(chosen, BinaryFormat) else _read_text(data, file_name, chosen)
    if not deck.cards:
        raise _no_cards(deck, file_name)
    return deck


def read_media(data: bytes, format: str, names: Collection[str]) -> dict[str, bytes]:
    """The pictures of a file by name, as far as it holds them. Raises DeckError where it cannot be read."""
    found = BINARY_FORMATS.get(format)
    return found.media(data, names) if found else {}


def _read_text(data: bytes, file_name: str, chosen: Format | None) -> Deck:
    decoded = decode(data, file_name)
    reader = chosen or _recognise(decoded.text)
    if reader is None:
        raise DeckError(f"{file_name}: nothing here looks like cards.", _HOWTO)
    deck = reader.read(decoded.text, file_name)
    return replace(deck, problems=(*decoded.problems, *deck.problems))


def _known(name: str) -> Format | BinaryFormat:
    known: dict[str, Format | BinaryFormat] = {**FORMATS, **BINARY_FORMATS}
    if name.startswith("quizlet:"):
        between, rows = quizlet.separators(name.removeprefix("quizlet:"))
        return Format("quizlet", quizlet.recognise, partial(quizlet.read, between=between, rows=rows))
    if name not in known:
        raise DeckError(f'There is no format "{name}".', f"Known are {', '.join(sorted(known))}.")
    return known[name]


def _recognise_bytes(data: bytes) -> BinaryFormat | None:
    return next((one for one in BINARY_FORMATS.values() if one.recognise(data)), None)


def _recognise(text: str) -> Format | None:
    if table.has_headings(text):
        return FORMATS["table"]
    if quizlet.is_sure(text):
        return FORMATS["quizlet"]
    found = next((one for one in FORMATS.values() if one.recognise(text)), None)
    return found or (FORMATS["native"] if native.resembles(text) else None)


def _no_cards(deck: Deck, file_name: str) -> DeckError:
    """The first problem is most often the reason."""
    if not deck.problems:
        return DeckError(f"{file_name}: there is no card in it.", _HOWTO)
    first = deck.problems[0]
    return DeckError(f"{file_name}, line {first.line}: {first.text}", "So there is no card in this file.")
