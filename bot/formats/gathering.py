"""What readers share: gather cards and problems in the order of the file, then make a deck of them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from bot.model import Card, CardKind, Choice, Deck, Problem

from . import cloze
from .html import to_markdown
from .identity import LONGEST_ID, MOST_CARDS, Draft, settle
from .pictures import may_show, see_to_pictures
from .problems import NOT_IN_FILE, Kind
from .text import slug, tidy

MOST_GAPS = 999
_REMOTE_PICTURE = "A picture on the web is kept as a link: Flashmob never fetches what a deck points to."


@dataclass(frozen=True, slots=True)
class Gap:
    """A piece of text that the card with this number hides."""

    text: str
    number: int
    hint: str = ""

    def __str__(self) -> str:
        hint = f"::{self.hint}" if self.hint else ""
        return f"{{{{c{self.number}::{self.text}{hint}}}}}"


@dataclass(slots=True)
class Gathering:
    """Drafts and problems, as a reader finds them.

    `held` are the names of the pictures that came with the file; `source` says whose ids its cards have.
    """

    drafts: list[Draft] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    held: Collection[str] = ()
    source: str = ""
    left_out: int = 0

    def say(self, line: int, card: str, kind: Kind, text: str) -> None:
        if len(self.problems) < MOST_CARDS:
            self.problems.append(Problem(line, card, kind, text))

    def _keep(self, draft: Draft) -> None:
        if len(self.drafts) < MOST_CARDS:
            self.drafts.append(draft)
        else:
            self.left_out += 1

    def add(self, card: Card, name: str = "", id: str = "") -> None:
        """A card, or why it is none. `name` is what the file calls it; `id` is the id that the file gives."""
        fault = fault_of(card)
        if fault is not None:
            self.say(card.line, name or id, *fault)
            return
        card = self._seen_to(card, name, id)
        self._keep(Draft((card,), card.prompt, card.answer, card.line, name or id, self._usable(id, card.line)))

    def add_cloze(self, card: Card, name: str = "", id: str = "") -> None:
        """One card for each number in `card.cloze`; all else of `card` is kept."""
        card = self._seen_to(card, name, id)
        parts, fault = cloze_cards(card)
        if fault is not None:
            self.say(card.line, name or id, *fault)
            return
        self._keep(Draft(parts, card.cloze, "", card.line, name or id, self._usable(id, card.line)))

    def add_gaps(self, pieces: Sequence[str | Gap], card: Card, name: str = "", id: str = "") -> None:
        """A text with gaps: a cloze text where it can be written as one, else a basic card for each number.

        It cannot where the text has braces or a gap has `::`, since these mean something in cloze texts.
        """
        numbers = sorted({piece.number for piece in pieces if isinstance(piece, Gap)})
        source = tidy("".join(map(str, pieces)))
        if not numbers:
            self.say(card.line, name or id, Kind.NO_DELETION, "This card hides nothing, so it was not added.")
            return
        if numbers[-1] > MOST_GAPS or len(source) * len(numbers) > cloze.MOST_CHARACTERS:
            self.say(card.line, name or id, Kind.TOO_LARGE, "This text is too long for so many gaps: not added.")
            return
        asked = [_asked(pieces, number) for number in numbers]
        if [(part.number, part.prompt, part.answer) for part in cloze.parts("".join(map(str, pieces)))] == asked:
            self.add_cloze(replace(card, cloze=source), name, id)
            return
        for number, prompt, answer in asked:
            self.add(replace(card, prompt=tidy(prompt), answer=answer.strip()), name, f"{id}-c{number}" if id else "")

    def markdown(self, html: str, line: int, name: str = "") -> str:
        """HTML as Markdown; what has no place in it is said."""
        found = to_markdown(html, self.held)
        if found.remote:
            self.say(line, name, Kind.MEDIA, _REMOTE_PICTURE)
        if found.left_out:
            self.say(line, name, Kind.NOT_CARRIED, f"Left out of this card: {', '.join(found.left_out)}.")
        return found.markdown

    def _seen_to(self, card: Card, name: str, id: str) -> Card:
        """With its pictures, and with what its source calls it: also where that cannot be its id, it tells the card."""
        if self.source and id and not card.native_id:
            card = replace(card, native_id=f"{self.source}:{id}")
        return self._pictured(card, name or id) if may_show(card) else card

    def _pictured(self, card: Card, name: str) -> Card:
        seen = see_to_pictures(card, self.held)
        if seen.remote:
            self.say(card.line, name, Kind.MEDIA, _REMOTE_PICTURE)
        if seen.missing:
            shown = ", ".join(seen.missing[:5])
            self.say(card.line, name, Kind.MEDIA, f"{NOT_IN_FILE}{shown}.")
        return seen.card

    def _usable(self, said: str, line: int) -> str:
        if len(said) <= LONGEST_ID and said.isprintable() and " " not in said:
            return said
        text = f"An id is one word of at most {LONGEST_ID} characters, so the one of this card was not used."
        self.say(line, "", Kind.BAD_ID, text)
        return ""

    def deck(self, title: str, format: str, **more: Any) -> Deck:
        """The deck of all that was gathered; `more` are further fields of model.Deck."""
        if self.left_out:
            text = f"A deck has at most {MOST_CARDS:,} cards; the last {self.left_out:,} were left out."
            self.problems.append(Problem(self.drafts[-1].line, "", Kind.TOO_LARGE, text))
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
        native_id=card.native_id,
    )


def _asked(pieces: Sequence[str | Gap], number: int) -> tuple[int, str, str]:
    """What a number asks: the text with its gaps, and what was in them."""
    shown = [_shown(piece, number) for piece in pieces]
    hidden = [piece.text for piece in pieces if isinstance(piece, Gap) and piece.number == number]
    return number, "".join(shown), ", ".join(hidden)


def _shown(piece: str | Gap, number: int) -> str:
    if isinstance(piece, str):
        return piece
    return f"[{piece.hint or '...'}]" if piece.number == number else piece.text


def choice_card(prompt: str, choices: Sequence[Choice], line: int, **more: Any) -> Card:
    """A card of choices; the right ones are its answer. `more` are further fields of model.Card."""
    answer = answer_of(choices)
    return Card("", prompt, answer, kind=CardKind.CHOICE, choices=tuple(choices), line=line, **more)


def answer_of(choices: Sequence[Choice]) -> str:
    """The right texts: one as it stands, several as a Markdown list."""
    right = [choice.text for choice in choices if choice.right]
    return right[0] if len(right) == 1 else "\n".join(f"- {text}" for text in right)
