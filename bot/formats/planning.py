"""What importing a deck would do: which card of the file is which card that is there, and what becomes of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bot.model import Card
from bot.states import ImportCounts

from .difference import Difference, compare

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Known:
    """A card that the deck has already; `gone`: it was retired."""

    id: int
    card: Card
    gone: bool = False


@dataclass(slots=True)  # not frozen, which takes three times as long to make, for there are many of them
class Entry:
    """A card of the file: `known_id` is the one that is there (0: it is new); `moved`: to another place or section."""

    card: Card
    known_id: int = 0
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Alike:
    """A proposal: the new card at this position of the file may be the one that is there, and would be retired."""

    position: int
    known_id: int
    was: str
    now: str


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything in the order of the file."""

    entries: tuple[Entry, ...]
    counts: ImportCounts
    samples: tuple[Card, ...]
    proposals: tuple[Alike, ...]


def plan(known: Sequence[Known], cards: Sequence[Card]) -> Plan:
    """What importing these cards would do to a deck that has those, in deck order."""
    old = [one.card for one in known if not one.gone]
    found = compare(old, cards, [one.card for one in known if one.gone])
    ids = {id(one.card): one.id for one in known}
    matched = (*found.changed, *found.moved, *found.kept, *found.back)
    olds = {id(pair.new): ids[id(pair.old)] for pair in matched}
    moved = {id(pair.new) for pair in found.moved}
    entries = tuple([Entry(card, olds.get(id(card), 0), id(card) in moved) for card in cards])
    places = {id(card): place for place, card in enumerate(cards)} if found.proposals else {}
    alike = sorted(found.proposals, key=lambda pair: places[id(pair.new)])
    proposals = tuple(
        Alike(places[id(pair.new)], ids[id(pair.old)], pair.old.prompt, pair.new.prompt) for pair in alike
    )
    return Plan(entries, _counts(found), _samples(found, cards), proposals)


def _counts(found: Difference) -> ImportCounts:
    return ImportCounts(
        added=len(found.added),
        changed=len(found.changed),
        moved=len(found.moved),
        back=len(found.back),
        kept=len(found.kept),
        retired=len(found.retired),
    )


def _samples(found: Difference, cards: Sequence[Card]) -> tuple[Card, ...]:
    """Cards that will look different from what people know; where there are none, the first ones."""
    news = {id(card) for card in (*found.added, *(pair.new for pair in found.changed))}
    return tuple(islice((card for card in cards if id(card) in news), SAMPLES)) or tuple(cards[:SAMPLES])
