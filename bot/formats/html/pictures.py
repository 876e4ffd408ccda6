"""Pictures and sounds that HTML names: plain names of files, addresses on the web, and pictures inside the text."""

import re
from base64 import b64decode
from binascii import Error
from collections.abc import Collection
from hashlib import sha256

MOST_EMBEDDED = 5 * 2**20
"""Bytes of one picture inside the text."""
SOUND = re.compile(r"\[sound:([^\[\]<>\n]{1,300})\]|\[anki:tts[^\[\]<>]{0,300}\]|\[/anki:tts\]", re.I)
_REMOTE = re.compile(r"\s*(?:(?:[a-z][a-z0-9+.-]*:)?//|[a-z][a-z0-9+.-]{2,20}:)", re.I)
_DATA = re.compile(r"data:image/(png|jpeg|gif|webp);base64,", re.I)
_PERCENT = re.compile(rb"%([0-9A-Fa-f]{2})")
_UNSAFE = re.compile(r"[%\s()<>\"\\\[\]]")


def is_remote(source: str) -> bool:
    return _REMOTE.match(source) is not None


def file_name(source: str, held: Collection[str]) -> str:
    """The name of the file that `src` means: as it stands if there is such a file, else without `%20` and the like."""
    plain = source.strip()
    if plain in held or "%" not in plain:
        return plain
    data = _PERCENT.sub(lambda found: bytes([int(found[1], 16)]), plain.encode("utf-8", "replace"))
    return data.decode("utf-8", "replace")


def target(name: str) -> str:
    """A name as the target of a Markdown image, where white space and brackets are written as `%20` and the like."""
    return _UNSAFE.sub(lambda found: "".join(f"%{byte:02X}" for byte in found[0].encode()), name)


def embedded(source: str) -> tuple[str, bytes] | None:
    """The picture in a `data:` address, with a name made of its content; None where it is none that we take."""
    found = _DATA.match(source)
    if found is None or len(source) > MOST_EMBEDDED * 4 // 3 + 100:
        return None
    try:
        data = b64decode(re.sub(r"\s+|%0A", "", source[found.end() :]), validate=True)
    except (Error, ValueError):
        return None
    return f"picture-{sha256(data).hexdigest()[:12]}.{found[1].lower().replace('jpeg', 'jpg')}", data
