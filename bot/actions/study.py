"""What a learner asks of a post, a session and a card."""

from enum import StrEnum

import msgspec

from ..model import MessageRef, Rating, Side, Source


class Study(msgspec.Struct, frozen=True):
    """Open or continue my private session on this post."""

    post_id: int


class ExplainPost(msgspec.Struct, frozen=True):
    """How does this work?"""

    post_id: int


class SeeAnswers(msgspec.Struct, frozen=True):
    """Show me the answers of a closed post, a few cards a page; pages count from 1."""

    post_id: int
    page: int = 1


class WhyThese(msgspec.Struct, frozen=True):
    """Why were these cards chosen?"""

    post_id: int


class StartQuiz(msgspec.Struct, frozen=True):
    """Open a private session now; `deck` is part of a title, empty for every deck of the group."""

    deck: str = ""
    cards: int = 10


class Offer(StrEnum):
    """What a session can go on with after its first cards."""

    DUE = "d"
    CATCH_UP = "c"
    REPEATS = "r"


class Practise(msgspec.Struct, frozen=True):
    """Start a session of cards that are not due yet."""


class GoOn(msgspec.Struct, frozen=True):
    """Add what was offered to my session and show the next card."""

    session_id: int
    offer: Offer


class ShowCard(msgspec.Struct, frozen=True):
    """Show where my session stands."""

    session_id: int


class FinishSession(msgspec.Struct, frozen=True):
    session_id: int


class ShowRatings(msgspec.Struct, frozen=True):
    """The ratings of this session, for their owner."""

    session_id: int


class RevealAnswer(msgspec.Struct, frozen=True):
    source: Source
    position: int


class ReadOn(msgspec.Struct, frozen=True):
    """Show me the whole of a side that was cut, page by page from 1. 0 is the first page, beside the card itself."""

    source: Source
    position: int
    side: Side
    page: int = 0


class RateCard(msgspec.Struct, frozen=True):
    """`turn` is the reveal that the rating belongs to, so that pressing twice is once."""

    source: Source
    position: int
    turn: int
    rating: Rating


class ChangeRating(msgspec.Struct, frozen=True):
    """Show the rating buttons of a turn again."""

    source: Source
    position: int
    turn: int


class React(msgspec.Struct, frozen=True):
    """A rating by reaction, set or taken back, on a message of a post in `cards` style."""

    message: MessageRef
    rating: Rating
    added: bool


class SkipOrFlag(msgspec.Struct, frozen=True):
    """What can be done with this card instead of rating it?"""

    source: Source
    position: int


class Instead(StrEnum):
    """The ways around a card."""

    SKIP = "s"
    NEVER = "n"
    AGAIN = "a"
    REPORT = "r"


class SetAside(msgspec.Struct, frozen=True):
    """Skip this card today, never ask it, ask it again after all, or report a mistake in it."""

    source: Source
    position: int
    how: Instead
