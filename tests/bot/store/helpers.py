"""A small schema of notes, journeys that keep and read them, and a gate that stops the writer where a test wants it."""

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from contextlib import closing
from pathlib import Path
from threading import Event

from bot.store.database import Database
from bot.store.tx import Journey, Tx

NOW = 1_760_000_000_000
NOTES = "create table notes (id integer primary key, text text not null) strict;"
ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n"

Open = Callable[..., Awaitable[Database]]


def write_migrations(folder: Path, *scripts: str) -> Path:
    """A folder with these scripts as migrations 0001, 0002 and so on."""
    folder.mkdir(exist_ok=True)
    for number, script in enumerate(scripts, start=1):
        (folder / f"{number:04}_step.sql").write_text(script, encoding="utf-8")
    return folder


def note(text: str) -> Journey[str]:
    """Keep a note."""

    async def journey(tx: Tx) -> str:
        await tx.run("insert into notes (text) values (:text)", text=text)
        return text

    return journey


def note_then(text: str, error: BaseException) -> Journey[None]:
    """Keep a note, then fail."""

    async def journey(tx: Tx) -> None:
        await note(text)(tx)
        raise error

    return journey


def execute(sql: str) -> Journey[int]:
    """Run one statement."""

    async def journey(tx: Tx) -> int:
        return await tx.run(sql)

    return journey


async def texts(tx: Tx) -> list[str]:
    """Every note in the order they were kept."""
    return [row["text"] for row in await tx.all("select text from notes order by id")]


def on_disk(path: Path) -> list[str]:
    """What another program finds in the file."""
    with closing(sqlite3.connect(path)) as con:
        return [text for (text,) in con.execute("select text from notes order by id")]


class Gate:
    """A journey that holds the writer until it is let go, so that others queue behind it."""

    def __init__(self) -> None:
        self._reached = Event()
        self._open = Event()

    async def journey(self, tx: Tx) -> None:
        self._reached.set()
        assert self._open.wait(10)

    async def reached(self) -> None:
        """Until the writer stands here."""
        assert await asyncio.to_thread(self._reached.wait, 10)

    def let_go(self) -> None:
        self._open.set()


async def outcomes(*futures: Awaitable[object]) -> list[object]:
    """Results and errors, in order."""
    return await asyncio.gather(*futures, return_exceptions=True)
