"""Discord's double with the real app before it; whatever was sent or answered must fit Discord's own description."""

from collections.abc import AsyncIterator

import pytest

from adapters.discord import limits

from .counterpart import DiscordCounterpart


@pytest.fixture
async def counterpart(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[DiscordCounterpart]:
    monkeypatch.setattr(limits, "LAST_GUILD_S", 0.01)
    found = DiscordCounterpart()
    yield found
    await found.there.stop()
    assert found.there.all_problems() == []
