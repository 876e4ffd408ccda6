"""Take the guides' pictures anew: `python -m bench.pictures`, or with the names of the platforms to be looked at."""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path

from . import camera, discord, slack
from .camera import Camera
from .story import LEAD, Stage, play

PICTURES = Path(__file__).parents[2] / "docs/pictures"
STAGES: dict[str, Callable[[Path, Camera], AbstractAsyncContextManager[Stage]]] = {
    "discord": discord.opened,
    "slack": slack.opened,
}


async def main(platforms: list[str]) -> None:
    async with camera.opened(PICTURES) as at_hand:
        for platform in platforms:
            with tempfile.TemporaryDirectory() as folder:
                async with STAGES[platform](Path(folder), at_hand) as stage:
                    await play(stage)
                    if isinstance(stage, slack.Stage):
                        await stage.photograph_home(LEAD.id)


asyncio.run(main(sys.argv[1:] or list(STAGES)))
