"""A message as Block Kit: in a channel, or as a modal that only one person sees.

Rules of this file:
- nothing of a card or a name goes into `mrkdwn`: there are `rich_text` and `plain_text`, which ping nobody;
- what goes with a public message (fallback, alt text) holds what is visible in it, and never an answer;
- a payload keeps Slack's limits: what is longer is cut at a paragraph and says so.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from bot import drawing, markdown
from bot.markdown import Image
from bot.messages import (
    Attachment,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Form,
    Instant,
    Message,
    Notice,
    Numbered,
    Part,
    Text,
    Title,
)

from . import limits, rich_text
from .rich_text import Piece
from .uploads import NONE, Held

Blocks = list[dict[str, Any]]
CUT = "This is longer than a message can be."
FILE_MORE = "The file is longer than can be shown here."
NAME = "Flashmob"
LOADING = "One moment\u2026"
_USER_GROUP = re.compile("S[A-Z0-9]{2,20}")
STEPS = (8_000, 5_000, 3_000, 1_500, 800, 400, 200, 100, 50)
"""How much of each text is kept, the longest first, until the payload is inside its budget."""


def escape(text: str) -> str:
    """Text for `mrkdwn`, where these three stand for everything that could be a mention or a link."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def fallback(message: Message) -> str:
    """What a notification shows and a screen reader says: the message's own summary, which holds no answer."""
    return escape(_shortened(message.summary, limits.FALLBACK // 5) or NAME)


def blocks(message: Message, held: Held | None = NONE) -> Blocks:
    """The message in a channel, with the pictures that Slack can fetch or holds; with None, without any.

    There is room left for a ping above it.
    """
    return _fitted(message.parts, limits.BLOCKS_IN_MESSAGE - bool(message.ping), held)


def ping(group: str) -> Blocks:
    """The user group whom a post notifies, above it; where that is no id of Slack's, nothing. An edit never has it."""
    if not _USER_GROUP.fullmatch(group):
        return []
    return [{"type": "section", "text": {"type": "mrkdwn", "text": f"<!subteam^{group}>"}}]


def modal(messages: Sequence[Message], memory: str = "", held: Held | None = NONE) -> dict[str, Any]:
    """What one person sees alone; `memory` comes back with every press in it.

    A title that fits stands in the modal's own; one that does not is its first line.
    """
    parts = [part for message in messages for part in message.parts]
    title = next((part for part in parts if isinstance(part, Title)), None)
    own = title is not None and len(title.text) <= limits.MODAL_TITLE
    inside = [part for part in parts if not (own and part is title)]
    drawn = _fitted(inside, limits.BLOCKS_IN_VIEW, held)
    return _view(title.text if title and own else NAME, drawn, memory)


def loading(memory: str = "") -> dict[str, Any]:
    return _view(NAME, [rich_text.block([rich_text.section([rich_text.run(LOADING)])])], memory)


def home(messages: Sequence[Message], above: Sequence[Part]) -> dict[str, Any]:
    """The app's own page for one person."""
    parts = [*above, *(part for message in messages for part in message.parts)]
    return {"type": "home", "blocks": _fitted(parts, limits.BLOCKS_IN_VIEW, None)}


def _view(title: str, inside: Blocks, memory: str) -> dict[str, Any]:
    return {
        "type": "modal",
        "title": _plain(title or NAME),
        "close": _plain("Close"),
        "private_metadata": memory,
        "blocks": inside or [rich_text.block([rich_text.section([rich_text.run(" ")])])],
    }


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


# ---- inside the limits -----------------------------------------------------------------------------------------------


def _fitted(parts: Sequence[Part], most_blocks: int, held: Held | None) -> Blocks:
    made: Blocks = []
    for most in STEPS:
        drawing = _Drawing(most, held if most == STEPS[0] else None)
        made = [block for part in parts for block in drawing.part(part)]
        made = made if len(made) <= most_blocks else _merged(made)
        if _size(made) <= limits.PAYLOAD and len(made) <= most_blocks:
            return made
    return _squeezed(made, most_blocks)


def _size(made: Blocks) -> int:
    return len(json.dumps(made, ensure_ascii=False))


def _merged(made: Blocks) -> Blocks:
    """Neighbouring texts in one block each."""
    merged: Blocks = []
    for block in made:
        if merged and merged[-1]["type"] == block["type"] == "rich_text":
            merged[-1] = rich_text.block([*merged[-1]["elements"], *block["elements"]])
        else:
            merged.append(block)
    return merged


def _squeezed(made: Blocks, most_blocks: int) -> Blocks:
    """The last resort for what no card of ours comes near: buttons stay, texts give way from the end."""
    while _size(made) > limits.PAYLOAD or len(made) > most_blocks:
        last = next((n for n in reversed(range(len(made))) if made[n]["type"] != "actions"), len(made) - 1)
        made = made[:last] + made[last + 1 :]
    return made


def _shortened(text: str, most: int) -> str:
    """Plain text on one line, cut at its end."""
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "\u2026"


# ---- parts -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Parts as blocks; of each text at most `most` characters are drawn. With `held` None, there are no pictures."""

    most: int
    held: Held | None

    def part(self, part: Part) -> Iterator[dict[str, Any]]:
        match part:
            case Title(text):
                yield {"type": "header", "text": _plain(_shortened(text, limits.HEADER) or NAME)}
            case Text(text, quiet):
                yield from self._text(text, quiet=quiet)
            case Notice(text, buttons):
                yield from self._text(text, quiet=False)
                yield from _rows(buttons, "")
            case CardSide():
                yield from self._side(part)
            case Numbered():
                yield from self._numbered(part)
            case Buttons(row, label):
                yield from _rows(row, label)
            case Attachment():
                yield from self._file(part)
            case Instant(label, at, words, after):
                runs = [rich_text.run(f"{label} "), rich_text.instant(at, words), rich_text.run(after)]
                yield rich_text.block([rich_text.section(runs)])
            case Form(_, title):  # a form is a view of its own (forms.py)
                yield from self._text(markdown.escape(title), quiet=False)
            case _:
                assert_never(part)

    def _text(self, text: str, *, quiet: bool) -> Iterator[dict[str, Any]]:
        kept, missing = markdown.cut(text, self.most)
        if quiet and (said := markdown.plain(kept)):
            yield {"type": "context", "elements": [_plain(said[: limits.CONTEXT])]}
        elif pieces := rich_text.render(kept):
            yield rich_text.block(pieces)
        if missing:
            yield _cut()

    def _side(self, side: CardSide) -> Iterator[dict[str, Any]]:
        kept, missing = markdown.cut(side.markdown, self.most)
        label = rich_text.section([rich_text.run(f"{side.side.value}:", frozenset({"bold"}))])
        yield rich_text.block([label, *rich_text.render(kept)])
        if missing:
            yield _cut()
            yield from _rows((side.more,) if side.more else (), "")
        if self.held is not None:
            unsaid = f"A picture of the {side.side.value.lower()}"
            for image in markdown.pictures(kept):
                yield from _picture(image, self.held, unsaid)
            for source in dict.fromkeys(drawing.sources(kept)):
                yield from _formula(source, self.held)

    def _file(self, file: Attachment) -> Iterator[dict[str, Any]]:
        """A modal carries no files: its text is shown, for as long as it fits. The whole of it goes by other ways."""
        name = rich_text.section([rich_text.run(file.name, frozenset({"bold"}))])
        shown = rich_text.run(file.text[: self.most] or " ")
        yield rich_text.block([name, {"type": "rich_text_preformatted", "elements": [shown]}])
        if len(file.text) > self.most:
            yield {"type": "context", "elements": [_plain(FILE_MORE)]}

    def _numbered(self, part: Numbered) -> Iterator[dict[str, Any]]:
        """Slack's own list where it counts from one; a list with shared ranks carries its numbers."""
        count = len(part.items)
        numbers = part.numbers if len(part.numbers) == count else tuple(range(1, count + 1))
        items = [rich_text.one_line(markdown.cut(item, self.most)[0]) for item in part.items]
        if not items:
            return
        if numbers == tuple(range(1, count + 1)):
            rows: list[Piece] = [
                {"type": "rich_text_list", "style": "ordered", "elements": list(map(rich_text.section, items))}
            ]
        else:
            lines = [[rich_text.run(f"{number}. "), *item] for number, item in zip(numbers, items, strict=True)]
            rows = [rich_text.section([run for line in lines for run in (*line, rich_text.run("\n"))])]
        yield rich_text.block(rows)


def _cut() -> dict[str, Any]:
    return {"type": "context", "elements": [_plain(CUT)]}


# ---- pictures --------------------------------------------------------------------------------------------------------


def _picture(image: Image, held: Held, unsaid: str) -> Iterator[dict[str, Any]]:
    """A picture that Slack holds or can fetch, with what a screen reader says; nothing for any other one."""
    said = {"type": "image", "alt_text": _shortened(image.alt or unsaid, limits.ALT_TEXT)}
    if image.media in held:
        yield {**said, "slack_file": {"id": held[image.media]}}
    elif rich_text.is_fetchable(image.target) and len(image.target) <= limits.IMAGE_ADDRESS:
        yield {**said, "image_url": image.target}


def _formula(source: str, held: Held) -> Iterator[dict[str, Any]]:
    if source in held:
        yield {"type": "image", "alt_text": _shortened(source, limits.ALT_TEXT), "slack_file": {"id": held[source]}}


# ---- buttons ---------------------------------------------------------------------------------------------------------


def _rows(row: Sequence[Button], label: str) -> Iterator[dict[str, Any]]:
    if row and label:
        yield {"type": "section", "text": _plain(label)}
    for start in range(0, len(row), limits.BUTTONS_IN_ROW):
        faces = [_button(button, label) for button in row[start : start + limits.BUTTONS_IN_ROW]]
        yield {"type": "actions", "elements": _apart(faces)}


def _button(button: Button, label: str) -> dict[str, Any]:
    face: dict[str, Any] = {
        "type": "button",
        "action_id": button.id,
        "text": _plain(_shortened(button.label, limits.BUTTON_LABEL) or button.id),
    }
    if label:  # a label that makes sense alone, for whoever hears one button at a time
        face["accessibility_label"] = _shortened(f"{label} {button.label}", limits.BUTTON_LABEL)
    return {**face, "style": "primary"} if button.style is ButtonStyle.MAIN else face


def _apart(faces: Blocks) -> Blocks:
    """An id may stand once in a row: the second button that does the same is left out."""
    return list({face["action_id"]: face for face in reversed(faces)}.values())[::-1]
