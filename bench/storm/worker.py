"""A process of the bot as it is, but for its platform, its faster clock, and its shorter patience to go with that."""

import asyncio
import logging
from itertools import count
from random import Random
from secrets import randbits

import numpy  # noqa: F401  (loaded once, in the process that the others are forked from)

from bot import sender
from bot.app import App
from bot.config import Config, Core
from bot.store import connect, ids, leases
from bot.store.database import open_database

from .adapter import StormAdapter
from .plan import Clock, Platform, Storm

TICK_S = 0.1


def work(storm: Storm, clock: Clock, port: int) -> None:
    """Run the bot until killed."""
    logging.basicConfig(
        filename=storm.folder / "storm.log", level=logging.ERROR, format="%(process)d %(name)s %(message)s"
    )
    leases.LEASE_MS = int(storm.lease_s * 1000 * clock.factor)
    sender.TIMEOUT_S = storm.timeout_s
    connect.WRITING += "pragma synchronous = normal;"  # a kill loses nothing that the system has, only a power cut does
    ids._places = count(randbits(ids.PLACES))  # forked processes would all begin at the same place
    asyncio.run(_run(storm, clock, port))


async def _run(storm: Storm, clock: Clock, port: int) -> None:
    database = await open_database(storm.database, now=clock())
    app = App(Config(Core(tick_seconds=TICK_S), (), {}, storm.folder), database, clock)
    try:
        for platform in Platform:
            app.adapters[platform] = StormAdapter(platform, port, clock)
        await app.run()
    finally:
        await app.rest()
        await database.close()


def lives(storm: Storm, number: int) -> float:
    """How many seconds the nth worker lives: often hardly long enough to begin."""
    return Random(f"{storm.seed} life {number}").uniform(0.02, storm.life_s)
