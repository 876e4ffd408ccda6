"""The set-up form: channel, days, time, zone and a deck, in one modal; what it is sent with, as actions.

A field more is an entry in `blocks` and a line in `actions_of`.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import actions
from bot.actions import Action

from . import limits

log = logging.getLogger("flashmob.slack")
SET_UP = "f1-setup"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
USUAL_DAYS = WEEKDAYS[:5]
PASTED = "pasted.txt"
PASTE = 3_000
NOT_READ = "That file could not be read from Slack, so no deck was added. It may be larger than 10 MB."


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that was chosen in a form; Slack gives it out to the app's token alone."""

    name: str
    address: str = field(repr=False)
    size: int


@dataclass(frozen=True, slots=True)
class Filled:
    """What was sent: the channel that it is for, what to do there in this order, and a deck to be fetched."""

    channel: str
    actions: tuple[Action, ...]
    upload: Upload | None = None


def set_up_form(channel: str, zone: str, *, uploads: bool) -> dict[str, Any]:
    """`zone` is proposed where it is known; `uploads` needs the scope files:read."""
    return {
        "type": "modal",
        "callback_id": SET_UP,
        "title": _plain("Set up Flashmob"),
        "submit": _plain("Set up"),
        "close": _plain("Cancel"),
        "private_metadata": channel,
        "blocks": _blocks(zone, uploads=uploads),
    }


def _blocks(zone: str, *, uploads: bool) -> list[dict[str, Any]]:
    days = [{"text": _plain(day.capitalize()), "value": day} for day in WEEKDAYS]
    usual = [day for day in days if day["value"] in USUAL_DAYS]
    where = {"type": "conversations_select", "default_to_current_conversation": True}
    only = {"filter": {"include": ["public", "private"], "exclude_bot_users": True}}
    paste = {"type": "plain_text_input", "multiline": True, "max_length": PASTE}
    file = {"type": "file_input", "max_files": 1}
    made = [
        _input("channel", "Channel", {**where, **only}),
        _input("name", "Name of the group", {"type": "plain_text_input", "max_length": 80}, optional=True),
        _input("weekdays", "Days", {"type": "checkboxes", "options": days, "initial_options": usual}),
        _input("time", "Time", {"type": "timepicker", "initial_time": "09:00"}),
        _input("zone", "Time zone, like Europe/Berlin", _filled({"type": "plain_text_input"}, zone)),
        _input("deck", "A deck, pasted: a question and an answer a line, with a tab between", paste, optional=True),
    ]
    return [*made, _input("file", "Or a deck file", file, optional=True)] if uploads else made


def _input(name: str, label: str, element: dict[str, Any], *, optional: bool = False) -> dict[str, Any]:
    shown = {"type": "input", "block_id": name, "label": _plain(label), "element": {**element, "action_id": name}}
    return {**shown, "optional": True} if optional else shown


def _filled(element: dict[str, Any], value: str) -> dict[str, Any]:
    return {**element, "initial_value": value} if value else element


def _plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text, "emoji": False}


# ---- what was filled in ----------------------------------------------------------------------------------------------


def filled(view: Mapping[str, Any]) -> Filled:
    """Never raises: what is missing is left as it is set."""
    values = (view.get("state") or {}).get("values") or {}
    given = {name: ((values.get(name) or {}).get(name) or {}) for name in values}
    days = [str(day.get("value", "")) for day in given.get("weekdays", {}).get("selected_options") or []]
    said = {
        "weekdays": " ".join(days),
        "time": str(given.get("time", {}).get("selected_time") or ""),
        "zone": str(given.get("zone", {}).get("value") or "").strip(),
    }
    name = str(given.get("name", {}).get("value") or "").strip()
    pasted = str(given.get("deck", {}).get("value") or "")
    wanted: list[Action] = [actions.SetUpGroup(name, tuple((key, value) for key, value in said.items() if value))]
    if pasted.strip():
        wanted.append(actions.ImportDeck(PASTED, pasted.encode()))
    channel = str(given.get("channel", {}).get("selected_conversation") or view.get("private_metadata") or "")
    return Filled(channel, tuple(wanted), _upload(given.get("file", {}).get("files") or []))


def _upload(files: list[Any]) -> Upload | None:
    if not files or not isinstance(files[0], dict):
        return None
    file = files[0]
    address = str(file.get("url_private_download") or file.get("url_private") or "")
    return Upload(str(file.get("name") or "deck"), address, int(file.get("size") or 0))


def is_readable(upload: Upload) -> bool:
    return bool(upload.address) and upload.size <= limits.FILE_BYTES
