"""Reads tables: CSV, TSV, semicolons, pipes, and two columns pasted from elsewhere, with headings or without.

1. Cells are text and stay as they are: a formula is never run, mark-up means nothing.
2. With headings, columns may come in any order; without, the first is the question and the second the answer.
3. A row that cannot be a card is reported with its line, never guessed at.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from bot.model import Card, CardKind, Deck, Problem

from .cells import read_choices, read_list, unguarded
from .gathering import cloze_cards
from .headings import columns_of
from .identity import LONGEST_ID, MOST_CARDS, Draft, settle
from .problems import Kind
from .rows import Row, fallback, layout_of, rows
from .rows import has_headings as rows_have_headings
from .text import slug, stem, words

MOST_HEADING = 20_000


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each column stands. `width` is how many cells a row may have."""

    places: dict[str, int]
    width: int

    def cell(self, row: Row, column: str) -> str:
        place = self.places.get(column, len(row.cells))
        return unguarded(row.cells[place]) if place < len(row.cells) else ""


def recognise(text: str) -> bool:
    """Whether some separator makes a table of this text."""
    return layout_of(text.split("\n")) is not None


def has_headings(text: str) -> bool:
    """Whether this is surely a table: whatever its cells hold, its first row names a question and an answer."""
    return rows_have_headings(text[:MOST_HEADING].split("\n"))


def read(text: str, file_name: str) -> Deck:
    """The deck of a table. Never raises; a text that is no table gives a deck without cards."""
    lines = text.split("\n")
    layout = layout_of(lines) or fallback(lines)
    found = list(islice(rows(lines, layout), MOST_CARDS + 2)) if layout else []
    problems: list[Problem] = []
    if len(found) > MOST_CARDS + 1:
        text = f"A deck has at most {MOST_CARDS:,} cards; what stands from this row on was left out."
        problems.append(Problem(found.pop().line, "", Kind.TOO_LARGE, text))
    columns, body = _columns(found, problems)
    texts: dict[str, str] = {}
    drafts = [draft for row in body if (draft := _draft(row, columns, texts, problems)) is not None]
    settled = settle(drafts)
    title = stem(file_name)
    ordered = sorted((*problems, *settled.problems), key=lambda problem: problem.line)
    return Deck(slug(title), title, "table", settled.cards, tuple(ordered))


def _columns(found: Sequence[Row], problems: list[Problem]) -> tuple[Columns, Sequence[Row]]:
    """The columns and the rows below the headings."""
    places = columns_of(found[0].cells) if found else {}
    if not places:
        widths = Counter(len(_trimmed(row)) for row in found)
        usual = max(widths, key=lambda width: widths[width], default=2)
        if usual > 2:
            _report_unknown(found[0], [f"column {number}" for number in range(3, usual + 1)], problems)
        return Columns({"prompt": 0, "answer": 1}, max(2, usual)), found
    used = set(places.values())
    unknown = [f'"{cell}"' for index, cell in enumerate(found[0].cells) if cell and index not in used]
    if unknown:
        _report_unknown(found[0], unknown, problems)
    return Columns(places, len(found[0].cells)), found[1:]


def _report_unknown(row: Row, names: Sequence[str], problems: list[Problem]) -> None:
    shown = ", ".join(names[:10])
    text = f"Left out, since the headings do not say what it is: {shown}. Name the columns in the first row."
    problems.append(Problem(row.line, "", Kind.UNKNOWN_COLUMN, text))


def _trimmed(row: Row) -> tuple[str, ...]:
    """The cells without empty ones at the end, which spreadsheets like to add."""
    cells = list(row.cells)
    while cells and not cells[-1]:
        cells.pop()
    return tuple(cells)


# ---- one row ---------------------------------------------------------------------------------------------------------


def _draft(row: Row, columns: Columns, texts: dict[str, str], problems: list[Problem]) -> Draft | None:
    """A card, or the cards of a cloze text. `texts` are the cloze texts so far, by their id or by themselves."""
    card_id = _usable_id(columns.cell(row, "id"), row, problems)
    if not row.quoted and any('"' in cell for cell in row.cells):
        text = "A quote in this row is not closed as CSV asks, so its quotes were read as text."
        problems.append(Problem(row.line, card_id, Kind.QUOTES, text))
    card = _card(row, columns)
    if card.cloze:
        return _cloze(card, card_id, texts, problems)
    fault = next(_faults(row, columns, card), None)
    if fault is not None:
        problems.append(Problem(row.line, card_id, *fault))
        return None
    return Draft((card,), card.prompt, card.answer, row.line, card_id, card_id)


def _usable_id(said: str, row: Row, problems: list[Problem]) -> str:
    if len(said) <= LONGEST_ID and said.isprintable() and not re.search(r"\s", said):
        return said
    text = f"An id is one word of at most {LONGEST_ID} characters, so the one of this row was not used."
    problems.append(Problem(row.line, "", Kind.BAD_ID, text))
    return ""


def _card(row: Row, columns: Columns) -> Card:
    answer = columns.cell(row, "answer")
    choices = read_choices(columns.cell(row, "choices"), answer)
    return Card(
        id="",
        prompt=columns.cell(row, "prompt"),
        answer=answer,
        kind=CardKind.CHOICE if choices else CardKind.BASIC,
        accepted=read_list(columns.cell(row, "accepted")),
        choices=choices,
        why=columns.cell(row, "why"),
        tags=words(columns.cell(row, "tags")),
        section=" ".join(columns.cell(row, "section").split()),
        line=row.line,
        cloze=columns.cell(row, "cloze"),
    )


def _cloze(card: Card, card_id: str, texts: dict[str, str], problems: list[Problem]) -> Draft | None:
    """The cards of a cloze text, at its first row: each number has a row of its own, and the text stands in all."""
    parts, fault = cloze_cards(card)
    key = card_id or card.cloze
    if fault is None and card.prompt and card.prompt not in (part.prompt for part in parts):
        fault = Kind.AMBIGUOUS, "The question of this row is not what its cloze text asks; the cloze text counts."
    elif fault is None and texts.get(key, card.cloze) != card.cloze:
        fault = Kind.AMBIGUOUS, "The cloze text of this row is not that of the row above; the first one counts."
    if fault is not None:
        problems.append(Problem(card.line, card_id, *fault))
    known = key in texts
    texts.setdefault(key, card.cloze)
    return None if known or not parts else Draft(parts, card.cloze, "", card.line, card_id, card_id)


def _faults(row: Row, columns: Columns, card: Card) -> Iterator[tuple[Kind, str]]:
    cells = _trimmed(row)
    if len(row.cells) == 1:
        yield Kind.ONE_CELL, "This row has one cell only. A card needs a question and an answer."
    if len(cells) > columns.width:
        text = f"This row has {len(cells)} cells, more than the {columns.width} columns. Put quotes around texts."
        yield Kind.EXTRA_CELLS, text
    if not card.prompt and not card.answer:
        yield Kind.EMPTY, "This row has neither a question nor an answer."
    if not card.prompt:
        yield Kind.NO_QUESTION, "This row has no question."
    if not card.answer:
        yield Kind.NO_ANSWER, "This row has no answer."
    if card.choices and not any(choice.right for choice in card.choices):
        yield Kind.NO_RIGHT_CHOICE, "None of the choices in this row is the answer."
