"""A container that is being filled: texts, rows of buttons, pictures and files, never more than Discord takes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil

from bot import markdown
from bot.drawing import MOST, NONE, Drawn, sources
from bot.markdown import Image
from bot.messages import Attachment, Button, Buttons, ButtonStyle, CardSide, Notice, Part

from . import inline, layout, limits
from .files import Files
from .layout import Component

STYLES = {ButtonStyle.MAIN: 1, ButtonStyle.PLAIN: 2}
"""Primary and secondary."""
EMPTY = "…"
SUMMARY = 200
"""Characters that are kept for the summary: a quarter of them, which escapes and UTF-16 may make four times as long."""
CONTAINER_AND_LAST_TEXT = 2
PICTURES = limits.PICTURES - MOST
TITLE = "### "
SECTION = 3
"""A section is three components: itself, its text and its button."""
_ITEM = re.compile(r"\s*(?:-|\d+\\?\.) ")


@dataclass(slots=True)
class Box:
    """`most`: how many components it may be, itself included. What does not fit is left out; texts always fit.

    `for_rows` are those that the buttons to come will need, which pictures leave to them.
    """

    most: int
    files: Files
    pictures: Drawn = field(default_factory=lambda: NONE)
    for_rows: int = 0
    _items: list[Component] = field(default_factory=list)
    _lines: list[str] = field(default_factory=list)
    _apart: bool = False
    _seen: set[str] = field(default_factory=set)
    _used: int = CONTAINER_AND_LAST_TEXT

    def add(self, part: Part, text: str, *, cut: bool = False) -> None:
        """`text` is what the part says, drawn, and `cut` whether that is not all of it."""
        match part:
            case Notice(_, (only,)) if text and only.id not in self._seen and self._left >= SECTION + 1:
                self._put(layout.section(text, _button(only)), SECTION)
                self._seen.add(only.id)
            case Notice(_, row) | Buttons(row):
                self._say(text)
                self._add_row(row)
            case CardSide(_, source):
                self._say(text, apart=True)
                self._add_row(rows_of(part, cut=cut))
                self._add_pictures(source)
            case Attachment():
                self._add_file(part)
            case _:
                self._say(text)

    def closed(self, summary: str, *, spoiler: bool = False) -> Component:
        """All that was added; the summary where that was nothing."""
        self._close_text()
        said = inline.literal(summary[: SUMMARY // 4]) or EMPTY
        return layout.container(self._items or [layout.text(said)], spoiler=spoiler)

    @property
    def _left(self) -> int:
        return self.most - self._used - bool(self._lines)

    def _say(self, text: str, *, apart: bool = False) -> None:
        """An empty line stands around what is apart, and after a list, which the next line would go on with."""
        if text:
            first = not self._lines or self._lines[-1].startswith(TITLE)
            gap = "\n" if not first and (apart or self._apart) else ""
            self._lines.append(gap + text)
            self._apart = apart or bool(_ITEM.match(text.rpartition("\n")[2]))

    def _put(self, item: Component, components: int) -> None:
        self._close_text()
        self._items.append(item)
        self._used += components

    def _close_text(self) -> None:
        if self._lines:
            self._items.append(layout.text("\n".join(self._lines)))
            self._lines = []
            self._used += 1

    def _add_row(self, row: Sequence[Button]) -> None:
        """Buttons in rows of five; an id that is here already would have the whole message refused."""
        fresh = []
        for button in row:
            if button.id not in self._seen:
                self._seen.add(button.id)
                fresh.append(_button(button))
        while fresh and self._left >= 2:
            now = fresh[: min(limits.BUTTONS_IN_ROW, self._left - 1)]
            self._put(layout.row(now), 1 + len(now))
            fresh = fresh[len(now) :]

    def _add_pictures(self, source: str) -> None:
        """Where there is no room they are in the text all the same: as links, and formulas in plain characters."""
        if self._left - self.for_rows < 1:
            return
        images = [image for image in markdown.pictures(source) if image.media or inline.is_web(image.target)]
        formulas = dict.fromkeys(each for each in sources(source) if each in self.pictures)
        shown = [*map(self._picture, images[:PICTURES]), *map(self._formula, formulas)]
        found = [item for item in shown if item is not None]
        if found:
            self._put(layout.gallery(found), 1)

    def _picture(self, image: Image) -> Component | None:
        address = self._address(image.media, image.media.rpartition(".")[2]) if image.media else image.target
        return _item(address, image.alt.strip()) if address else None

    def _formula(self, source: str) -> Component | None:
        """Its source is what a screen reader reads."""
        address = self._address(source, "png")
        return _item(address, source) if address else None

    def _address(self, key: str, suffix: str) -> str | None:
        return self.files.picture(self.pictures[key], suffix) if key in self.pictures else None

    def _add_file(self, part: Attachment) -> None:
        address = self.files.text(part.name, part.text) if self._left >= 1 else None
        if address:
            self._put(layout.file(address), 1)


def rows_of(part: Part, *, cut: bool) -> tuple[Button, ...]:
    """The buttons that come with a part."""
    match part:
        case Notice(_, row) | Buttons(row):
            return row
        case CardSide(more=Button() as more) if cut:
            return (more,)
        case _:
            return ()


def components(row: Sequence[Button]) -> int:
    """What rows of so many buttons take, with the text above them."""
    return len(row) + ceil(len(row) / limits.BUTTONS_IN_ROW) + 1 if row else 0


def _button(button: Button) -> Component:
    return layout.button(inline.shortened(button.label, limits.LABEL), button.id, STYLES[button.style])


def _item(address: str, description: str) -> Component:
    return layout.picture(address, description[: limits.ALT_TEXT])
