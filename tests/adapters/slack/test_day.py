"""A whole day on Slack with the real process: a post, ten members at once, a kill in between, a leaderboard."""

import asyncio
import os
import signal
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from bot.testing.world import DECK

from .counterpart import CHANNEL, HTTP, SOCKET, environment
from .double.hands import Hands
from .double.server import Double, NotAcknowledged
from .double.state import Channel, Json
from .reading import buttons_of, text_of, text_of_view

MEMBERS = [f"U0MEMBER{number}" for number in range(10)]
LEAD = MEMBERS[0]
PATIENCE_S = 30.0

CONFIG = """
[flashmob]
data = "."
tick_seconds = 0.5

[slack]
enabled = true
mode = "{mode}"
api_base = "{api_base}"
host = "127.0.0.1"
port = {port}

[[cohort]]
name = "Rivers"
platform = "slack"
workspace = "{team}"
channel = "{channel}"
decks = ["rivers.deck.md"]
cards = 3
weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
time = "23:58"
zone = "UTC"
late_until = "23:59"
"""


class Day:
    """The process, and the Slack that it lives on."""

    def __init__(self, folder: Path, mode: str) -> None:
        self.slack = Double(ack_timeout_s=1.5)
        self.hands = Hands(self.slack)
        self._folder = folder
        self._mode = mode
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None
        for number, member in enumerate(MEMBERS):
            self.slack.state.add_user(member, f"Member {number}", admin=number == 0)
        self.slack.state.channels[CHANNEL] = Channel("general", {*MEMBERS, self.slack.state.bot_user})

    async def start(self) -> None:
        before = self.slack.connections
        if self._mode == HTTP:
            self.slack.request_url = f"http://127.0.0.1:{self._port}/slack/events"
        config = CONFIG.format(
            mode=self._mode,
            api_base=self.slack.api_base,
            port=self._port,
            team=self.slack.state.team,
            channel=CHANNEL,
        )
        (self._folder / "config.toml").write_text(config, encoding="utf-8")
        (self._folder / "rivers.deck.md").write_text(DECK, encoding="utf-8")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", "--config", str(self._folder / "config.toml"),
            env={**os.environ, **environment(self.slack.state)},
            stderr=(self._folder / "log.txt").open("a"),
        )  # fmt: skip
        if self._mode == SOCKET:
            await until(lambda: self.slack.connections >= before + 2 and self.slack.sockets == 2)
        else:
            await until(self._answers)

    def _answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self._port), 0.2):
            return True
        return False

    async def stop(self, how: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(how)
        return await self._process.wait()

    @property
    def log(self) -> str:
        return (self._folder / "log.txt").read_text(encoding="utf-8")

    # ---- people

    def posts(self) -> list[Json]:
        return [message for (channel, _), message in self.slack.state.messages.items() if channel == CHANNEL]

    def screen(self, user: str) -> str:
        view = self.slack.state.screen(user)
        return f"{view['hash']}\n{text_of_view(view)}" if view else ""

    async def act(self, user: str, deed: Callable[[], Awaitable[None]]) -> str:
        """Do it, and again where Slack says that it did not work, until something else is on the screen."""
        before = self.screen(user)
        async with asyncio.timeout(PATIENCE_S):
            while True:
                with suppress(NotAcknowledged):
                    await deed()
                for _ in range(100):
                    if self.screen(user) not in ("", before) and "One moment" not in self.screen(user):
                        return self.screen(user)
                    await asyncio.sleep(0.02)

    async def press(self, user: str, label: str) -> str:
        async def deed() -> None:
            view = self.slack.state.screen(user)
            assert view is not None
            found = [button for each, button in buttons_of(view["blocks"]) if each == label]
            if found:  # else the answer to an earlier press came after all
                await self.hands.press_view(user, found[0])

        return await self.act(user, deed)

    async def study(self, user: str, label: str = "4 Well") -> None:
        post = self.posts()[0]
        study = next(button for each, button in buttons_of(post["blocks"]) if each == "Study")
        await self.act(user, lambda: self.hands.press(user, CHANNEL, post["ts"], study))
        while "[Show answer]" in self.screen(user):
            await self.press(user, "Show answer")
            await self.press(user, label)

    def ratings(self) -> dict[str, list[int]]:
        with sqlite3.connect(f"file:{self._folder / 'flashmob.db'}?mode=ro", uri=True) as database:
            rows = database.execute(
                "select a.foreign_id, r.rating from reviews r join accounts a on a.learner_id = r.learner_id"
            )
            found: dict[str, list[int]] = {}
            for user, rating in rows:
                found.setdefault(user, []).append(rating)
            return found


async def until(there: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not there():  # noqa: ASYNC110
            await asyncio.sleep(0.02)


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@asynccontextmanager
async def opened(folder: Path, mode: str) -> AsyncIterator[Day]:
    day = Day(folder, mode)
    await day.slack.start()
    await day.start()
    try:
        yield day
    finally:
        with suppress(ProcessLookupError):
            await day.stop(signal.SIGKILL)
        await day.slack.stop()


@pytest.mark.parametrize("mode", [SOCKET, HTTP])
async def test_ten_members_study_while_the_process_is_killed_and_started_again(tmp_path: Path, mode: str) -> None:
    async with opened(tmp_path, mode) as day:
        await day.act(LEAD, lambda: day.hands.type(LEAD, CHANNEL, "admin post"))
        await until(lambda: len(day.posts()) == 1)
        day.slack.state.stacks.clear()

        studying = [asyncio.create_task(day.study(member)) for member in MEMBERS]
        await until(lambda: sum("Card 2 of 3" in day.screen(member) for member in MEMBERS) >= 3)
        await day.stop(signal.SIGKILL)
        await day.start()
        await asyncio.gather(*studying)

        assert day.ratings() == {member: [4, 4, 4] for member in MEMBERS}
        assert len([post for post in day.posts() if "Today" in text_of(post["blocks"])]) == 1
        board = await day.act(LEAD, lambda: day.hands.type(LEAD, CHANNEL, "leaderboard"))
        assert "Together: 10 people, 30 cards" in board
        assert "3 points" in board
        assert day.slack.api.problems == []
        assert await day.stop(signal.SIGTERM) == 0
        assert "Traceback" not in day.log
        assert "xoxb" not in day.log
