"""What a learner asks of a post, a session and a card."""

from dataclasses import dataclass
from enum import StrEnum

from ..model import MessageRef, Rating, Side, Source


@dataclass(frozen=True, slots=True)
class Study:
    """Open or continue my private session on this post."""

    post_id: int


@dataclass(frozen=True, slots=True)
class ExplainPost:
    """How does this work?"""

    post_id: int


@dataclass(frozen=True, slots=True)
class SeeAnswers:
    """Show me the answers of a closed post, a few cards a page; pages count from 1."""

    post_id: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class WhyThese:
    """Why were these cards chosen?"""

    post_id: int


@dataclass(frozen=True, slots=True)
class StartQuiz:
    """Open a private session now; `deck` is part of a title, empty for every deck of the group."""

    deck: str = ""
    cards: int = 10


class Offer(StrEnum):
    """What a session can go on with after its first cards."""

    DUE = "d"
    CATCH_UP = "c"
    REPEATS = "r"


@dataclass(frozen=True, slots=True)
class Practise:
    """Start a session of cards that are not due yet."""


@dataclass(frozen=True, slots=True)
class GoOn:
    """Add what was offered to my session and show the next card."""

    session_id: int
    offer: Offer


@dataclass(frozen=True, slots=True)
class ShowCard:
    """Show where my session stands."""

    session_id: int


@dataclass(frozen=True, slots=True)
class FinishSession:
    session_id: int


@dataclass(frozen=True, slots=True)
class ShowRatings:
    """The ratings of this session, for their owner."""

    session_id: int


@dataclass(frozen=True, slots=True)
class RevealAnswer:
    source: Source
    position: int


@dataclass(frozen=True, slots=True)
class ReadOn:
    """Show me the whole of a side that was cut, page by page from 1. 0 is the first page, beside the card itself."""

    source: Source
    position: int
    side: Side
    page: int = 0


@dataclass(frozen=True, slots=True)
class RateCard:
    """`turn` is the reveal that the rating belongs to, so that pressing twice is once."""

    source: Source
    position: int
    turn: int
    rating: Rating


@dataclass(frozen=True, slots=True)
class ChangeRating:
    """Show the rating buttons of a turn again."""

    source: Source
    position: int
    turn: int


@dataclass(frozen=True, slots=True)
class React:
    """A rating by reaction, set or taken back, on a message of a post in `cards` style."""

    message: MessageRef
    rating: Rating
    added: bool


@dataclass(frozen=True, slots=True)
class SkipOrFlag:
    """What can be done with this card instead of rating it?"""

    source: Source
    position: int


class Instead(StrEnum):
    """The ways around a card."""

    SKIP = "s"
    NEVER = "n"
    AGAIN = "a"
    REPORT = "r"


@dataclass(frozen=True, slots=True)
class SetAside:
    """Skip this card today, never ask it, ask it again after all, or report a mistake in it."""

    source: Source
    position: int
    how: Instead
