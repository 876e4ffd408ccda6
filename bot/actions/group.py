"""What is asked of the group: its board and decks, privacy, reminders."""

from dataclasses import dataclass

from ..model import Window


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
class SuggestDecks:
    """Which decks may be meant by these words, while they are typed?"""

    text: str


@dataclass(frozen=True, slots=True)
class ShowHelp:
    pass


@dataclass(frozen=True, slots=True)
class LearnAlone:
    """Give me a cohort of my own, and let my direct messages speak of it."""


@dataclass(frozen=True, slots=True)
class LearnWith:
    """Let my direct messages speak of this cohort."""

    cohort_id: int


@dataclass(frozen=True, slots=True)
class Remind:
    """Remind me in private every day when cards are due: at this time of mine ("18:00 Europe/Oslo"), or "off"."""

    words: str = ""
