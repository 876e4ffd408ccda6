"""What both writers for Anki share: cards as notes with fields of HTML, deck names, tags, and what is lost."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.model import Card, CardKind, Deck, Problem

from .identity import OURS
from .markup import to_html
from .problems import Kind

_PARTS = re.compile(r"\s*(?:::|/)\s*")


@dataclass(frozen=True, slots=True)
class Fields:
    """A note. `front` and `back` are HTML, `front` with cloze braces where it is a cloze text; `deck` is its path."""

    guid: str
    cloze: bool
    front: str
    back: str
    tags: tuple[str, ...]
    deck: str


def notes_of(deck: Deck) -> Iterator[Fields]:
    """The notes of a deck: the parts of a cloze text are one, every other card is one of its own."""
    seen: set[str] = set()
    for card in deck.cards:
        cloze = is_cloze(card)
        if cloze and card.id in seen:
            continue
        seen.add(card.id)
        guid = OURS + (card.id if cloze or not card.part else f"{card.id}-{card.part}")
        front = to_html(card.cloze if cloze else card.prompt) + _choices(card)
        back = _why(card) if cloze else _joined([to_html(card.answer), _also(card), _why(card)])
        yield Fields(guid, cloze, front, back, _tags(card.tags), _path(deck.title, card.section))


def is_cloze(card: Card) -> bool:
    return card.kind is CardKind.CLOZE and bool(card.cloze)


def losses(deck: Deck) -> Iterator[Problem]:
    """What Anki has no place for."""
    about = [name for name in ("licence", "language", "authors", "source", "tags") if getattr(deck, name)]
    if about:
        text = f"Anki has no place for what is said of the deck: {', '.join(about)}."
        yield Problem(1, "", Kind.NOT_CARRIED, text)
    for card in deck.cards:
        lost = [("choices", card.choices), ("accepted answers", card.accepted)]
        names = " and ".join(name for name, value in lost if value)
        if names:
            text = f"The {names} of this card are shown, but Anki does not know them as such."
            yield Problem(card.line, card.id, Kind.NOT_CARRIED, text)


def _choices(card: Card) -> str:
    items = "".join(f"<li>{to_html(choice.text)}</li>" for choice in card.choices)
    return f"<ul>{items}</ul>" if items else ""


def _also(card: Card) -> str:
    return "".join(f"<div>= {to_html(text)}</div>" for text in card.accepted)


def _why(card: Card) -> str:
    return to_html(card.why) if card.why else ""


def _joined(texts: Sequence[str]) -> str:
    return "<br><br>".join(text for text in texts if text)


def _tags(tags: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys("-".join(tag.split()) for tag in tags if tag.strip()))


def _path(title: str, section: str) -> str:
    """The deck and its sections as Anki writes a tree."""
    parts = [re.sub(r":{2,}", ":", title), *_PARTS.split(section)]
    return "::".join(" ".join(part.replace('"', "'").split()) for part in parts if part.strip())
