"""Reads text copied from a Brainscape deck page.

1. A card starts where a line is the next expected number and the following line is exactly `Q`.
2. Its question ends at the first line that is exactly `A`.
3. Its answer ends at the whole footer of the rating buttons, at the next card, or at the end of the file.
4. Blank lines mean nothing: the page puts them around paragraphs, but not around lists.
5. Where numbers have a gap, the reader goes on at the next card and says so.
6. Texts stay as they are, but for bullets, which become Markdown lists.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, pairwise

from bot.model import Card, Deck, Problem

from .identity import MOST_CARDS, Draft, settle
from .problems import Kind
from .text import collapse, slug, stem, tidy

LONGEST_TITLE = 200
_FOOTER = ("How well did you know this?", "1", "Not at all", "2", "3", "4", "5", "Perfectly")
_START = re.compile(r"^([0-9]{1,6})[ \t]*\nQ[ \t]*$", re.M)
_NUMBER = re.compile(r"[0-9]{1,6}")
_BULLET = re.compile(r"( *)•\s*(.*)")
_NEXT_BULLET = re.compile(r"\s*•\s+(?=\S)")
_RESIDUE = (
    (re.compile(r"^[^\S\n]*©|All Rights Reserved", re.M), "a copyright line"),
    (re.compile(r"^(?:[\w-]+\.)+(?:com|org|net|edu|io)(?: (?:[\w-]+\.)+(?:com|org|net|edu|io))*$", re.M), "a footer"),
    (re.compile(r"(?<=[\w.,;:!?”\"')])\[[0-9]{1,3}\](?=[\s:.,;]|$)|\[$"), "a citation mark"),
)


@dataclass(frozen=True, slots=True)
class Block:
    """The lines of one card, as on the page; `first` is the index of its number line, `answer` is None without `A`."""

    number: str
    first: int
    question: tuple[str, ...]
    answer: tuple[str, ...] | None
    after: tuple[str, ...] = ()


def recognise(text: str) -> bool:
    """Whether this text has numbered cards as Brainscape shows them."""
    return _START.search(text) is not None and re.search(r"^A[ \t]*$", text, re.M) is not None


def read(text: str, file_name: str) -> Deck:
    """The deck of a copied page. Never raises; the card's own number stands in every problem."""
    lines = text.split("\n")
    problems: list[Problem] = []
    starts = _starts(lines, problems)
    title = _title(lines[: starts[0]] if starts else lines, problems) or stem(file_name)
    ends = [*starts[1:], len(lines)] if starts else []
    blocks = [_block(lines, start, end) for start, end in zip(starts, ends, strict=True)]
    drafts = [draft for block in blocks if (draft := _draft(block, problems)) is not None]
    settled = settle(drafts)
    ordered = sorted((*problems, *settled.problems), key=lambda problem: problem.line)
    return Deck(slug(title), title, "brainscape", settled.cards, tuple(ordered))


def _title(lines: Sequence[str], problems: list[Problem]) -> str:
    said = [(index, line.strip()) for index, line in enumerate(lines) if line.strip()]
    if len(said) > 1:
        text = f"{len(said) - 1} lines between the title and the first card were left out."
        problems.append(Problem(said[1][0] + 1, "", Kind.STRAY, text))
    return said[0][1][:LONGEST_TITLE] if said else ""


# ---- where cards start -----------------------------------------------------------------------------------------------


def _starts(lines: Sequence[str], problems: list[Problem]) -> list[int]:
    """The indexes of the number lines. A number that breaks the order is text if the expected one still comes."""
    pairs = enumerate(pairwise(lines))
    numbered = (index for index, (line, after) in pairs if after.rstrip() == "Q" and _NUMBER.fullmatch(line.rstrip()))
    found = list(islice(numbered, MOST_CARDS + 1))
    if len(found) > MOST_CARDS:
        text = f"A deck has at most {MOST_CARDS:,} cards; what stands from here on was left out."
        problems.append(Problem(found[-1] + 1, "", Kind.TOO_LARGE, text))
    numbers = {index: int(lines[index]) for index in found}
    last = {number: index for index, number in numbers.items()}
    expected = 1
    starts: list[int] = []
    for index, number in numbers.items():
        if number != expected and last.get(expected, -1) > index:
            text = f"{number} and Q stand here like the start of a card, but card {expected} comes later: read as text."
            problems.append(Problem(index + 1, str(number), Kind.AMBIGUOUS, text))
            continue
        if number != expected:
            before = f"after {expected - 1}" if starts else "at the beginning"
            text = f"The numbers have a gap: {before} comes {number}. Was everything copied?"
            problems.append(Problem(index + 1, str(number), Kind.GAP, text))
        starts.append(index)
        expected = number + 1
    return starts


