"""A message as Components V2: texts, rows of buttons and pictures in one container.

Rules of this file:
- texts that follow each other stand in one text display, so that forty components are always enough;
- the cards' own texts share what ours leave of the 4,000 characters;
- answers that everybody may see stand below a spoiler.
"""

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import discord
from discord import ui

from bot import markdown
from bot.markdown import Block, Bullets, Emphasis, Heading, Image, Link, Paragraph, Quote, Span, Strike, Strong, Table
from bot.messages import (
    Attachment,
    Audience,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Message,
    Notice,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)

from . import budget, limits, markup
from .screen import Screen

STYLES = {ButtonStyle.PLAIN: discord.ButtonStyle.secondary, ButtonStyle.MAIN: discord.ButtonStyle.primary}
EMPTY = "…"
LEAST_FOR_CARDS = 1_000
"""Characters that cards are left with, however much our own texts say."""


def screen(message: Message, ids: Sequence[int] = ()) -> Screen:
    """`ids`: numeric ids for the container and what it holds first, by which the message can be found again."""
    texts = _texts(message)
    hidden = message.audience is Audience.EVERYONE and any(_is_answer(part) for part in message.parts)
    box, below = _Box(), _Box()
    for part, text in zip(message.parts, texts, strict=True):
        (below if hidden and isinstance(part, CardSide) else box).add(part, text)
    first = box.closed(message.summary)
    for item, number in zip((first, *first.children), ids, strict=False):
        item.id = number
    spoiler = [below.closed(message.summary, spoiler=True)] if hidden else []
    return Screen(first, *spoiler, files=[_file(part) for part in message.parts if isinstance(part, Attachment)])


def _is_answer(part: Part) -> bool:
    return isinstance(part, CardSide) and part.side is not Side.QUESTION


@dataclass(slots=True)
class _Box:
    """A container that is being filled."""

    items: list[ui.Item[Any]] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)

    def add(self, part: Part, text: str) -> None:
        match part:
            case Notice(_, (only,)) if text and only.id not in self.seen:
                self._close_text()
                self.items.append(ui.Section(text, accessory=_button(only)))
                self.seen.add(only.id)
            case Notice(_, row) | Buttons(row):
                self._say(text)
                self._add_row(row)
            case CardSide(_, source):
                self._say(text)
                self._add_pictures(source)
            case Attachment():
                self._close_text()
                self.items.append(ui.File(f"attachment://{_file_name(part.name)}"))
            case _:
                self._say(text)

    def _say(self, text: str) -> None:
        if text:
            self.lines.append(text)

    def _close_text(self) -> None:
        if self.lines:
            self.items.append(ui.TextDisplay("\n".join(self.lines)))
            self.lines = []

    def _add_row(self, row: Sequence[Button]) -> None:
        """Buttons in rows of five; an id that is here already would have the whole message refused."""
        fresh = [button for button in {each.id: each for each in row}.values() if button.id not in self.seen]
        fresh = fresh[: limits.BUTTONS - len(self.seen)]
        self.seen.update(button.id for button in fresh)
        for start in range(0, len(fresh), limits.BUTTONS_IN_ROW):
            self._close_text()
            self.items.append(ui.ActionRow(*map(_button, fresh[start : start + limits.BUTTONS_IN_ROW])))

    def _add_pictures(self, source: str) -> None:
        found = [image for image in pictures(markdown.parse(source)) if markup.is_web(image.target)]
        if found:
            self._close_text()
            self.items.append(ui.MediaGallery(*map(_picture, found[: limits.PICTURES])))

    def closed(self, summary: str, *, spoiler: bool = False) -> ui.Container[Any]:
        self._close_text()
        return ui.Container(*(self.items or [ui.TextDisplay(markup.literal(summary) or EMPTY)]), spoiler=spoiler)


def _button(button: Button) -> ui.Button[Any]:
    label = button.label if len(button.label) <= limits.LABEL else button.label[: limits.LABEL - 1] + "…"
    return ui.Button(label=label, custom_id=button.id, style=STYLES[button.style])


def _picture(image: Image) -> discord.MediaGalleryItem:
    return discord.MediaGalleryItem(image.target, description=image.alt.strip()[: limits.ALT_TEXT] or None)


def _file_name(name: str) -> str:
    """A name that Discord takes as it is, so that the layout finds its file."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-80:] or "file.txt"


def _file(part: Attachment) -> discord.File:
    return discord.File(io.BytesIO(part.text.encode("utf-8", "replace")), _file_name(part.name))


# ---- texts -----------------------------------------------------------------------------------------------------------


def _texts(message: Message) -> list[str]:
    """What each part says, all of it within the limit."""
    ours = [_ours(part) for part in message.parts]
    sides = [part for part in message.parts if isinstance(part, CardSide)]
    whole = limits.TEXT - 2 * len(ours) - len(sides) * len("\n**Question**\n")
    for_ours = budget.shares(list(map(markup.size, ours)), whole - (LEAST_FOR_CARDS if sides else 0))
    ours = list(map(budget.clipped, ours, for_ours))
    room = whole - sum(map(markup.size, ours))
    for_sides = iter(budget.shares([markup.size(markup.render(side.markdown)) for side in sides], room))
    parts = zip(message.parts, ours, strict=True)
    return [_side(part, next(for_sides)) if isinstance(part, CardSide) else text for part, text in parts]


def _side(part: CardSide, room: int) -> str:
    return f"**{part.side.value}**\n{budget.fitted(part.markdown, room)}".rstrip()


def _ours(part: Part) -> str:
    match part:
        case Title(text):
            said = markup.literal(text)
            return f"### {said}" if said else ""
        case Text(text, quiet):
            return _small(markup.render_line(text)) if quiet else markup.render(text)
        case Notice(text):
            return markup.render(text)
        case Numbered():
            return "\n".join(_items(part))
        case Buttons(_, label):
            return markup.literal(label)
        case CardSide() | Attachment():
            return ""


def _small(text: str) -> str:
    return "\n".join(f"-# {line}" for line in text.split("\n") if line.strip())


def _items(part: Numbered) -> Iterator[str]:
    """A list that Discord numbers itself, as long as its numbers follow each other; else the numbers as they are."""
    counted = range(1, len(part.items) + 1)
    numbers = part.numbers if len(part.numbers) == len(part.items) else counted
    dot = "." if list(numbers) == list(range(numbers[0], numbers[0] + len(numbers)) if numbers else ()) else "\\."
    for number, item in zip(numbers, part.items, strict=True):
        yield f"{number}{dot} {markup.render_line(item).replace(chr(10), ' ')}"


# ---- pictures --------------------------------------------------------------------------------------------------------


def pictures(blocks: Sequence[Block]) -> Iterator[Image]:
    """The pictures of a text, in order."""
    for block in blocks:
        match block:
            case Paragraph(spans) | Heading(_, spans):
                yield from _in_spans(spans)
            case Bullets(items):
                for item in items:
                    yield from pictures(item)
            case Quote(inner):
                yield from pictures(inner)
            case Table(head, rows):
                for row in (head, *rows):
                    for cell in row:
                        yield from _in_spans(cell)
            case _:
                pass


def _in_spans(spans: Sequence[Span]) -> Iterator[Image]:
    for span in spans:
        match span:
            case Image():
                yield span
            case Strong(inner) | Emphasis(inner) | Strike(inner) | Link(inner):
                yield from _in_spans(inner)
            case _:
                pass
