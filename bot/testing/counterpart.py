"""What the adapter contract needs of a platform: its people's hands and eyes, as one protocol.

Each adapter's tests give one `Counterpart`: the platform's own channel in process, or a loopback server that speaks its
protocol. It outlives the app, as a platform does: after a restart its old messages are still there to be pressed.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from ..app import App
from ..config import CohortConfig, Config, Core
from ..model import WEEKDAYS, Place, PostStyle, Rating, RatingInput
from .world import DECK, StillClock

LEAD, MEMBER, STRANGER = "maya", "sam", "lin"
"""Who is in the channel. The first one leads; the last one looks on and never acts."""

MARKUP = "<@1> <@U1> @everyone <!channel> <#C1|x> *b* _i_ ~s~ `c` ||d|| [e](https://e.example) <b>f</b> &lt;"
"""Mentions and markup of several platforms. As a title or a name it is text, to the letter."""

Values = Mapping[str, str | Sequence[str]]
"""What is filled in, by the names of a form's fields."""


@dataclass(frozen=True, slots=True)
class Setting:
    """The group that a test opens: it posts every day at nine. `names` are what people are called, by id.

    Without `grouped` there is a channel that nobody has set up yet.
    """

    folder: Path
    deck: str = DECK
    style: PostStyle = PostStyle.DIGEST
    rating_input: RatingInput = RatingInput.BUTTONS
    zone: str = "Europe/Berlin"
    ping: str = ""
    grouped: bool = True
    names: Mapping[str, str] = field(default_factory=lambda: {LEAD: "Maya", MEMBER: "Sam", STRANGER: "Lin"})

    def config(self, place: Place, section: Mapping[str, object]) -> Config:
        """The group at this place, with `section` as the settings of its platform."""
        (self.folder / "rivers.deck.md").write_text(self.deck, encoding="utf-8")
        cohort = CohortConfig(
            name="Rivers",
            platform=place.platform,
            workspace=place.workspace,
            channel=place.channel,
            decks=("rivers.deck.md",),
            weekdays=WEEKDAYS,
            zone=self.zone,
            style=self.style,
            rating_input=self.rating_input,
            ping=self.ping,
        )
        cohorts = (cohort,) if self.grouped else ()
        return Config(Core(data="."), cohorts, {place.platform: {"enabled": True, **section}}, self.folder)


class Counterpart(Protocol):
    """A platform with one channel and three people in it. Text is as a person reads it: drawn, escapes resolved.

    Of a form a person reads its title, and each label with what stands in its field: "Time: 09:00".
    """

    @property
    def place(self) -> Place:
        """The channel."""
        ...

    @property
    def nowhere(self) -> Place:
        """A channel that could be, and is not there."""
        ...

    def open(self, setting: Setting, clock: StillClock) -> AbstractAsyncContextManager[App]:
        """The real app on this adapter (`open_app`), listening; once it is closed it can be opened again."""
        ...

    # ---- what somebody does; each waits for the answer and gives what this person is shown, or an empty text

    async def press(self, who: str, label: str, delivered: int = 1) -> str:
        """Press the newest button with this label that this person sees; the platform tells of it `delivered` times."""
        ...

    async def press_id(self, who: str, button_id: str) -> str:
        """Press a button of an old message whose id is this."""
        ...

    async def type(self, who: str, command: str, delivered: int = 1) -> str:
        """Type a slash command into the channel."""
        ...

    async def fill(
        self,
        who: str,
        values: Values,
        file: tuple[str, bytes] | None = None,
        delivered: int = 1,
    ) -> str:
        """Send the form that this person had opened last, with these values by the names of its fields.

        Whatever else stands in it is sent along; `file` is a name and its bytes, for the field that takes one.
        """
        ...

    async def react(self, who: str, rating: Rating, added: bool = True, delivered: int = 1) -> None:
        """Press a reaction under the newest post, or take it back."""
        ...

    async def react_unseen(self, who: str, rating: Rating, added: bool = True) -> None:
        """The same, of which the platform tells nobody: it happens while the app is closed, or was not listening."""
        ...

    # ---- what can be seen

    def sees(self, who: str) -> str:
        """Everything that this person can see now, private surfaces included."""
        ...

    async def pictures(self, who: str) -> list[tuple[str, bytes]]:
        """Every picture that this person can see now, with what is read out in its place."""
        ...

    def public(self) -> list[str]:
        """The text of each message that everyone sees, oldest first, as it is drawn now."""
        ...

    def notifications(self) -> list[str]:
        """What the notification of each public message says, where the platform shows one."""
        ...

    def reactions(self) -> dict[Rating, int]:
        """What stands under the newest post, and how many people (not the bot) pressed it."""
        ...

    def pings(self) -> list[str]:
        """Everything that reached the platform as more than text: mentions it would act on, links, foreign elements."""
        ...
