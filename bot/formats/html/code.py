"""Code: its text as it stands, on one line between backticks or on several between fences."""

import re
from collections.abc import Iterator

_LANGUAGE = re.compile(r"(?:language|lang)-([A-Za-z0-9+#-]{1,20})")


class Code:
    """The text of `<code>` or `<pre>` while it is read; a `<pre>` ends with its own tag only."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.language = ""
        self._pieces: list[str] = []

    def look_for_language(self, attributes: str) -> None:
        found = _LANGUAGE.search(attributes)
        self.language = found[1] if found else self.language

    def put(self, text: str) -> None:
        self._pieces.append(text)

    def break_line(self) -> None:
        if self._pieces:
            self._pieces.append("\n")

    def ends_with(self, name: str) -> bool:
        return (name == "pre") == (self.name == "pre")

    @property
    def text(self) -> str:
        return "".join(self._pieces).replace("\xa0", " ").replace("\r", "")

    @property
    def is_block(self) -> bool:
        return self.name == "pre" or "\n" in self.text.strip()

    def span(self) -> str:
        """All on one line; empty where there is no text."""
        words = " ".join(self.text.split())
        marks = "`" * (_longest_run(words) + 1)
        inner = f" {words} " if words.startswith("`") or words.endswith("`") else words
        return f"{marks}{inner}{marks}" if words else ""

    def lines(self) -> Iterator[str]:
        """Fenced; nothing where there is no text."""
        text = self.text
        if text.strip():
            fence = "`" * max(3, _longest_run(text) + 1)
            yield from (f"{fence}{self.language}", *text.strip("\n").rstrip().split("\n"), fence)


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall(r"`+", text)), default=0)
