"""What a person or a file asks for. A `Request` is an action with its circumstances: who, where, when, and its key.

Actions with nothing but numbers and closed words in them can stand behind a button (see `buttons.py`).
"""

import msgspec

from ..model import Account, Place
from .group import (
    DeleteMyData,
    ExportMyData,
    HideName,
    LearnAlone,
    LearnWith,
    Remind,
    ShareLeaderboard,
    ShowDecks,
    ShowHelp,
    ShowLeaderboard,
    ShowPrivacy,
    ShowStats,
    SuggestDecks,
)
from .imports import (
    ApplyImport,
    CancelImport,
    ImportDeck,
    SettleProposal,
    ShowImport,
    ShowProblems,
    ShowProposals,
)
from .leads import (
    ChangeSettings,
    CopySetUp,
    FinishSetUp,
    FormKind,
    ImportStarter,
    OpenForm,
    PausePosts,
    PostNow,
    PreviewPost,
    ResumePosts,
    SetUpGroup,
    ShowStatus,
    SkipToday,
)
from .platforms import BeganAnew, PersonLeft, WorkspaceBack, WorkspaceLeft, WorkspacesAre
from .study import (
    ChangeRating,
    ExplainPost,
    FinishSession,
    GoOn,
    Instead,
    Offer,
    Practise,
    RateCard,
    React,
    ReadOn,
    RevealAnswer,
    SeeAnswers,
    SetAside,
    ShowCard,
    ShowRatings,
    SkipOrFlag,
    StartQuiz,
    Study,
    WhyThese,
)


class PressUnknown(msgspec.Struct, frozen=True):
    """A button of another version, or of another program."""


class UnknownCommand(msgspec.Struct, frozen=True):
    """Words that are no command; `nearest` is the command that was probably meant, or empty."""

    text: str
    nearest: str = ""


Action = (
    Study | ExplainPost | SeeAnswers | WhyThese
    | StartQuiz | Practise | GoOn | ShowCard | FinishSession | ShowRatings
    | RevealAnswer | ReadOn | RateCard | ChangeRating | React | SkipOrFlag | SetAside
    | ShowLeaderboard | ShareLeaderboard | HideName | ShowPrivacy | ExportMyData | DeleteMyData
    | ShowStats | ShowDecks | SuggestDecks | ShowHelp | LearnAlone | LearnWith
    | ImportDeck | ShowImport | ShowProblems | ShowProposals | SettleProposal | ApplyImport | CancelImport
    | Remind | ShowStatus | SetUpGroup | ChangeSettings | PausePosts | ResumePosts | SkipToday
    | PostNow | PreviewPost | CopySetUp | OpenForm | ImportStarter | FinishSetUp
    | PressUnknown | UnknownCommand
    | BeganAnew | WorkspaceLeft | WorkspaceBack | WorkspacesAre | PersonLeft
)  # fmt: skip


AboutImport = ShowImport | ShowProblems | ShowProposals | SettleProposal | ApplyImport | CancelImport


class Request(msgspec.Struct, frozen=True):
    """An action, asked once: `key` is the platform's own id of the event, so that a redelivery is recognised.

    `lacks` is what Flashmob is not allowed in that place, in words for a lead; asked of the platform for `LOOKED_AT`.
    """

    action: Action
    key: str
    occurred_at: int
    account: Account
    place: Place
    lacks: tuple[str, ...] = ()


LOOKED_AT = (SetUpGroup, ShowStatus)
"""What is answered with what the place lacks too."""


def told_by(
    platform: str, action: Action, key: str, at: int, workspace: str = "", person: Account | None = None
) -> Request:
    """What a platform tells by itself: there is no asker, and no channel that it would be answered in."""
    return Request(action, key, at, person or Account(platform, "", "", ""), Place(platform, workspace, ""))
