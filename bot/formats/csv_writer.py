"""Writes a deck as CSV that a spreadsheet opens without running anything, and that keeps progress when it comes back.

Every card is a row with its id; the parts of a cloze text share one. Columns that no card fills are left out.
"""

import csv
from collections.abc import Iterator
from io import StringIO

from bot.model import Card, CardKind, Deck, Problem

from .cells import can_be_listed, guarded, write_choices, write_list
from .problems import Kind
from .text import slug, words
from .written import Written

_ALWAYS = ("id", "question", "answer")


def write(deck: Deck) -> Written:
    """The bytes are UTF-8 with a byte order mark, without which spreadsheets take them for something else."""
    rows = [_row(card) for card in deck.cards]
    columns = [name for name in _row(Card("", "", "")) if name in _ALWAYS or any(row[name] for row in rows)]
    text = StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(row[name]) for name in columns] for row in rows)
    return Written(text.getvalue().encode("utf-8-sig"), tuple(_problems(deck)))


def _row(card: Card) -> dict[str, str]:
    """The cells of a card by the headings of their columns, in their order."""
    return {
        "id": card.id,
        "part": card.part,
        "section": card.section,
        "question": card.prompt,
        "answer": card.answer,
        "also": write_list(card.accepted),
        "choices": write_choices(card.choices),
        "why": card.why,
        "tags": " ".join(card.tags),
        "cloze": card.cloze if card.kind is CardKind.CLOZE else "",
    }


def _problems(deck: Deck) -> Iterator[Problem]:
    about = [name for name in ("licence", "language", "authors", "source", "tags") if getattr(deck, name)]
    if about:
        yield Problem(
            1, "", Kind.NOT_CARRIED, f"A table has no place for what is said of the deck: {', '.join(about)}."
        )
    if slug(deck.key) != deck.key:
        text = (
            f'The deck\'s key "{deck.key}" cannot be the name of a file, so this table would come back as another deck.'
        )
        yield Problem(1, "", Kind.NOT_CARRIED, text)
    for card in deck.cards:
        lost = ", ".join(_lost(card))
        if lost:
            yield Problem(card.line, card.id, Kind.NOT_CARRIED, f"Changes when it is read again: {lost}.")


def _lost(card: Card) -> Iterator[str]:
    texts = (card.prompt, card.answer, card.why, card.cloze)
    if any(text != text.strip() for text in texts):
        yield "white space at the ends of a text"
    if not can_be_listed((*card.accepted, *(choice.text for choice in card.choices))):
        yield "a choice or an accepted answer"
    if words(" ".join(card.tags)) != card.tags:
        yield "its tags"
    if card.part and not card.cloze:
        yield "its part"
