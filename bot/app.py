"""The one place that builds everything, starts it, and reads the clock."""

import asyncio
import logging
import secrets
import signal
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points, version

from .actions import Request
from .adapter import Adapter, Factory, Now
from .config import CohortConfig, Config
from .data import deck_named
from .engine import Engine
from .errors import ConfigError
from .garbage import FullLook, look_seldom
from .importing import import_deck, ready_file
from .media import read as read_picture
from .messages import Message
from .model import Cohort
from .scheduler import Scheduler
from .store import cohorts, names, places
from .store.changes import CONFIGURATION
from .store.database import Database, open_database
from .store.tx import Tx
from .tick import Tick
from .turns import USUAL_S
from .wording import leads as lead_wording

log = logging.getLogger("flashmob.app")
NUDGE_AFTER_S = 0.5


def system_clock() -> int:
    """UTC milliseconds."""
    return time.time_ns() // 1_000_000


def factory_of(platform: str) -> Factory:
    """The adapter of a platform, found by its entry point."""
    installed = _installed(tuple(sys.path))
    if platform not in installed:
        known = ", ".join(sorted(installed))
        raise ConfigError(f"There is no adapter for `{platform}`.", f"Installed are: {known}.")
    found: Factory = installed[platform].load()
    return found


@cache
def _installed(search_path: tuple[str, ...]) -> dict[str, EntryPoint]:
    """Adapters by platform. Every package that is installed is looked into for them, so it is done once."""
    return {entry.name: entry for entry in entry_points(group="flashmob.adapters")}


@dataclass(slots=True)
class App:
    """Everything, built and open; nothing runs by itself before `run`."""

    config: Config
    database: Database
    now: Now
    engine: Engine = field(init=False)
    scheduler: Scheduler = field(init=False)
    adapters: dict[str, Adapter] = field(init=False, default_factory=dict)
    tick: Tick = field(init=False)
    _nudging: bool = field(init=False, default=False)
    _acting: int = field(init=False, default=0)
    _full_look: FullLook = field(init=False, default_factory=FullLook)

    def __post_init__(self) -> None:
        self.engine = Engine(self.database)
        every_s = self.config.core.tick_seconds
        self.scheduler = Scheduler(
            self.database, self.adapters, secrets.token_hex(8), self.now, every_s, version("flashmob")
        )
        self.tick = Tick(self.work, every_s)

    def add_adapter(self, platform: str, section: Mapping[str, object]) -> Adapter:
        media = partial(read_picture, self.database.media)
        adapter = factory_of(platform)(section, self.act, self.now, media)
        self.adapters[platform] = adapter
        return adapter

    async def act(self, request: Request) -> list[Message]:
        """Do what is asked, and have whatever follows from it sent soon."""
        self._acting += 1
        try:
            messages = await self.engine.handle(request, self.now())
        finally:
            self._acting -= 1
        self._nudge_soon()
        return messages

    async def work(self) -> None:
        """What each tick does."""
        if await self.scheduler.tick():
            self.tick.nudge()
        if not self._acting:
            self._full_look.if_due()

    def _nudge_soon(self) -> None:
        """Half a second gathers what a burst of ratings leaves to be sent."""
        if not self._nudging:
            self._nudging = True
            asyncio.get_running_loop().call_later(NUDGE_AFTER_S, self._nudge)

    def _nudge(self) -> None:
        self._nudging = False
        self.tick.nudge()

    async def set_up(self, wanted: CohortConfig) -> Cohort:
        """Make a group what the configuration says, its decks included."""
        now = self.now()
        in_file = [each.name for each in self.config.cohorts]

        async def story(tx: Tx) -> Cohort:
            await names.give_again(tx, wanted.place, wanted.name, in_file, CONFIGURATION, now)
            cohort = await cohorts.set_up(tx, wanted.place, wanted.set_up, CONFIGURATION, now)
            await places.put_only(tx, cohort.id, wanted.places, lead_wording.ELSEWHERE, now)
            return cohort

        cohort = await self.database.write(story)
        for name in wanted.decks:
            deck = await ready_file(self.database, deck_named(name, self.config.folder))
            await import_deck(self.database, cohort, deck, now)
        return cohort

    async def run(self) -> None:
        """Listen and post until the process is told to stop, or until an adapter ends."""
        await asyncio.to_thread(make_ready)
        self.tick.start()
        stopping = _stop_signal()
        running = [asyncio.create_task(adapter.run(), name=name) for name, adapter in self.adapters.items()]
        waiting = asyncio.create_task(stopping.wait())
        try:
            await asyncio.wait([*running, waiting], return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            await self.rest()
            for adapter in self.adapters.values():
                await adapter.close()
            await self.scheduler.say_health()
            await asyncio.gather(*running)

    async def rest(self) -> None:
        """Begin nothing by itself any more, and let what is being sent arrive."""
        await self.tick.close()
        await self.scheduler.close()


def make_ready() -> None:
    """Load now what would hold up a rating later, which is numpy; look for garbage seldom, and let no thread keep the
    interpreter for long once another asks.
    """
    import_module("numpy")
    look_seldom()
    sys.setswitchinterval(USUAL_S)


def _stop_signal() -> asyncio.Event:
    """Set by Ctrl+C and by `kill`."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    return stopping


@asynccontextmanager
async def open_app(config: Config, now: Now = system_clock) -> AsyncIterator[App]:
    """The app on its database, with the adapters that the configuration enables; closed in order at the end."""
    database = await open_database(config.database, now=now())
    app = App(config, database, now)
    try:
        for platform, section in config.enabled().items():
            app.add_adapter(platform, section)
        there = [(await app.set_up(cohort)).id for cohort in config.cohorts]
        await database.write(partial(cohorts.put_in_file, cohort_ids=there if config.from_file else ()))
        yield app
    finally:
        await app.rest()
        await database.close()
