"""What a click costs on a platform, beside a bare program on the same library that makes the same calls.

The platform's double and everybody who clicks are this process. What they click on is a process of its own, and so is
its control, so that neither shares a loop or a lock with what measures it.
"""

import asyncio
import gc
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from os import environ
from statistics import median
from tempfile import TemporaryFile
from time import perf_counter

from .measure import p99, ratio

PATIENCE_S = 30.0
GRACE_S = 10.0
LOOK_EVERY_S = 0.05


@dataclass(slots=True)
class Clicks:
    """The seconds from each click to what it shows, and how many calls of the platform were made for all of them."""

    took: list[float] = field(default_factory=list)
    calls: int = 0

    @asynccontextmanager
    async def timed(self) -> AsyncIterator[None]:
        began = perf_counter()
        yield
        self.took.append(perf_counter() - began)


async def by_all(people: Sequence[str], clicking: Callable[[str], Awaitable[None]]) -> None:
    """Everybody at once, each waiting for what their last click showed.

    Meanwhile Python looks for no garbage here: the double holds all that was ever said, and a look at it would hold up
    two hundred people for 50 to 100 ms at some moment or other, on either side.
    """
    gc.disable()
    try:
        await asyncio.gather(*map(clicking, people))
    finally:
        gc.enable()


def compared(ours: Sequence[Clicks], bare: Sequence[Clicks]) -> dict[str, float]:
    """Medians and hundredths as ratios within each run, and ours in milliseconds."""
    for one, other in zip(ours, bare, strict=True):
        assert len(one.took) == len(other.took), "not as many clicks"
        assert one.calls >= other.calls, f"ours made {one.calls} calls, the bare program {other.calls}"
    middle, worst = ([measure(run.took) for run in ours] for measure in (median, p99))
    return {
        "p50": ratio(middle, [median(run.took) for run in bare]),
        "p99": ratio(worst, [p99(run.took) for run in bare]),
        "milliseconds": median(middle) * 1000,
    }


@asynccontextmanager
async def program(*arguments: str, env: Mapping[str, str]) -> AsyncIterator[Process]:
    """A Python of its own, ended afterwards. Raises RuntimeError with what it said, where it ended by itself."""
    with TemporaryFile() as said:
        process = await asyncio.create_subprocess_exec(
            sys.executable, *arguments, env={**environ, **env}, stdout=said, stderr=said
        )
        try:
            yield process
        finally:
            by_itself = ended(process)
            if not by_itself:
                process.terminate()
            async with asyncio.timeout(GRACE_S):
                await process.wait()
            if by_itself:
                said.seek(0)
                raise RuntimeError(said.read().decode(errors="replace")[-2_000:])


def ended(process: Process) -> bool:
    return process.returncode is not None


async def until(there: Callable[[], object]) -> None:
    """Wait for something that another process does. Raises TimeoutError."""
    async with asyncio.timeout(PATIENCE_S):
        while not there():  # noqa: ASYNC110
            await asyncio.sleep(LOOK_EVERY_S)


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 0.2):
        return True
    return False
