"""A storm from its first dawn to the calm after it: workers are killed and started again, then everything is checked.

Rules of this file:
- a worker is a process of its own that ends by SIGKILL alone, until the calm, which it leaves when it is asked to;
- at dusk all are killed at once: the machine sleeps until the next dawn.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from time import monotonic
from typing import Any

import aiohttp

from bot.store.database import Database, open_database
from bot.store.tx import Tx

from . import checks, platform, worker
from .people import People, gather
from .plan import DAWN_MS, DAY_MS, FIRST_DAY, HOUR_MS, Clock, Storm, dawn
from .platform import Kept

LOOK_EVERY_S = 0.02
CALM_S, STOP_S = 60.0, 15.0

forking = get_context("forkserver")


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures of a storm; `broken` names every promise that was not kept."""

    planned: int
    sent: int
    skipped: int
    messages: int
    kills: int
    fell: int
    answered: int
    resumed: int
    seconds: float
    faults: dict[str, int]
    broken: list[str]

    def line(self) -> str:
        went_wrong = sum(times for fault, times in self.faults.items() if fault != "none")
        return (
            f"storm: {self.kills} kills over {self.planned:,} planned posts in {self.seconds:.0f} s:"
            f" {self.sent:,} sent, {self.skipped:,} skipped with a reason, {self.messages:,} messages,"
            f" {went_wrong:,} faults, {len(self.broken)} promises broken"
        )


@dataclass(slots=True)
class Crew:
    """The workers of a storm; the clock is that of the day."""

    storm: Storm
    port: int
    clock: Clock
    kills: int = 0
    fell: int = 0
    _numbers: Any = field(default_factory=count)
    _living: list[tuple[BaseProcess, float]] = field(default_factory=list)

    async def sail(self, seconds: float) -> None:
        """Kill and start again for so long; then kill them all."""
        ends = monotonic() + seconds
        while monotonic() < ends:
            self._living = [self._kept(process, dies) for process, dies in self._living]
            while len(self._living) < self.storm.workers:
                self._living.append(self._started())
            await asyncio.sleep(LOOK_EVERY_S)
        for process, _ in self._living:
            self._kill(process)
        self._living = []

    def _kept(self, process: BaseProcess, dies: float) -> tuple[BaseProcess, float]:
        """The same, or the one in its place."""
        if not process.is_alive():
            self.fell += 1
        elif monotonic() < dies:
            return process, dies
        else:
            self._kill(process)
        return self._started()

    def _started(self) -> tuple[BaseProcess, float]:
        life = worker.lives(self.storm, next(self._numbers))
        return self.start(), monotonic() + life

    def start(self) -> BaseProcess:
        process = forking.Process(target=worker.work, args=(self.storm, self.clock, self.port), daemon=True)
        process.start()
        return process

    def _kill(self, process: BaseProcess) -> None:
        process.kill()
        process.join()
        self.kills += 1


async def run(storm: Storm) -> Outcome:
    """Let it rage over a new database in its folder, and say what came of it."""
    began = monotonic()
    forking.set_forkserver_preload([worker.__name__, platform.__name__])
    async with _platforms(storm) as port, _database(storm) as database:
        clock = dawn(storm, 0)
        await gather(storm, database, FIRST_DAY * DAY_MS + DAWN_MS)
        crew, people = Crew(storm, port, clock), People(database, clock)
        async with aiohttp.ClientSession(f"http://127.0.0.1:{port}") as session:
            for number in range(storm.days):
                crew.clock = people.now = dawn(storm, number)
                await _day(crew, people, storm.hours * storm.hour_s)
                await (await session.get("/quiet")).read()
            await (await session.post("/calm")).read()
            await _calm(crew, database, storm)
            shown = await (await session.get("/messages")).json()
    found = checks.look(storm, [Kept(**kept) for kept in shown["messages"]])
    states = [row["state"] for row in found.posts if row["day"] < FIRST_DAY + storm.days]
    return Outcome(
        planned=len(states),
        sent=states.count("open") + states.count("closed"),
        skipped=states.count("skipped"),
        messages=len(found.messages),
        kills=crew.kills,
        fell=crew.fell,
        answered=people.answered,
        resumed=people.resumed,
        seconds=monotonic() - began,
        faults=shown["faults"],
        broken=checks.broken(found),
    )


async def _day(crew: Crew, people: People, seconds: float) -> None:
    acting = asyncio.create_task(people.act())
    await crew.sail(seconds)
    acting.cancel()
    await asyncio.wait([acting])
    if not acting.cancelled():
        acting.result()


async def _calm(crew: Crew, database: Database, storm: Storm) -> None:
    """A day later nothing goes wrong any more: what is left is done, and the workers end when asked to."""
    crew.clock = Clock((FIRST_DAY + storm.days) * DAY_MS + 22 * HOUR_MS, monotonic(), 60.0)
    workers = [crew.start() for _ in range(storm.workers)]
    ends = monotonic() + CALM_S
    while monotonic() < ends:
        await asyncio.sleep(LOOK_EVERY_S)
        if not await _left(database, crew.clock.at):
            break
    for process in workers:
        process.terminate()
    for process in workers:
        process.join(STOP_S)
        crew.fell += process.exitcode != 0


async def _left(database: Database, at: int) -> bool:
    async def story(tx: Tx) -> bool:
        left = await tx.one(
            """select 1 from posts where state = 'choosing' union all
               select 1 from deliveries where state in ('pending', 'sending') union all
               select 1 from schedules where run_at <= :at limit 1""",
            at=at,
        )
        return left is not None

    return await database.read(story)


@asynccontextmanager
async def _platforms(storm: Storm) -> AsyncIterator[int]:
    """The port of the platforms, which outlive every worker."""
    hears, tells = forking.Pipe(duplex=False)
    server = forking.Process(target=platform.serve, args=(storm, tells), daemon=True)
    server.start()
    try:
        yield await asyncio.to_thread(hears.recv)
    finally:
        server.kill()
        server.join()


@asynccontextmanager
async def _database(storm: Storm) -> AsyncIterator[Database]:
    database = await open_database(storm.database, now=FIRST_DAY * DAY_MS)
    try:
        yield database
    finally:
        await database.close()
