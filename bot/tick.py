"""APScheduler as a tick in the bot's own loop.

Rules of this file:
- nothing may be raised out of a tick: it is logged here, and the next one comes all the same;
- `shutdown()` cancels a running tick, whatever `wait` says: `close()` first stops new ones and lets that one end;
- `every_s` is wall-clock time: where the clock is set back by an hour, APScheduler would not tick for that hour. So
  each tick sets an alarm by the loop's own clock, which is never set back: no tick for two intervals, and it nudges.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from apscheduler.schedulers.asyncio import AsyncIOScheduler

log = logging.getLogger("flashmob.tick")


class Tick:
    """Calls `work` every `every_s` seconds, one call at a time, and at once whenever it is nudged."""

    def __init__(self, work: Callable[[], Awaitable[None]], every_s: float) -> None:
        self._work = work
        self._running: asyncio.Task[None] | None = None
        self._closing = False
        self._nudged = False
        self._alarm_s = 2 * every_s
        self._alarm: asyncio.TimerHandle | None = None
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        self._job = self._scheduler.add_job(self._once, "interval", seconds=every_s)

    def start(self) -> None:
        """Tick now, and then every `every_s` seconds."""
        self._scheduler.start()
        self._set_alarm()
        self.nudge()

    def nudge(self) -> None:
        """Tick as soon as the running one, if any, is over."""
        if self._running is not None:  # the scheduler begins no job twice at a time, so the running tick goes on
            self._nudged = True
        elif not self._closing and self._scheduler.running:
            self._job.modify(next_run_time=datetime.now(UTC))

    async def close(self, within_s: float = 10.0) -> None:
        """Let the running tick end, within this time; then it is cancelled."""
        self._closing = True
        if self._alarm is not None:
            self._alarm.cancel()
        if not self._scheduler.running:
            return
        self._scheduler.pause()
        if self._running is not None:
            await self._end(self._running, within_s)
        self._scheduler.shutdown(wait=False)
        await asyncio.sleep(0)  # shutdown() does its work on the loop's next turn

    async def _end(self, tick: "asyncio.Task[None]", within_s: float) -> None:
        done, _ = await asyncio.wait([tick], timeout=within_s)
        if not done:
            log.warning("the tick did not end within %g s and is cancelled", within_s)
            tick.cancel()
            await asyncio.wait([tick])

    def _set_alarm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = asyncio.get_running_loop().call_later(self._alarm_s, self._wake)

    def _wake(self) -> None:
        """No tick has come for long: the clock was set back."""
        if self._running is None:
            log.warning("no tick for %g s, so the clock was set back; ticking now", self._alarm_s)
            self.nudge()
        self._set_alarm()

    async def _once(self) -> None:
        if self._closing:
            return
        self._set_alarm()
        self._running = asyncio.current_task()
        self._nudged = True
        try:
            while self._nudged and not self._closing:
                self._nudged = False
                await self._work()
        except asyncio.CancelledError:
            if not self._closing:
                raise
        except Exception:
            log.exception("this tick failed; the next one comes all the same")
        finally:
            self._running = None
