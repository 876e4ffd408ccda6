"""A message of the room as what the page draws: a dictionary that JSON can carry, in which every text is safe HTML."""

from datetime import UTC, datetime
from functools import lru_cache
from html import escape
from typing import Any
from zoneinfo import ZoneInfo

from bot import markdown
from bot.messages import (
    Attachment,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Field,
    Form,
    Instant,
    Notice,
    Numbered,
    Part,
    Text,
    Title,
)
from bot.model import Rating

from . import markup
from .words import Chip, RoomMessage

MOST_CHARACTERS = 12_000
RATING_NAMES = {
    Rating.NOT_AT_ALL: "Not at all",
    Rating.BARELY: "Barely",
    Rating.WITH_EFFORT: "With effort",
    Rating.WELL: "Well",
    Rating.PERFECTLY: "Perfectly",
}


def message(shown: RoomMessage, viewer: str, reader_name: str, zone: str) -> dict[str, Any]:
    """The message as `viewer` (a member's id) sees it, with its times in `zone`."""
    return {
        "id": shown.id,
        "reader": reader_name if shown.reader else "",
        "direct": shown.direct,
        "edited": bool(shown.edited_at),
        "summary": shown.message.summary,
        "parts": [*_ping(shown.message.ping), *(_part(part) for part in shown.message.parts)],
        "chips": [_chip(chip, viewer) for chip in shown.chips],
        **instant(shown.sent_at, zone),
    }


def instant(at: int, zone: str) -> dict[str, Any]:
    """UTC milliseconds as a person reads them: `day` (a number that grows by one a day), `date`, `time`."""
    local = datetime.fromtimestamp(at / 1000, UTC).astimezone(_zone(zone))
    return {
        "at": local.isoformat(timespec="seconds"),
        "day": local.date().toordinal(),
        "date": f"{local:%A}, {local.day} {local:%B %Y}",
        "short": f"{local:%a} {local.day} {local:%b}",
        "time": f"{local:%H:%M}",
    }


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _ping(role: str) -> list[dict[str, Any]]:
    """There are no roles here, so nobody is notified."""
    return [{"kind": "text", "quiet": True, "html": escape(f"@{role}")}] if role else []


def _part(part: Part) -> dict[str, Any]:
    match part:
        case Title(text):
            return {"kind": "title", "html": escape(text)}
        case Text(text, quiet):
            return {"kind": "text", "quiet": quiet, "html": markup.render(text)}
        case Notice(text, buttons):
            return {"kind": "notice", "html": markup.render_line(text), "buttons": [_button(each) for each in buttons]}
        case CardSide(side, text, more):
            kept, missing = markdown.cut(text, MOST_CHARACTERS)
            read_on = [_button(more)] if missing and more else []
            html = markup.render(kept)
            return {"kind": "side", "side": side.value, "html": html, "cut": missing, "buttons": read_on}
        case Attachment(name, text):
            return {"kind": "file", "name": name, "text": text}
        case Numbered():
            items = [{"number": number, "html": markup.render_line(item)} for number, item in numbered(part)]
            return {"kind": "numbered", "items": items}
        case Instant(label, at, words, after):
            return {"kind": "instant", "said": [label, words, after], "at": instant(at, "UTC")["at"]}
        case Form():
            return form(part)
        case Buttons(row, label):
            return {"kind": "buttons", "label": label, "buttons": [_button(each) for each in row]}


def form(form: Form) -> dict[str, Any]:
    """A form for the page's dialog, which sets every word of it as text."""
    return {
        "kind": "form",
        "id": form.id,
        "title": form.title,
        "submit": form.submit,
        "fields": [_field(field) for field in form.fields],
    }


def _field(field: Field) -> dict[str, Any]:
    return {
        "name": field.name,
        "label": field.label,
        "kind": field.kind.value,
        "values": field.values,
        "options": [{"value": value, "label": label} for value, label in field.options],
        "optional": field.optional,
        "hint": field.hint,
        "most": field.most,
    }


def numbered(part: Numbered) -> list[tuple[int, str]]:
    """The items with their numbers; a list whose own numbers do not fit counts from one."""
    fits = len(part.numbers) == len(part.items)
    return list(zip(part.numbers if fits else range(1, len(part.items) + 1), part.items, strict=True))


def _button(button: Button) -> dict[str, Any]:
    return {
        "id": button.id,
        "label": button.label,
        "main": button.style is ButtonStyle.MAIN,
        "shortcut": button.shortcut,
    }


def _chip(chip: Chip, viewer: str) -> dict[str, Any]:
    return {
        "rating": int(chip.rating),
        "name": RATING_NAMES[chip.rating],
        "count": len(chip.members),
        "mine": viewer in chip.members,
    }
