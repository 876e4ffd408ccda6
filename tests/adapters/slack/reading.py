"""Slack's blocks as a person reads them, and everything in them that is more than text."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any

Json = dict[str, Any]
HARMLESS = {"text", "date"}
"""An instant of ours is drawn by Slack, in each reader's own zone."""


def text_of(blocks: list[Json]) -> str:
    return "\n".join(filter(None, map(_block, blocks)))


def text_of_view(view: Json) -> str:
    title = f"{view['title']['text']}\n" if view["type"] == "modal" else ""
    return title + text_of(view["blocks"])


def buttons_of(blocks: list[Json]) -> Iterator[tuple[str, str]]:
    """Each button's label and id."""
    for block in blocks:
        if block["type"] == "actions":
            for element in block["elements"]:
                yield element["text"]["text"], element["action_id"]


def fallback(message: Json) -> str:
    """What the notification says: mrkdwn, in which three signs are escaped."""
    return unescape(message["text"])


def pings_of(blocks: list[Json], text: str = "") -> list[str]:
    """Mentions that Slack would act on, links, pictures: whatever is not text."""
    found = re.findall(r"<[^>]*>", text)
    for block in blocks:
        if block["type"] == "rich_text":
            found += [run["type"] for run in _all_runs(block["elements"]) if run["type"] not in HARMLESS]
        elif block["type"] == "image":
            found.append("image")
        found += _mrkdwn(block)
    return found


def _mrkdwn(found: Any) -> list[str]:
    """Whatever is parsed by Slack: this bot writes none of it."""
    if isinstance(found, list):
        return [text for each in found for text in _mrkdwn(each)]
    if isinstance(found, dict):
        own = [str(found.get("text"))] if found.get("type") == "mrkdwn" else []
        return own + [text for each in found.values() for text in _mrkdwn(each)]
    return []


def _block(block: Json) -> str:
    match block["type"]:
        case "header" | "section":
            return str(block["text"]["text"])
        case "context":
            return " ".join(str(element["text"]) for element in block["elements"])
        case "rich_text":
            return "\n".join(map(_element, block["elements"]))
        case "input":
            return f"{block['label']['text']}: {', '.join(_stands(block['element']))}".rstrip()
        case "image":
            return str(block["alt_text"])
        case "actions":
            return " ".join(f"[{element['text']['text']}]" for element in block["elements"])
    raise AssertionError(f"a block that nobody reads: {block['type']}")


def _stands(element: Json) -> list[str]:
    """What is in an input before anybody touches it."""
    options = [*element.get("initial_options", ()), *filter(None, [element.get("initial_option")])]
    single = (element.get(key) for key in ("initial_value", "initial_time", "initial_conversation"))
    return [*filter(None, single), *(option["value"] for option in options)]


def _element(element: Json) -> str:
    if element["type"] == "rich_text_list":
        ordered = element["style"] == "ordered"
        marks = (f"{n}." if ordered else "-" for n in range(1, len(element["elements"]) + 1))
        return "\n".join(f"{mark} {_runs(item)}" for mark, item in zip(marks, element["elements"], strict=True))
    return _runs(element)


def _runs(element: Json) -> str:
    return "".join(run.get("text") or run.get("url") or run.get("fallback", "") for run in element["elements"])


def _all_runs(elements: list[Json]) -> Iterator[Json]:
    for element in elements:
        if element["type"].startswith("rich_text_"):
            yield from _all_runs(element["elements"])
        else:
            yield element
