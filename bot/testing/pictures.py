"""Small pictures that are what they say, and a package that holds some."""

import struct
import zlib
from base64 import b64decode
from collections.abc import Mapping

from ..formats.reading import read_deck
from ..formats.writing import write_deck


def png(colour: int = 0, side: int = 24) -> bytes:
    """A square; another colour (0 to 255) is another picture."""
    rows = b"".join(b"\x00" + bytes((colour, 80, 160)) * side for _ in range(side))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(rows)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


GIF = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")
WEBP = b64decode("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=")
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


def package(deck: str, pictures: Mapping[str, bytes]) -> bytes:
    """A deck in the native format as a package of Anki, with these pictures by the names that its cards use."""
    return write_deck(read_deck(deck.encode(), "maps.deck.md"), "apkg", 0, pictures).data
