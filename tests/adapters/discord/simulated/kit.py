"""A server in a simulated Discord, and a core that says what it was told to say."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import discord

from adapters.discord.app import Discord
from adapters.discord.client import Client
from bot import actions, buttons
from bot.actions import Request
from bot.messages import Audience, Button, Buttons, CardSide, Message, Notice, Side, Text, Title
from bot.model import MessageRef, Place, Source, SourceKind

NOW = 1_790_000_000_000
STUDY = buttons.write(actions.Study(7))
SHOW = buttons.write(actions.RevealAnswer(Source(SourceKind.SESSION, 9), 0))
POST = Message(
    (Title("Today's 1 card: Rivers"), Buttons((Button(STUDY, "Study"),)), Text("Nobody has studied yet.", quiet=True)),
    "Today's card is ready.",
    Audience.EVERYONE,
)
QUESTION = Message(
    (
        Title("Card 1 of 1"),
        CardSide(Side.QUESTION, "Where does the *Rhine* rise?"),
        Buttons((Button(SHOW, "Show answer"),)),
    ),
    "Card 1 of 1",
)
ANSWER = Message((Notice("Look.", ()), CardSide(Side.ANSWER, "In the Alps")), "Card 1 of 1", replaces=True)
SLOW_S = 0.05


def client_of(adapter: Discord) -> Client:
    """The adapter's next client, with the shard that Discord would advise."""
    client = adapter.new_client()
    client.shard_count = 1
    return client


@dataclass
class Core:
    """What stands behind the adapter: it keeps what people asked, and says what it was told to say."""

    says: dict[type[Any], list[Message]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    takes_s: float = 0.0

    async def act(self, request: Request) -> list[Message]:
        if request.account.foreign_id:
            self.asked.append(request)
        await asyncio.sleep(self.takes_s)
        return self.says.get(type(request.action), [])


@dataclass
class Server:
    env: Any
    guild: Any
    channel: Any
    adapter: Discord
    core: Core

    @property
    def place(self) -> Place:
        return Place("discord", str(self.guild.id), str(self.channel.id))

    def member(self, name: str, **allowed: bool) -> Any:
        roles = [self.guild.create_role(f"{name}s", permissions=discord.Permissions(**allowed))] if allowed else []
        return self.guild.add_member(self.env.create_user(name), roles=roles)

    def components(self, message: Any) -> list[dict[str, Any]]:
        """The layout of a message, as Discord keeps it."""
        return list(self.env.backend.get_message(self.channel.id, message.id).components)

    async def post(self, message: Message = POST, key: str = "post:1") -> tuple[MessageRef, Any]:
        ref = await self.adapter.send(self.place, message, key)
        await self.env.settle()
        return ref, self.channel.last_message


def texts(components: Any) -> str:
    """Every text of a layout, in order."""
    if isinstance(components, list):
        return "\n".join(filter(None, map(texts, components)))
    return "\n".join(filter(None, [components.get("content", ""), texts(components.get("components", []))]))
