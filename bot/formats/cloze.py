"""Cloze deletions as Anki writes them: `{{c1::text::hint}}`, nested, several numbers at once (`{{c1,2::text}}`).

`{{text}}` without a number is allowed when typing; `numbering` says what to insert. Everything here is one pass over
the tokens of a text, without recursion, so that no nesting is too deep.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_TOKEN = re.compile(r"\{\{c([1-9][0-9]{0,2}(?:,[1-9][0-9]{0,2})*)::|(\{\{)(?!c[0-9,]+::)|\}\}")
_SOLID = re.compile(r"\S")
_FORMULA = re.compile(r"\$\$(?:[^$\\]|\\.)+\$\$|(?<![\\$0-9])\$(?![\s$])(?:[^$\\]|\\.)+(?<![\s\\])\$(?![0-9])", re.S)
MOST_CHARACTERS = 2_000_000
"""Length of a text times its deletions' numbers: every number is a card with the whole text in it."""


@dataclass(slots=True)
class Deletion:
    """`open` and `content` are where its braces begin and end, `close` is where its closing braces begin.

    `dollars` stand around a formula that it is a part of, and so around its answer.
    """

    open: int
    content: int
    numbers: tuple[int, ...]
    close: int = 0
    hint: str = ""
    hinted: bool = False
    dollars: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What one number asks: `prompt` with the deletion shown as `[...]` or `[hint]`, `answer` what was hidden."""

    number: int
    prompt: str
    answer: str


Event = tuple[str, Deletion | None]
"""A piece of visible text with None, or "(" and ")" with the deletion that opens and closes."""


def deletions(text: str) -> list[Deletion]:
    """The closed deletions of a text in the order of their opening; braces without a partner are text."""
    found: list[Deletion] = []
    stack: list[Deletion] = []
    for token in _TOKEN.finditer(text):
        if token[0] != "}}":
            numbers = tuple(int(number) for number in token[1].split(",")) if token[1] else ()
            stack.append(Deletion(token.start(), token.end(), numbers))
        elif stack:
            deletion = stack.pop()
            deletion.close = token.start()
            if _SOLID.search(text, deletion.content, deletion.close):
                found.append(deletion)
    return sorted(found, key=lambda deletion: deletion.open)


def numbering(text: str, code: Sequence[tuple[int, int]] = ()) -> list[tuple[int, str]]:
    """What to insert where, so that every deletion has a number: the next free ones, in order.

    `code` lists spans (start, end) of fenced code, in which `{{text}}` stays as it is.
    """
    found = deletions(text)
    used = max((number for deletion in found for number in deletion.numbers), default=0)
    spans = iter([*code, (len(text) + 1, len(text) + 1)])
    start, end = next(spans)
    inserts: list[tuple[int, str]] = []
    for deletion in found:
        while deletion.open >= end:
            start, end = next(spans)
        if not deletion.numbers and deletion.open < start:
            used += 1
            inserts.append((deletion.content, f"c{used}::"))
    return inserts


def insert(text: str, inserts: Sequence[tuple[int, str]]) -> str:
    pieces = []
    at = 0
    for offset, what in inserts:
        pieces += [text[at:offset], what]
        at = offset
    return "".join([*pieces, text[at:]])


def parts(text: str) -> list[Part]:
    """One part for each number, in the order of the numbers. A part that hides nothing has an empty answer."""
    found = [deletion for deletion in deletions(text) if deletion.numbers]
    numbers = sorted({number for deletion in found for number in deletion.numbers})
    _find_formulas(text, found)
    events = list(_events(text, found))
    return [_part(number, events) for number in numbers]


def _find_formulas(text: str, found: Sequence[Deletion]) -> None:
    """Say of each deletion whether it stands inside a formula."""
    if "$" not in text:
        return
    formulas = [(one.start(), one.end(), "$$" if one[0].startswith("$$") else "$") for one in _FORMULA.finditer(text)]
    for deletion in found:
        at = bisect_right(formulas, (deletion.open, 0, "")) - 1
        if at >= 0 and deletion.close < formulas[at][1]:
            deletion.dollars = formulas[at][2]


def too_large(text: str) -> bool:
    if len(text) * (text.count("{{c") + text.count(",")) <= MOST_CHARACTERS:
        return False  # there are no more numbers than these, so nothing has to be read
    numbers = {number for deletion in deletions(text) for number in deletion.numbers}
    return len(text) * len(numbers) > MOST_CHARACTERS


def _events(text: str, found: Sequence[Deletion]) -> Iterator[Event]:
    """The visible text in pieces; hints are taken out of it and kept with their deletion."""
    edges = [(deletion.open, deletion.content, "(", deletion) for deletion in found]
    edges += [(deletion.close, deletion.close + 2, ")", deletion) for deletion in found]
    open_now: list[Deletion] = []
    at = 0
    for start, end, edge, deletion in sorted(edges, key=lambda one: one[0]):
        yield _visible(text[at:start], open_now), None
        yield edge, deletion
        if edge == "(":
            open_now.append(deletion)
        else:
            open_now.pop()
        at = end
    yield text[at:], None


def _visible(piece: str, open_now: Sequence[Deletion]) -> str:
    """As in Anki, the first `::` directly inside a deletion begins its hint."""
    if not open_now:
        return piece
    deletion = open_now[-1]
    if deletion.hinted:
        deletion.hint += piece
        return ""
    head, colons, tail = piece.partition("::")
    if colons:
        deletion.hinted, deletion.hint = True, tail
    return head


def _part(number: int, events: Sequence[Event]) -> Part:
    prompt: list[str] = []
    answers: list[list[str]] = []
    hidden: Deletion | None = None
    for text, deletion in events:
        if deletion is None:
            (answers[-1] if hidden else prompt).append(text)
        elif hidden is None and text == "(" and number in deletion.numbers:
            hidden = deletion
            answers.append([])
        elif deletion is hidden and text == ")":
            if deletion.dollars and (formula := "".join(answers[-1]).strip()):
                answers[-1] = [deletion.dollars, formula, deletion.dollars]
            hidden = None
            prompt.append(f"[{deletion.hint or '...'}]")
    return Part(number, "".join(prompt), ", ".join("".join(answer) for answer in answers))
