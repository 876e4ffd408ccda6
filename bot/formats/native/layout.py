"""`flashmob deck fmt`: the smallest edit that gives every card its `Id:` and every deletion its number."""

import re
from collections.abc import Sequence

from .. import cloze
from .entry import Entry
from .numbers import numbered_lines
from .reader import Reading, read_lines

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def format_text(text: str) -> str:
    """The text with an `Id:` as the last line of each card that had none, and with numbers in all deletions.

    Everything else stays as it is, line ends too. Doing it twice changes nothing more.
    """
    lines = [(found[1], found[2]) for found in _LINE.finditer(text)]
    plain = _without_mark([line for line, _ in lines])
    shift = len(lines[0][0]) - len(plain[0])
    reading = read_lines(plain)
    edited = [line for line, _ in lines]
    ends = [end for _, end in lines]
    for entry in _cards(reading):
        if entry.cloze:
            _number(entry, edited, shift)
        if not entry.id:
            _write_id(entry, reading.settled.ids[entry.first + 1], edited, ends)
    return "".join(line + end for line, end in zip(edited, ends, strict=True))


def lines_without_id(text: str) -> tuple[int, ...]:
    """The lines (1-based) of the cards that have no id of their own yet."""
    reading = read_lines(_without_mark(re.split(r"\r\n|\r|\n", text)))
    return tuple(entry.first + 1 for entry in _cards(reading) if not entry.id)


def _cards(reading: Reading) -> list[Entry]:
    """The entries that became cards: what was not added gets no id."""
    return [entry for entry in reading.entries.entries if entry.first + 1 in reading.settled.ids]


def _without_mark(lines: Sequence[str]) -> list[str]:
    return [lines[0].removeprefix("\ufeff"), *lines[1:]]


def _number(entry: Entry, edited: list[str], shift: int) -> None:
    """Columns are counted in the text as read, without its marker or its escape, so the difference is added."""
    text = entry.texts["C"]
    for index, inserts in numbered_lines(text):
        line = text.first + index
        ahead = len(edited[line]) - len(text.lines[index])
        edited[line] = cloze.insert(edited[line], [(column + ahead, what) for column, what in inserts])


def _write_id(entry: Entry, card_id: str, edited: list[str], ends: Sequence[str]) -> None:
    if entry.id_at >= 0:
        edited[entry.id_at] = f"Id: {card_id}"
        return
    newline = ends[entry.last] or ends[entry.last - 1] or "\n"
    last_newline = "" if ends[entry.last] else newline
    edited[entry.last] += f"{newline}Id: {card_id}{last_newline}"
