"""When all objects are looked at for circles, which hold each other and which nothing else frees."""

import asyncio
import gc
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from weakref import ref

import pytest

from bot import garbage
from bot.actions import Request, ShowHelp
from bot.engine import Engine
from bot.messages import Message
from bot.model import Account
from bot.testing.world import World, open_world


class Circle:
    def __init__(self) -> None:
        self.itself = self


@pytest.fixture
async def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[World]:
    """A group whose app looks with every tick, and Python never by itself."""
    monkeypatch.setattr(garbage, "EVERY_S", 0.0)
    async with open_world(tmp_path) as opened:
        gc.disable()
        yield opened
        gc.enable()


async def test_they_are_freed_by_a_tick(world: World) -> None:
    circle = ref(Circle())
    await world.app.work()
    assert circle() is None


@dataclass(frozen=True, slots=True)
class Held(Engine):
    """Answers once it may."""

    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, request: Request, now: int) -> list[Message]:
        await self.go_on.wait()
        return []


async def test_nobody_who_waits_for_an_answer_waits_for_that(world: World) -> None:
    held = world.app.engine = Held(world.app.database)
    place = world.channel.place()
    request = Request(ShowHelp(), "a key", world.clock(), Account("local", "demo", "maya", "Maya"), place)
    waiting = asyncio.create_task(world.app.act(request))
    await asyncio.sleep(0)
    circle = ref(Circle())
    await world.app.work()
    assert circle() is not None
    held.go_on.set()
    await waiting
    await world.app.work()
    assert circle() is None


async def test_a_second_one_follows_after_an_hour_at_the_soonest(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1_000.0
    monkeypatch.setattr(garbage, "monotonic", lambda: now)
    look = garbage.FullLook()
    gc.disable()
    try:
        circle = ref(Circle())
        now += 3_599
        look.if_due()
        assert circle() is not None
        now += 1
        look.if_due()
        assert circle() is None
        circle = ref(Circle())
        look.if_due()
        assert circle() is not None
    finally:
        gc.enable()
