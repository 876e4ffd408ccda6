"""Components as Discord takes them, by its reference: https://docs.discord.com/developers/components/reference

Written out here and not built from discord.py's classes, which make each of a screen's dozen parts an object that finds
its place in the others: for a screen that is sent and forgotten, that is most of the time that drawing takes.
"""

from collections.abc import Sequence
from typing import Any

Component = dict[str, Any]


def container(components: Sequence[Component], *, spoiler: bool = False) -> Component:
    return {"type": 17, "components": list(components), "spoiler": spoiler}


def text(content: str) -> Component:
    return {"type": 10, "content": content}


def section(content: str, accessory: Component) -> Component:
    """A text with a button beside it."""
    return {"type": 9, "components": [text(content)], "accessory": accessory}


def row(buttons: Sequence[Component]) -> Component:
    return {"type": 1, "components": list(buttons)}


def button(label: str, custom_id: str, style: int) -> Component:
    return {"type": 2, "style": style, "label": label, "custom_id": custom_id}


def gallery(pictures: Sequence[Component]) -> Component:
    return {"type": 12, "items": list(pictures)}


def picture(address: str, description: str) -> Component:
    """One of a gallery. `description` is read by screen readers; empty is none."""
    return {"media": {"url": address}, **({"description": description} if description else {})}


def file(address: str) -> Component:
    return {"type": 13, "file": {"url": address}}
