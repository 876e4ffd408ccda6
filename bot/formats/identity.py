"""Which card is which: drafts get their ids here, by rules 1 to 4.

1. An explicit id is the identity.
2. Without one, the id is the first 40 bits of SHA-256 of the prompt (NFC, white space collapsed), as 8 letters of
   Crockford's base 32. The answer is not in it, so an answer may be corrected.
3. Where two cards clash, the first keeps that id; later ones hash prompt and answer. An exact repeat is reported and
   not added.
4. The same explicit id twice is an error that names both lines.
"""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import count

from msgspec.structs import replace

from bot.model import Card, Problem

from .problems import Kind
from .text import collapse

LONG = 4_000
"""Characters of question and answer together; more may not fit into one message."""
LONGEST_ID = 64
OURS = "flashmob:"
"""How the guid begins of a note that Flashmob wrote for Anki; the card's id follows."""
MOST_CARDS = 150_000
"""Of one file; what comes after them is left out and said."""
_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
_PAIRS = tuple(one + other for one in _CROCKFORD for other in _CROCKFORD)


@dataclass(slots=True)  # not frozen, which takes three times as long to make, for there are many of them
class Draft:
    """What will be one card, or one card for each cloze number, once it has its id.

    `prompt` and `answer` are what identity is made of; `name` is what the file calls the card (its number, its id),
    or empty; `id` is the explicit id, or empty.
    """

    cards: tuple[Card, ...]
    prompt: str
    answer: str
    line: int
    name: str = ""
    id: str = ""

    def __str__(self) -> str:
        return f"card {self.name}" if self.name else f"the card at line {self.line}"


@dataclass(frozen=True, slots=True)
class Settled:
    """`ids` maps the line of every draft that was added to the id it got (of several on one line, the last)."""

    cards: tuple[Card, ...]
    problems: tuple[Problem, ...]
    ids: Mapping[int, str]


def provisional_id(*texts: str) -> str:
    """Eight letters from a prompt, or from a prompt and what tells it from its like."""
    plain = unicodedata.normalize("NFC", "\n".join(map(collapse, texts)))
    number = int.from_bytes(sha256(plain.encode()).digest()[:5])
    return _PAIRS[number >> 30] + _PAIRS[number >> 20 & 1023] + _PAIRS[number >> 10 & 1023] + _PAIRS[number & 1023]


def settle(drafts: Sequence[Draft]) -> Settled:
    """Give every draft its id; report repeats, equal ids, and cards that need a look."""
    problems: list[Problem] = []
    kept = _without_repeats(_without_same_ids(drafts, problems), problems)
    taken = {draft.id for draft in kept if draft.id}
    ids: list[str] = []
    for draft in kept:
        ids.append(draft.id or next(name for name in _candidates(draft) if name not in taken))
        taken.add(ids[-1])
    named = list(zip(kept, ids, strict=True))
    cards = tuple(
        [card if card.id == name else replace(card, id=name) for draft, name in named for card in draft.cards]
    )
    return Settled(cards, (*problems, *_remarks(kept)), {draft.line: name for draft, name in named})


def _candidates(draft: Draft) -> Iterator[str]:
    yield provisional_id(draft.prompt)
    yield provisional_id(draft.prompt, draft.answer)
    for number in count(2):
        yield provisional_id(draft.prompt, draft.answer, str(number))


def _without_same_ids(drafts: Sequence[Draft], problems: list[Problem]) -> list[Draft]:
    first: dict[str, Draft] = {}
    kept = []
    for draft in drafts:
        other = first.setdefault(draft.id, draft) if draft.id else draft
        if other is draft:
            kept.append(draft)
            continue
        text = (
            f'The id "{draft.id}" stands at two cards, at line {other.line} and at line {draft.line}; the second was '
            "not added. Delete the Id of the copy."
        )
        problems.append(Problem(draft.line, draft.name, Kind.SAME_ID, text))
    return kept


def _without_repeats(drafts: Sequence[Draft], problems: list[Problem]) -> list[Draft]:
    first: dict[tuple[str, str], Draft] = {}
    kept = []
    for draft in drafts:
        other = first.setdefault((draft.prompt, draft.answer), draft)
        if other is draft:
            kept.append(draft)
            continue
        text = f"{_capital(draft)} repeats {other} exactly, so it was not added."
        problems.append(Problem(draft.line, draft.name, Kind.DUPLICATE, text))
    return kept


def _remarks(drafts: Sequence[Draft]) -> Iterator[Problem]:
    """What a person may want to look at, of cards that were added."""
    questions = [collapse(draft.prompt) for draft in drafts]
    askers: dict[str, list[Draft]] = {question: [] for question, times in Counter(questions).items() if times > 1}
    for draft, question in zip(drafts, questions, strict=True):
        if question in askers:
            askers[question].append(draft)
        if draft.answer.lstrip().startswith(question[:1]) and question == collapse(draft.answer):
            text = f"{_capital(draft)}: the question equals the answer."
            yield Problem(draft.line, draft.name, Kind.SAME_TEXT, text)
        if (length := len(draft.prompt) + len(draft.answer)) > LONG:
            text = f"{_capital(draft)} has {length:,} characters, which may not fit into one message."
            yield Problem(draft.line, draft.name, Kind.LONG, text)
    for group in askers.values():
        yield from _shared(group)


def _shared(group: Sequence[Draft]) -> Iterator[Problem]:
    """One problem for each card, with one text for the group."""
    names = [draft.name or f"line {draft.line}" for draft in group]
    shown = ", ".join(names[:10]) + (f" and {len(names) - 10} more" if len(names) > 10 else "")
    text = f"Several cards ask the same question and answer it differently: {shown}."
    for draft in group:
        yield Problem(draft.line, draft.name, Kind.SHARED_QUESTION, text)


def _capital(draft: Draft) -> str:
    name = str(draft)
    return name[:1].upper() + name[1:]
