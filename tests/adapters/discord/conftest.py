"""Discord's double with the real app before it; whatever was sent or answered must fit Discord's own description."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from adapters.discord import limits
from bot.clock import instant
from bot.testing.counterpart import Setting
from bot.testing.group import Group
from bot.testing.world import MINUTE_MS, MONDAY, POST_TIME, StillClock

from .counterpart import DiscordCounterpart

Open = Callable[..., AbstractAsyncContextManager[Group]]


@pytest.fixture
async def counterpart(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordCounterpart]:
    monkeypatch.setattr(limits, "LAST_GUILD_S", 0.01)
    monkeypatch.setattr(limits, "FIRST_REST_S", 0.01)
    found = DiscordCounterpart()
    yield found
    await found.there.stop()
    assert found.there.all_problems() == []


@pytest.fixture
def open_group(counterpart: DiscordCounterpart, tmp_path: Path) -> Open:
    """Open the group an hour before its post; a second opening goes on where the first one ended."""
    clock = StillClock(instant(MONDAY, POST_TIME, "Europe/Berlin") - 60 * MINUTE_MS)

    @asynccontextmanager
    async def opened(**settings: Any) -> AsyncIterator[Group]:
        setting = Setting(tmp_path, **settings)
        async with counterpart.open(setting, clock) as app:
            yield Group(counterpart, app, clock, setting.zone)

    return opened


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever sleeps for seconds, such as the library before it tries again, sleeps shortly."""
    sleep = asyncio.sleep

    async def shortly(seconds: float, result: object = None) -> object:
        return await sleep(min(seconds, 0.05), result)

    monkeypatch.setattr(asyncio, "sleep", shortly)


@pytest.fixture
async def group(open_group: Open) -> AsyncIterator[Group]:
    async with open_group() as opened:
        yield opened
