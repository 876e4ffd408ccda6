"""A group on Slack's double, opened and closed as a test likes."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.clock import instant
from bot.testing.counterpart import Setting
from bot.testing.group import Group
from bot.testing.world import MINUTE_MS, MONDAY, POST_TIME, StillClock

from .counterpart import HTTP, SlackCounterpart
from .installing import KEY

pytest.register_assert_rewrite("bot.testing.adapter_contract")

OpenGroup = Callable[..., AbstractAsyncContextManager[Group]]


@pytest.fixture
async def there() -> AsyncIterator[SlackCounterpart]:
    made = SlackCounterpart()
    yield made
    await made.close()


@pytest.fixture
def open_group(there: SlackCounterpart, tmp_path: Path) -> OpenGroup:
    """Open the group, before its first post; `section` holds settings of `[slack]`."""
    clock = StillClock(instant(MONDAY, POST_TIME, "Europe/Berlin") - 60 * MINUTE_MS)

    @asynccontextmanager
    async def opened(section: dict[str, Any] | None = None, **settings: Any) -> AsyncIterator[Group]:
        setting = Setting(tmp_path, **settings)
        async with there.open(setting, clock, **(section or {})) as app:
            yield Group(there, app, clock, setting.zone)

    return opened


@pytest.fixture
def many(there: SlackCounterpart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The settings of an installation for many workspaces."""
    there.mode = HTTP
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "client-secret")
    monkeypatch.setenv("FLASHMOB_ENCRYPTION_KEY", KEY)
    return {"installations": str(tmp_path / "slack.db"), "authorize_url": "https://slack.example/authorize"}
