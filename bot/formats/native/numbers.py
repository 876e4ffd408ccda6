"""Numbers for the deletions of a cloze text that were typed without one, as `{{text}}`."""

from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate, groupby

from .. import cloze
from .entry import Text


def numbered(text: Text) -> str:
    """The text with a number in every deletion."""
    starts = _starts(text)
    return cloze.insert(text.joined, cloze.numbering(text.joined, _code(text, starts)))


def numbered_lines(text: Text) -> Iterator[tuple[int, list[tuple[int, str]]]]:
    """What to insert, line by line: the line's index in the text, and pairs of column and what."""
    starts = _starts(text)
    found = cloze.numbering(text.joined, _code(text, starts))
    for line, inserts in groupby(found, lambda one: bisect_right(starts, one[0]) - 1):
        yield line, [(offset - starts[line], what) for offset, what in inserts]


def _starts(text: Text) -> list[int]:
    return [0, *accumulate(len(line) + 1 for line in text.lines)]


def _code(text: Text, starts: list[int]) -> list[tuple[int, int]]:
    return [(starts[first], starts[end]) for first, end in text.code]
