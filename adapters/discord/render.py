"""A message as Components V2: texts, rows of buttons and pictures in one container.

Rules of this file:
- texts that follow each other stand in one text display, so that forty components are always enough;
- the cards' own texts share what ours leave of the 4,000 characters;
- answers that everybody may see stand below a spoiler.
"""

from collections.abc import Iterator, Sequence

from bot.adapter import Media
from bot.drawing import NONE, Drawn
from bot.messages import (
    Attachment,
    Audience,
    Buttons,
    CardSide,
    Form,
    Instant,
    Message,
    Notice,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)

from . import budget, inline, limits, markup, mentions, pictures
from .box import SUMMARY, TITLE, Box, components, rows_of
from .files import Files
from .screen import Screen

FOR_SPOILER = 12
"""Components that are kept for answers below a spoiler: a text and some pictures."""
LEAST_FOR_CARDS = 1_000
"""Characters that cards are left with, however much our own texts say."""
SURELY = limits.TEXT // 2
"""Characters of all parts that fit, whatever stands between them: most messages are no longer."""


async def drawn(message: Message, media: Media, ids: Sequence[int] = (), role: int = 0) -> Screen:
    """The same as `screen`, with its pictures and formulas."""
    return screen(message, ids, await pictures.fetched(message, media), role)


def screen(message: Message, ids: Sequence[int] = (), found: Drawn = NONE, role: int = 0) -> Screen:
    """`ids`: numeric ids for the container and what it holds first, by which the message can be found again.

    `role` is mentioned at the top; whether it is notified says whoever sends it.
    """
    said = _said(message)
    hidden = message.audience is Audience.EVERYONE and any(_is_answer(part) for part in message.parts)
    files = Files()
    box, below = Box(limits.COMPONENTS - hidden * FOR_SPOILER, files, found), Box(FOR_SPOILER, files, found)
    boxes = [below if hidden and isinstance(part, CardSide) else box for part in message.parts]
    rows = [components(rows_of(part, cut=cut)) for part, (_, cut) in zip(message.parts, said, strict=True)]
    for into, for_row in zip(boxes, rows, strict=True):
        into.for_rows += for_row
    if role:
        box.add(Text(""), mentions.mention(role))
    for into, for_row, part, (text, cut) in zip(boxes, rows, message.parts, said, strict=True):
        into.for_rows -= for_row
        into.add(part, text, cut=cut)
    first = box.closed(message.summary)
    for component, number in zip((first, *first["components"]), ids, strict=False):
        component["id"] = number
    spoiler = [below.closed(message.summary, spoiler=True)] if hidden else []
    return Screen(first, *spoiler, files=files.all)


def _is_answer(part: Part) -> bool:
    return isinstance(part, CardSide) and part.side is not Side.QUESTION


# ---- texts -----------------------------------------------------------------------------------------------------------


def _said(message: Message) -> list[tuple[str, bool]]:
    """What each part says, all of it within the limit, and whether it is a side of a card that was cut for it."""
    whole = [
        _headed(part, markup.render(part.markdown)) if isinstance(part, CardSide) else _ours(part)
        for part in message.parts
    ]
    if sum(map(inline.size, whole)) <= SURELY:
        return [(text, False) for text in whole]
    return _shared_out(message)


def _shared_out(message: Message) -> list[tuple[str, bool]]:
    ours = [_ours(part) for part in message.parts]
    sides = [part for part in message.parts if isinstance(part, CardSide)]
    whole = limits.TEXT - SUMMARY - mentions.LONGEST - 2 * len(ours) - len(sides) * len("\n**Question**\n")
    for_ours = budget.shares(list(map(inline.size, ours)), whole - (LEAST_FOR_CARDS if sides else 0))
    ours = list(map(budget.clipped, ours, for_ours))
    room = whole - sum(map(inline.size, ours))
    for_sides = iter(budget.shares([inline.size(markup.render(side.markdown)) for side in sides], room))
    parts = zip(message.parts, ours, strict=True)
    return [_side(part, next(for_sides)) if isinstance(part, CardSide) else (text, False) for part, text in parts]


def _side(part: CardSide, room: int) -> tuple[str, bool]:
    text, cut = budget.fitted(part.markdown, room)
    return _headed(part, text), cut


def _headed(part: CardSide, text: str) -> str:
    return f"**{part.side}**\n{text}".rstrip()


def _ours(part: Part) -> str:
    match part:
        case Title(text):
            said = inline.literal(text)
            return f"{TITLE}{said}" if said else ""
        case Text(text, quiet):
            return _small(markup.render_line(text)) if quiet else markup.render(text)
        case Notice(text):
            return markup.render(text)
        case Numbered():
            return "\n".join(_items(part))
        case Buttons(_, label):
            return inline.literal(label)
        case Instant(label, at, _, after):
            return f"{inline.literal(label)} <t:{at // 1000}:F>{inline.escaped(inline.clean(after))}"
        case CardSide() | Attachment() | Form():  # a form is drawn by forms.py
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
