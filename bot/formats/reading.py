"""Where a deck comes in: which format is it, is there anything in it? Formats are told by content, never by name."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.errors import DeckError
from bot.model import Deck

from . import brainscape, native, table
from .text import decode

_HOWTO = 'A deck has lines like "Q: question" and "A: answer", or is a table with a question and an answer in each row.'


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    recognise: Callable[[str], bool]
    read: Callable[[str, str], Deck]


FORMATS = {
    "brainscape": Format("brainscape", brainscape.recognise, brainscape.read),
    "native": Format("native", native.recognise, native.read),
    "table": Format("table", table.recognise, table.read),
}
"""In the order in which they are tried: the surest signs first."""


def read_deck(data: bytes, file_name: str, format: str | None = None) -> Deck:
    """The deck of a file, with everything odd in it as problems in the order of their lines.

    `format` skips the guess. Raises DeckError where there is no text, no such format, or not a single card.
    """
    chosen = _known(format) if format else None
    decoded = decode(data, file_name)
    reader = chosen or _recognise(decoded.text)
    if reader is None:
        raise DeckError(f"{file_name}: nothing here looks like cards.", _HOWTO)
    deck = reader.read(decoded.text, file_name)
    deck = replace(deck, problems=(*decoded.problems, *deck.problems))
    if not deck.cards:
        raise _no_cards(deck, file_name)
    return deck


def _known(name: str) -> Format:
    if name not in FORMATS:
        raise DeckError(f'There is no format "{name}".', f"Known are {', '.join(sorted(FORMATS))}.")
    return FORMATS[name]


def _recognise(text: str) -> Format | None:
    found = next((one for one in FORMATS.values() if one.recognise(text)), None)
    return found or (FORMATS["native"] if native.resembles(text) else None)


def _no_cards(deck: Deck, file_name: str) -> DeckError:
    """The first problem is most often the reason."""
    if not deck.problems:
        return DeckError(f"{file_name}: there is no card in it.", _HOWTO)
    first = deck.problems[0]
    return DeckError(f"{file_name}, line {first.line}: {first.text}", "So there is no card in this file.")
