"""How figures are taken: medians of interleaved runs, and what goes on beside a long piece of work."""

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from math import nan
from statistics import median
from time import perf_counter
from typing import NewType, TypeVar

from bot.actions import Request
from bot.engine import Engine

from .group import NOW, rated

Figures = NewType("Figures", dict[str, float])
"""What a scene found out, by the names that goals.toml has for it."""

SKIPPED = nan
"""A figure that cannot be taken on this computer; the scene has said why."""
LOOK_EVERY_S = 0.001

T = TypeVar("T")


def say(text: str) -> None:
    """Tell whoever waits how far it has come."""
    print(text, file=sys.stderr, flush=True)


async def interleaved(runs: int, **kinds: Callable[[], Awaitable[T]]) -> dict[str, list[T]]:
    """Each kind in turn, `runs` times, so that a slow minute of the machine slows all of them."""
    found: dict[str, list[T]] = {name: [] for name in kinds}
    for number in range(1, runs + 1):
        for name, kind in kinds.items():
            say(f"  run {number} of {runs}: {name.replace('_', ' ')}")
            gc.collect()
            found[name].append(await kind())
    return found


def ratio(upper: Sequence[float], lower: Sequence[float]) -> float:
    """The median of the ratios within each run."""
    return median(a / b for a, b in zip(upper, lower, strict=True))


def p99(values: Sequence[float]) -> float:
    """The value that one in a hundred exceeds."""
    return sorted(values)[int(0.99 * (len(values) - 1))]


async def ask_all(engine: Engine, requests: Iterable[Request], clients: int) -> list[float]:
    """Have every request answered, each client waiting for its answer; returns the seconds that each took."""
    left, took = iter(requests), []

    async def client() -> None:
        for request in left:
            began = perf_counter()
            await engine.handle(request, NOW)
            took.append(perf_counter() - began)

    await asyncio.gather(*(client() for _ in range(clients)))
    return took


@dataclass(slots=True)
class Beside:
    """What was seen beside a piece of work, in milliseconds: how long the loop did not turn, how long ratings took."""

    stalls: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    over: bool = False


@asynccontextmanager
async def looked_at(engine: Engine, ratings: Iterator[Request], every_s: float) -> AsyncIterator[Beside]:
    """Look at the loop every millisecond and send a rating every `every_s`, for as long as the context is open."""
    seen = Beside()
    before = await rated(engine.database)
    async with asyncio.TaskGroup() as watching:
        watching.create_task(_watch_the_loop(seen))
        watching.create_task(_keep_rating(engine, ratings, every_s, seen))
        try:
            yield seen
        finally:
            seen.over = True
    saved = await rated(engine.database) - before
    assert saved == len(seen.waits), f"{len(seen.waits)} ratings were sent and {saved} saved"


async def _watch_the_loop(seen: Beside) -> None:
    while not seen.over:
        began = perf_counter()
        await asyncio.sleep(LOOK_EVERY_S)
        seen.stalls.append((perf_counter() - began - LOOK_EVERY_S) * 1000)


async def _keep_rating(engine: Engine, ratings: Iterator[Request], every_s: float, seen: Beside) -> None:
    """Each wait counts from when the rating was to be sent: one that a stalled loop sends late has waited too."""
    due = perf_counter()
    async with asyncio.TaskGroup() as sent:
        while not seen.over:
            sent.create_task(_rate(engine, next(ratings), due, seen))
            due += every_s
            await asyncio.sleep(max(0.0, due - perf_counter()))


async def _rate(engine: Engine, rating: Request, due: float, seen: Beside) -> None:
    await engine.handle(rating, NOW)
    seen.waits.append((perf_counter() - due) * 1000)
