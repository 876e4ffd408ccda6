"""`flashmob` as a process of its own, and a tab on its page."""

import asyncio
import json
import re
import secrets
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

PATIENCE_S = 15
CONFIG = """
[flashmob]
data = "data"

[local]
enabled = true
port = {port}
members = ["Maya", "Sam"]
path = "room.jsonl"

[[cohort]]
name = "Rivers"
channel = "flashcards"
decks = ["rivers.deck.md"]
"""
DECK = """\
Q: Which river runs through Vienna?
A: The Danube
Id: danube01

Q: And through Paris?
A: The Seine
Id: seine001
"""


def write_config(folder: Path, port: int = 0) -> Path:
    """A group on the local adapter, and its deck."""
    (folder / "rivers.deck.md").write_text(DECK, encoding="utf-8")
    path = folder / "config.toml"
    path.write_text(CONFIG.format(port=port), encoding="utf-8")
    return path


@dataclass(slots=True)
class Child:
    """A running command; `said` is what it printed so far, on both streams."""

    process: Process
    said: str = ""
    address: str = ""
    _reading: "list[asyncio.Task[None]]" = field(default_factory=list)
    _served: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        assert self.process.stdout
        assert self.process.stderr
        self._reading = [asyncio.create_task(self._read(s)) for s in (self.process.stdout, self.process.stderr)]

    async def _read(self, stream: asyncio.StreamReader) -> None:
        async for line in stream:
            self.said += line.decode()
            if found := re.search(r"http://127\.0\.0\.1:\d+", self.said):
                self.address = found[0]
                self._served.set()

    async def served(self) -> "Child":
        """Until its page can be opened."""
        ended = asyncio.create_task(self.process.wait())
        waiting = asyncio.create_task(self._served.wait())
        await asyncio.wait([ended, waiting], timeout=PATIENCE_S, return_when=asyncio.FIRST_COMPLETED)
        assert self.address, self.said
        ended.cancel()
        return self

    async def end(self, signal: int) -> int:
        """Send it a signal; returns its exit code."""
        self.process.send_signal(signal)
        return await self.ended()

    async def ended(self) -> int:
        code = await asyncio.wait_for(self.process.wait(), PATIENCE_S)
        await asyncio.gather(*self._reading)
        return code


@asynccontextmanager
async def started(*words: str | Path, folder: Path) -> AsyncIterator[Child]:
    """`python -m bot WORDS` in this folder; killed at the end if it still runs."""
    arguments = ["-m", "bot", *map(str, words)]
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=folder, stdout=PIPE, stderr=PIPE)
    child = Child(process)
    try:
        yield child
    finally:
        if process.returncode is None:
            process.kill()
        await child.ended()


@dataclass(slots=True)
class Tab:
    """A tab of the page, without a browser: what it was told, frame by frame."""

    ws: aiohttp.ClientWebSocketResponse
    hello: dict[str, Any]

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind."""
        while True:
            frame: dict[str, Any] = json.loads(await self.ws.receive_str(timeout=PATIENCE_S))
            if frame["type"] == kind:
                return frame

    async def say(self, **frame: object) -> None:
        await self.ws.send_str(json.dumps({"key": secrets.token_hex(8), **frame}))

    async def press(self, message: dict[str, Any], label: str) -> dict[str, Any]:
        """Press a button of a message; returns the message that then changed or came."""
        (button,) = (each for part in message["parts"] for each in part.get("buttons", ()) if each["label"] == label)
        await self.say(type="press", message=message["id"], button=button["id"])
        return await self.shown()

    async def shown(self) -> dict[str, Any]:
        """The next message that came or was drawn anew."""
        while True:
            frame: dict[str, Any] = json.loads(await self.ws.receive_str(timeout=PATIENCE_S))
            if frame["type"] in ("message", "edit"):
                message: dict[str, Any] = frame["message"]
                return message


@asynccontextmanager
async def opened(address: str, member: str) -> AsyncIterator[Tab]:
    """The page, as this member sees it."""
    async with (
        aiohttp.ClientSession() as http,
        http.ws_connect(f"{address}/live?as={member}", origin=address) as ws,
    ):
        yield Tab(ws, json.loads(await ws.receive_str(timeout=PATIENCE_S)))


def text_of(message: dict[str, Any]) -> str:
    """Everything that a message says, as the page gets it."""
    return json.dumps(message["parts"])
