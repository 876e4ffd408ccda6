"""Reads `*.deck.md`: entries become drafts, drafts become cards. What is wrong is reported, the rest is read."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.model import Card, CardKind, Deck, Problem

from .. import cloze
from ..gathering import answer_of
from ..identity import LONGEST_ID, Draft, Settled, settle
from ..problems import Kind
from ..text import slug, stem, tidy
from .entries import read_entries
from .entry import Entries, Entry
from .header import Header, read_header
from .numbers import numbered

_STARTS = re.compile(r"^(?:Q|C):", re.M)
_GOES_ON = re.compile(r"^(?:A:|- \[[ xX]\] |C:.*\{\{)", re.M)


def recognise(text: str) -> bool:
    """Whether this text is surely in the native format."""
    return text.lstrip().startswith("+++\n") or bool(_STARTS.search(text) and _GOES_ON.search(text))


def resembles(text: str) -> bool:
    """Whether this text may be meant as the native format."""
    return bool(_STARTS.search(text))


@dataclass(frozen=True, slots=True)
class Reading:
    """A file, half way: `settled` maps entries' lines to their ids."""

    header: Header
    entries: Entries
    settled: Settled
    problems: tuple[Problem, ...]


def read(text: str, file_name: str) -> Deck:
    """The deck of a file in the native format. Never raises; a deck without cards has problems that say why."""
    reading = read_lines(text.split("\n"))
    texts = dict(reading.header.texts)
    title = texts.pop("title", "") or stem(file_name)
    key = texts.pop("key", "") or slug(stem(file_name))
    problems = sorted(reading.problems, key=lambda problem: problem.line)
    lists = reading.header.lists
    return Deck(key, title, "native", reading.settled.cards, tuple(problems), **texts, **lists)  # type: ignore[arg-type]


def read_lines(lines: Sequence[str]) -> Reading:
    header = read_header(lines)
    entries = read_entries(lines, header.body)
    problems = [*header.problems, *entries.problems]
    drafts = [draft for entry in entries.entries if (draft := _draft(entry, problems)) is not None]
    settled = settle(drafts)
    return Reading(header, entries, settled, (*problems, *settled.problems))


def _draft(entry: Entry, problems: list[Problem]) -> Draft | None:
    line = entry.first + 1
    card_id = _usable_id(entry, problems)
    if entry.cloze:
        cards, source = _cloze_cards(entry, problems)
        return Draft(cards, source, "", line, card_id, card_id) if cards else None
    card = _card(entry)
    fault = next(_faults(entry, card), None)
    if fault is not None:
        problems.append(Problem(line, card_id, *fault))
        return None
    return Draft((card,), card.prompt, card.answer, line, card_id, card_id)


def _usable_id(entry: Entry, problems: list[Problem]) -> str:
    if not entry.id or (len(entry.id) <= LONGEST_ID and entry.id.isprintable() and not re.search(r"\s", entry.id)):
        return entry.id
    text = f"An id is one word of at most {LONGEST_ID} characters. Delete the line and run flashmob deck fmt."
    problems.append(Problem(entry.id_at + 1, "", Kind.BAD_ID, text))
    return ""


def _card(entry: Entry) -> Card:
    return Card(
        id="",
        prompt=entry.prompt,
        answer=entry.text("A") or answer_of(entry.choices),
        kind=CardKind.CHOICE if entry.choices else CardKind.BASIC,
        accepted=tuple(dict.fromkeys(entry.accepted)),
        choices=tuple(entry.choices),
        why=entry.text("Why"),
        tags=entry.tags,
        section=entry.section,
        line=entry.first + 1,
    )


def _faults(entry: Entry, card: Card) -> Iterator[tuple[Kind, str]]:
    if not card.prompt and not card.answer and not card.choices:
        yield Kind.EMPTY, 'This card is empty. Write a question after "Q:" and an answer after "A:".'
    if not card.prompt:
        yield Kind.NO_QUESTION, 'This card has no question. Write it after "Q:".'
    if any(not choice.text for choice in card.choices):
        yield Kind.EMPTY, "One of the choices is empty. Write its text after the brackets."
    if card.choices and not any(choice.right for choice in card.choices):
        yield Kind.NO_RIGHT_CHOICE, "None of the choices is right. Mark the right ones with [x]."
    if not card.answer:
        yield Kind.NO_ANSWER, 'This card has no answer. Write it after "A:".'


def _cloze_cards(entry: Entry, problems: list[Problem]) -> tuple[tuple[Card, ...], str]:
    """One card for each cloze number, and the numbered text that they were made from."""
    source = tidy(numbered(entry.texts["C"]))
    fault = _cloze_fault(entry, source)
    if fault is not None:
        problems.append(Problem(entry.first + 1, entry.id, *fault))
        return (), source
    parts = [part for part in cloze.parts(source) if part.answer.strip()]
    if not parts:
        text = "The deletions of this card hide nothing."
        problems.append(Problem(entry.first + 1, entry.id, Kind.NO_DELETION, text))
    elif entry.accepted and len(parts) > 1:
        text = '"=" needs a card with one number: with several, nobody can tell which deletion it is for.'
        problems.append(Problem(entry.first + 1, entry.id, Kind.STRAY, text))
    return tuple(_cloze_card(entry, source, part, len(parts) == 1) for part in parts), source


def _cloze_fault(entry: Entry, source: str) -> tuple[Kind, str] | None:
    if not source:
        return Kind.EMPTY, 'This card is empty. Write a text with {{c1::deletions}} after "C:".'
    if cloze.too_large(source):
        return Kind.TOO_LARGE, "This text is too long for so many deletions. Make several cards of it."
    if not cloze.parts(source):
        return Kind.NO_DELETION, "This card hides nothing. Put what is asked for into {{double braces}}."
    return None


def _cloze_card(entry: Entry, source: str, part: cloze.Part, alone: bool) -> Card:
    return Card(
        id="",
        prompt=tidy(part.prompt),
        answer=part.answer.strip(),
        part=f"c{part.number}",
        kind=CardKind.CLOZE,
        accepted=tuple(dict.fromkeys(entry.accepted)) if alone else (),
        why=entry.text("Why"),
        tags=entry.tags,
        section=entry.section,
        line=entry.first + 1,
        cloze=source,
    )
