"""The demo on its page: its controls, and a demo that is kept."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from bot.data import data_file
from bot.demo.live import BANNER, HINT, NIGHT, THEN, DemoSettings, run_demo

from ..child import PATIENCE_S, Tab, opened, text_of

pytestmark = pytest.mark.usefixtures("short_past")

DECKS = (data_file("decks/welcome.deck.md"),)


@dataclass(slots=True)
class Demo:
    """A demo that runs in this process; `said` is what it printed."""

    said: "asyncio.Queue[str]" = field(default_factory=asyncio.Queue)

    async def address(self) -> str:
        """Where its page is, once it says so."""
        while True:
            text = await asyncio.wait_for(self.said.get(), PATIENCE_S)
            if text.startswith("The study group is at "):
                return text.split()[5].rstrip("/.")


@asynccontextmanager
async def running(data: Path | None = None) -> AsyncIterator[Demo]:
    """Run the demo, and end it as Ctrl+C does."""
    demo = Demo()
    task = asyncio.create_task(run_demo(DemoSettings(DECKS, 0, data, browser=False), demo.said.put_nowait))
    try:
        yield demo
    finally:
        if not task.done():
            signal.raise_signal(signal.SIGINT)
        await asyncio.wait_for(task, PATIENCE_S)


async def use(tab: Tab, name: str) -> dict[str, Any]:
    """Press a control; returns the answer to it, past whatever it changes in the channel."""
    await tab.say(type="control", name=name)
    return await tab.hear("done")


def public(messages: list[dict[str, Any]]) -> list[str]:
    return [text_of(message) for message in messages if not message["reader"]]


async def look(address: str) -> dict[str, Any]:
    """What Maya's page shows on opening."""
    async with opened(address, "maya") as tab:
        return tab.hello


async def test_the_page_opens_on_a_group_that_has_begun_its_day() -> None:
    async with running() as demo:
        hello = await look(await demo.address())
        assert (hello["you"], hello["banner"], hello["hint"]) == ("maya", BANNER, HINT)
        labels = [control["label"] for control in hello["controls"]]
        assert labels == ["Next morning", "Why these five?", "Break something", "Start over"]
        yesterday, today = public(hello["messages"])
        assert "Closed; " in yesterday
        assert "3 people have studied." in today


async def test_next_morning_brings_the_next_post_and_closes_todays() -> None:
    async with running() as demo:
        address = await demo.address()
        async with opened(address, "maya") as tab:
            before = tab.hello
            await tab.say(type="control", name="next-morning")
            night = await tab.hear("control")
            assert (night["busy"], night["veil"]) == (True, NIGHT)
            assert (await tab.hear("done"))["says"] == ""
        after = await look(address)
        assert after["hint"] == THEN
        assert after["clock"]["day"] == before["clock"]["day"] + 1
        *older, today = public(after["messages"])
        assert len(older) == len(public(before["messages"]))
        assert all("Closed; " in text for text in older)
        assert "people have studied." in today


async def test_why_these_five_is_answered_to_its_asker_alone() -> None:
    async with running() as demo:
        address = await demo.address()
        async with opened(address, "sam") as tab:
            assert (await use(tab, "why"))["says"] == ""
        sams, mayas = await look_as(address, "sam"), await look(address)
        assert "Why these five?" in text_of(sams["messages"][-1])
        assert "Why these five?" not in str(mayas["messages"])


async def test_an_outage_at_nine_leaves_one_post_and_is_told_to_whoever_broke_it() -> None:
    async with running() as demo:
        address = await demo.address()
        async with opened(address, "maya") as tab:
            before = len(public(tab.hello["messages"]))
            assert (await use(tab, "break"))["says"] == ""
        after = await look(address)
        assert len(public(after["messages"])) == before + 1
        told = text_of(after["messages"][-1])
        assert "The line was cut before the post arrived." in told
        assert "found it there, and sent nothing again" in told
        assert after["messages"][-1]["reader"] == "Maya"


async def look_as(address: str, member: str) -> dict[str, Any]:
    async with opened(address, member) as tab:
        return tab.hello


async def test_starting_over_begins_a_new_group_at_the_same_address() -> None:
    async with running() as demo:
        address = await demo.address()
        async with opened(address, "maya") as tab:
            await tab.say(type="command", text="/help")
            await tab.shown()
            assert (await use(tab, "start-over"))["says"] == ""
        assert await demo.address() == address
        hello = await look(address)
        assert len(public(hello["messages"])) == 2
        assert not any(message["reader"] for message in hello["messages"])


async def test_a_demo_in_a_folder_goes_on_where_it_was(tmp_path: Path) -> None:
    async with running(tmp_path) as demo:
        address = await demo.address()
        async with opened(address, "maya") as tab:
            assert [control["name"] for control in tab.hello["controls"]] == ["next-morning", "why", "break"]
            await use(tab, "next-morning")
        async with opened(address, "maya") as tab:
            posts = public(tab.hello["messages"])
            card = await tab.press(tab.hello["messages"][-1], "Study")
    async with running(tmp_path) as demo, opened(await demo.address(), "maya") as tab:
        assert public(tab.hello["messages"]) == posts
        assert tab.hello["messages"][-1]["parts"] == card["parts"]
        assert "Answer" in text_of(await tab.press(tab.hello["messages"][-1], "Show answer"))
