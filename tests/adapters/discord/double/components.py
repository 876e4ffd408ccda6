"""Components as Discord keeps them, and what it refuses although its description lets it pass."""

import copy
import itertools
from collections.abc import Iterator
from typing import Any

from .words import COMPONENTS_V2, EPHEMERAL, LOADING, Payload, Refused

BUTTON, TEXT_DISPLAY = 2, 10
ONLY_IN_V2 = {9, 10, 11, 12, 13, 14, 17}
MOST_COMPONENTS, MOST_TEXT, MOST_ROWS, MOST_CONTENT = 40, 4_000, 5, 2_000
FILLED_IN: dict[int, Payload] = {
    13: {"name": None, "size": None},
    14: {"spacing": 1, "divider": True},
    17: {"accent_color": None, "spoiler": False},
}
"""What Discord writes of components where the bot says nothing."""
SETTABLE = COMPONENTS_V2 | EPHEMERAL | 1 << 2 | 1 << 12


def walk(components: list[Payload]) -> Iterator[Payload]:
    """Each component, and what is in it, in the order that it is drawn."""
    for each in components:
        yield each
        yield from walk(each.get("components") or [])
        yield from walk([each[key] for key in ("accessory", "component") if each.get(key)])


def check(body: Payload, flags: int = 0) -> None:
    """Raises `Refused` as Discord would, for a message that already has these flags."""
    unknown = (body.get("flags") or 0) & ~(SETTABLE | LOADING)
    if unknown:
        raise invalid("flags", f"{unknown:b} cannot be set")
    found = list(walk(body.get("components") or []))
    if (flags | (body.get("flags") or 0)) & COMPONENTS_V2:
        _check_v2(body, found)
    else:
        _check_legacy(body, found)
    _check_ids([each["custom_id"] for each in found if "custom_id" in each], "custom_id")
    _check_ids([each["id"] for each in found if each.get("id")], "id")


def invalid(field: str, why: str) -> Refused:
    return Refused(400, 50035, "Invalid Form Body", errors={field: {"_errors": [{"code": "DOUBLE", "message": why}]}})


def _check_v2(body: Payload, found: list[Payload]) -> None:
    if body.get("content") or body.get("embeds"):
        raise invalid("content", "a message of components has no content and no embeds")
    if not found and "components" in body:
        raise Refused(400, 50006, "Cannot send an empty message")
    if len(found) > MOST_COMPONENTS:
        raise invalid("components", f"{len(found)} components are more than {MOST_COMPONENTS}")
    texts = [each["content"] for each in found if each["type"] == TEXT_DISPLAY]
    if sum(map(len, texts)) > MOST_TEXT:
        raise invalid("components", f"a text of {sum(map(len, texts))} is longer than {MOST_TEXT}")
    if not all(text.strip() for text in texts):
        raise Refused(400, 50006, "Cannot send an empty message")


def _check_legacy(body: Payload, found: list[Payload]) -> None:
    if any(each["type"] in ONLY_IN_V2 for each in found):
        raise invalid("components", "this component needs the flag of version 2")
    if len(body.get("content") or "") > MOST_CONTENT:
        raise invalid("content", f"Must be {MOST_CONTENT} or fewer in length.")
    if len(body.get("components") or []) > MOST_ROWS:
        raise invalid("components", f"there are at most {MOST_ROWS} rows")
    if "content" in body and not (body.get("content") or "").strip() and not (body.get("embeds") or found):
        raise Refused(400, 50006, "Cannot send an empty message")


def _check_ids(ids: list[Any], field: str) -> None:
    twice = [each for each in ids if ids.count(each) > 1]
    if twice:
        raise invalid(field, f"{twice[0]} is there twice")


def kept(components: list[Payload] | None, attachments: list[Payload]) -> list[Payload]:
    """As they come back: each has a number of its own, and each file that is referred to an address."""
    found = copy.deepcopy(components or [])
    taken = {each["id"] for each in walk(found) if each.get("id")}
    numbers = (number for number in itertools.count(1) if number not in taken)
    addresses = {f"attachment://{each['filename']}": each for each in attachments}
    for each in walk(found):
        each["id"] = each.get("id") or next(numbers)
        for key in [key for key, value in each.items() if value is None]:
            del each[key]
        each |= {key: value for key, value in FILLED_IN.get(each["type"], {}).items() if key not in each}
        for medium in [*each.get("items", []), each]:
            _keep_medium(medium, addresses)
    return found


def _keep_medium(part: Payload, addresses: dict[str, Payload]) -> None:
    """The picture or file that this shows, if it shows one, with the address that it has now."""
    key = next((key for key in ("media", "file") if key in part), None)
    if key is None:
        return
    url = part[key]["url"]
    if url.startswith("attachment://"):
        if url not in addresses:
            raise invalid("media", f"{url} was not sent")
        url = addresses[url]["url"]
    size = {"width": 1, "height": 1, "content_type": "image/png"}
    part[key] = {"id": "1", "url": url, "proxy_url": url, **size}
    part |= {"description": part.get("description"), "spoiler": part.get("spoiler", False)}


def button(components: list[Payload], label: str) -> Payload | None:
    """The last button with this label."""
    found = [each for each in walk(components) if each["type"] == BUTTON and each.get("label") == label]
    return found[-1] if found else None