# ---- one card --------------------------------------------------------------------------------------------------------


def _block(lines: Sequence[str], start: int, end: int) -> Block:
    """Cut the lines of one card into its parts."""
    number = lines[start].strip()
    body = lines[start + 2 : end]
    split = next((index for index, line in enumerate(body) if line.rstrip() == "A"), None)
    if split is None:
        cut = _footer(body)
        return Block(number, start, tuple(body[:cut]), None, tuple(body[cut + len(_FOOTER) :]))
    answer = body[split + 1 :]
    cut = _footer(answer)
    return Block(number, start, tuple(body[:split]), tuple(answer[:cut]), tuple(answer[cut + len(_FOOTER) :]))


def _footer(lines: Sequence[str]) -> int:
    """Where the footer begins; the number of lines without one. It counts as a whole, since answers may quote it."""
    for index, line in enumerate(lines):
        if not line.startswith(_FOOTER[0]):
            continue
        if tuple(one.rstrip() for one in lines[index : index + len(_FOOTER)]) == _FOOTER:
            return index
    return len(lines)


def _draft(block: Block, problems: list[Problem]) -> Draft | None:
    line = block.first + 1
    prompt = _markdown(block.question)
    answer = _markdown(block.answer or ())
    found = list(_remarks(block, prompt, answer))
    if not prompt or not answer:
        found = [_missing(block.number, prompt, answer), *found]
    problems += [Problem(line, block.number, kind, text) for kind, text in found]
    card = Card(id="", prompt=prompt, answer=answer, line=line)
    return Draft((card,), prompt, answer, line, block.number) if prompt and answer else None


def _missing(number: str, prompt: str, answer: str) -> tuple[Kind, str]:
    if not prompt and not answer:
        return Kind.EMPTY, f"Card {number} is empty, so it was not added."
    if not answer:
        return Kind.NO_ANSWER, f"Card {number} has a question but no answer, so it was not added."
    return Kind.NO_QUESTION, f"Card {number} has an answer but no question, so it was not added."


def _remarks(block: Block, prompt: str, answer: str) -> Iterator[tuple[Kind, str]]:
    """What looks odd in one card."""
    number = block.number
    lines = block.answer or ()
    if any(line.strip() for line in block.after):
        yield Kind.STRAY, f"Text after the end of card {number} was left out."
    if "A" in (line.rstrip() for line in lines):
        yield Kind.AMBIGUOUS, f'Card {number} has more than one line "A"; the question was taken to end at the first.'
    if answer and len(lines) > 1 and not lines[0].strip() and not lines[1].strip():
        yield Kind.LOST_PICTURE, f"The answer of card {number} begins with an empty paragraph: perhaps a lost picture."
    if prompt.startswith("- "):
        yield Kind.BULLET, f"The question of card {number} begins with a bullet."
    if "•" in prompt or "•" in answer:
        yield Kind.BULLET, f"Card {number} has a bullet in the middle of a line, which was left as it is."
    if prompt and prompt != answer and _letters(answer.split("\n")[0]) == _letters(prompt):
        yield Kind.REPEATS_QUESTION, f"The answer of card {number} begins with its question."
    residue = [name for pattern, name in _RESIDUE if pattern.search(prompt) or pattern.search(answer)]
    if residue:
        yield Kind.RESIDUE, f"Card {number} seems to hold {' and '.join(residue)} of its source."


def _letters(text: str) -> str:
    return collapse(re.sub(r"[^\w\s]", "", text)).casefold()


# ---- bullets ---------------------------------------------------------------------------------------------------------


def _markdown(lines: Sequence[str]) -> str:
    return tidy("\n".join(new for line in lines for new in _bullets(line)))


def _bullets(line: str) -> list[str]:
    """A line as Markdown. The page indents bullets by 2, 4, 6; those at 0 were typed by the author.

    Several items on one line are only split where the line itself is an item.
    """
    found = _BULLET.fullmatch(line)
    if found is None:
        return [line]
    indent = " " * max(0, len(found[1]) // 2 * 2 - 2)
    return [f"{indent}- {item}".rstrip() for item in _NEXT_BULLET.split(found[2])]
