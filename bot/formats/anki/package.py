"""Reads Anki packages, `.apkg`, of all three generations, and refuses whole collections.

1. Which generation it is, the entry `meta` says. The file `collection.anki2` is only a placeholder in newer ones: it
   holds one card, which asks to update Anki.
2. The text of a package is unpacked with a limit, pictures only when they are asked for.
"""

from collections.abc import Collection
from dataclasses import dataclass
from enum import IntEnum

from bot.errors import DeckError
from bot.model import Deck

from ..archive import Archive, holds
from ..problems import Kind
from ..text import stem
from . import media, protobuf
from .cards import BUDGET, CardMaker
from .collection import MOST_FIELDS, private_collection, read_collection
from .collection import Collection as Notes
from .notes import common_deck, section_of

MOST_COLLECTION = 100 * 2**20
"""Bytes of the collection, unpacked."""
LEAST_BUDGET, MOST_TIMES = 4_000_000, 25
"""Characters that cards may have in all: at least so many, and at most so many times the bytes of the file."""
PICTURE = "picture-"
"""How the names of pictures begin that stand in a note's text."""


class Generation(IntEnum):
    """The value of `meta`."""

    LEGACY_1 = 1
    LEGACY_2 = 2
    LATEST = 3


_COLLECTIONS = {
    Generation.LATEST: "collection.anki21b",
    Generation.LEGACY_2: "collection.anki21",
    Generation.LEGACY_1: "collection.anki2",
}


def recognise(data: bytes) -> bool:
    """Whether this is a zip file with a collection in it."""
    return holds(data, _COLLECTIONS.values())


def read(data: bytes, file_name: str) -> Deck:
    """The deck of a package. Raises DeckError where it is damaged, too large, or somebody's whole collection."""
    package = _open(data, file_name)
    maker, title = _cards(package, len(data))
    return maker.gathering.deck(title or stem(file_name), "anki")


def read_media(data: bytes, names: Collection[str]) -> dict[str, bytes]:
    """The pictures of these names, as far as the package holds them."""
    package = _open(data, "This package")
    found = media.read_files(package.archive, package.latest, package.media, names)
    inside = {name for name in names if name.startswith(PICTURE) and name not in found}
    if inside:
        embedded = _cards(package, len(data))[0].embedded
        found |= {name: embedded[name] for name in inside & embedded.keys()}
    return found


@dataclass(frozen=True, slots=True)
class Package:
    """`media` says which entry holds which file; `bad_names` counts the files whose names are no plain names."""

    archive: Archive
    generation: Generation
    media: dict[str, str]
    bad_names: int

    @property
    def latest(self) -> bool:
        return self.generation is Generation.LATEST


def _open(data: bytes, file_name: str) -> Package:
    archive = Archive(data, file_name)
    if file_name.lower().endswith(".colpkg") or file_name.lower() == "collection.apkg":
        raise private_collection(file_name)
    generation = _generation(archive)
    if _COLLECTIONS[generation] not in archive:
        raise archive.damaged()
    names, bad = media.names_of(archive, generation is Generation.LATEST)
    return Package(archive, generation, names, bad)


def _generation(archive: Archive) -> Generation:
    if "meta" not in archive:
        return next((one for one, name in _COLLECTIONS.items() if name in archive), Generation.LEGACY_1)
    try:
        version = protobuf.number(bytes(archive.read("meta", 1_000)), 1)
    except ValueError as error:
        raise archive.damaged() from error
    if version not in set(Generation):
        text = f"{archive.file_name} comes from a newer Anki, in a form that Flashmob does not know yet."
        raise DeckError(text, "When you export, tick the box to support older Anki versions.")
    return Generation(version)


def _cards(package: Package, size: int) -> tuple[CardMaker, str]:
    """All cards, and the name of the deck that they share."""
    archive = package.archive
    data = archive.read(_COLLECTIONS[package.generation], MOST_COLLECTION, zstd=package.latest)
    found = read_collection(data, archive.file_name)
    decks = {deck for note in found.notes for _, deck in note.places or ()}
    common = common_deck(decks)
    sections = {deck: section_of(deck, common) for deck in decks}
    maker = CardMaker(set(package.media), min(BUDGET, LEAST_BUDGET + size * MOST_TIMES), sections)
    _report(package, found, maker)
    maker.add(found.notes)
    return maker, common[-1] if common else ""


def _report(package: Package, found: Notes, maker: CardMaker) -> None:
    """What concerns the whole file."""
    say = maker.gathering.say
    if found.long:
        say(1, "", Kind.TOO_LARGE, f"Notes longer than {MOST_FIELDS:,} characters, not added: {found.long:,}.")
    if found.unknown:
        say(1, "", Kind.SKIPPED, f"Notes whose note type is missing in the file, not added: {found.unknown:,}.")
    if package.bad_names:
        say(1, "", Kind.MEDIA, f"Media files whose names are no plain file names, left out: {package.bad_names:,}.")
