"""What a person or a file asks for. A `Request` is an action with its circumstances: who, where, when, and its key.

Actions with nothing but numbers and closed words in them can stand behind a button (see `buttons.py`).
"""

from dataclasses import dataclass
from enum import StrEnum

from .model import Account, MessageRef, Place, Rating, Source, Window

# ---- the daily post --------------------------------------------------------------------------------------------------


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
    """Show me the answers of a closed post."""

    post_id: int


@dataclass(frozen=True, slots=True)
class WhyThese:
    """Why were these cards chosen?"""

    post_id: int


# ---- a session and its cards -----------------------------------------------------------------------------------------


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


# ---- the group -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ShowLeaderboard:
    window: Window = Window.WEEK


@dataclass(frozen=True, slots=True)
class ShareLeaderboard:
    window: Window = Window.WEEK


@dataclass(frozen=True, slots=True)
class HideName:
    """Take my name off the leaderboard of this group, or put it back."""

    hidden: bool = True


@dataclass(frozen=True, slots=True)
class ShowPrivacy:
    """What is kept of me, and who sees it?"""


@dataclass(frozen=True, slots=True)
class ExportMyData:
    """Give me all that is kept of me, as a file."""


@dataclass(frozen=True, slots=True)
class DeleteMyData:
    """Delete all that is kept of me; asked once more unless `sure`."""

    sure: bool = False


@dataclass(frozen=True, slots=True)
class ShowStats:
    pass


@dataclass(frozen=True, slots=True)
class ShowDecks:
    pass


@dataclass(frozen=True, slots=True)
class ShowHelp:
    pass


@dataclass(frozen=True, slots=True)
class ImportDeck:
    """Read this file and make it a deck of the group: many transactions, one report."""

    file_name: str
    data: bytes


# ---- reminders and leads ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind me in private every day when cards are due: at this time of mine ("18:00"), or "off"."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How are this group's posts doing?"""


@dataclass(frozen=True, slots=True)
class SetUpGroup:
    """Make a group of this channel, or change the one that is here; settings by name, in words."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Change settings by name, in words; `version` is the one that the asker saw, 0 for whichever there is."""

    values: tuple[tuple[str, str], ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class PausePosts:
    """Post nothing until this date ("2027-01-04"), or until somebody resumes."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class ResumePosts:
    pass


@dataclass(frozen=True, slots=True)
class SkipToday:
    pass


@dataclass(frozen=True, slots=True)
class PostNow:
    """Bring today's post forward."""


@dataclass(frozen=True, slots=True)
class PreviewPost:
    """Show me alone what today's post would be."""


@dataclass(frozen=True, slots=True)
class CopySetUp:
    """Take over the set-up of another group of this workspace."""

    name: str


# ---- what is no action of ours ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PressUnknown:
    """A button of another version, or of another program."""


@dataclass(frozen=True, slots=True)
class UnknownCommand:
    """Words that are no command; `nearest` is the command that was probably meant, or empty."""

    text: str
    nearest: str = ""


Action = (
    Study | ExplainPost | SeeAnswers | WhyThese
    | StartQuiz | Practise | GoOn | ShowCard | FinishSession | ShowRatings
    | RevealAnswer | RateCard | ChangeRating | React | SkipOrFlag | SetAside
    | ShowLeaderboard | ShareLeaderboard | HideName | ShowPrivacy | ExportMyData | DeleteMyData
    | ShowStats | ShowDecks | ShowHelp | ImportDeck
    | Remind | ShowStatus | SetUpGroup | ChangeSettings | PausePosts | ResumePosts | SkipToday
    | PostNow | PreviewPost | CopySetUp
    | PressUnknown | UnknownCommand
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Request:
    """An action, asked once: `key` is the platform's own id of the event, so that a redelivery is recognised."""

    action: Action
    key: str
    occurred_at: int
    account: Account
    place: Place
