"""Zip files and what is packed in them, as strangers send them: nothing is unpacked that was not counted first.

1. What an entry says of its size is not believed: bytes are counted as they come out, and the total has a limit.
2. Names are keys and never paths, so nothing that a file names can leave it.
3. Only stored and deflated entries are read; what else a zip file can hold needs memory that nobody counted.
"""

import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO

import zstandard

from bot.errors import DeckError

MOST_ENTRIES = 40_000
MOST_UNPACKED = 256 * 2**20
"""Bytes out of one archive, all reads together."""
MOST_WINDOW = 16 * 2**20
"""Bytes that a zstd stream may ask for to look back into; Anki's ask for 2 to 8 MiB."""
_CHUNK = 2**16
_START, _ENTRY = b"PK\x03\x04", b"PK\x01\x02"
_DAMAGE = (
    zipfile.BadZipFile, zlib.error, zstandard.ZstdError, struct.error,
    EOFError, KeyError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip


class Archive:
    """A zip file in memory. Raises DeckError where it is damaged or has too many entries."""

    def __init__(self, data: bytes, file_name: str) -> None:
        self.file_name = file_name
        self._left = MOST_UNPACKED
        # Each entry of the list at the end begins with these bytes, so this bounds the list before it is read.
        if data.count(_ENTRY) > MOST_ENTRIES:
            raise DeckError(f"{file_name} holds more than {MOST_ENTRIES:,} files, so it was not read.")
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except _DAMAGE as error:
            raise self.damaged() from error
        self._entries = {entry.filename: entry for entry in self._zip.infolist()}

    def __contains__(self, name: str) -> bool:
        return name in self._entries

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self._entries)

    def damaged(self) -> DeckError:
        return DeckError(f"{self.file_name} is damaged or cut off.", "Download or export it once more.")

    def read(self, name: str, most: int, *, zstd: bool = False) -> bytearray:
        """The bytes of an entry, unpacked from zstd too if it says so. Raises DeckError for more than `most` bytes."""
        data = bytearray()
        for chunk in self._chunks(name, zstd):
            data += chunk
            self._left -= len(chunk)
            if len(data) > most or self._left < 0:
                text = f"{self.file_name}: unpacked, {_shown(name)} is larger than a deck may be, so it was not read."
                raise DeckError(text, "Split the deck, or leave media out of it.")
        return data

    def measure(self) -> None:
        """Unpack everything once and throw it away: afterwards another library may read the file in one go."""
        for name in self._entries:
            for chunk in self._chunks(name, zstd=False):
                self._left -= len(chunk)
                if self._left < 0:
                    raise DeckError(f"{self.file_name} is far larger unpacked than a deck may be.", "Split the deck.")

    def _chunks(self, name: str, zstd: bool) -> Iterator[bytes]:
        try:
            entry = self._entries[name]
            if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self.damaged()
            with self._zip.open(entry) as packed:
                if not zstd:
                    yield from iter(lambda: packed.read(_CHUNK), b"")
                    return
                unpacker = zstandard.ZstdDecompressor(max_window_size=MOST_WINDOW)
                with unpacker.stream_reader(packed) as stream:
                    yield from iter(lambda: stream.read(_CHUNK), b"")
        except _DAMAGE as error:
            raise self.damaged() from error


def holds(data: bytes, names: Iterable[str]) -> bool:
    """Whether this is a zip file that can be opened, with one of these entries."""
    if not data.startswith(_START):
        return False
    try:
        return not Archive(data, "").names.isdisjoint(names)
    except DeckError:
        return False


def _shown(name: str) -> str:
    return "".join(character for character in name[:60] if character.isprintable())
