"""Reads the text that Quizlet exports, with whatever its owner chose between term and definition, and between rows.

1. There is no quoting: a separator inside a text cannot be told from a real one. A row is parted at the first.
2. `quizlet:comma:semicolon` says what the separators are; without that, the pair that parts all rows alike is taken.
"""

import re
from collections.abc import Sequence

from bot.model import Card, Deck

from .gathering import Gathering
from .problems import Kind
from .text import stem

NAMES = {
    "tab": "\t",
    "comma": ",",
    "semicolon": ";",
    "colon": ":",
    "dash": " - ",
    "equals": "=",
    "newline": "\n",
    "blank-line": "\n\n",
}
_BETWEEN = ("\t", " - ", " – ", " — ", " = ", "::", ": ", ",")
_ROWS = ("\n\n", ";\n", "\n", ";")
_SURE = ("\t", " - ", " – ", " — ", " = ")
LONGEST_TERM = 200
FEWEST = 3


def recognise(text: str) -> bool:
    """Whether one pair of separators parts every row in two, in such a way that this is hardly chance."""
    for rows in _ROWS:
        pieces = _pieces(text, rows)
        for between in _SURE:
            if len(pieces) >= FEWEST and all(_is_pair(piece, between) for piece in pieces):
                return True
    return False


def is_sure(text: str) -> bool:
    """Whether semicolons part rows of exactly one tab each, which as a table of tabs would make no sense."""
    if "\t" not in text or ";" not in text:
        return False
    pieces = [piece.strip() for piece in _pieces(text, ";")]
    return len(pieces) >= FEWEST and all(_is_pair(piece, "\t") and "\n" not in piece for piece in pieces)


def separators(said: str) -> tuple[str, str]:
    """What `comma:semicolon` names: between term and definition, between rows. Either may be text of its own."""
    between, _, rows = said.partition(":")
    return NAMES.get(between, between), NAMES.get(rows, rows)


def read(text: str, file_name: str, between: str = "", rows: str = "") -> Deck:
    """The deck of an export. Never raises. A separator that is not given is guessed."""
    gathering = Gathering()
    between, rows = _guess(text, between, rows)
    line = 1
    for piece in text.split(rows):
        if piece.strip():
            start = line + _leading(piece)
            _add(piece.strip(), start, between, gathering)
        line += piece.count("\n") + rows.count("\n")
    return gathering.deck(stem(file_name), "quizlet")


def _leading(piece: str) -> int:
    return piece[: len(piece) - len(piece.lstrip())].count("\n")


def _add(piece: str, line: int, between: str, gathering: Gathering) -> None:
    term, found, definition = piece.partition(between)
    if not found:
        text = f"There is no {_shown(between)} in this row, so it was not added."
        gathering.say(line, "", Kind.ONE_CELL, text)
        return
    if between in definition:
        text = f"There is more than one {_shown(between)} in this row, which was parted at the first."
        gathering.say(line, "", Kind.AMBIGUOUS, text)
    gathering.add(Card("", term.strip(), definition.strip(), line=line))


def _shown(separator: str) -> str:
    return next((name for name, text in NAMES.items() if text == separator), f'"{separator.strip() or separator}"')


# ---- guessing --------------------------------------------------------------------------------------------------------


def _guess(text: str, between: str, rows: str) -> tuple[str, str]:
    """The pair by which most rows are parted once; of equal ones, the first in the lists above."""
    pairs = [(one, other) for other in ((rows,) if rows else _ROWS) for one in ((between,) if between else _BETWEEN)]
    return max(pairs, key=lambda pair: _score(_pieces(text, pair[1]), pair[0]))


def _score(pieces: Sequence[str], between: str) -> float:
    good = sum(1 for piece in pieces if _is_pair(piece, between))
    return good / len(pieces) + min(good, 10) / 1000 if pieces else 0.0


def _pieces(text: str, rows: str) -> list[str]:
    return [piece for piece in text.split(rows) if piece.strip()]


def _is_pair(piece: str, between: str) -> bool:
    """Whether this is one short term and one definition."""
    term, found, definition = piece.strip().partition(between)
    if not found or between in definition or not re.search(r"\w", term):
        return False
    return bool(definition.strip()) and len(term) <= LONGEST_TERM
