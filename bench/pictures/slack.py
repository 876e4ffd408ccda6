"""The group on the project's Slack double, drawn from what the adapter sent there."""

import base64
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import time
from importlib.resources import files
from pathlib import Path
from typing import Any

from bot.app import App, open_app
from bot.clock import instant
from bot.config import Config, Core
from bot.testing.counterpart import Setting
from bot.testing.world import MINUTE_MS, StillClock
from tests.adapters.slack.counterpart import CHANNEL, SlackCounterpart
from tests.adapters.slack.double.hands import Hands
from tests.adapters.slack.double.state import Json, State
from tests.adapters.slack.reading import buttons_of

from . import block_kit
from .camera import Camera
from .story import MONDAY, PEOPLE, ZONE

WIDE = 600
WHEN = "9:00 AM"
FONTS = {"Noto Sans": "noto-sans-latin-v2.015.ttf", "Noto Sans Mono": "noto-sans-mono-v2.014.ttf"}


@dataclass
class Stage:
    app: App
    clock: StillClock
    there: SlackCounterpart
    camera: Camera

    @property
    def state(self) -> State:
        return self.there.state

    @property
    def hands(self) -> Hands:
        return self.there.hands

    # ---- time

    async def morning(self, day: int) -> None:
        self.clock.at = instant(day, time(9), ZONE) + 1_000
        self.state.stacks.clear()
        await self.app.scheduler.tick()

    async def later(self, minutes: int) -> None:
        self.clock.at += minutes * MINUTE_MS
        await self.app.scheduler.tick()

    # ---- hands

    async def press(self, who: str, label: str) -> None:
        view = self.state.screen(_id(who))
        for found, button in buttons_of(view["blocks"]) if view else ():
            if found == label:
                return await self._done(self.hands.press_view(_id(who), button))
        post = self._post()
        button = dict(buttons_of(post["blocks"]))[label]
        return await self._done(self.hands.press(_id(who), CHANNEL, post["ts"], button))

    async def type(self, who: str, command: str) -> None:
        words = command.removeprefix("/").removeprefix("quiz-").removeprefix("quiz").strip()
        await self._done(self.hands.type(_id(who), CHANNEL, words))

    async def set(self, who: str, name: str, value: str) -> None:
        await self.type(who, f"/quiz-admin set {name} {value}")

    async def fill(self, who: str, values: Mapping[str, str | Sequence[str]]) -> None:
        await self._done(self.hands.submit(_id(who), values))

    async def _done(self, deed: Coroutine[Any, Any, None]) -> None:
        await deed
        await self.there.slack.listening.settle()

    # ---- eyes

    def labels(self, who: str) -> list[str]:
        view = self.state.screen(_id(who))
        return [label for label, _ in buttons_of(view["blocks"])] if view else []

    async def photograph(self, name: str, who: str = "") -> None:
        view = self.state.screen(_id(who)) if who else None
        await self._draw(name, block_kit.modal(view) if view else block_kit.message(self._post(), WHEN))

    async def photograph_home(self, who: str) -> None:
        """The page of the app, as this person sees it."""
        await self._done(self.hands.open_home(_id(who)))
        await self._draw("home", block_kit.home(self.state.homes[_id(who)]))

    async def _draw(self, name: str, part: str) -> None:
        async with self.camera.page(WIDE) as page:
            await page.set_content(f"<!doctype html><style>{_fonts()}{_manner()}</style><body>{part}")
            await page.evaluate("document.fonts.ready")
            await self.camera.keep(page.locator("body"), f"slack-{name}")

    def _post(self) -> Json:
        return [message for (channel, _), message in self.state.messages.items() if channel == CHANNEL][-1]


def _id(who: str) -> str:
    return f"U0{who.upper()}"


def _manner() -> str:
    return Path(__file__).with_name("slack.css").read_text(encoding="utf-8")


def _fonts() -> str:
    """Those that simcord brings along for its own pictures."""
    there = files("simcord") / "preview/static/fonts"
    return "".join(
        f'@font-face {{ font-family: "{family}"; font-weight: 100 900; '
        f"src: url(data:font/ttf;base64,{base64.b64encode((there / name).read_bytes()).decode()}) }}"
        for family, name in FONTS.items()
    )


@asynccontextmanager
async def opened(folder: Path, camera: Camera) -> AsyncIterator[Stage]:
    """The group on Monday at eight; its database is in `folder`."""
    there = SlackCounterpart()
    clock = StillClock(instant(MONDAY, time(8), ZONE))
    section = await there.prepared(Setting(folder))
    for each in PEOPLE:
        there.state.add_user(_id(each.id), each.name, admin=each.leads)
        there.state.channels[CHANNEL].members.add(_id(each.id))
    config = Config(Core(data="."), (), {"slack": {"enabled": True, **section}}, folder)
    async with open_app(config, clock) as app, there.listening(app):
        yield Stage(app, clock, there, camera)
    await there.close()
