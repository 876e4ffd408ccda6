"""The media of an Anki package: a list of names, and one packed file for each."""

import json
from collections.abc import Collection, Mapping

from bot.errors import DeckError

from ..archive import MOST_ENTRIES, Archive
from ..html import clean
from . import protobuf

MOST_LIST = 20 * 2**20
MOST_BYTES = 10 * 2**20
"""Of one file."""
MOST_IN_ALL = 100 * 2**20


def names_of(archive: Archive, latest: bool) -> tuple[dict[str, str], int]:
    """Which entry holds which file, by the file's name; and how many names were no plain names. Raises DeckError."""
    if "media" not in archive:
        return {}, 0
    data = archive.read("media", MOST_LIST, zstd=latest)
    try:
        listed = _from_protobuf(bytes(data)) if latest else _from_json(data)
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise archive.damaged() from error
    held = {name: entry for entry, name in listed.items() if entry in archive}
    plain = {name: entry for name, entry in held.items() if is_plain(name)}
    return plain, len(held) - len(plain)


def is_plain(name: str) -> bool:
    """Whether this is the name of a file and no path, nor anything that could be taken for one."""
    return (
        0 < len(name) <= 255 and name == clean(name) and not set(name) & set('/\\:\t\n\r"<>|') and name.strip(".") != ""
    )


def read_files(archive: Archive, latest: bool, names: Mapping[str, str], wanted: Collection[str]) -> dict[str, bytes]:
    """The bytes of the wanted files; those beyond the limits are left out."""
    found: dict[str, bytes] = {}
    room = MOST_IN_ALL
    for name in dict.fromkeys(wanted):
        if name not in names:
            continue
        try:
            data = archive.read(names[name], min(MOST_BYTES, room), zstd=latest)
        except DeckError:
            continue
        found[name] = bytes(data)
        room -= len(data)
    return found


def _from_json(data: bytearray) -> dict[str, str]:
    """`{"0": "river.png"}`"""
    return {str(entry): str(name) for entry, name in json.loads(data).items()}


def _from_protobuf(data: bytes) -> dict[str, str]:
    """`MediaEntries`: the place of each entry is the name of its file, unless it says another."""
    found: dict[str, str] = {}
    for number, entry in protobuf.fields(data):
        if number == 1 and isinstance(entry, bytes):
            place = protobuf.last(entry, 255)
            found[str(len(found) if place is None else place)] = protobuf.text(entry, 1)
            if len(found) > MOST_ENTRIES:
                raise ValueError("too many files")
    return found
