"""What readers share: gather cards and problems in the order of the file, then make a deck of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.model import Card, CardKind, Choice, Deck, Problem

from . import cloze
from .identity import LONGEST_ID, Draft, settle
from .problems import Kind
from .text import slug, tidy


@dataclass(slots=True)
class Gathering:
    """Drafts and problems, as a reader finds them."""

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def say(self, line: int, card: str, kind: Kind, text: str) -> None:
        self.problems.append(Problem(line, card, kind, text))

    def add(self, card: Card, name: str = "", id: str = "") -> None:
        """A card, or why it is none. `name` is what the file calls it; `id` is the id that the file gives."""
        fault = fault_of(card)
        if fault is not None:
            self.say(card.line, name or id, *fault)
            return
        self.drafts.append(Draft((card,), card.prompt, card.answer, card.line, name or id, self._usable(id, card.line)))

    def add_cloze(self, card: Card, name: str = "", id: str = "") -> None:
        """One card for each number in `card.cloze`; all else of `card` is kept."""
        parts, fault = cloze_cards(card)
        if fault is not None:
            self.say(card.line, name or id, *fault)
            return
        self.drafts.append(Draft(parts, card.cloze, "", card.line, name or id, self._usable(id, card.line)))

    def _usable(self, said: str, line: int) -> str:
        if len(said) <= LONGEST_ID and said.isprintable() and " " not in said:
            return said
        text = f"An id is one word of at most {LONGEST_ID} characters, so the one of this card was not used."
        self.say(line, "", Kind.BAD_ID, text)
        return ""

    def deck(self, title: str, format: str, **more: Any) -> Deck:
        """The deck of all that was gathered; `more` are further fields of model.Deck."""
        settled = settle(self.drafts)
        ordered = sorted((*self.problems, *settled.problems), key=lambda problem: problem.line)
        return Deck(slug(title), title, format, settled.cards, tuple(ordered), **more)


def fault_of(card: Card) -> tuple[Kind, str] | None:
    """Why this cannot be a card."""
    if not card.prompt and not card.answer:
        return Kind.EMPTY, "This card has neither a question nor an answer, so it was not added."
    if not card.prompt:
        return Kind.NO_QUESTION, "This card has no question, so it was not added."
    if card.choices and not any(choice.right for choice in card.choices):
        return Kind.NO_RIGHT_CHOICE, "None of the choices of this card is right, so it was not added."
    if not card.answer:
        return Kind.NO_ANSWER, "This card has no answer, so it was not added."
    return None


def cloze_cards(card: Card) -> tuple[tuple[Card, ...], tuple[Kind, str] | None]:
    """The cards of a cloze text, or why there are none."""
    if not card.cloze:
        return (), (Kind.EMPTY, "This card is empty, so it was not added.")
    if cloze.too_large(card.cloze):
        return (), (Kind.TOO_LARGE, "This text is too long for so many deletions, so it was not added.")
    parts = [part for part in cloze.parts(card.cloze) if part.answer.strip()]
    if not parts:
        return (), (Kind.NO_DELETION, "This card hides nothing, so it was not added.")
    return tuple(_part(card, part) for part in parts), None


def _part(card: Card, part: cloze.Part) -> Card:
    return Card(
        id="",
        prompt=tidy(part.prompt),
        answer=part.answer.strip(),
        part=f"c{part.number}",
        kind=CardKind.CLOZE,
        why=card.why,
        tags=card.tags,
        section=card.section,
        line=card.line,
        cloze=card.cloze,
    )


def choice_card(prompt: str, choices: Sequence[Choice], line: int, **more: Any) -> Card:
    """A card of choices; the right ones are its answer. `more` are further fields of model.Card."""
    answer = answer_of(choices)
    return Card("", prompt, answer, kind=CardKind.CHOICE, choices=tuple(choices), line=line, **more)


def answer_of(choices: Sequence[Choice]) -> str:
    """The right texts: one as it stands, several as a Markdown list."""
    right = [choice.text for choice in choices if choice.right]
    return right[0] if len(right) == 1 else "\n".join(f"- {text}" for text in right)
