"""Tables: rows of cells, gathered from HTML and written as Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

WIDEST = 30
"""Columns of a table; what is beyond them is put into the last."""
BETWEEN = " / "
"""Stands for a new line where there can be none: in a cell."""


@dataclass(slots=True)
class Table:
    rows: list[list[str]] = field(default_factory=list)
    in_cell: bool = False


def narrow(row: list[str]) -> list[str]:
    last = BETWEEN.join(cell for cell in row[WIDEST - 1 :] if cell)
    return row if len(row) <= WIDEST else [*row[: WIDEST - 1], last]


def lines_of(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A table with its first row as the headings; where there is one column only, the lines in it."""
    width = max(map(len, rows), default=0)
    if width < 2:
        yield from (row[0] for row in rows)
        return
    for number, row in enumerate(rows):
        yield _line([*(cell.replace("|", "\\|") for cell in row), *[""] * (width - len(row))])
        if number == 0:
            yield "|" + " --- |" * width


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
