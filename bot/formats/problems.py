"""What readers report: every kind of problem, what people call it, and which kinds mean that something was left out."""

from collections.abc import Iterable
from enum import StrEnum

from bot.model import Problem


class Kind(StrEnum):
    """The value of `Problem.kind`."""

    # Something in the file did not become a card, or a card is not what its author meant.
    EMPTY = "empty"
    NO_ANSWER = "no-answer"
    NO_QUESTION = "no-question"
    NO_RIGHT_CHOICE = "no-right-choice"
    NO_DELETION = "no-deletion"
    TOO_LARGE = "too-large"
    STRAY = "stray"
    REPEATED_LINE = "repeated-line"
    UNCLOSED_FENCE = "unclosed-fence"
    BAD_HEADER = "bad-header"
    UNKNOWN_KEY = "unknown-key"
    BAD_ID = "bad-id"
    SAME_ID = "same-id"
    ONE_CELL = "one-cell"
    EXTRA_CELLS = "extra-cells"

    # Worth a look.
    DUPLICATE = "duplicate"
    ENCODING = "encoding"
    SAME_TEXT = "same-text"
    SHARED_QUESTION = "shared-question"
    REPEATS_QUESTION = "repeats-question"
    LONG = "long"
    GAP = "gap"
    AMBIGUOUS = "ambiguous"
    RESIDUE = "residue"
    LOST_PICTURE = "lost-picture"
    BULLET = "bullet"
    QUOTES = "quotes"
    UNKNOWN_COLUMN = "unknown-column"


ERRORS = frozenset(
    {
        Kind.EMPTY,
        Kind.NO_ANSWER,
        Kind.NO_QUESTION,
        Kind.NO_RIGHT_CHOICE,
        Kind.NO_DELETION,
        Kind.TOO_LARGE,
        Kind.STRAY,
        Kind.REPEATED_LINE,
        Kind.UNCLOSED_FENCE,
        Kind.BAD_HEADER,
        Kind.UNKNOWN_KEY,
        Kind.BAD_ID,
        Kind.SAME_ID,
        Kind.ONE_CELL,
        Kind.EXTRA_CELLS,
    }
)
"""`flashmob deck check` fails on these; the rest are notes."""

LABELS = {
    Kind.EMPTY: "empty",
    Kind.NO_ANSWER: "without an answer",
    Kind.NO_QUESTION: "without a question",
    Kind.NO_RIGHT_CHOICE: "without a right choice",
    Kind.NO_DELETION: "with nothing to fill in",
    Kind.TOO_LARGE: "too large",
    Kind.STRAY: "text outside a card",
    Kind.REPEATED_LINE: "given twice in one card",
    Kind.UNCLOSED_FENCE: "code block never closed",
    Kind.BAD_HEADER: "header not understood",
    Kind.UNKNOWN_KEY: "unknown header key",
    Kind.BAD_ID: "id not usable",
    Kind.SAME_ID: "id used twice",
    Kind.ONE_CELL: "row with one cell",
    Kind.EXTRA_CELLS: "row with too many cells",
    Kind.DUPLICATE: "exact repeat, not added",
    Kind.ENCODING: "encoding guessed",
    Kind.SAME_TEXT: "question equals answer",
    Kind.SHARED_QUESTION: "question used by several cards",
    Kind.REPEATS_QUESTION: "answer begins with its question",
    Kind.LONG: "very long",
    Kind.GAP: "numbers not in order",
    Kind.AMBIGUOUS: "could be read in two ways",
    Kind.RESIDUE: "leftover from the source",
    Kind.LOST_PICTURE: "perhaps a lost picture",
    Kind.BULLET: "bullet left as it was",
    Kind.QUOTES: "quotes not closed",
    Kind.UNKNOWN_COLUMN: "column not used",
}


def is_error(problem: Problem) -> bool:
    return problem.kind in ERRORS


def summary(problems: Iterable[Problem]) -> list[str]:
    """One line for each kind, errors first: `3 empty: 118, 152, 155`."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.kind, []).append(problem.card or f"line {problem.line}")
    order = sorted(places, key=lambda kind: list(LABELS).index(Kind(kind)))
    return [f"{len(places[kind])} {LABELS[Kind(kind)]}: {', '.join(places[kind])}" for kind in order]
