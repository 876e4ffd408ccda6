from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.testing.world import MONDAY, World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The group on Monday at eight: nothing was posted yet."""
    async with open_world(tmp_path) as opened:
        yield opened


@pytest.fixture
async def posted(world: World) -> World:
    """The group on Monday just after nine: the digest is out."""
    await world.morning(MONDAY)
    return world
