"""Layouts that discord.py sends and forgets.

The library keeps every view it sends, to route presses and to time them out. Flashmob reads each press from its id
(see `parse.py`), so every place that would keep a view is told that it is finished already.
"""

from collections.abc import Sequence
from typing import Any

import discord
from discord import ui

from .layout import Component


class Screen(ui.LayoutView):
    """One message, drawn already, with the files that it shows."""

    def __init__(self, *drawn: Component, files: Sequence[discord.File] = ()) -> None:
        super().__init__(timeout=None)
        self.drawn = drawn
        self.files = list(files)

    def to_components(self) -> list[Component]:
        return list(self.drawn)

    def has_components_v2(self) -> bool:
        return True

    @property
    def parts(self) -> dict[str, Any]:
        """What sending it takes."""
        return {"view": self, "files": self.files} if self.files else {"view": self}

    @property
    def edits(self) -> dict[str, Any]:
        """What editing a message to it takes; files of before go."""
        return {"view": self, "attachments": self.files}

    def is_finished(self) -> bool:
        return True


class Sheet(ui.Modal):
    """One form."""

    def is_finished(self) -> bool:
        return True
