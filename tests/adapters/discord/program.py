"""Flashmob as its own process, before the double, and what stands in its database."""

import asyncio
import os
import sqlite3
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .counterpart import TOKEN
from .double import DiscordDouble

ROOT = Path(__file__).parents[3]
DATABASE = "flashmob.db"
LONGEST_S = 60.0


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


@dataclass(slots=True)
class Program:
    """`flashmob run` with the configuration in this folder; its clock and the double's are the same one."""

    folder: Path
    there: DiscordDouble
    ahead_ms: int = 0
    said: list[str] = field(default_factory=list)
    _process: Process | None = None
    _reader: "asyncio.Task[None] | None" = None

    async def start(self, at: int) -> None:
        """Start it at this instant (UTC milliseconds), and wait until it listens."""
        self.ahead_ms = at - wall_clock()
        self.there.room.now = self.there.room.ids.now = lambda: wall_clock() + self.ahead_ms
        before = len(self.there.gateway.identified)
        arguments = [str(self.ahead_ms), "run", "--config", str(self.folder / "config.toml")]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.adapters.discord.ahead", *arguments,
            cwd=ROOT, env={**os.environ, TOKEN: self.there.token}, stdout=PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        self._reader = asyncio.create_task(self._read(self._process))
        async with asyncio.timeout(LONGEST_S):
            await self.there.gateway.until(lambda: len(self.there.gateway.identified) > before)

    async def _read(self, process: Process) -> None:
        assert process.stdout is not None
        async for line in process.stdout:
            self.said.append(line.decode())

    async def kill(self) -> None:
        """SIGKILL, and wait until Discord sees that the line is dead."""
        assert self._process is not None
        self._process.kill()
        await self._over()

    async def stop(self) -> int:
        """SIGTERM, as a service is stopped; the exit code."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._over()

    async def _over(self) -> int:
        assert self._process is not None
        assert self._reader is not None
        code = await self._process.wait()
        await self._reader
        await self.there.gateway.until(lambda: not self.there.gateway.connected)
        return code

    def rows(self, sql: str) -> list[Any]:
        """What the database holds now."""
        path = self.folder / DATABASE
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as con:
            return con.execute(sql).fetchall()


async def until(true: Callable[[], object]) -> None:
    """Wait for something that another process does."""
    async with asyncio.timeout(LONGEST_S):
        while not true():  # noqa: ASYNC110  (the other process has no event of ours)
            await asyncio.sleep(0.02)
