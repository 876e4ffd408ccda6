"""How things stand, as they are shown: a card that is asked, a session, a post, an import."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from .model import AnswersAfter, Card, PostStyle, Rating, RatingInput, SessionMode, Source


class AskedCard(msgspec.Struct, frozen=True):
    """A card as it is met somewhere: `number` of `total` in a session (0 of 0 in a post), at a position, in a turn.

    `again` says that the card comes back on the same day.
    """

    source: Source
    position: int
    turn: int
    card_id: int
    revision: int
    card: Card
    number: int = 0
    total: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class OwnRating:
    """What a learner said of one card."""

    prompt: str
    rating: Rating


class SessionState(msgspec.Struct, frozen=True):
    """Where a session stands: the card that is asked now, or what was done and what may come next.

    `waiting` counts the same-day repeats whose time has not come; `due` and `catch_up` count what is offered.
    """

    id: int
    mode: SessionMode
    asked: AskedCard | None
    done: tuple[OwnRating, ...] = ()
    waiting: int = 0
    due: int = 0
    catch_up: int = 0


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What else a learner's direct messages could speak of: cohorts by id and name, or a first personal one."""

    cohorts: tuple[tuple[int, str], ...]
    can_begin_alone: bool


@dataclass(frozen=True, slots=True)
class LastWeek:
    """Last week's standings, as everybody may see them: (rank, name, points), then the group's people and cards."""

    lines: tuple[tuple[int, str, int], ...]
    people: int
    cards: int


@dataclass(frozen=True, slots=True)
class PostState:
    """A post as everybody sees it; `studied` counts people.

    `late_until` is the local time until which it could not be sent, or empty; `last_week` stands in a week's first.
    `ping` is whom it notifies, and empty once it was sent: an edit notifies nobody.
    """

    id: int
    cohort_id: int
    day: int
    style: PostStyle
    rating_input: RatingInput
    open: bool
    closed: bool
    title: str
    cards: tuple[AskedCard, ...]
    reasons: tuple[str, ...]
    studied: int
    due_at: int = 0
    went_out: bool = False
    late_until: str = ""
    answers: AnswersAfter = AnswersAfter.PRIVATE
    last_week: LastWeek | None = None
    ping: str = ""


class Health(StrEnum):
    """How the connection to a platform is doing."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    AWAY = "reconnecting"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Connection:
    """A platform's `health` since an instant. Its next sign of life is due before `awaited_at`; `version` is ours."""

    platform: str
    health: Health
    since_at: int
    seen_at: int
    awaited_at: int
    version: str

    def is_over(self, now: int) -> bool:
        """Whether Flashmob does not run there any more."""
        return self.health is Health.CLOSED or now > self.awaited_at


# ---- imports ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ImportCounts:
    """What became of the cards of a file, and of those that it no longer holds."""

    added: int = 0
    changed: int = 0
    moved: int = 0
    back: int = 0
    kept: int = 0
    retired: int = 0

    def named(self) -> dict[str, int]:
        """The counts under the words that people read."""
        return {
            "added": self.added,
            "changed": self.changed,
            "moved": self.moved,
            "back again": self.back,
            "kept": self.kept,
            "retired": self.retired,
        }


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two cards that may be the same one; `same` is what somebody said, or None. Numbers count from one."""

    number: int
    was: str
    now: str
    same: bool | None = None


class StagedState(StrEnum):
    """Waiting for somebody to say Import; being applied; then done, stopped by a newer import, or cancelled."""

    WAITING = "waiting"
    APPLYING = "applying"
    DONE = "done"
    STOPPED = "stopped"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class StagedImport:
    """A file that was read whole: what importing it would do, or how far that is, or what it did.

    `applied` of its `cards` are in the deck; `proposals` counts pairs of cards, of which `unsettled` wait for somebody
    to say whether they are the same; `report` has a line for each problem of the file, as far as they are kept.
    """

    id: int
    cohort_id: int
    state: StagedState
    title: str
    file_name: str
    staged_by: str
    cards: int
    applied: int
    counts: ImportCounts
    samples: tuple[Card, ...]
    proposals: int
    unsettled: int
    problems: int
    report: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Starter:
    """A deck that comes with the program; `key` names its file."""

    key: str
    title: str
