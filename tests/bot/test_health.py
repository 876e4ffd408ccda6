"""How each connection is doing: kept by the tick, and told in the channel and in the terminal."""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot.cli import main
from bot.clock import day_of
from bot.scheduler import MISSED, SAID_EVERY_MS
from bot.states import Connection, Health
from bot.testing.world import MINUTE_MS, MONDAY, World, open_world
from bot.wording import leads

from .journeys.kit import Flaky

NINE = day_of(date(2026, 11, 2)) * 24 * 60 * MINUTE_MS + 9 * 60 * MINUTE_MS
Out = pytest.CaptureFixture[str]


async def kept(world: World) -> list[tuple[str, int, int]]:
    """Each connection's health, with when it became so and when it was seen last."""
    rows = await world.rows("select health, since_at, seen_at from connections order by platform")
    return [(row["health"], row["since_at"], row["seen_at"]) for row in rows]


async def test_a_tick_keeps_how_a_connection_is_doing_once_a_minute_at_most(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        began = world.clock()
        for _ in range(4):
            await world.tick()
            world.clock.at += SAID_EVERY_MS // 4
        assert await kept(world) == [("connected", began, began)]
        await world.tick()
        assert await kept(world) == [("connected", began, began + SAID_EVERY_MS)]


async def test_a_change_is_kept_at_once_and_told_in_the_channel(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        assert "No connection" not in await world.says("maya", "/quiz-admin status")
        flaky = Flaky.of(world, down=True)
        world.clock.at += 1_000
        await world.tick()
        assert (await kept(world))[0][0] == "reconnecting"
        world.wait(minutes=2)
        await world.tick()
        assert "No connection. local: reconnecting since 09:00." in await world.says("maya", "/quiz-admin status")
        flaky.down = False
        await world.tick()
        assert "No connection" not in await world.says("maya", "/quiz-admin status")


async def test_after_a_pause_of_the_program_a_connection_begins_anew(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.tick()
    world.wait(minutes=MISSED + 1)
    async with open_world(tmp_path, at=world.clock()) as again:
        await again.tick()
        assert await kept(again) == [("connected", again.clock(), again.clock())]


@pytest.mark.parametrize(
    ("health", "minutes", "said"),
    [
        (Health.CONNECTED, 2, "discord: connected since 09:00"),
        (Health.AWAY, 2, "discord: reconnecting since 09:00"),
        (Health.CONNECTED, 4, "discord: not running, last seen 09:01"),
        (Health.CLOSED, 2, "discord: not running, last seen 09:01"),
        (Health.CLOSED, 24 * 60, "discord: not running, last seen yesterday at 09:01"),
        (Health.CLOSED, 48 * 60, "discord: not running, last seen Monday, 2 November at 09:01"),
    ],
)
def test_a_connection_is_told_in_a_line(health: Health, minutes: int, said: str) -> None:
    found = Connection("discord", health, NINE, NINE + MINUTE_MS, NINE + 3 * MINUTE_MS, "1.0")
    assert leads.connection(found, "UTC", NINE + minutes * MINUTE_MS) == said


async def test_a_program_that_ended_is_told_from_outside(tmp_path: Path, capsys: Out) -> None:
    async with open_world(tmp_path) as world:
        await world.tick()
        (row,) = await world.rows("select version from connections")
    assert await asyncio.to_thread(main, ["status", "--data", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.startswith("local: not running, last seen ")
    assert f"(Flashmob {row['version']})" in said.splitlines()[0]
