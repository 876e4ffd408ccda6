"""A form as Discord's modal, and what was filled in read back. Nothing of a modal is kept: its id says what it is for.

Discord has no field for a time, so that one is a line of text.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import discord
from discord import ui

from bot.messages import Button, Buttons, Field, FieldKind, Form, Message, Text

from . import inline, limits
from .screen import Sheet

LATE = "It took too long to open that. Press the button, and it opens at once."
CHANNELS = [discord.ChannelType.text, discord.ChannelType.news]


def sheet(form: Form) -> Sheet:
    """The form with what stands in its fields, each text as long as Discord takes it."""
    made = Sheet(title=inline.shortened(form.title, limits.MODAL_TITLE), custom_id=form.id)
    for field in form.fields[: limits.FIELDS]:
        hint = inline.shortened(field.hint, limits.DESCRIPTION) or None
        made.add_item(
            ui.Label(text=inline.shortened(field.label, limits.FIELD_LABEL), description=hint, component=_input(field))
        )
    return made


def again(form: Form) -> Message:
    """What is shown where Discord opens no modal any more: a button that is pressed for it."""
    return Message((Text(LATE), Buttons((Button(form.id, form.title),))), LATE)


def _input(field: Field) -> ui.Item[Any]:
    match field.kind:
        case FieldKind.ONE_OF | FieldKind.SOME_OF:
            return _select(field)
        case FieldKind.CHANNEL:
            here = [discord.Object(int(value)) for value in field.values if value.isdecimal()]
            return ui.ChannelSelect(
                custom_id=field.name, channel_types=CHANNELS, default_values=here, required=not field.optional
            )
        case FieldKind.FILE:
            return ui.FileUpload(custom_id=field.name, required=not field.optional)
        case FieldKind.LINE | FieldKind.LONG | FieldKind.TIME:
            return _text(field)


def _select(field: Field) -> ui.Item[Any]:
    options = [
        discord.SelectOption(label=inline.shortened(label, limits.OPTION), value=value, default=value in field.values)
        for value, label in field.options[: limits.OPTIONS]
    ]
    most = len(options) if field.kind is FieldKind.SOME_OF else 1
    return ui.Select(custom_id=field.name, options=options, max_values=most, required=not field.optional)


def _text(field: Field) -> ui.Item[Any]:
    most = field.most or limits.TYPED
    long = field.kind is FieldKind.LONG
    return ui.TextInput(
        custom_id=field.name,
        style=discord.TextStyle.paragraph if long else discord.TextStyle.short,
        default=inline.clean("\n".join(field.values))[:most] or None,
        required=not field.optional,
        max_length=min(most, limits.TYPED),
    )


# ---- what was filled in ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Filled:
    """`file` is the id of an attachment, or empty."""

    id: str
    values: Mapping[str, tuple[str, ...]]
    file: str = ""


def filled(data: Mapping[str, Any]) -> Filled:
    """What a modal was sent with. Never raises."""
    attachments = (data.get("resolved") or {}).get("attachments") or {}
    given = {str(each.get("custom_id", "")): _values(each) for each in _inputs(data.get("components"))}
    files = [value for values in given.values() for value in values if value in attachments]
    words = {name: tuple(value for value in values if value not in attachments) for name, values in given.items()}
    return Filled(str(data.get("custom_id", "")), words, next(iter(files), ""))


def _inputs(components: object) -> Iterator[Mapping[str, Any]]:
    """Each input, in its label (or, as it was once, in a row)."""
    for each in components if isinstance(components, list) else ():
        if isinstance(each, dict):
            inner = each.get("component")
            yield from _inputs([inner] if inner else each.get("components"))
            if "custom_id" in each:
                yield each


def _values(given: Mapping[str, Any]) -> tuple[str, ...]:
    """A line of text, or what was chosen; nothing where the field was left empty."""
    chosen = given.get("values")
    said = chosen if isinstance(chosen, list) else [given.get("value")]
    return tuple(str(value) for value in said if value not in (None, ""))
