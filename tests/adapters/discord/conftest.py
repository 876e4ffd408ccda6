"""Discord's double with the real app before it; whatever was sent or answered must fit Discord's own description."""

from collections.abc import AsyncIterator

import pytest

from .counterpart import DiscordCounterpart


@pytest.fixture
async def counterpart() -> AsyncIterator[DiscordCounterpart]:
    found = DiscordCounterpart()
    yield found
    await found.there.stop()
    assert found.there.all_problems() == []
