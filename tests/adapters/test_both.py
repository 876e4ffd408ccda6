"""One group with a place on Discord and one on Slack at once: one engine, one post, one leaderboard."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from adapters.discord import limits
from adapters.slack import transport
from bot.app import App, open_app
from bot.clock import instant
from bot.config import Config, PlaceConfig
from bot.errors import ConfigError
from bot.states import Health
from bot.store import connections
from bot.testing.counterpart import LEAD, MEMBER, Counterpart, Setting
from bot.testing.world import MINUTE_MS, MONDAY, POST_TIME, StillClock

from .discord.counterpart import DiscordCounterpart, in_environment
from .slack.counterpart import CHANNEL, SlackCounterpart


@dataclass
class Both:
    """The group is Discord's, and is on Slack also. On Slack, Sam is called Noor."""

    app: App
    clock: StillClock
    discord: DiscordCounterpart
    slack: SlackCounterpart

    async def morning(self, day: int) -> None:
        self.clock.at = instant(day, POST_TIME, "Europe/Berlin") + 1_000
        await self.app.scheduler.tick()

    async def later(self, minutes: float) -> None:
        self.clock.at += int(minutes * MINUTE_MS)
        await self.app.scheduler.tick()


async def rate_one(there: Counterpart, who: str, label: str) -> None:
    for pressed in ("Study", "Show answer"):
        await there.press(who, pressed)
    assert f"Saved: {label}" in await there.press(who, label)


@pytest.fixture
async def both(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Both]:
    monkeypatch.setattr(limits, "LAST_GUILD_S", 0.01)
    monkeypatch.setattr(transport, "PING_S", 0.25)
    clock = StillClock(instant(MONDAY, POST_TIME, "Europe/Berlin") - 60 * MINUTE_MS)
    discord, slack = DiscordCounterpart(), SlackCounterpart()
    async with opened(tmp_path, clock, discord, slack) as app:
        yield Both(app, clock, discord, slack)
    await discord.there.stop()
    await slack.close()
    assert discord.there.all_problems() == []


@asynccontextmanager
async def opened(
    folder: Path, clock: StillClock, discord: DiscordCounterpart, slack: SlackCounterpart
) -> AsyncIterator[App]:
    setting, there = Setting(folder), Setting(folder, names={LEAD: "Maya", MEMBER: "Noor"})
    config = setting.config(discord.place, await discord.prepared(setting, clock))
    also = PlaceConfig(platform="slack", workspace=slack.place.workspace, channel=slack.place.channel)
    cohorts = (msgspec.structs.replace(config.cohorts[0], also=(also,)),)
    sections = {**config.adapters, "slack": {"enabled": True, **await slack.prepared(there)}}
    async with AsyncExitStack() as stack:
        stack.enter_context(in_environment(discord.token))
        app = await stack.enter_async_context(open_app(Config(config.core, cohorts, sections, folder), clock))
        await stack.enter_async_context(discord.listening(app))
        await stack.enter_async_context(slack.listening(app))
        yield app


async def test_one_post_is_studied_on_both_and_closed_on_both(both: Both) -> None:
    await both.morning(MONDAY)
    assert [len(there.public()) for there in (both.discord, both.slack)] == [1, 1]
    await rate_one(both.discord, MEMBER, "4 Well")
    await rate_one(both.slack, MEMBER, "2 Barely")
    await both.later(2)
    for there in (both.discord, both.slack):
        assert "2 people have studied" in there.public()[0]
        board = await there.type(LEAD, "/leaderboard")
        assert "Together: 2 people, 2 cards" in board
        assert "Sam" in board
        assert "Noor" in board
    await both.morning(MONDAY + 1)
    await both.app.scheduler.tick()
    for there in (both.discord, both.slack):
        assert len(there.public()) == 2
        assert "Closed; 2 people studied." in there.public()[0]


async def test_a_channel_that_is_archived_on_slack_takes_nothing_from_discord(both: Both) -> None:
    await both.slack.type(LEAD, "/quiz-admin set time 09:00")
    both.slack.state.channels[CHANNEL].archived = True
    await both.morning(MONDAY)
    await both.app.scheduler.tick()
    assert [len(there.public()) for there in (both.discord, both.slack)] == [1, 0]
    assert "not posted to C0GENERAL on Slack any more" in both.slack.sees(LEAD)
    both.slack.state.channels[CHANNEL].archived = False
    await both.morning(MONDAY + 1)
    assert [len(there.public()) for there in (both.discord, both.slack)] == [2, 0]


async def test_while_one_platform_is_away_the_other_one_goes_on(both: Both) -> None:
    await both.morning(MONDAY)
    both.slack.double.shut = True
    await both.slack.double.cut()
    await rate_one(both.discord, MEMBER, "4 Well")
    both.slack.double.shut = False
    async with asyncio.timeout(10):
        while not both.slack.double.sockets:  # noqa: ASYNC110  (the SDK has no event of ours)
            await asyncio.sleep(0.01)
    gateway = both.discord.there.gateway
    gateway.cut()
    await rate_one(both.slack, MEMBER, "2 Barely")
    await gateway.until(lambda: gateway.resumed == 1)
    assert "Question 2" in await both.discord.press(LEAD, "Study") + await both.discord.press(MEMBER, "Show answer")
    await both.later(2)
    assert "2 people have studied" in both.discord.public()[0]


async def test_a_token_that_one_platform_refuses_ends_the_program_with_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever starts it should not have to find out days later that half of it never ran."""
    monkeypatch.setattr(limits, "LAST_GUILD_S", 0.01)
    clock = StillClock(instant(MONDAY, POST_TIME, "Europe/Berlin") - 60 * MINUTE_MS)
    discord, slack = DiscordCounterpart(), SlackCounterpart()
    try:
        setting = Setting(tmp_path)
        config = setting.config(discord.place, await discord.prepared(setting, clock))
        sections = {**config.adapters, "slack": {"enabled": True, **await slack.prepared(setting)}}
        slack.state.bot_token = "another"
        with in_environment(discord.token):
            async with open_app(Config(config.core, config.cohorts, sections, tmp_path), clock) as app:
                with pytest.raises(ConfigError, match="Slack does not take the token in SLACK_BOT_TOKEN"):
                    await asyncio.wait_for(app.run(), 20)
                rows = await app.database.read(connections.every)
        assert [(each.platform, each.health) for each in rows] == [
            ("discord", Health.CLOSED),
            ("slack", Health.CLOSED),
        ]
    finally:
        await discord.there.stop()
        await slack.close()
