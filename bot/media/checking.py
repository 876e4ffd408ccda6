"""Which pictures are taken: where they may come from, and what they must be."""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

MOST_BYTES = 8 * 2**20
"""Of one picture: less than any platform takes."""
MOST_IN_ALL = 100 * 2**20
MOST_PICTURES = 2_000
"""Of one deck."""
_POINTER = b"version https://git-lfs"
_SUFFIXES = {b"\x89PNG\r\n\x1a\n": "png", b"\xff\xd8\xff": "jpg", b"GIF87a": "gif", b"GIF89a": "gif"}


def files_beside(folder: Path, wanted: tuple[str, ...]) -> dict[str, bytes]:
    """Files by their paths below this folder, or in its folder `media`, where CrowdAnki puts them.

    Links are followed; whatever leads out of the folder is not there, nor what comes after far too much.
    """
    root, found, in_all = folder.resolve(), dict[str, bytes](), 0
    for name in wanted:
        if in_all > MOST_IN_ALL or len(found) > MOST_PICTURES:
            break
        data = _read(root, root / name)
        data = _read(root, root / "media" / name) if data is None else data
        if data is not None:
            found[name] = data
            in_all += len(data)
    return found


def _read(root: Path, path: Path) -> bytes | None:
    """A file inside of `root`, as far as a picture may be long and a byte more."""
    try:
        there = path.resolve()
        if not (there.is_relative_to(root) and there.is_file()):
            return None
        with there.open("rb") as file:
            return file.read(MOST_BYTES + 1)
    except (OSError, ValueError, RuntimeError):  # no name that a file could have, or none that may be read
        return None


def suffix_of(data: bytes) -> str:
    """What kind of picture this is, by its first bytes: png, jpg, gif or webp; empty for anything else."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return next((suffix for start, suffix in _SUFFIXES.items() if data.startswith(start)), "")


def judged(held: Mapping[str, bytes]) -> tuple[dict[str, str], dict[str, str]]:
    """The names that pictures are kept under, and why others are not, by their names in the file."""
    names: dict[str, str] = {}
    refused: dict[str, str] = {}
    in_all = 0
    for name, data in held.items():
        fault = _fault(data, len(names), in_all)
        if fault:
            refused[name] = fault
        else:
            names[name] = f"{sha256(data).hexdigest()}.{suffix_of(data)}"
            in_all += len(data)
    return names, refused


def _fault(data: bytes, count: int, in_all: int) -> str:
    if len(data) > MOST_BYTES:
        return f"it is larger than {MOST_BYTES // 2**20} MB"
    if count >= MOST_PICTURES:
        return f"a deck has at most {MOST_PICTURES:,} pictures"
    if in_all + len(data) > MOST_IN_ALL:
        return f"the pictures of a deck have at most {MOST_IN_ALL // 2**20} MB in all"
    if suffix_of(data):
        return ""
    if data.startswith(_POINTER):
        return "it is a pointer of Git LFS; fetch the picture itself"
    if b"<svg" in data[:4096].lower():
        return "it is an SVG, which may hold scripts; save it as PNG"
    return "it is no PNG, JPEG, GIF or WebP"
