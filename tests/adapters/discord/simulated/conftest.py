"""The adapter under test, connected to a simulated Discord."""

from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.app import Discord
from adapters.discord.client import Client
from bot import actions

from .kit import ANSWER, NOW, QUESTION, SLOW_S, Core, Server, client_of


@pytest.fixture
def core() -> Core:
    return Core({actions.Study: [QUESTION], actions.RevealAnswer: [ANSWER]})


@pytest.fixture
def adapter(core: Core, monkeypatch: pytest.MonkeyPatch) -> Discord:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    return Discord({}, core.act, lambda: NOW)


@pytest.fixture
def simcord_bot(adapter: Discord) -> Client:
    return client_of(adapter)


@pytest.fixture
async def server(simcord_env: Any, adapter: Discord, core: Core) -> Server:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("flashcards")
    await simcord_env.settle()
    await adapter.came_and_went(1, 1)
    return Server(simcord_env, guild, channel, adapter, core)


@pytest.fixture
def slow(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer takes longer than it may."""
    server.core.takes_s = SLOW_S
    monkeypatch.setattr(limits, "ANSWER_AFTER_S", SLOW_S / 5)
