"""The nouns: what a deck, a learner, a cohort, a post, a session and a review are.

Instants end in `_at` and are UTC milliseconds; days end in `_day` (or are called `day`) and are whole days since
1970-01-01. The two never mix.
"""

from dataclasses import dataclass
from datetime import time
from enum import IntEnum, StrEnum

import msgspec

# ---- decks -----------------------------------------------------------------------------------------------------------


class CardKind(StrEnum):
    BASIC = "basic"
    CHOICE = "choice"
    CLOZE = "cloze"


class Choice(msgspec.Struct, frozen=True):
    text: str
    right: bool


class Side(StrEnum):
    """A side of a card, by what people read above it."""

    QUESTION = "Question"
    ANSWER = "Answer"
    WHY = "Why"


class Card(msgspec.Struct, frozen=True, omit_defaults=True):
    """One question with its answer. `(id, part)` names it inside its deck; texts are Markdown, kept verbatim.

    `part` is the cloze number ("c1") or empty; `line` is where the card starts in its file (1-based); `cloze` is the
    text that a cloze card was made from, with its braces; `native_id` is what its source calls it, source first
    ("anki:kA9#:1"), or empty.

    No dataclass, since decks have thousands: it is made ten times as fast, and as JSON it leaves out what is empty.
    """

    id: str
    prompt: str
    answer: str
    part: str = ""
    kind: CardKind = CardKind.BASIC
    accepted: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    why: str = ""
    tags: tuple[str, ...] = ()
    section: str = ""
    line: int = 0
    cloze: str = ""
    native_id: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something a reader could not use or wants a person to see: `card` is the card's number or id, as in the file."""

    line: int
    card: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Deck:
    """A named collection of cards, as read from a file. Without a licence a deck is private."""

    key: str
    title: str
    format: str
    cards: tuple[Card, ...]
    problems: tuple[Problem, ...] = ()
    language: str = ""
    licence: str = ""
    authors: tuple[str, ...] = ()
    source: str = ""
    tags: tuple[str, ...] = ()


# ---- people and places -----------------------------------------------------------------------------------------------


class Account(msgspec.Struct, frozen=True):
    """Who acts, as a platform knows them. `leads`: the platform says that they may set Flashmob up here.

    `zone` is their time zone (an IANA name) where the platform tells it, else empty.
    """

    platform: str
    realm: str
    foreign_id: str
    name: str
    leads: bool = False
    zone: str = ""


class Place(msgspec.Struct, frozen=True):
    """A channel on a platform. In a direct message `channel` is empty, and `person` is who it is with."""

    platform: str
    workspace: str
    channel: str
    person: str = ""


class MessageRef(msgspec.Struct, frozen=True):
    """A message in a place."""

    place: Place
    message_id: str


# ---- a cohort's settings ---------------------------------------------------------------------------------------------


class PostStyle(StrEnum):
    DIGEST = "digest"
    CARDS = "cards"


class RatingInput(StrEnum):
    BUTTONS = "buttons"
    REACTIONS = "reactions"
    BOTH = "both"


class AnswersAfter(StrEnum):
    """Where the answers of a closed post are: private on demand, or under the post for everyone."""

    PRIVATE = "private"
    PUBLIC = "public"


class InDoubt(StrEnum):
    """What becomes of a message that may have arrived, where nobody can look: rather missed than twice, or not."""

    LEAVE_OUT = "leave out"
    SEND_AGAIN = "send again"


@dataclass(frozen=True, slots=True)
class Settings:
    """How a cohort's daily post is made: `cards` a post, of which at most `new` were never posted before.

    A post may come up to `late_hours` late, and not after `late_until` (local time) unless it was meant to; otherwise
    it is skipped. Nothing is posted on `days_off`. `ping` is the id of a role or user group whom each post notifies.
    """

    cards: int = 5
    new: int = 2
    style: PostStyle = PostStyle.DIGEST
    rating_input: RatingInput = RatingInput.BUTTONS
    answers: AnswersAfter = AnswersAfter.PRIVATE
    late_hours: int = 6
    late_until: time = time(21)
    days_off: tuple[int, ...] = ()
    in_doubt: InDoubt = InDoubt.LEAVE_OUT
    ping: str = ""


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class Schedule:
    """When a cohort's post goes out. Weekdays count from Monday = 0; `local_time` is in `zone`, an IANA name."""

    weekdays: frozenset[int]
    local_time: time
    zone: str


@dataclass(frozen=True, slots=True)
class SetUp:
    """All that is set of a cohort; `name` is empty where none was chosen yet."""

    schedule: Schedule
    settings: Settings
    name: str = ""


class Cohort(msgspec.Struct, frozen=True):
    """A group with one schedule, one leaderboard and one or more decks. `version` grows with every change of it.

    A `personal` one is a learner's own: it has no place and no posts, and lives in direct messages. What is set of one
    that stands `in_file`, the configuration file, is set again at each start.
    """

    id: int
    workspace_id: int
    name: str
    zone: str
    settings: Settings
    version: int = 1
    personal: bool = False
    in_file: bool = False


# ---- reviews ---------------------------------------------------------------------------------------------------------


class Rating(IntEnum):
    """How well a learner knew a card. 1 and 2 mean: not remembered."""

    NOT_AT_ALL = 1
    BARELY = 2
    WITH_EFFORT = 3
    WELL = 4
    PERFECTLY = 5

    @property
    def remembered(self) -> bool:
        return self >= Rating.WITH_EFFORT


class ReviewKind(StrEnum):
    """Scheduled reviews earn points; early ones (practice) and same-day repeats do not."""

    SCHEDULED = "scheduled"
    EARLY = "early"
    REPEAT = "repeat"


@dataclass(frozen=True, slots=True)
class MemoryState:
    """What is known of one learner's memory of one card: FSRS's stability (days) and difficulty (1 to 10).

    `due_day` is the day on which recall is expected to have fallen to the target; `reviews` and `lapses` are counts.
    """

    stability: float
    difficulty: float
    last_day: int
    due_day: int
    reviews: int
    lapses: int


class SourceKind(StrEnum):
    POST = "p"
    SESSION = "s"


class Source(msgspec.Struct, frozen=True):
    """Where a card is met: at a position of a post, or of a learner's session."""

    kind: SourceKind
    id: int


class SessionMode(StrEnum):
    STUDY = "study"
    QUIZ = "quiz"
    PRACTICE = "practice"


class Window(StrEnum):
    """The span of a leaderboard, in the cohort's zone."""

    WEEK = "week"
    MONTH = "month"
    ALL = "all"
