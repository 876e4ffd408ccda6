"""Modals: what Discord refuses of them, how they are read, and how they are filled in and come back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .components import invalid, walk
from .words import Payload

TEXT_INPUT, STRING_SELECT, CHANNEL_SELECT, FILE_UPLOAD, LABEL = 4, 3, 8, 19, 18
MOST_PARTS, MOST_TITLE = 5, 45

Values = Mapping[str, str | Sequence[str]]
Upload = Callable[[str, bytes], Payload]


def check(modal: Payload) -> None:
    """Raises `Refused` for what Discord's description lets pass."""
    if not 1 <= len(modal["components"]) <= MOST_PARTS:
        raise invalid("components", f"Must be between 1 and {MOST_PARTS} in length.")
    if len(modal["title"]) > MOST_TITLE:
        raise invalid("title", f"Must be {MOST_TITLE} or fewer in length.")
    ids = [each["custom_id"] for each in _fields(modal)]
    if len(ids) != len(set(ids)):
        raise invalid("custom_id", "Component custom id cannot be duplicated")
    for field in _fields(modal):
        if field["type"] == TEXT_INPUT and len(field.get("value") or "") > (field.get("max_length") or 4_000):
            raise invalid("value", "is longer than it may be")


def text(modal: Payload) -> str:
    """What a person reads in it."""
    lines = [modal["title"]]
    for part in modal["components"]:
        field = part.get("component") or part["components"][0]
        said = ", ".join([part.get("label") or field.get("label") or ""])
        lines.append(f"{said}: {', '.join(_stands(field))}".rstrip())
    return "\n".join(lines)


def filled(modal: Payload, values: Values, file: tuple[str, bytes] | None, upload: Upload) -> Payload:
    """The modal as it comes back: what stands in each field, but for these values; raises where Discord lets nobody."""
    resolved: dict[str, Any] = {}
    components = []
    for part in modal["components"]:
        field = part.get("component") or part["components"][0]
        said = _chosen(field, values.get(field["custom_id"]))
        if field["type"] == FILE_UPLOAD and file:
            uploaded = upload(*file)
            resolved = {"attachments": {uploaded["id"]: uploaded}}
            said = [uploaded["id"]]
        assert said or field.get("required") is False, f"{field['custom_id']} is empty"
        inner = {"type": field["type"], "id": 2, "custom_id": field["custom_id"]}
        inner |= {"value": said[0] if said else ""} if field["type"] == TEXT_INPUT else {"values": said}
        whole = {"component": inner} if part["type"] == LABEL else {"components": [inner]}
        components.append({"type": part["type"], "id": 1, **whole})
    return {"custom_id": modal["custom_id"], "components": components, "resolved": resolved}


def _fields(modal: Payload) -> Iterator[Payload]:
    return (each for each in walk(modal["components"]) if "custom_id" in each)


def _stands(field: Payload) -> list[str]:
    """What is in a field before anybody touches it."""
    if field["type"] == STRING_SELECT:
        return [option["value"] for option in field["options"] if option.get("default")]
    if field["type"] == CHANNEL_SELECT:
        return [str(each["id"]) for each in field.get("default_values") or []]
    return [field["value"]] if field.get("value") else []


def _chosen(field: Payload, given: str | Sequence[str] | None) -> list[str]:
    if given is None:
        return _stands(field)
    said = [given] if isinstance(given, str) else list(given)
    if field["type"] == STRING_SELECT:
        offered = {option["value"] for option in field["options"]}
        assert set(said) <= offered, f"{field['custom_id']} offers {offered}"
        assert len(said) <= (field.get("max_values") or 1)
    if field["type"] == TEXT_INPUT:
        assert len(said[0]) <= (field.get("max_length") or 4_000)
    return [str(each) for each in said]
