"""What a `*.deck.md` file is made of: texts and entries, as they stand in the file."""

from dataclasses import dataclass, field

from bot.model import Choice, Problem

from ..text import tidy


@dataclass(slots=True)
class Text:
    """Lines of a text: `first` is the index of the first one in the file; `code` lists the lines inside fences."""

    first: int
    lines: list[str] = field(default_factory=list)
    code: list[tuple[int, int]] = field(default_factory=list)

    @property
    def joined(self) -> str:
        return "\n".join(self.lines)


@dataclass(slots=True)
class Entry:
    """One `Q:` or `C:` with what belongs to it. `first`, `last` and `id_at` (-1 without `Id:`) are indexes of lines."""

    cloze: bool
    first: int
    last: int
    section: str
    texts: dict[str, Text]
    accepted: list[str] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    tags: tuple[str, ...] = ()
    id: str = ""
    id_at: int = -1

    @property
    def prompt(self) -> str:
        return tidy(self.texts["C" if self.cloze else "Q"].joined)

    def text(self, marker: str) -> str:
        return tidy(self.texts[marker].joined) if marker in self.texts else ""


@dataclass(frozen=True, slots=True)
class Entries:
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
