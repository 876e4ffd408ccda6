"""A container that is being filled: texts, rows of buttons, pictures and files, never more than Discord takes."""

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import ui

from bot import markdown
from bot.markdown import Image
from bot.messages import Attachment, Button, Buttons, ButtonStyle, CardSide, Notice, Part

from . import inline, limits
from .formulas import MOST, Drawn, sources
from .pictures import pictures

STYLES = {ButtonStyle.PLAIN: discord.ButtonStyle.secondary, ButtonStyle.MAIN: discord.ButtonStyle.primary}
EMPTY = "…"
SUMMARY = 200
"""Characters that are kept for the summary: a quarter of them, which escapes and UTF-16 may make four times as long."""
CONTAINER_AND_LAST_TEXT = 2
PICTURES = limits.PICTURES - MOST
SECTION = 3
"""A section is three components: itself, its text and its button."""


@dataclass(slots=True)
class Box:
    """`most`: how many components it may be, itself included. What does not fit is left out; texts always fit."""

    most: int
    formulas: Drawn = field(default_factory=dict)
    files: list[discord.File] = field(default_factory=list)
    _items: list[ui.Item[Any]] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _seen: set[str] = field(default_factory=set)
    _used: int = CONTAINER_AND_LAST_TEXT

    def add(self, part: Part, text: str) -> None:
        """`text` is what the part says, drawn."""
        match part:
            case Notice(_, (only,)) if text and only.id not in self._seen and self._left >= SECTION + 1:
                self._put(ui.Section(text, accessory=_button(only)), SECTION)
                self._seen.add(only.id)
            case Notice(_, row) | Buttons(row):
                self._say(text)
                self._add_row(row)
            case CardSide(_, source):
                self._say(text)
                self._add_pictures(source)
            case Attachment():
                self._add_file(part)
            case _:
                self._say(text)

    def closed(self, summary: str, *, spoiler: bool = False) -> ui.Container[Any]:
        """All that was added; the summary where that was nothing."""
        self._close_text()
        said = inline.literal(summary[: SUMMARY // 4]) or EMPTY
        return ui.Container(*(self._items or [ui.TextDisplay(said)]), spoiler=spoiler)

    @property
    def _left(self) -> int:
        return self.most - self._used - bool(self._lines)

    def _say(self, text: str) -> None:
        if text:
            self._lines.append(text)

    def _put(self, item: ui.Item[Any], components: int) -> None:
        self._close_text()
        self._items.append(item)
        self._used += components

    def _close_text(self) -> None:
        if self._lines:
            self._items.append(ui.TextDisplay("\n".join(self._lines)))
            self._lines = []
            self._used += 1

    def _add_row(self, row: Sequence[Button]) -> None:
        """Buttons in rows of five; an id that is here already would have the whole message refused."""
        fresh = [button for button in {each.id: each for each in row}.values() if button.id not in self._seen]
        while fresh and self._left >= 2:
            now = fresh[: min(limits.BUTTONS_IN_ROW, self._left - 1)]
            self._put(ui.ActionRow(*map(_button, now)), 1 + len(now))
            self._seen.update(button.id for button in now)
            fresh = fresh[len(now) :]

    def _add_pictures(self, source: str) -> None:
        """Where there is no room they are in the text all the same: as links, and formulas in plain characters."""
        if self._left < 1:
            return
        images = [image for image in pictures(markdown.parse(source)) if inline.is_web(image.target)]
        found = list(map(_picture, images[:PICTURES]))
        found += [self._formula(each) for each in dict.fromkeys(sources(source)) if self._may_draw(each)]
        if found:
            self._put(ui.MediaGallery(*found), 1)

    def _may_draw(self, formula: str) -> bool:
        return formula in self.formulas and len(self.files) < limits.FILES

    def _formula(self, source: str) -> discord.MediaGalleryItem:
        """Its file's name says nothing, and its source is what a screen reader reads."""
        name = f"formula-{len(self.files) + 1}.png"
        self.files.append(discord.File(io.BytesIO(self.formulas[source]), name))
        return discord.MediaGalleryItem(f"attachment://{name}", description=source[: limits.ALT_TEXT])

    def _add_file(self, part: Attachment) -> None:
        if self._left >= 1 and len(self.files) < limits.FILES:
            file = discord.File(
                io.BytesIO(part.text.encode("utf-8", "replace")), _file_name(part.name, len(self.files))
            )
            self._put(ui.File(f"attachment://{file.filename}"), 1)
            self.files.append(file)


def _button(button: Button) -> ui.Button[Any]:
    label = button.label if len(button.label) <= limits.LABEL else button.label[: limits.LABEL - 1] + "…"
    return ui.Button(label=label, custom_id=button.id, style=STYLES[button.style])


def _picture(image: Image) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(image.target, description=image.alt.strip()[: limits.ALT_TEXT] or None)


def _file_name(name: str, before: int) -> str:
    """A name that Discord takes as it is, so that the layout finds its file."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "file.txt"
    return f"{before + 1}-{plain}" if before else plain
