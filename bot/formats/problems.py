"""What readers report: every kind of problem, what people call it, and which kinds mean that something was left out."""

from collections.abc import Iterable, Sequence
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
    SKIPPED = "skipped"

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
    MEDIA = "media"
    UNDESCRIBED = "undescribed"
    NOT_CARRIED = "not-carried"


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
        Kind.SKIPPED,
    }
)
"""`flashmob deck check` fails on these; the rest are notes."""

MOST_PLACES = 30
LABELS = {
    Kind.EMPTY: "empty",
    Kind.NO_ANSWER: "without an answer",
    Kind.NO_QUESTION: "without a question",
    Kind.NO_RIGHT_CHOICE: "without a right choice",
    Kind.NO_DELETION: "with nothing to fill in",
    Kind.TOO_LARGE: "too large",
    Kind.STRAY: "with text that belongs to no card",
    Kind.REPEATED_LINE: "with a line given twice",
    Kind.UNCLOSED_FENCE: "with a code block never closed",
    Kind.BAD_HEADER: "in the header, not understood",
    Kind.UNKNOWN_KEY: "in the header, unknown",
    Kind.BAD_ID: "with an id that cannot be used",
    Kind.SAME_ID: "with an id used before, not added",
    Kind.ONE_CELL: "with one cell only",
    Kind.EXTRA_CELLS: "with too many cells",
    Kind.SKIPPED: "of a kind that is not read",
    Kind.DUPLICATE: "repeated exactly, not added",
    Kind.ENCODING: "in a guessed encoding",
    Kind.SAME_TEXT: "with a question that equals its answer",
    Kind.SHARED_QUESTION: "with a question that other cards ask too",
    Kind.REPEATS_QUESTION: "with an answer that begins with its question",
    Kind.LONG: "very long",
    Kind.GAP: "with a gap in the numbers before",
    Kind.AMBIGUOUS: "that could be read in two ways",
    Kind.RESIDUE: "with leftovers of the source",
    Kind.LOST_PICTURE: "with perhaps a lost picture",
    Kind.BULLET: "with an odd bullet",
    Kind.QUOTES: "with a quote never closed",
    Kind.UNKNOWN_COLUMN: "with columns left out",
    Kind.MEDIA: "with pictures or sounds that are not at hand",
    Kind.UNDESCRIBED: "with a picture that nobody described",
    Kind.NOT_CARRIED: "with something that this format cannot hold",
}


NOT_IN_FILE = "A picture is not in this file: "
"""How a problem begins that a reader reports before anybody looked beside the file."""


def of_missing_pictures(problem: Problem) -> bool:
    return problem.kind == Kind.MEDIA and problem.text.startswith(NOT_IN_FILE)


def is_error(problem: Problem) -> bool:
    return problem.kind in ERRORS


def summary(problems: Iterable[Problem]) -> list[str]:
    """One line for each kind, errors first: `3 empty: 118, 152, 155`. Names at most 30 places of a kind."""
    places: dict[str, list[str]] = {}
    for problem in problems:
        places.setdefault(problem.kind, []).append(problem.card or f"line {problem.line}")
    order = sorted(places, key=lambda kind: list(LABELS).index(Kind(kind)))
    return [f"{len(places[kind])} {LABELS[Kind(kind)]}: {_listed(places[kind])}" for kind in order]


def _listed(places: Sequence[str]) -> str:
    more = len(places) - MOST_PLACES
    return ", ".join(places[:MOST_PLACES]) + (f" and {more:,} more" if more > 0 else "")
