"""What a card says of its pictures: under which name each is kept, and what is read out instead of it."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from ..formats.html.pictures import is_remote
from ..formats.pictures import file_of, names_in, texts_of, with_pictures, without_pictures
from ..formats.problems import Kind
from ..markdown import MEDIA, pictures
from ..model import Card, Problem

UNSAID = "not described"
LONGEST_SHOWN = 20_000
"""Characters of a side that are looked at: no platform shows more of it."""
LONGEST_SECRET = 2_000
"""Characters of an answer that a description is held against."""
_NAMED = 5
"""Pictures of a card that a problem names."""
_PERHAPS_CODE = re.compile(r"[`\\]|~~~|^(?: {4}|\t)", re.M)


@dataclass(slots=True)
class _Seen:
    """One card while its pictures are seen to. `shown` are those that its texts show; what looks like more is code.

    `answers` are the words of each of its answers.
    """

    answers: list[list[str]]
    names: Mapping[str, str]
    shown: Collection[str]
    unsaid: dict[str, None] = field(default_factory=dict)
    telling: dict[str, None] = field(default_factory=dict)

    def in_question(self, alt: str, name: str) -> tuple[str, str] | None:
        if name not in self.shown:
            return None
        said, by_author = self._described(alt, name)
        tells = _holds(said, self.answers) if by_author else _hints(said, self.answers)
        if tells and by_author:
            self.telling[name] = None
        return ("" if tells else said) or UNSAID, self._target(name)

    def in_answer(self, alt: str, name: str) -> tuple[str, str] | None:
        return (self._described(alt, name)[0] or UNSAID, self._target(name)) if name in self.shown else None

    def _described(self, alt: str, name: str) -> tuple[str, bool]:
        """What the file says of it, else the file's name; a name that stands for a description is none."""
        plain = re.sub(r"[\[\]\\`*_<>$|]+", " ", name.rsplit("/", 1)[-1]).strip()
        if alt.strip() and alt.strip() not in (name, plain):
            return alt.strip(), True
        self.unsaid[name] = None
        return plain, False

    def _target(self, name: str) -> str:
        return f"{MEDIA}{self.names[name]}" if name in self.names else ""


def named(card: Card, names: Mapping[str, str], refused: Mapping[str, str]) -> tuple[Card, list[Problem]]:
    """The card with its pictures by their new names, and what a person may want to look at."""
    shown = dict.fromkeys(name for text in texts_of(card) for name in _shown(text))
    answers = [_words(without_pictures(text[:LONGEST_SECRET])) for text in (card.answer, *card.accepted)]
    seen = _Seen(answers, names, shown)
    made = with_pictures(card, seen.in_question, seen.in_answer)
    said = [
        *((Kind.MEDIA, f"{name} is not shown: {refused[name]}.") for name in shown if name in refused),
        *_listed(
            Kind.MEDIA,
            "A picture is not at hand: {}.",
            [name for name in shown if name not in names and name not in refused],
        ),
        *_listed(Kind.UNDESCRIBED, "Nobody described {} for those who cannot see it.", seen.unsaid),
        *_listed(Kind.UNDESCRIBED, "What is said of {} holds the answer, so it is not said.", seen.telling),
    ]
    return made, [Problem(card.line, card.id, kind, text) for kind, text in said]


def _listed(kind: Kind, text: str, names: Collection[str]) -> list[tuple[Kind, str]]:
    return [(kind, text.format(", ".join(list(names)[:_NAMED])))] if names else []


def _shown(text: str) -> Collection[str]:
    """The names of the pictures that a text shows; only where there may be code, it is read to see which are none."""
    text = text[:LONGEST_SHOWN]
    if not _PERHAPS_CODE.search(text):
        return names_in(text)
    return [file_of(image.target) for image in pictures(text) if not is_remote(image.target)]


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold().replace("_", " "))


def _holds(said: str, answers: list[list[str]]) -> bool:
    """Whether a description says one of the answers."""
    told = f" {' '.join(_words(said))} "
    return any(words and f" {' '.join(words)} " in told for words in answers)


def _hints(name: str, answers: list[list[str]]) -> bool:
    """Whether a file's name has a word of an answer in it, also inside another one: `glomma2.png` tells Glomma."""
    words = _words(name)
    joined = " ".join(words)
    return any(word in words or (len(word) > 3 and word in joined) for answer in answers for word in answer)
