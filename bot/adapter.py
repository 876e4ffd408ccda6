"""What a platform must do for Flashmob, and what it says of itself. The only interface in the project.

`bot` finds adapters by their entry points (group `flashmob.adapters`); an entry point is a callable that takes the
adapter's section of the configuration file, an `Act`, a clock (UTC milliseconds) and a `Media`, and gives an `Adapter`.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from .actions import Request
from .messages import Message
from .model import Account, MessageRef, Place, Rating
from .states import Health

Act = Callable[[Request], Awaitable[list[Message]]]
"""Do what is asked, and answer with what to show to whoever asked. It never raises."""

RatedBy = Mapping[Rating, Sequence[Account]]
"""Who has put which rating under a message, as a reaction."""


class PrivateSurface(StrEnum):
    """Where a platform shows what only one person may see."""

    EPHEMERAL = "ephemeral"
    MODAL = "modal"
    DIRECT_MESSAGE = "direct message"


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do: the core asks this and never which platform it is. Limits are in characters."""

    private_surface: PrivateSurface
    message_limit: int
    button_label_limit: int
    buttons_in_message: int
    reactions: bool
    edits: bool
    sends_per_second: float = 10.0


class Adapter(Protocol):
    """One platform. Nothing that its handlers do may raise into the platform's library."""

    @property
    def platform(self) -> str: ...

    @property
    def capabilities(self) -> Capabilities: ...

    @property
    def health(self) -> Health: ...

    async def run(self) -> None:
        """Connect and listen until `close`."""
        ...

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        """Put a message into a channel, or into a person's direct messages.

        `key` names it for ever: the platform's own idempotency is derived from it. Raises `SendFailed`.
        """
        ...

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Draw a message of ours anew."""
        ...

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        """Put the reaction of this rating under a message of ours, for people to press."""
        ...

    async def ratings(self, ref: MessageRef) -> RatedBy:
        """Who has put which rating under a message of ours: people only. Raises `CannotTell`, `SendFailed`.

        It is asked after a `BeganAnew`, which the adapter tells whenever reactions may have been put unseen.
        """
        ...

    async def find(self, place: Place, key: str) -> MessageRef | None:
        """The message that was sent with this key, or None: it is not there. Raises `CannotTell`, `SendFailed`."""
        ...

    async def close(self) -> None: ...


class Trouble(StrEnum):
    """Why a platform did not take a message, by what there is to do about it."""

    PASSING = "passing"
    """A cut line, a server's error: try again soon. The message may have arrived: look for it first."""
    RATE_LIMITED = "rate limited"
    """Wait as long as the platform says; nothing else goes there meanwhile."""
    NOT_ALLOWED = "not allowed"
    """A permission is missing, which a person must give: tell the lead, try again after an hour, then a day."""
    GONE = "gone"
    """The channel, the workspace or the message is not there any more: trying again is useless."""
    LEFT = "left"
    """The person is not there any more: nothing more is sent to them, and their name is shown no more."""
    UNFIT = "unfit"
    """The platform will never take this message, such as one that is too long: give it up, and say so."""


class SendFailed(Exception):
    """The platform did not take it; `reason` says why, in words for the group's lead."""

    def __init__(
        self,
        reason: str,
        trouble: Trouble = Trouble.PASSING,
        retry_after_s: float = 0.0,
        *,
        may_have_arrived: bool = True,
    ) -> None:
        """`retry_after_s` is what the platform asked for, if it did. Only what is passing may have arrived."""
        self.reason = reason
        self.trouble = trouble
        self.retry_after_s = retry_after_s
        self.may_have_arrived = may_have_arrived and trouble is Trouble.PASSING
        super().__init__(reason)


class CannotTell(Exception):
    """Whether a message arrived, or who reacted to it, cannot be seen here; `reason` says why, in words for a lead."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


Now = Callable[[], int]
Media = Callable[[str], Awaitable[bytes | None]]
"""The bytes of a kept picture by its name, `Image.media` in a card's text; None where it is not there. Never raises."""


async def no_media(name: str) -> None:
    """For an adapter on its own: no picture is kept."""


def how_to_install(extra: str) -> str:
    """What to do where an adapter's libraries are missing; they are an extra of the checkout."""
    return (
        "In Flashmob's folder run `make demo`, which installs all of it, and start .venv/bin/flashmob; or run "
        f'`pip install ".[{extra}]"` there.'
    )


Factory = Callable[[Mapping[str, object], Act, Now, Media], Adapter]
