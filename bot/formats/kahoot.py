"""Reads Kahoot's spreadsheet: a row of headings somewhere near the top, then a question with its choices in each row.

1. Only values are read: the result of a formula as the file keeps it, never the formula.
2. The spreadsheet is unpacked and counted before it is opened, and rows and columns have limits.
"""

import re
import warnings
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from io import BytesIO

from bot.errors import DeckError
from bot.model import Choice, Deck

from .archive import Archive, holds
from .gathering import Gathering, choice_card
from .problems import Kind
from .text import collapse, stem

MOST_XML = 2 * 2**20
MOST_BYTES = 64 * 2**20
"""Unpacked: what describes the sheets, and everything."""
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 30, 5
_TOP = 30
_HOWTO = "Flashmob reads the spreadsheets of Kahoot. Save any other one as CSV, with a row of headings."
Value = object


@dataclass(frozen=True, slots=True)
class Columns:
    """Where the columns stand, and the index of their row."""

    row: int
    question: int
    answers: tuple[int, ...]
    right: int


def recognise(data: bytes) -> bool:
    return holds(data, ("xl/workbook.xml",))


def media(data: bytes, names: Collection[str]) -> dict[str, bytes]:
    """Kahoot's spreadsheet has no pictures."""
    return {}


def read(data: bytes, file_name: str) -> Deck:
    """The deck of a spreadsheet. Raises DeckError where it is damaged, too large, or none of Kahoot's."""
    _measure(Archive(data, file_name))
    for rows in _sheets(data, file_name):
        columns = _columns(rows)
        if columns:
            gathering = Gathering()
            for number, row in enumerate(rows[columns.row + 1 :], columns.row + 2):
                _add(row, number, columns, gathering)
            return gathering.deck(stem(file_name), "kahoot")
    raise DeckError(f"{file_name}: this spreadsheet has no headings of Kahoot.", _HOWTO)


def _measure(archive: Archive) -> None:
    xml = total = 0
    for name in archive.names:
        size = len(archive.read(name, MOST_BYTES))
        total += size
        xml += size if name.lower().endswith((".xml", ".rels", ".vml")) else 0
        if xml > MOST_XML or total > MOST_BYTES:
            text = f"{archive.file_name}: unpacked, this spreadsheet is larger than any quiz, so it was not read."
            raise DeckError(text, "Save the sheet as CSV.")


def _sheets(data: bytes, file_name: str) -> list[list[tuple[Value, ...]]]:
    """The rows of each sheet, as values. What the library would only warn of does not matter."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import openpyxl  # it brings numpy along, which only a spreadsheet should cost

            book = openpyxl.load_workbook(BytesIO(data), read_only=True, data_only=True, keep_links=False)
            return [
                list(sheet.iter_rows(max_row=MOST_ROWS, max_col=MOST_COLUMNS, values_only=True))
                for sheet in book.worksheets[:MOST_SHEETS]
            ]
    except Exception as error:  # whatever a library that trusts its file may stumble over
        raise DeckError(f"{file_name}: this spreadsheet is damaged.", "Save it anew, or as CSV.") from error


def _columns(rows: Sequence[Sequence[Value]]) -> Columns | None:
    """The first row with headings such as `Question - max 120 characters`; dashes and limits vary."""
    for index, row in enumerate(rows[:_TOP]):
        said = [re.sub(r"[\W_]+", " ", _text(value)).strip().casefold() for value in row]
        question = next((place for place, text in enumerate(said) if text.split(" ")[0] == "question"), None)
        right = next((place for place, text in enumerate(said) if text.startswith("correct answer")), None)
        answers = tuple(place for place, text in enumerate(said) if re.match(r"answer [0-9]\b", text))
        if question is not None and right is not None and len(answers) >= 2:
            return Columns(index, question, answers, right)
    return None


def _add(row: Sequence[Value], number: int, columns: Columns, gathering: Gathering) -> None:
    prompt = _cell(row, columns.question)
    texts = [_cell(row, place) for place in columns.answers]
    if not prompt and not any(texts):
        return
    right = {int(digit) for digit in re.findall(r"[1-9]", _cell(row, columns.right))}
    if any(place > len(texts) or not texts[place - 1] for place in right):
        gathering.say(number, "", Kind.AMBIGUOUS, "The right answer of this row is a number without an answer.")
    choices = [Choice(text, place in right) for place, text in enumerate(texts, 1) if text]
    gathering.add(choice_card(prompt, choices, number))


def _cell(row: Sequence[Value], place: int) -> str:
    return _text(row[place]) if place < len(row) else ""


def _text(value: Value) -> str:
    """A cell as its sheet shows it: whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return collapse(str(value))
