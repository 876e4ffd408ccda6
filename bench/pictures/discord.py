"""The group on simcord, which is a Discord within this process, drawn by simcord's own preview page.

Rules of this file:
- the app, its database and its adapter are the real ones;
- simcord's clock and the app's are moved together.
"""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

import discord
import simcord

from adapters.discord.app import Discord
from bot import app as bot_app
from bot.app import App, open_app
from bot.clock import instant
from bot.config import Config, Core
from bot.testing.world import MINUTE_MS, StillClock
from tests.adapters.discord.counterpart import in_environment

from .camera import HIGH, Camera
from .story import CHANNEL, LEAD, MONDAY, PEOPLE, ZONE

WIDE = 640
ALONE = """
  .preview-toolbar, .messages-sidebar { display: none !important }
  #focused-content { padding: 16px 16px 16px 0 }
  .modal-dialog, .modal-body { max-height: none !important; overflow: visible !important }
  .modal-close { outline: none !important; box-shadow: none !important }
  .select-guidance { display: none }
"""
MESSAGE, FORM = "#focused-content", ".modal-dialog"
READY = "() => window.simcordPreview && window.simcordPreview.ready === true"


@dataclass
class Stage:
    """`shown` is what each person was shown last."""

    app: App
    clock: StillClock
    env: Any
    channel: Any
    camera: Camera
    people: dict[str, Any]
    shown: dict[str, Any] = field(default_factory=dict)

    # ---- time

    async def morning(self, day: int) -> None:
        self.clock.at = instant(day, time(9), ZONE) + 1_000
        await self._tick()
        self.shown.clear()

    async def later(self, minutes: int) -> None:
        self.clock.at += minutes * MINUTE_MS
        await self._tick()

    async def _tick(self) -> None:
        await self.env.advance_time(self.clock.at / 1_000 - self.env.now().timestamp())
        await self.app.scheduler.tick()
        await self.env.settle()

    # ---- hands

    async def press(self, who: str, label: str) -> None:
        seen = self.shown[who].response if label in self.labels(who) else self.channel.last_message
        self._keep(who, await self.people[who].click(seen, label=label))

    async def type(self, who: str, command: str) -> None:
        self._keep(who, await self.people[who].slash(self.channel, command.removeprefix("/")))

    async def set(self, who: str, name: str, value: str) -> None:
        self._keep(who, await self.people[who].slash(self.channel, "quiz-admin set", name=name, value=value))

    async def fill(self, who: str, values: Mapping[str, str | Sequence[str]]) -> None:
        filled = {**values, "channel": [self.channel]}
        self._keep(who, await self.people[who].submit_modal(self.shown[who], filled))

    def _keep(self, who: str, result: Any) -> None:
        if result.response is not None or result.modal is not None:
            self.shown[who] = result

    # ---- eyes

    def labels(self, who: str) -> list[str]:
        shown = self.shown.get(who)
        return list(_labels(shown.response.components)) if shown is not None and shown.response is not None else []

    async def photograph(self, name: str, who: str = "") -> None:
        viewer = self.people[who or LEAD.id]
        target = self.shown[who] if who else self.channel.last_message
        size = {"width": WIDE, "height": HIGH}
        async with self.env.preview(
            self.channel, viewers=[viewer], timezone=ZONE, presentation_time=self.env.now(), **size
        ) as preview:
            await preview.show(target)
            await self._draw(preview, name)

    async def _draw(self, preview: Any, name: str) -> None:
        """The page asks what it is to draw, and is told what is looked at here."""
        told = await preview.snapshot()
        drawn = json.dumps(told)
        async with self.camera.page(WIDE) as page:
            await page.route("**/api/pages", lambda route: route.fulfill(body=drawn, content_type="application/json"))
            await page.goto(preview.url)
            await page.wait_for_function(READY)
            await page.add_style_tag(content=ALONE)
            part = page.locator(FORM if told["modal"] else MESSAGE)
            await self.camera.keep(part, f"discord-{name}")


def _labels(components: Any) -> Any:
    for each in components:
        if "label" in each:
            yield each["label"]
        yield from _labels([*each.get("components", []), *filter(None, [each.get("accessory")])])


@asynccontextmanager
async def opened(folder: Path, camera: Camera) -> AsyncIterator[Stage]:
    """The group on Monday at eight; its database is in `folder`."""
    bot_app.NUDGE_AFTER_S = 0  # simcord waits for every timer, and there is no crowd whose presses could be gathered
    clock = StillClock(instant(MONDAY, time(8), ZONE))
    config = Config(Core(data="."), (), {"discord": {"enabled": True}}, folder)
    with in_environment("of-nobody"):
        async with open_app(config, clock) as app:
            adapter = app.adapters["discord"]
            assert isinstance(adapter, Discord)
            client = adapter.new_client()
            client.shard_count = 1  # which a start asks Discord for
            async with simcord.run(client) as env:
                env.backend.bot_user.name = env.backend.bot_user.global_name = "Flashmob"
                yield await _furnished(app, clock, env, adapter, camera)


async def _furnished(app: App, clock: StillClock, env: Any, adapter: Discord, camera: Camera) -> Stage:
    guild = env.create_guild("Study hall")
    channel = guild.create_text_channel(CHANNEL)
    await env.settle()
    await adapter.came_and_went(1, 1)
    leads = guild.create_role("Lead", permissions=discord.Permissions(manage_guild=True))
    people = {
        each.id: guild.add_member(env.create_user(each.id, global_name=each.name), roles=[leads] * each.leads)
        for each in PEOPLE
    }
    stage = Stage(app, clock, env, channel, camera, people)
    await stage.later(minutes=0)
    return stage
