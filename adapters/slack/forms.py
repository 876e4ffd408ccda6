"""A form as a modal of Slack's, and what was filled in read back; its id comes back as the modal's `callback_id`."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from bot.messages import Field, FieldKind, Form

from . import limits

CHANNELS = {"filter": {"include": ["public", "private"], "exclude_bot_users": True}}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was chosen in a form; Slack gives it out to the app's token alone."""

    name: str
    address: str = field(repr=False)
    size: int

    @property
    def is_readable(self) -> bool:
        return bool(self.address) and self.size <= limits.FILE_BYTES


@dataclass(frozen=True, slots=True)
class Filled:
    """What a form was sent with: its id, its values by the names of the fields, and a file to be fetched."""

    id: str
    values: Mapping[str, tuple[str, ...]]
    upload: Upload | None = None


def view(form: Form, memory: str, *, uploads: bool) -> dict[str, Any]:
    """`memory` comes back with it. Without `uploads` (the scope files:read) a file is drawn as a text to paste."""
    return {
        "type": "modal",
        "callback_id": form.id,
        "title": _plain(form.title[: limits.MODAL_TITLE]),
        "submit": _plain(form.submit[: limits.MODAL_TITLE]),
        "close": _plain("Cancel"),
        "private_metadata": memory,
        "blocks": [_block(each, uploads=uploads) for each in form.fields],
    }


def _block(field: Field, *, uploads: bool) -> dict[str, Any]:
    element = {**_element(field, uploads=uploads), "action_id": field.name}
    shown: dict[str, Any] = {
        "type": "input", "block_id": field.name, "label": _plain(field.label), "element": element,
        "optional": field.optional,
    }  # fmt: skip
    needs_hint = field.hint and field.kind is not FieldKind.TIME  # which has a picker of its own
    return {**shown, "hint": _plain(field.hint)} if needs_hint else shown


def _element(field: Field, *, uploads: bool) -> dict[str, Any]:
    first = next(iter(field.values), "")
    options = [{"text": _plain(label[: limits.OPTION]), "value": value} for value, label in field.options]
    chosen = [option for option in options if option["value"] in field.values]
    match field.kind:
        case FieldKind.LINE:
            return _text(field, first, multiline=False)
        case FieldKind.LONG:
            return _text(field, first, multiline=True)
        case FieldKind.FILE:
            return {"type": "file_input", "max_files": 1} if uploads else _text(field, "", multiline=True)
        case FieldKind.TIME:
            return {"type": "timepicker", **({"initial_time": first} if first else {})}
        case FieldKind.CHANNEL:
            here = {"initial_conversation": first} if first else {"default_to_current_conversation": True}
            return {"type": "conversations_select", **here, **CHANNELS}
        case FieldKind.ONE_OF:
            return {"type": "static_select", "options": options, **({"initial_option": chosen[0]} if chosen else {})}
        case FieldKind.SOME_OF:
            return {"type": "checkboxes", "options": options, **({"initial_options": chosen} if chosen else {})}
        case _:
            assert_never(field.kind)


def _text(field: Field, value: str, *, multiline: bool) -> dict[str, Any]:
    most = min(field.most or limits.TYPED, limits.TYPED)
    made = {"type": "plain_text_input", "multiline": multiline, "max_length": most}
    return {**made, "initial_value": value[:most]} if value else made


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


# ---- what was filled in ----------------------------------------------------------------------------------------------


def filled(view: Mapping[str, Any]) -> Filled:
    """Never raises: what is missing was left empty."""
    values = _part(_part(view, "state"), "values")
    given = {name: _part(_part(values, name), name) for name in values}
    files = [file for each in given.values() for file in each.get("files") or [] if isinstance(file, dict)]
    words = {name: tuple(_values(each)) for name, each in given.items()}
    return Filled(str(view.get("callback_id") or ""), words, _upload(files[0]) if files else None)


def _values(given: Mapping[str, Any]) -> Iterator[str]:
    """What was typed or chosen, whatever kind of field it was."""
    chosen = [given.get("selected_option"), *(given.get("selected_options") or [])]
    for value in (given.get("value"), given.get("selected_time"), given.get("selected_conversation")):
        if value:
            yield str(value)
    yield from (str(option.get("value", "")) for option in chosen if isinstance(option, dict))


def _upload(file: Mapping[str, Any]) -> Upload:
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    return Upload(str(file.get("name") or "deck"), address, int(file.get("size") or 0))


def _part(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = body.get(name)
    return found if isinstance(found, dict) else {}
