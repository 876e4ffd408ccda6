"""What a card says of its pictures: under which name each is kept, and what is read out instead of it."""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field

from ..formats.pictures import file_of, may_show, pictures_of, with_pictures
from ..formats.problems import Kind
from ..markdown import MEDIA, Code, CodeSpan, Plain, parse, pictures, walk
from ..model import Card, Problem

UNSAID = "not described"
_NAMED = 5
"""Pictures of a card that a problem names."""


@dataclass(slots=True)
class _Seen:
    """One card while its pictures are seen to. `shown` are those that its texts show; what looks like more is code."""

    card: Card
    names: Mapping[str, str]
    shown: frozenset[str]
    unsaid: dict[str, None] = field(default_factory=dict)
    telling: dict[str, None] = field(default_factory=dict)

    def in_question(self, alt: str, name: str) -> tuple[str, str] | None:
        said, by_author = self._described(alt, name)
        tells = _holds(said, self.card) if by_author else _hints(said, self.card)
        if tells and by_author:
            self.telling[name] = None
        return self._written("" if tells else said, name)

    def in_answer(self, alt: str, name: str) -> tuple[str, str] | None:
        return self._written(self._described(alt, name)[0], name)

    def _described(self, alt: str, name: str) -> tuple[str, bool]:
        """What the file says of it, else the file's name; a name that stands for a description is none."""
        plain = re.sub(r"[\[\]\\`*_<>$|]+", " ", name.rsplit("/", 1)[-1]).strip()
        if alt.strip() and alt.strip() not in (name, plain):
            return alt.strip(), True
        if name in self.shown:
            self.unsaid[name] = None
        return plain, False

    def _written(self, said: str, name: str) -> tuple[str, str] | None:
        target = f"{MEDIA}{self.names[name]}" if name in self.names else ""
        return (said or UNSAID, target) if name in self.shown else None


def named(card: Card, names: Mapping[str, str], refused: Mapping[str, str]) -> tuple[Card, list[Problem]]:
    """The card with its pictures by their new names, and what a person may want to look at."""
    if not may_show(card):
        return card, []
    texts = (card.prompt, card.answer, card.why, card.cloze, *(choice.text for choice in card.choices))
    shown = frozenset(file_of(image.target) for text in texts for image in pictures(text))
    seen = _Seen(card, names, shown)
    made = with_pictures(card, seen.in_question, seen.in_answer)
    wanted = [name for name in pictures_of((card,)) if name in shown]
    said = [
        *((Kind.MEDIA, f"{name} is not shown: {refused[name]}.") for name in wanted if name in refused),
        *_listed(
            Kind.MEDIA,
            "A picture is not at hand: {}.",
            [name for name in wanted if name not in names and name not in refused],
        ),
        *_listed(Kind.UNDESCRIBED, "Nobody described {} for those who cannot see it.", seen.unsaid),
        *_listed(Kind.UNDESCRIBED, "What is said of {} holds the answer, so it is not said.", seen.telling),
    ]
    return made, [Problem(card.line, card.id, kind, text) for kind, text in said]


def _listed(kind: Kind, text: str, names: Collection[str]) -> list[tuple[Kind, str]]:
    return [(kind, text.format(", ".join(list(names)[:_NAMED])))] if names else []


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("_", " "))


def _holds(said: str, card: Card) -> bool:
    """Whether a description says one of the answers."""
    told = f" {' '.join(_words(said))} "
    return any(words and f" {' '.join(words)} " in told for words in _answers(card))


def _hints(name: str, card: Card) -> bool:
    """Whether a file's name has a word of an answer in it, also inside another one: `glomma2.png` tells Glomma."""
    words = _words(name)
    secret = (word for answer in _answers(card) for word in answer)
    return any(word in words or (len(word) > 3 and word in " ".join(words)) for word in secret)


def _answers(card: Card) -> Iterator[list[str]]:
    """The words of each answer, without those of its pictures."""
    for text in (card.answer, *card.accepted):
        yield _words(" ".join(each.text for each in walk(parse(text)) if isinstance(each, Plain | CodeSpan | Code)))
