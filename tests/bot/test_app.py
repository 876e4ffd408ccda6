"""The whole program: started, used over its page, stopped; and adapters that are found by their entry points."""

import asyncio
import signal
import socket
from contextlib import closing
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from adapters.local.app import Local
from bot.app import factory_of, open_app
from bot.cli import main
from bot.config import Config, Core
from bot.errors import ConfigError
from bot.testing.world import MONDAY, open_world

from .child import Tab, opened, started, text_of, write_config


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT])
async def test_it_serves_its_page_until_it_is_told_to_stop(
    tmp_path: Path, told: signal.Signals, capsys: pytest.CaptureFixture[str]
) -> None:
    config = write_config(tmp_path)
    async with started("run", "--config", config, folder=tmp_path) as child:
        await child.served()
        assert "local: connected since " in await status(config, capsys)
        async with aiohttp.ClientSession() as http, http.get(child.address) as page:
            assert page.status == 200
            assert "<title>" in await page.text()
        async with opened(child.address, "sam") as tab:  # an open tab holds nobody up
            assert tab.hello["you"] == "sam"
            assert await child.end(told) == 0
        assert "Traceback" not in child.said
    assert "local: not running, last seen " in await status(config, capsys)


async def status(config: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """What `flashmob status` says beside the running program."""
    assert await asyncio.to_thread(main, ["status", "--config", str(config)]) == 0
    return capsys.readouterr().out


def private(tab: Tab) -> list[dict[str, Any]]:
    """What was said to whoever looks, and to nobody else (a post may come whenever this is run)."""
    return [message for message in tab.hello["messages"] if message["reader"]]


async def test_old_messages_and_buttons_survive_a_kill_and_a_restart(tmp_path: Path) -> None:
    config = write_config(tmp_path)
    async with started("run", "--config", config, folder=tmp_path) as child:
        await child.served()
        async with opened(child.address, "maya") as tab:
            await tab.say(type="command", text="/decks")
            assert "2 cards" in text_of(await tab.shown())
            await tab.say(type="command", text="/help")
            assert "/quiz [deck] [number]" in text_of(await tab.shown())
            await tab.say(type="command", text="/leaderboard")
            board = await tab.shown()
        child.process.kill()
    async with started("run", "--config", config, folder=tmp_path) as child:
        await child.served()
        async with opened(child.address, "maya") as tab:
            kept = private(tab)
            assert len(kept) == 3
            assert kept[-1]["parts"] == board["parts"]
            answer = text_of(await tab.press(kept[-1], "Hide my name"))
            assert "Your name is hidden" in answer
        async with opened(child.address, "sam") as tab:
            assert private(tab) == []
        assert await child.end(signal.SIGTERM) == 0


async def test_a_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        async with started("run", "--config", write_config(tmp_path, port), folder=tmp_path) as child:
            assert await child.ended() == 1
    (sentence,) = (line for line in child.said.splitlines() if line.startswith("flashmob: "))
    assert f"port {port}" in sentence
    assert "Another port can be set in [local], for example port = 8766." in sentence
    assert "Traceback" not in child.said


async def test_it_starts_although_the_clock_was_set_back(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        at = world.clock()
        await world.morning(MONDAY)
    async with open_world(tmp_path, at=at - 30 * 24 * 3_600_000) as world:
        assert "20 cards" in await world.says("sam", "/decks")


# ---- adapters are found, never imported ------------------------------------------------------------------------------


def test_our_adapter_is_found_by_its_entry_point() -> None:
    assert factory_of("local") is Local


async def test_an_adapter_that_others_wrote_is_found_and_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = tmp_path / "telegraph-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: telegraph\nVersion: 1.0\n")
    (info / "entry_points.txt").write_text("[flashmob.adapters]\ntelegraph = telegraph_adapter:Telegraph\n")
    (tmp_path / "telegraph_adapter.py").write_text(
        "class Telegraph:\n"
        "    def __init__(self, section, act, now, media):\n"
        "        self.section, self.now = section, now\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    config = Config(Core(data="."), (), {"telegraph": {"enabled": True, "wire": 7}}, tmp_path)
    async with open_app(config, lambda: 5) as app:
        adapter = app.adapters["telegraph"]
        assert (adapter.section, adapter.now()) == ({"wire": 7}, 5)  # type: ignore[attr-defined]
    with pytest.raises(ConfigError, match=r"Installed are: .*local.*telegraph"):
        factory_of("telegram")


async def test_a_deck_that_is_not_there_is_named_with_where_it_was_looked_for(tmp_path: Path) -> None:
    config_path = write_config(tmp_path)
    (tmp_path / "rivers.deck.md").unlink()
    async with started("run", "--config", config_path, folder=tmp_path) as child:
        assert await child.ended() == 1
    assert child.said.startswith(f"flashmob: {tmp_path / 'rivers.deck.md'}: there is no such file.")
