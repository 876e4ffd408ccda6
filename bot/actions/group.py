"""What is asked of the group: its board and decks, privacy, reminders."""

import msgspec

from ..model import Window


class ShowLeaderboard(msgspec.Struct, frozen=True):
    window: Window = Window.WEEK


class ShareLeaderboard(msgspec.Struct, frozen=True):
    window: Window = Window.WEEK


class HideName(msgspec.Struct, frozen=True):
    """Take my name off the leaderboard of this group, or put it back."""

    hidden: bool = True


class ShowPrivacy(msgspec.Struct, frozen=True):
    """What is kept of me, and who sees it?"""


class ExportMyData(msgspec.Struct, frozen=True):
    """Give me all that is kept of me, as a file."""


class DeleteMyData(msgspec.Struct, frozen=True):
    """Delete all that is kept of me; asked once more unless `sure`."""

    sure: bool = False


class ShowStats(msgspec.Struct, frozen=True):
    pass


class ShowDecks(msgspec.Struct, frozen=True):
    pass


class SuggestDecks(msgspec.Struct, frozen=True):
    """Which decks may be meant by these words, while they are typed?"""

    text: str


class ShowHelp(msgspec.Struct, frozen=True):
    pass


class LearnAlone(msgspec.Struct, frozen=True):
    """Give me a cohort of my own, and let my direct messages speak of it."""


class LearnWith(msgspec.Struct, frozen=True):
    """Let my direct messages speak of this cohort."""

    cohort_id: int


class Remind(msgspec.Struct, frozen=True):
    """Remind me in private every day when cards are due: at this time of mine ("18:00 Europe/Oslo"), or "off"."""

    words: str = ""
