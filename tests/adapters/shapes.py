"""Bodies that fitted a platform's description, remembered by their shape: holding one against it takes long."""

import json
import re
from typing import Any

# Ids and instants differ from body to body; what fitted with one of them fits with another of the same length.
CHANGING = re.compile(r"\b(?=[a-z0-9]*\d)[a-z0-9]{9,}\b|\d\d:\d\d:\d\d[.\d]*")


class Shapes:
    """`free` are the keys of texts of which only the length counts; `harmless`: no text has a limit below this."""

    def __init__(self, free: set[str], harmless: int) -> None:
        self._free = free
        self._harmless = harmless
        self._known: dict[tuple[str, str], list[int]] = {}
        """Those that fitted, with how long each of their texts was."""

    def fitted(self, name: str, body: Any) -> bool:
        """Whether a body of this shape, with texts as long or longer, has fitted already."""
        shape, lengths = self._outline_of(name, body)
        known = self._known.get(shape)
        return known is not None and all(
            length <= max(most, self._harmless) for length, most in zip(lengths, known, strict=True)
        )

    def remember(self, name: str, body: Any) -> None:
        shape, lengths = self._outline_of(name, body)
        self._known[shape] = list(map(max, lengths, self._known.get(shape, lengths)))

    def _outline_of(self, name: str, body: Any) -> tuple[tuple[str, str], list[int]]:
        lengths: list[int] = []
        return (name, json.dumps(self._outline(body, lengths), sort_keys=True)), lengths

    def _outline(self, value: Any, lengths: list[int], key: str = "") -> Any:
        """What a body is without its texts, whose lengths are noted: what is shorter than one that fitted fits."""
        if isinstance(value, dict):
            return {name: self._outline(value[name], lengths, name) for name in sorted(value)}
        if isinstance(value, list):
            return [self._outline(each, lengths) for each in value]
        if not isinstance(value, str):
            return 0 if key == "id" and value else value
        if key not in self._free:
            return CHANGING.sub(lambda found: "0" * len(found[0]), value)
        lengths.append(len(value))
        return "text" if value else ""
