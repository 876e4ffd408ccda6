"""What setting up says of a token, a clock and a channel: each in a sentence, with what to do about it."""

from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urlsplit

import pytest

from adapters.discord import setup
from adapters.discord.settings import DiscordSettings
from adapters.discord.setup import Finding
from bot.errors import ConfigError
from bot.model import Place

from .double import DiscordDouble
from .double.server import wall_clock
from .double.words import Permission


@pytest.fixture
async def discord() -> AsyncIterator[DiscordDouble]:
    there = await DiscordDouble().start()
    yield there
    await there.stop()


def at(discord: DiscordDouble) -> DiscordSettings:
    return DiscordSettings(discord.api_base, discord.gateway_url)


async def findings(discord: DiscordDouble, *places: Place, ahead_ms: int = 0) -> list[Finding]:
    return await setup.doctor(discord.token, at(discord), places, lambda: wall_clock() + ahead_ms)


async def test_the_invite_asks_for_what_is_needed_and_for_nothing_more(discord: DiscordDouble) -> None:
    bot = await setup.look(discord.token, at(discord))
    asked = parse_qs(urlsplit(bot.invite).query)
    assert asked["client_id"] == [str(bot.application_id)]
    assert asked["scope"] == ["bot applications.commands"]
    wanted = 0x400 | 0x800 | 0x4000 | 0x8000 | 0x10000 | 0x40
    assert int(asked["permissions"][0]) == wanted


async def test_a_wrong_token_is_said_to_be_wrong(discord: DiscordDouble) -> None:
    with pytest.raises(ConfigError, match="does not accept the token"):
        await setup.look("nonsense", at(discord))
    (found,) = await setup.doctor("nonsense", at(discord), (), wall_clock)
    assert not found.good
    assert "DISCORD_TOKEN" in found.hint


async def test_a_discord_that_cannot_be_reached_is_said_to_be_so() -> None:
    with pytest.raises(ConfigError, match="cannot be reached"):
        await setup.look("a.token.x", DiscordSettings(api_base="http://127.0.0.1:9/api/v10"))


async def test_where_all_is_well_it_is_said(discord: DiscordDouble) -> None:
    guild = discord.room.guild("Rivers")
    channel = discord.room.channel("flashcards", guild)
    found = await findings(discord, Place("discord", guild.id, channel.id))
    assert [each.text for each in found if not each.good] == []
    assert found[-1].text == "In #flashcards in Rivers I may do all that I need."


async def test_each_missing_permission_is_named(discord: DiscordDouble) -> None:
    guild = discord.room.guild("Rivers")
    channel = discord.room.channel("flashcards", guild)
    channel.denied = Permission.EMBED_LINKS | Permission.READ_MESSAGE_HISTORY | Permission.ADD_REACTIONS
    found = await findings(discord, Place("discord", guild.id, channel.id))
    assert found[-1].text == "In #flashcards in Rivers I lack Embed Links, Read Message History and Add Reactions."


@pytest.mark.parametrize("channel", ["123456789012345678", "general"])
async def test_a_channel_that_cannot_be_seen_comes_with_the_invite(discord: DiscordDouble, channel: str) -> None:
    guild = discord.room.guild("Rivers")
    found = await findings(discord, Place("discord", guild.id, channel))
    assert not found[-1].good
    assert "oauth2/authorize" in found[-1].hint


async def test_a_clock_that_is_wrong_is_noticed(discord: DiscordDouble) -> None:
    found = await findings(discord, ahead_ms=600_000)
    assert any("s ahead of Discord's" in each.text and not each.good for each in found)
    found = await findings(discord, ahead_ms=-600_000)
    assert any("s behind Discord's" in each.text and not each.good for each in found)
