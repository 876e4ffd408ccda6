"""What changed between two states of a deck, by the identity rule: by id, by native id, by prompt, then as a proposal.

An id is the card's own; a native id is what its source calls it. What only looks alike is proposed and never taken as
the same: a person decides.
"""

import unicodedata
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from operator import attrgetter

from bot.model import Card

from .text import collapse

ALIKE = 0.6
"""Share of letters from which on two questions look alike."""
COMPARED = 400
MOST_PAIRS = 4_000

content = attrgetter(*(name for name in Card.__struct_fields__ if name not in ("id", "line", "section", "native_id")))
"""All that people read of a card: what tells a changed card from one that was kept or moved."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One card in both states."""

    old: Card
    new: Card


@dataclass(frozen=True, slots=True)
class Difference:
    """`added` and `retired` hold the cards of `proposals` too, for that is what happens unless somebody says more."""

    added: tuple[Card, ...]
    changed: tuple[Pair, ...]
    moved: tuple[Pair, ...]
    retired: tuple[Card, ...]
    kept: tuple[Pair, ...]
    proposals: tuple[Pair, ...]
    back: tuple[Pair, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not (self.added or self.changed or self.moved or self.retired or self.back)


def compare(old: Sequence[Card], new: Sequence[Card], gone: Sequence[Card] = ()) -> Difference:
    """What became of the cards of a deck. Cards that changed and moved are among the changed.

    `gone` are cards that were retired before; those that are in the new state are back again.
    """
    matched = _matched((old, gone), new)
    were_gone = set(map(id, gone))
    pairs = [pair for pair in matched if id(pair.old) not in were_gone]
    back = [pair for pair in matched if id(pair.old) in were_gone]
    partners = {id(card) for pair in matched for card in (pair.old, pair.new)}
    retired = tuple(card for card in old if id(card) not in partners)
    added = tuple(card for card in new if id(card) not in partners)
    steady = _in_order(pairs, old)
    changed = [pair for pair in pairs if content(pair.old) != content(pair.new)]
    same = [pair for pair in pairs if content(pair.old) == content(pair.new)]
    moved = [pair for pair in same if pair.old.section != pair.new.section or id(pair.new) not in steady]
    there = {id(pair.new) for pair in moved}
    kept = [pair for pair in same if id(pair.new) not in there]
    proposals = tuple(_proposals(retired, added))
    return Difference(added, tuple(changed), tuple(moved), retired, tuple(kept), proposals, tuple(back))


def what_changed(pair: Pair) -> tuple[str, ...]:
    """The names of what differs, as people call it."""
    names = {
        "question": "prompt", "answer": "answer", "accepted answers": "accepted", "choices": "choices",
        "explanation": "why", "tags": "tags", "cloze text": "cloze", "section": "section", "id": "id",
    }  # fmt: skip
    return tuple(name for name, field in names.items() if getattr(pair.old, field) != getattr(pair.new, field))


# ---- the same card ---------------------------------------------------------------------------------------------------


def _matched(states: Sequence[Sequence[Card]], new: Sequence[Card]) -> list[Pair]:
    """The pairs in the order of the new state: by each step of the rule, first with the earlier of the old states."""
    pairs: list[Pair] = []
    taken: set[int] = set()
    for key in (_by_id, _by_native_id, _by_prompt):
        for old in filter(None, states):
            before, after = ([card for card in cards if id(card) not in taken] for cards in (old, new))
            found = _pairs(before, after, key)
            pairs += found
            taken.update(id(card) for pair in found for card in (pair.old, pair.new))
    places = {id(card): place for place, card in enumerate(new)} if pairs else {}
    return sorted(pairs, key=lambda pair: places[id(pair.new)])


def _by_id(card: Card) -> Hashable:
    return card.id, card.part


def _by_native_id(card: Card) -> Hashable:
    return (card.native_id, card.part) if card.native_id else None


def _by_prompt(card: Card) -> Hashable:
    return _plain(card.prompt), card.part


def _pairs(old: Sequence[Card], new: Sequence[Card], key: Callable[[Card], Hashable]) -> list[Pair]:
    """Those that have a key of which there is one on each side."""
    before, after = _grouped(old, key), _grouped(new, key)
    return [
        Pair(before[name][0], cards[0])
        for name, cards in after.items()
        if name is not None and len(cards) == 1 and len(before.get(name, ())) == 1
    ]


def _grouped(cards: Sequence[Card], key: Callable[[Card], Hashable]) -> dict[Hashable, list[Card]]:
    found: defaultdict[Hashable, list[Card]] = defaultdict(list)
    for card in cards:
        found[key(card)].append(card)
    return dict(found)


def _plain(text: str) -> str:
    return collapse(unicodedata.normalize("NFC", text))


def _in_order(pairs: Sequence[Pair], old: Sequence[Card]) -> set[int]:
    """The new cards that stayed: the longest run of them that is in the old order; the others were moved."""
    places = {id(card): place for place, card in enumerate(old)}
    ends: list[int] = []
    at: list[int] = []
    before: list[int] = []
    for index, pair in enumerate(pairs):
        place = bisect_left(ends, places[id(pair.old)])
        ends[place : place + 1] = [places[id(pair.old)]]
        at[place : place + 1] = [index]
        before.append(at[place - 1] if place else -1)
    steady: set[int] = set()
    index = at[-1] if at else -1
    while index >= 0:
        steady.add(id(pairs[index].new))
        index = before[index]
    return steady


# ---- what looks alike ------------------------------------------------------------------------------------------------


def _proposals(retired: Sequence[Card], added: Sequence[Card]) -> Iterator[Pair]:
    """Cards with the same answer and similar questions, the most similar first; each card at most once."""
    found = sorted(_alike(retired, added), key=lambda one: -one[0])
    taken: set[int] = set()
    for _, pair in found:
        if id(pair.old) not in taken and id(pair.new) not in taken:
            taken |= {id(pair.old), id(pair.new)}
            yield pair


def _alike(retired: Sequence[Card], added: Sequence[Card]) -> Iterator[tuple[float, Pair]]:
    answers = _grouped(added if retired else (), lambda card: _plain(card.answer).casefold())
    left = MOST_PAIRS
    for card in retired:
        for other in answers.get(_plain(card.answer).casefold(), ())[:left]:
            left -= 1
            matcher = SequenceMatcher(None, card.prompt[:COMPARED], other.prompt[:COMPARED], autojunk=False)
            if matcher.real_quick_ratio() >= ALIKE <= matcher.quick_ratio() and (ratio := matcher.ratio()) >= ALIKE:
                yield ratio, Pair(card, other)
