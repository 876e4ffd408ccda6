"""The nouns of the double: users, channels, guilds, messages and interactions, and what a call is refused with."""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum, IntFlag
from typing import Any

Payload = dict[str, Any]
EPOCH_MS = 1_420_070_400_000


class Permission(IntFlag):
    """The bits that matter here; their names are Discord's."""

    ADD_REACTIONS = 1 << 6
    MANAGE_GUILD = 1 << 5
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    USE_APPLICATION_COMMANDS = 1 << 31


NOTHING = Permission(0)
EVERYBODY = ~Permission.MANAGE_GUILD & (
    Permission.ADD_REACTIONS
    | Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.USE_APPLICATION_COMMANDS
)
EPHEMERAL = 1 << 6
LOADING = 1 << 7
COMPONENTS_V2 = 1 << 15


class Asked(IntEnum):
    """The types of an interaction."""

    COMMAND = 2
    COMPONENT = 3
    AUTOCOMPLETE = 4
    MODAL = 5


class Answered(IntEnum):
    """The types of a first answer."""

    MESSAGE = 4
    WAIT = 5
    WAIT_UPDATE = 6
    UPDATE = 7
    CHOICES = 8
    MODAL = 9


class Refused(Exception):
    """The call is answered with this status and Discord's own code."""

    def __init__(self, status: int, code: int, message: str, **more: Any) -> None:
        self.status = status
        self.body = {"code": code, "message": message, **more}
        super().__init__(message)


@dataclass(slots=True)
class Snowflakes:
    """Ids that carry the double's own clock (UTC milliseconds)."""

    now: Callable[[], int]
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def next(self) -> str:
        return str(((self.now() - EPOCH_MS) << 22) | next(self._count))


@dataclass(slots=True)
class User:
    id: str
    name: str
    bot: bool = False


@dataclass(slots=True)
class Channel:
    """`denied` is what the bot may not do here. A direct message has a `recipient`, a thread a `parent`."""

    id: str
    name: str
    guild_id: str = ""
    recipient: str = ""
    parent: str = ""
    denied: Permission = NOTHING


@dataclass(slots=True)
class Guild:
    """`leads` hold Manage Server by a role of their own."""

    id: str
    name: str
    owner_id: str
    lead_role: str
    members: list[str] = field(default_factory=list)
    leads: list[str] = field(default_factory=list)
    channels: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Posted:
    """A message; `reader` is who alone sees it. `asked` is the body that made it or changed it last."""

    payload: Payload
    channel_id: str
    sent_at: int
    asked: Payload
    reader: str = ""
    nonce: str = ""
    reactions: dict[str, list[str]] = field(default_factory=dict)

    @property
    def id(self) -> str:
        return str(self.payload["id"])


@dataclass(slots=True)
class Interaction:
    """A press, a command or a form, and how it was answered. `done` is set once the person sees something."""

    id: str
    token: str
    type: Asked
    user: User
    channel_id: str
    at: int
    source: Posted | None = None
    answer: Payload | None = None
    original: Posted | None = None
    shown: list[Posted] = field(default_factory=list)
    refused: list[Refused] = field(default_factory=list)
    done: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def kind(self) -> Answered | None:
        """The type of the first answer."""
        return Answered(self.answer["type"]) if self.answer else None

    @property
    def data(self) -> Payload:
        found: Payload = (self.answer or {}).get("data") or {}
        return found
