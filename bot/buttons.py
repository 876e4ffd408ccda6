"""The only file that turns an action into a button id and back.

Rules of this file:
- an id is at most 64 ASCII bytes and begins with its version, `f1`;
- a verb, once shipped, keeps its meaning for ever: pressed a month later, or after an update, it is still understood;
- numbers are written in base 36, so that two 63-bit ids and the rest fit; words are few and plain.
"""

import re
from dataclasses import is_dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, get_type_hints

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
_VERB_OF = {kind: verb for verb, kind in VERBS.items()}
_HINTS = {kind: get_type_hints(kind) for kind in VERBS.values()}


def write(action: Action) -> str:
    """The id of a button that asks for this action."""
    values = [_write_value(getattr(action, name)) for name in _HINTS[type(action)]]
    text = ":".join([VERSION, _VERB_OF[type(action)], *values])
    assert len(text) <= LONGEST, f"a button id of {len(text)} bytes: {text}"
    return text


def read(text: str) -> Action:
    """What a button id asks for; `PressUnknown` for anything that this version did not write."""
    version, _, rest = text.partition(":")
    verb, *values = rest.split(":")
    kind = VERBS.get(verb)
    if version != VERSION or kind is None or len(values) != len(_HINTS[kind]):
        return actions.PressUnknown()
    try:
        return kind(*map(_read_value, _HINTS[kind].values(), values))  # type: ignore[no-any-return]
    except ValueError:
        return actions.PressUnknown()


def _write_value(value: object) -> str:
    match value:
        case Source(kind, id):
            return kind.value + _base36(id)
        case bool():
            return "1" if value else "0"
        case Enum():
            return str(value.value)
        case int():
            return _base36(value)
        case str() if _WORD.fullmatch(value):
            return value
        case _:
            raise TypeError(f"a button cannot carry {value!r}")


def _read_value(kind: type[Any], text: str) -> Any:
    if is_dataclass(kind):  # Source is the only one
        return Source(SourceKind(text[:1]), _number(text[1:]))
    if kind is bool:
        return _bool(text)
    if kind is str:
        if not _WORD.fullmatch(text):
            raise ValueError(text)
        return text
    if issubclass(kind, Enum):
        return kind(int(text)) if issubclass(kind, int) else kind(text)
    return _number(text)


def _bool(text: str) -> bool:
    if text not in ("0", "1"):
        raise ValueError(text)
    return text == "1"


def _number(text: str) -> int:
    """Raises `ValueError` for what is no number, or larger than any id."""
    if not (text.isascii() and text.isalnum() and len(text) <= 13 and int(text, 36) < 1 << 63):
        raise ValueError(text)
    return int(text, 36)


@lru_cache(maxsize=256)  # a screen's buttons all carry the same ids
def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits or "0"
