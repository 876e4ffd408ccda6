"""Writes any deck in the native format. Reading the file again gives the same cards."""

from collections.abc import Iterable, Iterator

from bot.model import Card, CardKind, Deck

from ..gathering import answer_of
from ..text import tidy
from .header import write_header
from .lines import Fences, escape, opens_fence


def write_deck(deck: Deck) -> str:
    """The deck as `*.deck.md`: cards in their order, a heading where the section changes, an `Id:` in every card.

    Parts of one cloze text become one `C:`. What can stand on one line only (choices, accepted answers) is put there.
    """
    lines = write_header(deck)
    section = ""
    for card in _entries(deck.cards):
        if card.section != section:
            section = card.section
            lines += ["", f"# {_one_line(section)}".rstrip()]
        lines += ["", *_card(card)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _entries(cards: Iterable[Card]) -> Iterator[Card]:
    """The cards, but of each cloze text only its first part."""
    seen = set()
    for card in cards:
        if _is_cloze(card):
            if card.id in seen:
                continue
            seen.add(card.id)
        yield card


def _is_cloze(card: Card) -> bool:
    return card.kind is CardKind.CLOZE and bool(card.cloze)


def _card(card: Card) -> Iterator[str]:
    if _is_cloze(card):
        yield from _text("C", card.cloze)
    else:
        yield from _text("Q", card.prompt)
        yield from (f"- [{'x' if choice.right else ' '}] {_one_line(choice.text)}" for choice in card.choices)
        if not card.choices or card.answer != answer_of(card.choices):
            yield from _text("A", card.answer)
    yield from (f"= {_one_line(accepted)}" for accepted in card.accepted)
    if card.why:
        yield from _text("Why", card.why)
    if card.tags:
        yield f"Tags: {' '.join(card.tags)}"
    if card.id:
        yield f"Id: {card.id}"


def _text(marker: str, text: str) -> Iterator[str]:
    """A short text stands beside its marker, any other below it."""
    lines = list(_escaped(tidy(text).split("\n")))
    if len(lines) == 1 and not (lines[0][:1].isspace() or lines[0].startswith(("\\", "`", "~"))):
        yield f"{marker}: {lines[0]}".rstrip()
    else:
        yield f"{marker}:"
        yield from lines


def _escaped(lines: list[str]) -> Iterator[str]:
    """Fenced code stays as it is; a fence that is never closed is text, and so are lines that look like forms."""
    fences = Fences(lines)
    code_ends = -1
    for index, line in enumerate(lines):
        if index <= code_ends:
            yield line
        elif fence := opens_fence(line):
            end = fences.end(fence, index + 1)
            code_ends = code_ends if end is None else end
            yield line if end is not None else "\\" + line
        else:
            yield escape(line)


def _one_line(text: str) -> str:
    return text.strip().replace("\n", " ")
