"""The only file that turns an action into a button id and back.

Rules of this file:
- an id is at most 64 ASCII bytes and begins with its version, `f1`;
- a verb, once shipped, keeps its meaning for ever: pressed a month later, or after an update, it is still understood;
- numbers are written in base 36, so that two 63-bit ids and the rest fit; words are few and plain.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from functools import lru_cache
from operator import call
from typing import Any, get_type_hints

from msgspec.structs import astuple

from . import actions
from .actions import Action
from .model import Source, SourceKind

VERSION = "f1"
LONGEST = 64

VERBS: dict[str, type[Any]] = {
    "study": actions.Study,
    "how": actions.ExplainPost,
    "ans": actions.SeeAnswers,
    "why": actions.WhyThese,
    "prac": actions.Practise,
    "go": actions.GoOn,
    "card": actions.ShowCard,
    "end": actions.FinishSession,
    "mine": actions.ShowRatings,
    "show": actions.RevealAnswer,
    "more": actions.ReadOn,
    "rate": actions.RateCard,
    "redo": actions.ChangeRating,
    "skip": actions.SkipOrFlag,
    "away": actions.SetAside,
    "lead": actions.ShowLeaderboard,
    "share": actions.ShareLeaderboard,
    "hide": actions.HideName,
    "priv": actions.ShowPrivacy,
    "mydata": actions.ExportMyData,
    "forget": actions.DeleteMyData,
    "stats": actions.ShowStats,
    "decks": actions.ShowDecks,
    "help": actions.ShowHelp,
    "quiz": actions.StartQuiz,
    "remind": actions.Remind,
    "alone": actions.LearnAlone,
    "with": actions.LearnWith,
    "status": actions.ShowStatus,
    "pause": actions.PausePosts,
    "resume": actions.ResumePosts,
    "today": actions.SkipToday,
    "now": actions.PostNow,
    "look": actions.PreviewPost,
    "import": actions.ApplyImport,
    "drop": actions.CancelImport,
    "staged": actions.ShowImport,
    "odd": actions.ShowProblems,
    "alike": actions.ShowProposals,
    "same": actions.SettleProposal,
    "form": actions.OpenForm,
    "deck": actions.ImportStarter,
    "done": actions.FinishSetUp,
}
_WORD = re.compile("[a-z0-9-]{0,32}")


def write(action: Action) -> str:
    """The id of a button that asks for this action. Raises `ValueError` for a word that is none."""
    shape = _SHAPES[type(action)]
    text = ":".join([shape.begins, *map(call, shape.writes, astuple(action))])
    assert len(text) <= LONGEST, f"a button id of {len(text)} bytes: {text}"
    return text


def read(text: str) -> Action:
    """What a button id asks for; `PressUnknown` for anything that this version did not write."""
    version, _, rest = text.partition(":")
    verb, *values = rest.split(":")
    kind = VERBS.get(verb)
    if version != VERSION or kind is None or len(values) != len(_SHAPES[kind].reads):
        return actions.PressUnknown()
    try:
        return kind(*map(call, _SHAPES[kind].reads, values))  # type: ignore[no-any-return]
    except ValueError:
        return actions.PressUnknown()


# ---- the values of an action -----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Way:
    """How one kind of value is written and read. Reading raises `ValueError` for what was not written so."""

    write: Callable[[Any], str]
    read: Callable[[str], Any]


def _way_of(kind: type[Any]) -> Way:
    if kind is Source:
        return Way(lambda source: source.kind + _base36(source.id), _source)
    if kind is bool:
        return Way(("0", "1").__getitem__, lambda text: bool(("0", "1").index(text)))
    if kind is str:
        return Way(_word, _word)
    if issubclass(kind, IntEnum):
        return Way(int.__repr__, lambda text: kind(int(text)))
    if issubclass(kind, StrEnum):
        return Way(str, kind)
    return Way(_base36, _number)


def _source(text: str) -> Source:
    return Source(SourceKind(text[:1]), _number(text[1:]))


def _word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise ValueError(f"a button cannot carry {text!r}")
    return text


def _number(text: str) -> int:
    """Raises `ValueError` for what is no number, or larger than any id."""
    if not (text.isascii() and text.isalnum() and len(text) <= 13 and (number := int(text, 36)) < 1 << 63):
        raise ValueError(text)
    return number


@lru_cache(maxsize=256)  # a screen's buttons all carry the same ids
def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a kind of action: what its ids begin with, and how its values are written and read, in order."""

    begins: str
    writes: tuple[Callable[[Any], str], ...]
    reads: tuple[Callable[[str], Any], ...]


def _shape(verb: str, kind: type[Any]) -> Shape:
    ways = [_way_of(hint) for hint in get_type_hints(kind).values()]
    return Shape(f"{VERSION}:{verb}", tuple(way.write for way in ways), tuple(way.read for way in ways))


_SHAPES = {kind: _shape(verb, kind) for verb, kind in VERBS.items()}
