"""The files that go along with one message, never more than Discord takes, under names that say nothing."""

import io
import re
from dataclasses import dataclass, field

import discord

from . import limits


@dataclass(slots=True)
class Files:
    """`all` is what is sent. Whatever has no room any more is None."""

    all: list[discord.File] = field(default_factory=list)
    _bytes: int = 0

    def picture(self, data: bytes, suffix: str = "png") -> str | None:
        """The address by which a layout shows it."""
        return self._add(data, f"picture-{len(self.all) + 1}.{suffix}")

    def text(self, name: str, text: str) -> str | None:
        """A file with a name that Discord takes as it is, so that the layout finds it."""
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "file.txt"
        return self._add(text.encode("utf-8", "replace"), f"{len(self.all) + 1}-{plain}" if self.all else plain)

    def _add(self, data: bytes, name: str) -> str | None:
        if len(self.all) >= limits.FILES or self._bytes + len(data) > limits.REQUEST_BYTES:
            return None
        self.all.append(discord.File(io.BytesIO(data), name))
        self._bytes += len(data)
        return f"attachment://{name}"
