"""What stands in the cells of a table that Flashmob writes, and is read again: guarded texts, and lists.

A spreadsheet takes a cell that begins with `=`, `+`, `-`, `@` or a tab for a formula. Such a text gets one apostrophe
in front, by which spreadsheets know text, and loses it when it is read.
"""

import re
from collections.abc import Iterable, Sequence

from bot.model import Choice

_FORMULA = r"[=+\-@\t\r\n＝＋－＠]"
_DANGEROUS = re.compile(rf"'*{_FORMULA}")
_GUARDED = re.compile(rf"'+{_FORMULA}")
_SEVERAL = re.compile(r"[\n|;]")
_MARK = re.compile(r"^\[([xX =])\] ", re.M)


def guarded(text: str) -> str:
    """The text such that no spreadsheet runs it."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if _GUARDED.match(text) else text


def write_list(items: Sequence[str]) -> str:
    """Parted by pipes; on lines of their own that begin with `[=]` where a text holds what would part it."""
    if any(_SEVERAL.search(item) or _MARK.match(item) for item in items):
        return "\n".join(f"[=] {item}" for item in items)
    return " | ".join(items)


def read_list(cell: str) -> tuple[str, ...]:
    """What a cell lists, each once."""
    marked = _marked(cell)
    texts: Iterable[str] = (text for _, text in marked) if marked else _SEVERAL.split(cell)
    return tuple(dict.fromkeys(text.strip() for text in texts if text.strip()))


def write_choices(choices: Sequence[Choice]) -> str:
    return "\n".join(f"[{'x' if choice.right else ' '}] {choice.text}" for choice in choices)


def read_choices(cell: str, answer: str) -> tuple[Choice, ...]:
    """Lines that begin with `[x]` or `[ ]`, or a list of which those are right that the answer names."""
    marked = _marked(cell)
    if marked and all(mark != "=" for mark, _ in marked):
        return tuple(Choice(text.strip(), mark in "xX") for mark, text in marked if text.strip())
    right = {answer.casefold(), *(text.casefold() for text in read_list(answer))}
    return tuple(Choice(text, text.casefold() in right) for text in read_list(cell))


def can_be_listed(items: Iterable[str]) -> bool:
    """Whether these come back as they were: without white space at their ends, and without marks of our own inside."""
    return all(item == item.strip() and item and not _MARK.search(item) for item in items)


def _marked(cell: str) -> list[tuple[str, str]]:
    """The marks and texts of a cell that begins with one."""
    if not _MARK.match(cell):
        return []
    pieces = _MARK.split(cell)[1:]
    return list(zip(pieces[::2], pieces[1::2], strict=True))
