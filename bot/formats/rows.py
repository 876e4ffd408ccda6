"""Text into rows of cells: which character parts the cells, and where each row starts."""

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from .headings import columns_of

SPACES = "  "
_SEPARATORS = ("\t", ";", "|", ",", SPACES)
_SAMPLE = 200
_SAMPLE_LINES = 5_000
_ENOUGH = 0.8
_DIRECTIVE = re.compile(r"#(separator|html|tags|columns|notetype|deck|match scope|if matches|[a-z]+ column):", re.I)
_NAMES = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " ", "colon": ":"}
_RULE = re.compile(r"\|?\s*:?-{2,}:?\s*(\|\s*:?-{2,}:?\s*)*\|?\s*")


@dataclass(frozen=True, slots=True)
class Row:
    """The cells of one row, without white space around them; `line` counts from 1. `quoted` is False where the quotes
    of the row did not close, so that it was read without them."""

    line: int
    cells: tuple[str, ...]
    quoted: bool = True

    @property
    def is_empty(self) -> bool:
        return not any(self.cells)


@dataclass(frozen=True, slots=True)
class Layout:
    """How a text is cut into rows. `body` is the index of its first line, after the `#key:value` lines of Anki."""

    separator: str
    body: int


def layout_of(lines: Sequence[str]) -> Layout | None:
    """The separator that makes a table of the text; None where no separator does."""
    body, said = _directives(lines)
    if said:
        return Layout(said, body)
    scores = {separator: _score(separator, lines, body) for separator in _SEPARATORS}
    best = max(_SEPARATORS, key=lambda separator: scores[separator])
    return Layout(best, body) if scores[best] >= _ENOUGH else None


def has_headings(lines: Sequence[str]) -> bool:
    """Whether the first row names a question and an answer, whatever parts its cells."""
    first = next((line for line in lines if line.strip()), "")
    body, _ = _directives([first])
    cuts = (next(rows([first], Layout(separator, body)), None) for separator in _SEPARATORS if separator in first)
    return any(row is not None and columns_of(row.cells) for row in cuts)


def fallback(lines: Sequence[str]) -> Layout | None:
    """For a text that is said to be a table: the first separator that its first row has."""
    body, _ = _directives(lines)
    first = next((line.strip() for line in lines[body:] if line.strip()), "")
    return next((Layout(separator, body) for separator in _SEPARATORS if separator in first), None)


def rows(lines: Sequence[str], layout: Layout) -> Iterator[Row]:
    """The rows that hold anything, in order."""
    cut = _spaced(lines, layout.body) if layout.separator == SPACES else _cut(lines, layout)
    for row in cut:
        plain = _without_pipes(row, lines) if layout.separator == "|" else row
        if not plain.is_empty:
            yield plain


def _directives(lines: Sequence[str]) -> tuple[int, str]:
    """Anki's text export begins with lines such as `#separator:tab`: how many there are, and the separator."""
    body, separator = 0, ""
    while body < len(lines) and _DIRECTIVE.match(lines[body]):
        key, _, value = lines[body].partition(":")
        if key.lower() == "#separator":
            separator = _NAMES.get(value.strip().lower(), value.strip()[:1] or "\t")
        body += 1
    return body, separator if separator not in ("", '"') else ""


def _score(separator: str, lines: Sequence[str], body: int) -> float:
    """The share of rows that have as many cells as most rows; 0 where that proves nothing, more than 1 for headings."""
    sample = list(islice(rows(lines[: body + _SAMPLE_LINES], Layout(separator, body)), _SAMPLE))
    if sample and columns_of(sample[0].cells):
        return 2.0
    if not sample or (len(sample) < 2 and separator != "\t"):
        return 0.0
    if separator == "," and _is_prose(lines[body : body + _SAMPLE]):
        return 0.0
    width, _ = Counter(len(row.cells) for row in sample).most_common(1)[0]
    good = sum(1 for row in sample if len(row.cells) == width and row.cells[0] and row.cells[1:2] != ("",))
    return good / len(sample) if width >= 2 else 0.0


def _is_prose(lines: Sequence[str]) -> bool:
    """Sentences have commas too, but with a space after each and a full stop at the end of the line."""
    said = [line.strip() for line in lines if line.strip()]
    sentences = [line for line in said if line.endswith((".", "!", "?", ",")) and not re.search(r",\S", line)]
    return len(sentences) * 2 >= len(said)


# ---- cutting ---------------------------------------------------------------------------------------------------------


def _cut(lines: Sequence[str], layout: Layout) -> Iterator[Row]:
    """Rows by the rules of CSV. A row that breaks them is cut as if quotes meant nothing, and the next one is fresh."""
    at = layout.body
    skip = layout.separator != " "
    while at < len(lines):
        base = at
        reader = csv.reader(_from(lines, base), delimiter=layout.separator, strict=True, skipinitialspace=skip)
        try:
            for cells in reader:
                stripped = tuple(map(str.strip, cells))
                if any(stripped):
                    yield Row(at + 1, stripped)
                at = base + reader.line_num
        except csv.Error:
            yield Row(at + 1, tuple(cell.strip() for cell in lines[at].split(layout.separator)), quoted=False)
            at += 1


def _from(lines: Sequence[str], start: int) -> Iterator[str]:
    return (lines[index] + "\n" for index in range(start, len(lines)))


def _spaced(lines: Sequence[str], body: int) -> Iterator[Row]:
    """Text pasted from two columns, with at least two spaces between them."""
    for index in range(body, len(lines)):
        yield Row(index + 1, tuple(re.split(r" {2,}", lines[index].strip())))


def _without_pipes(row: Row, lines: Sequence[str]) -> Row:
    """Tables in Markdown have pipes at both ends and a rule under the headings."""
    cells = row.cells
    line = lines[row.line - 1].strip()
    if _RULE.fullmatch(line) and "-" in line:
        return Row(row.line, ())
    if line.startswith("|") and cells and not cells[0]:
        cells = cells[1:]
        cells = cells[:-1] if line.endswith("|") and cells and not cells[-1] else cells
    return Row(row.line, cells, row.quoted)
