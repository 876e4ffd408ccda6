"""A group whose members rate until the program is killed; each rating is printed once it was acknowledged.

`python -m tests.bot.killed FOLDER DAY`: a post on DAY (since 1970-01-01) and on every day after it. A line is a member
and the id of the button that was pressed.
"""

import asyncio
import sys
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

from adapters.local.app import Member
from bot.messages import Button, Buttons, Message
from bot.testing.world import World, open_world

MEMBERS = tuple(f"member{number:02}" for number in range(24))


def ratings_in(message: Message) -> list[Button]:
    rows = [part.row for part in message.parts if isinstance(part, Buttons)]
    return [button for row in rows for button in row if button.id.startswith("f1:rate:")]


async def study(world: World, who: str, chance: Random) -> None:
    """A whole session, at the speed of the machine."""
    message: Any = world.newest_post()
    shown = await world.channel.press(who, message.id, "Study")
    while "Show answer" in world.text(shown):
        shown = await world.channel.press(who, shown[-1].id, "Show answer")
        button = chance.choice(ratings_in(shown[-1].message))
        shown = await world.channel.press(who, shown[-1].id, button.id)
        if "Saved" in world.text(shown):
            sys.stdout.write(f"{who} {button.id}\n")
            sys.stdout.flush()


async def main(folder: Path, first: int) -> None:
    async with open_world(folder) as world:
        world.channel.enter(Member(who, who.title()) for who in MEMBERS)
        for day in count(first):
            await world.morning(day - 1)  # whatever a killed run left behind is too late by now
            await world.morning(day)
            await asyncio.gather(*(study(world, who, Random(f"{day} {who}")) for who in MEMBERS))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), int(sys.argv[2])))
