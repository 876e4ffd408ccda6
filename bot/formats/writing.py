"""Where a deck goes out: what can be written, and with which writer."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.errors import DeckError
from bot.model import Deck

from . import anki_text_writer, apkg_writer, csv_writer, native
from .text import slug
from .written import Written


@dataclass(frozen=True, slots=True)
class Target:
    """A format to write: `write` takes the deck, the time, and pictures by name."""

    name: str
    suffix: str
    write: Callable[[Deck, int, Mapping[str, bytes]], Written]


TARGETS = {
    "native": Target("native", ".deck.md", lambda deck, now, media: Written(native.write_deck(deck).encode())),
    "csv": Target("csv", ".csv", lambda deck, now, media: csv_writer.write(deck)),
    "apkg": Target("apkg", ".apkg", apkg_writer.write),
    "anki-text": Target("anki-text", ".txt", lambda deck, now, media: anki_text_writer.write(deck)),
}


def write_deck(deck: Deck, target: str, now: int, media: Mapping[str, bytes] | None = None) -> Written:
    """The deck as a file of this format, with what it cannot carry. Raises DeckError for an unknown format."""
    if target not in TARGETS:
        raise DeckError(f'There is no format "{target}" to write.', f"Known are {', '.join(TARGETS)}.")
    return TARGETS[target].write(deck, now, media or {})


def file_name(deck: Deck, target: str) -> str:
    """The name that lets the file come back as the same deck."""
    return slug(deck.key) + TARGETS[target].suffix
