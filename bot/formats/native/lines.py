"""How single lines of the native format are read: the closed list of forms, fences, and the one escape.

A line that looks like a form but is text carries one leading backslash. Nothing else is escaped, so `\\begin{..}` is
safe. Fenced code is opaque: inside it there are no forms and no escapes.
"""

import re
from collections.abc import Sequence

FORM = re.compile(
    r"(?:(?P<marker>Q|A|C|Why|Tags|Id):"
    r"|(?P<accepted>=) "
    r"|- \[(?P<choice>[ xX])\](?= |$)"
    r"|(?P<section>\#{1,6})(?=[ \t]|$)"
    r"|(?P<separator>---)[ \t]*$)"
)
_FENCE = re.compile(r" {0,3}(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_ESCAPED = re.compile(rf"\\+(?:{re.sub(r'[?]P<[a-z]+>', '?:', FORM.pattern)}| {{0,3}}(?:`{{3}}|~{{3}}))")


def unescape(line: str) -> str:
    return line[1:] if line.startswith("\\") and _ESCAPED.match(line) else line


def escape(line: str) -> str:
    return "\\" + line if FORM.match(line) or _ESCAPED.match(line) else line


def opens_fence(line: str) -> str:
    """The fence that this line opens, such as three backticks; empty when it opens none."""
    found = _FENCE.match(line)
    if found is None or (found["fence"][0] == "`" and "`" in found["info"]):
        return ""
    return found["fence"]


class Fences:
    """Finds where fenced code ends. Remembers which fences never close, so that a file is searched once, not often."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = lines
        self._hopeless: dict[str, int] = {}

    def end(self, fence: str, start: int) -> int | None:
        """The index of the line that closes `fence`, searched from `start`; None when the code is never closed."""
        character, length = fence[0], len(fence)
        if length >= self._hopeless.get(character, length + 1):
            return None
        for index in range(start, len(self._lines)):
            if self._closes(self._lines[index], character, length):
                return index
        self._hopeless[character] = length
        return None

    @staticmethod
    def _closes(line: str, character: str, length: int) -> bool:
        text = line.lstrip(" ").rstrip(" \t")
        return len(text) >= length and len(line) - len(line.lstrip(" ")) <= 3 and not text.strip(character)
