"""The demo in the browser: the made-up group, its controls, and starting over."""

import asyncio
import tempfile
import webbrowser
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from .. import actions, buttons
from ..app import open_app, system_clock
from ..clock import clock_time, instant, local_day
from ..config import CohortConfig, Config, Core
from ..model import WEEKDAYS
from ..store.tx import Tx
from .cast import CAST, VIEWER
from .outage import BadLine, Fault, report
from .stage import EVENING, PAST_DAYS, POST_TIME, DemoClock, Stage

BANNER = "A made-up study group. Nothing leaves this computer."
HINT = "You are Maya. Press Study."
THEN = "Try /quiz, /leaderboard, or drop in your own deck."
STORM = "Night falls, and at nine in the morning the line is down."
RETRIES_MS = (0, 8_000, 20_000, 40_000)
NIGHT = "Night falls. The others finish their cards; the next post is on its way."
CHANNEL = "aws-study-group"
GROUP = "AWS study group"
ANSWERED_AFTER_S = 0.5
OUR_DECK = "decks/aws-machine-learning.deck.md"

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class DemoSettings:
    """`data`: a folder that keeps the demo, or None for one that is thrown away. `port` 0 takes any free one."""

    decks: Sequence[Path] = ()
    port: int = 8765
    data: Path | None = None
    browser: bool = True
    zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Control:
    """A button of the demo's beside the channel; `run` gets the id of the member who looks."""

    name: str
    label: str
    says: str
    run: Callable[[str], Awaitable[None]]
    veil: str = ""


def demo_config(settings: DemoSettings, folder: Path) -> Config:
    """A group that posts every day."""
    decks = tuple(str(path.resolve()) for path in settings.decks) or (OUR_DECK,)
    cohort = CohortConfig(
        name=GROUP, channel=CHANNEL, decks=decks, weekdays=WEEKDAYS, time=f"{POST_TIME:%H:%M}", zone=settings.zone
    )
    local = {
        "enabled": True,
        "name": GROUP,
        "channel": CHANNEL,
        "zone": settings.zone,
        "port": settings.port,
        "members": [habits.name for habits in CAST],
        "path": str(folder / "channel.jsonl") if settings.data else "",
    }
    return Config(Core(data=".", tick_seconds=5.0), (cohort,), {"local": local}, folder)


@asynccontextmanager
async def open_stage(settings: DemoSettings, folder: Path, clock: DemoClock) -> AsyncIterator[Stage]:
    """The group's app, with everybody in the channel."""
    async with open_app(demo_config(settings, folder), clock) as app:
        channel: Any = app.adapters["local"]
        yield Stage(app, channel, clock, settings.zone)


async def run_demo(settings: DemoSettings, say: Say) -> None:
    """Serve the demo until it is stopped; starting over begins again with a new database."""
    if settings.data is not None:
        await _serve(settings, settings.data, say)
        return
    again: DemoSettings | None = settings
    while again:
        with tempfile.TemporaryDirectory(prefix="flashmob-demo-") as folder:
            again = await _serve(again, Path(folder), say)


async def _serve(settings: DemoSettings, folder: Path, say: Say) -> DemoSettings | None:
    """One run of the demo; returns how to run it again if starting over was asked for."""
    clock = DemoClock(_begins_at(settings.zone), system_clock)
    async with open_stage(settings, folder, clock) as stage:
        await _play_up_to_now(stage, say)
        local: Any = stage.channel
        over = asyncio.Event()
        local.banner, local.hint = BANNER, HINT
        local.controls = _controls(stage, over if settings.data is None else None)
        clock.start()
        running = asyncio.create_task(stage.app.run())
        await _open_page(local, running, settings.browser, say)
        asked = asyncio.create_task(over.wait())
        await asyncio.wait([running, asked], return_when=asyncio.FIRST_COMPLETED)
        if over.is_set():
            await local.close()
        asked.cancel()
        await running
        return replace(settings, port=_port_of(local.address), browser=False) if over.is_set() else None


