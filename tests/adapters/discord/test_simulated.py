"""The adapter in a simulated Discord, in process: what is pressed, typed and reacted becomes a request, and is answered."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest

from adapters.discord import marks, parse
from adapters.discord.app import Discord
from adapters.discord.client import Client
from bot import actions, buttons
from bot.actions import Request
from bot.adapter import SendFailed, Trouble
from bot.messages import Attachment, Audience, Button, Buttons, CardSide, Message, Notice, Side, Text, Title
from bot.model import MessageRef, Place, Rating, Source, SourceKind, Window

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


@dataclass
class Core:
    """What stands behind the adapter: it keeps what was asked, and says what it was told to say."""

    says: dict[type, list[Message]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)

    async def act(self, request: Request) -> list[Message]:
        self.asked.append(request)
        return self.says.get(type(request.action), [])


@pytest.fixture
def core() -> Core:
    return Core({actions.Study: [QUESTION], actions.RevealAnswer: [ANSWER]})


@pytest.fixture
def adapter(core: Core, monkeypatch: pytest.MonkeyPatch) -> Discord:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    return Discord({}, core.act, lambda: NOW)


@pytest.fixture
def simcord_bot(adapter: Discord) -> Client:
    return adapter.new_client()


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

    async def post(self, message: Message = POST, key: str = "post:1") -> tuple[MessageRef, Any]:
        ref = await self.adapter.send(self.place, message, key)
        await self.env.settle()
        return ref, self.channel.last_message


@pytest.fixture
async def server(simcord_env: Any, adapter: Discord, core: Core) -> Server:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("flashcards")
    await simcord_env.settle()
    await adapter.came_and_went(connected=True, anew=True)
    return Server(simcord_env, guild, channel, adapter, core)


def texts(components: Any) -> str:
    """Every text of a layout, in order."""
    if isinstance(components, list):
        return "\n".join(filter(None, map(texts, components)))
    return "\n".join(filter(None, [components.get("content", ""), texts(components.get("components", []))]))


async def test_a_post_is_studied_and_answered_in_private(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    pressed = await sam.click(post, label="Study")
    assert pressed.ephemeral
    assert "Where does the *Rhine* rise?" in texts(pressed.response.components)
    shown = await sam.click(pressed.response, label="Show answer")
    assert "In the Alps" in texts(pressed.response.components)
    assert shown.followups == []
    assert [type(request.action) for request in server.core.asked] == [actions.Study, actions.RevealAnswer]
    first = server.core.asked[0]
    assert first.account == first.account.__class__("discord", "", str(sam.id), "sam", leads=False)
    assert first.place == server.place
