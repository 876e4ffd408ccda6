"""The room as plain text: for the terminal, and for tests that read a whole conversation."""

import re
from collections.abc import Iterable, Mapping
from textwrap import wrap

from bot import markdown
from bot.messages import Attachment, Button, Buttons, CardSide, Form, Instant, Notice, Numbered, Part, Text, Title

from . import render
from .words import Chip, RoomMessage

NARROWEST = 24
_MARK = re.compile(r"^\s*(?:(?:•|\d+\.)\s)?")


def transcript(
    messages: Iterable[RoomMessage], names: Mapping[str, str], zone: str, width: int = 80, days: bool = True
) -> str:
    """Messages, oldest first, with the day above them; `names` are the members' by id. Ends with a new line."""
    lines: list[str] = []
    day = ""
    for message in messages:
        when = render.instant(message.sent_at, zone)
        if days and when["date"] != day:
            day = when["date"]
            lines += [f"---- {day} ".ljust(width, "-"), ""]
        lines += [_head(message, when["time"], names), *_body(message, width), ""]
    return "\n".join(lines)


def _head(message: RoomMessage, time: str, names: Mapping[str, str]) -> str:
    said_to = f" | Only {names.get(message.reader, message.reader)} sees this" if message.reader else ""
    return f"{time} Flashmob{' (direct message)' if message.direct else ''}{said_to}"


def _body(message: RoomMessage, width: int) -> list[str]:
    lines = [f"@{message.message.ping}"] if message.message.ping else []
    lines += [line for part in message.message.parts for line in _part(part, max(width - 2, NARROWEST))]
    if message.chips:
        lines.append(" ".join(_chip(chip) for chip in message.chips))
    return [f"  {line}".rstrip() for line in lines]


def _part(part: Part, width: int) -> list[str]:
    match part:
        case Title(text):
            return _wrapped(text, width)
        case Text(text):
            return _wrapped(markdown.plain(text), width)
        case Notice(text, buttons):
            return _wrapped(" ".join([markdown.plain(text), *map(_button, buttons)]), width)
        case CardSide(side, text):
            said = markdown.plain(text)
            return _wrapped(f"{side.value}:{chr(10) if chr(10) in said else ' '}{said}", width)
        case Attachment(name, text):
            return [f"[file: {name}, {len(text)} characters]"]
        case Numbered():
            return [line for number, item in render.numbered(part) for line in _item(number, item, width)]
        case Instant():
            return _wrapped(part.said, width)
        case Form():
            return _form(part, width)
        case Buttons(row, label):
            return _wrapped(" ".join([*([label] if label else []), *map(_button, row)]), width)


def _form(form: Form, width: int) -> list[str]:
    """The form with what stands in it."""
    fields = (_wrapped(f"{field.label}: {', '.join(field.values)}".rstrip(), width) for field in form.fields)
    return [*_wrapped(form.title, width), *(line for field in fields for line in field), f"[{form.submit}]"]


def _item(number: int, item: str, width: int) -> list[str]:
    mark = f"{number}. "
    first, *rest = _wrapped(markdown.plain(item), width - len(mark)) or [""]
    return [mark + first, *(" " * len(mark) + line for line in rest)]


def _button(button: Button) -> str:
    return f"[{button.label}]".replace(" ", "\N{NO-BREAK SPACE}")


def _chip(chip: Chip) -> str:
    return f"({int(chip.rating)}: {len(chip.members)})"


def _wrapped(text: str, width: int) -> list[str]:
    """Each line of the text, wrapped at words and hanging where it was indented; a button is never torn apart."""
    lines: list[str] = []
    for line in text.split("\n"):
        indent = " " * min(len(_MARK.findall(line)[0]), width // 2)
        lines += wrap(line, width, subsequent_indent=indent, break_on_hyphens=False) or [""]
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in lines]
