"""Files: those that come with the program, and decks that people name."""

from dataclasses import replace
from functools import cache
from pathlib import Path

from .errors import ConfigError, DeckError
from .formats.native.header import read_header
from .formats.reading import read_deck
from .formats.text import MOST_BYTES
from .media import pictured
from .model import Deck
from .states import Starter

SUFFIX = ".deck.md"
_HERE = Path(__file__).parent


def data_file(name: str) -> Path:
    """A file of ours, such as `decks/welcome.deck.md`: in the wheel under `bot/_data`, in a checkout at its root."""
    for folder in (_HERE / "_data", _HERE.parent):
        if (folder / name).is_file():
            return folder / name
    raise ConfigError(f"{name} is missing from this installation.", "Install Flashmob again.")


@cache
def starters() -> tuple[Starter, ...]:
    """Every deck of ours, by title. They come with the program, so their headers are read once."""
    folder = data_file("decks/welcome.deck.md").parent
    return tuple(sorted(map(_starter, folder.glob(f"*{SUFFIX}")), key=lambda each: each.title))


def _starter(path: Path) -> Starter:
    header = read_header(path.read_text("utf-8").splitlines())
    key = path.name.removesuffix(SUFFIX)
    return Starter(key, header.texts.get("title", key))


def starter_deck(key: str) -> Deck:
    """A deck of ours, by its key. Raises DeckError where there is none."""
    if key not in {each.key for each in starters()}:
        raise DeckError("There is no such deck any more, so nothing was imported.", "Choose another one.")
    return read_deck_file(data_file(f"decks/{key}{SUFFIX}"))


def deck_named(name: str, folder: Path) -> Path:
    """A deck named in a configuration file that lies in `folder`: beside it, or one of ours."""
    if (folder / name).exists():
        return folder / name
    try:
        return data_file(name)
    except ConfigError as error:
        raise DeckError(
            f"{folder / name}: there is no such file.", "Paths count from the configuration file."
        ) from error


def read_file(path: Path) -> bytes:
    """The bytes of a deck file, never more than a deck may have. Raises DeckError, naming the file."""
    try:
        if path.is_dir():
            raise DeckError(f"{path}: this is a folder.", "Name a file in it.")
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError as error:
        raise DeckError(f"{path}: there is no such file.", "Is the path spelled right?") from error
    except OSError as error:
        raise DeckError(f"{path}: it cannot be read ({error.strerror}).") from error
    if len(data) > MOST_BYTES:
        raise DeckError(f"{path}: this file is too large for a deck.", f"The limit is {MOST_BYTES // 10**6} MB.")
    return data


def read_deck_file(path: Path, format: str | None = None) -> Deck:
    """The deck in a file, with what is odd about its pictures among its problems. Raises DeckError."""
    data = read_file(path)
    return looked_at(read_deck(data, path.name, format), data, path)


def looked_at(deck: Deck, data: bytes, path: Path) -> Deck:
    """The deck as it was read from this file, with what is odd about its pictures."""
    return replace(deck, problems=pictured(deck, data, path.parent).deck.problems)