def _begins_at(zone: str) -> int:
    """The evening before the first of the weeks that are played."""
    today = local_day(system_clock(), zone)
    return instant(today - PAST_DAYS - 1, EVENING, zone)


async def _play_up_to_now(stage: Stage, say: Say) -> None:
    """The weeks before this morning; a demo that was kept goes on where it was."""
    latest = await stage.app.database.read(_newest_post_time)
    if latest:
        stage.clock.move_to(latest + 600_000)
        return
    say("Two weeks of a made-up study group are being played. A moment, please.")
    await stage.play_past_weeks(local_day(system_clock(), stage.zone))


async def _newest_post_time(tx: Tx) -> int:
    row = await tx.one("select coalesce(max(planned_at), 0) as at from posts")
    return int(row["at"]) if row else 0


async def _open_page(local: Any, running: "asyncio.Task[None]", browser: bool, say: Say) -> None:
    """Wait for the page, or for the reason why there is none."""
    started = asyncio.create_task(local.started())
    await asyncio.wait([running, started], return_when=asyncio.FIRST_COMPLETED)
    if running.done():
        started.cancel()
        await running
    say(f"The study group is at {local.address}. Press Ctrl+C to end it.")
    if browser:
        await asyncio.to_thread(webbrowser.open, local.address)


def _port_of(address: str) -> int:
    return int(address.rstrip("/").rpartition(":")[2])


# ---- the controls ----------------------------------------------------------------------------------------------------


def _controls(stage: Stage, over: asyncio.Event | None) -> tuple[Control, ...]:
    controls = [
        Control("next-morning", "Next morning", "Let the night pass", partial(_next_morning, stage), veil=NIGHT),
        Control("why", "Why these five?", "How today's cards were chosen", partial(_why, stage)),
        Control("break", "Break something", "An outage at nine", partial(_break, stage), veil=STORM),
    ]
    if over is not None:
        controls.append(
            Control("start-over", "Start over", "A new group, from the beginning", partial(_start_over, over))
        )
    return tuple(controls)


async def _next_morning(stage: Stage, viewer: str) -> None:
    """The others study, the night passes, the next post goes out, and a few are up early."""
    await stage.others_study(CAST, besides={VIEWER, viewer})
    await stage.morning(stage.today + 1)
    await stage.early_birds()
    local: Any = stage.channel
    local.hint = THEN


async def _break(stage: Stage, viewer: str) -> None:
    """The next morning with the platform behind a bad line, until the post is out; then what happened, in private."""
    await stage.others_study(CAST, besides={VIEWER, viewer})
    adapters = stage.app.adapters
    line = BadLine(adapters["local"], [Fault.LOST, Fault.UNANSWERED])
    adapters["local"] = line
    steps: list[tuple[str, str]] = []
    try:
        await stage.morning(stage.today + 1)
        for wait in RETRIES_MS:
            stage.clock.move_on(wait)
            await stage.deliver()
            now = f"{clock_time(stage.clock(), stage.zone)}:{stage.clock() // 1000 % 60:02}"
            steps += [(now, what) for what in line.told[len(steps) :]]
    finally:
        adapters["local"] = line.adapter
    await stage.early_birds()
    stage.channel.say(viewer, report(steps))


async def _why(stage: Stage, viewer: str) -> None:
    post_id = await stage.app.database.read(_newest_post)
    await stage.channel.press(viewer, stage.newest_post(viewer).id, buttons.write(actions.WhyThese(post_id)))


async def _newest_post(tx: Tx) -> int:
    row = await tx.one("select id from posts where state = 'open' order by id desc limit 1")
    return int(row["id"]) if row else 0


async def _start_over(over: asyncio.Event, viewer: str) -> None:
    """A moment later, so that the page hears that its press was taken and does not send it again."""
    asyncio.get_running_loop().call_later(ANSWERED_AFTER_S, over.set)
