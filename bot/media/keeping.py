"""Pictures on the disk: one file each, under the name of its content."""

import asyncio
import os
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import NamedTemporaryFile

from ..errors import DeckError
from ..markdown import MEDIA_NAME

UNFINISHED = ".part"
AT_ONCE = 3
"""Nearly all of a picture's time is waiting for the disk; with more of them, a rating's commit waits there in line."""


def keep(files: Mapping[str, bytes], folder: Path) -> None:
    """Put pictures into the folder, each whole or not at all, several at once. Raises `DeckError`."""
    try:
        with ThreadPoolExecutor(AT_ONCE) as writing:
            for _ in writing.map(_keep, [_path(folder, name) for name in files], files.values()):
                pass
    except OSError as error:
        raise DeckError(
            f"The pictures cannot be kept in {folder} ({error.strerror}), so nothing was imported."
        ) from error


def _keep(path: Path, data: bytes) -> None:
    if not path.is_file() or path.stat().st_size != len(data):
        _write(path, data)


def _path(folder: Path, name: str) -> Path:
    return folder / name[:2] / name


def _write(path: Path, data: bytes) -> None:
    """Written beside and renamed: a crash leaves no half picture under a whole one's name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, suffix=UNFINISHED, delete=False) as beside:
        try:
            beside.write(data)
            beside.flush()
            os.fsync(beside.fileno())
            Path(beside.name).replace(path)
        except OSError:
            Path(beside.name).unlink(missing_ok=True)
            raise


async def read(folder: Path, name: str) -> bytes | None:
    """The bytes of a kept picture, read beside the event loop; None where it is not there."""
    if not MEDIA_NAME.fullmatch(name):
        return None
    try:
        return await asyncio.to_thread(_path(folder, name).read_bytes)
    except OSError:
        return None
