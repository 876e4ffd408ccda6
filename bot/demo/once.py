"""The demo in a terminal: three days of the made-up group as a text that can be read from top to bottom."""

import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from ..app import system_clock
from ..clock import date_of, day_of, instant
from ..words import day_words
from .cast import CAST, VIEWER
from .live import DemoSettings, Say, open_stage
from .stage import EVENING, PAST_DAYS, DemoClock, Stage

FIRST_DAY = day_of(date(2026, 11, 2))
DAYS = 3
WIDTH = 80


async def play_once(settings: DemoSettings, say: Say) -> None:
    """Play three days and tell them. The same decks give the same text."""
    settings = replace(settings, port=0, data=None, zone="Europe/London")
    clock = DemoClock(instant(FIRST_DAY - PAST_DAYS - 1, EVENING, settings.zone), system_clock)
    with tempfile.TemporaryDirectory(prefix="flashmob-demo-") as folder:
        async with open_stage(settings, Path(folder), clock) as stage:
            for day in range(FIRST_DAY - PAST_DAYS, FIRST_DAY):
                await stage.morning(day)
                await stage.others_study(CAST, besides=set())
            for day in range(FIRST_DAY, FIRST_DAY + DAYS):
                await _tell_day(stage, day, say)
            await _tell_commands(stage, say)


async def _tell_day(stage: Stage, day: int, say: Say) -> None:
    say(f"\n==== {day_words(date_of(day))} ".ljust(WIDTH, "="))
    await stage.morning(day)
    say(stage.channel.tell([stage.newest_post(VIEWER)], WIDTH))
    await _tell_session(stage, say, eager=day == FIRST_DAY + 1)
    names = await stage.others_study(CAST, besides={VIEWER})
    say(f"-- Then {_listed(names)} study, each in private.\n" if names else "-- Nobody else studies today.\n")
    await stage.deliver()


async def _tell_session(stage: Stage, say: Say, *, eager: bool) -> None:
    """Maya's session, screen by screen, with what she presses in between."""
    mind = next(mind for mind in stage.minds if mind.habits.id == VIEWER)
    for step in await stage.study(mind, eager=eager):
        say(f"-- Maya presses {step.pressed}.\n")
        say(stage.channel.tell(step.shown, WIDTH))


async def _tell_commands(stage: Stage, say: Say) -> None:
    for command in ("/leaderboard", "/stats", "/quiz"):
        say(f"-- Maya types {command}.\n")
        say(stage.channel.tell(await stage.channel.command(VIEWER, command), WIDTH))


def _listed(names: list[str]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else names[0]
