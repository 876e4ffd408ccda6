"""The tick: once at a time, whatever happens in it, and never cut short by closing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from bot.tick import Tick

NEVER, SOON = 3_600.0, 0.02


@dataclass
class Work:
    """Counts its calls; each waits for the gate, and fails while `fails` is set."""

    calls: int = 0
    done: int = 0
    at_once: int = 0
    fails: bool = False
    gate: asyncio.Event = field(default_factory=asyncio.Event)
    called: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self) -> None:
        self.calls += 1
        self.at_once += 1
        assert self.at_once == 1
        async with self.called:
            self.called.notify_all()
        try:
            await self.gate.wait()
            if self.fails:
                raise ValueError("the database is on fire")
            self.done += 1
        finally:
            self.at_once -= 1

    async def until(self, calls: int) -> None:
        async with asyncio.timeout(10), self.called:
            await self.called.wait_for(lambda: self.calls >= calls)


@asynccontextmanager
async def ticking(work: Callable[[], Awaitable[None]]) -> AsyncIterator[Tick]:
    tick = Tick(work, NEVER)
    tick.start()
    try:
        yield tick
    finally:
        await tick.close()


@pytest.fixture
async def work() -> Work:
    return Work()


async def test_it_ticks_when_it_starts(work: Work) -> None:
    work.gate.set()
    async with ticking(work):
        await work.until(1)


async def test_a_nudge_ticks_at_once(work: Work) -> None:
    work.gate.set()
    async with ticking(work) as tick:
        await work.until(1)
        tick.nudge()
        await work.until(2)


async def test_nudges_during_a_tick_make_one_more_after_it(work: Work) -> None:
    async with ticking(work) as tick:
        await work.until(1)
        for _ in range(5):
            tick.nudge()
        work.gate.set()
        await work.until(2)
    assert work.calls == 2


async def test_a_tick_that_fails_is_logged_and_the_next_one_comes(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    work.gate.set()
    work.fails = True
    async with ticking(work) as tick:
        await work.until(1)
        await asyncio.sleep(0.01)
        assert "the database is on fire" in caplog.text
        work.fails = False
        tick.nudge()
        await work.until(2)
    assert work.done == 1


async def test_closing_lets_the_running_tick_end(work: Work) -> None:
    tick = Tick(work, NEVER)
    tick.start()
    await work.until(1)
    closing = asyncio.create_task(tick.close())
    await asyncio.sleep(0)
    tick.nudge()
    work.gate.set()
    await closing
    assert (work.calls, work.done) == (1, 1)


async def test_a_tick_that_never_ends_is_cancelled(work: Work, caplog: pytest.LogCaptureFixture) -> None:
    tick = Tick(work, NEVER)
    tick.start()
    await work.until(1)
    await tick.close(within_s=0.01)
    assert (work.calls, work.done, work.at_once) == (1, 0, 0)
    assert "is cancelled" in caplog.text


async def test_after_closing_nothing_ticks(work: Work) -> None:
    work.gate.set()
    tick = Tick(work, NEVER)
    tick.start()
    await work.until(1)
    await tick.close()
    tick.nudge()
    await asyncio.sleep(0.01)
    assert work.calls == 1


async def test_closing_what_never_started_does_nothing(work: Work) -> None:
    tick = Tick(work, NEVER)
    tick.nudge()
    await tick.close()
    assert work.calls == 0


async def test_after_the_clock_was_set_back_it_ticks_on(work: Work) -> None:
    work.gate.set()
    with time_machine.travel(datetime(2026, 10, 25, 2, 59, tzinfo=UTC)) as clock:
        tick = Tick(work, SOON)
        tick.start()
        try:
            await work.until(2)
            clock.shift(timedelta(hours=-1))
            await work.until(work.calls + 3)
        finally:
            await tick.close()


async def test_a_tick_that_takes_long_is_not_mistaken_for_a_clock_set_back(
    work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    tick = Tick(work, SOON)
    tick.start()
    await work.until(1)
    await asyncio.sleep(5 * SOON)
    work.gate.set()
    await tick.close()
    assert "set back" not in caplog.text
