"""Who posts what, and when: more than one process, large decks, and the reasons for a choice.

What the channel sees of it is in journeys/test_daily_post.py.
"""

import asyncio
from datetime import date
from pathlib import Path

import pytest

from bot import choosing
from bot.choosing import choose_cards
from bot.clock import day_of, instant
from bot.scheduler import Scheduler
from bot.testing.world import DECK, MONDAY, POST_TIME, World, open_world


async def chosen(world: World, day: int) -> list[tuple[str, str]]:
    (row,) = await world.rows("select id from cohorts")
    picked = await choose_cards(world.app.database, row["id"], day)
    keys = {row["id"]: row["key"] for row in await world.rows("select id, key from cards")}
    return [(keys[card.card_id], card.reason) for card in picked]


async def test_two_processes_at_once_send_one_post(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        other = Scheduler(world.app.database, world.app.adapters, "another process", world.clock)
        world.clock.at = instant(MONDAY, POST_TIME, world.zone)
        await asyncio.gather(world.app.scheduler.tick(), other.tick(), other.tick())
        assert len(world.channel.room.everything()) == 1
        (row,) = await world.rows("select attempts from deliveries")
        assert row["attempts"] == 1


async def test_nothing_happens_before_its_time(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        world.clock.at = instant(MONDAY, POST_TIME, world.zone) - 1
        await world.tick()
        assert list(world.channel.room.everything()) == []


async def test_the_first_cards_are_new_and_in_deck_order(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        assert [key for key, _ in await chosen(world, MONDAY)] == [f"card{n:04}" for n in range(1, 6)]


async def test_what_members_forgot_comes_before_what_they_know(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for day in range(2):
            await world.morning(MONDAY + day)
            for who in ("maya", "sam"):
                await world.press(who, "Study", on=world.newest_post())
                await world.rate_all(who, "1 Not at all" if day == 0 else "5 Perfectly")
        forgotten = {"card0001", "card0002", "card0003", "card0004", "card0005"}
        picked = dict(await chosen(world, MONDAY + 2))
        assert sum(key in forgotten for key in picked) >= 3
        assert "due for 2 of 2" in picked.values()


async def test_reading_memory_in_slices_chooses_the_same_cards(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with open_world(tmp_path) as world:
        for day in range(4):
            await world.morning(MONDAY + day)
            await world.press("sam", "Study", on=world.newest_post())
            await world.rate_all("sam", "2 Barely" if day % 2 else "5 Perfectly")
        whole = await chosen(world, MONDAY + 5)
        monkeypatch.setattr(choosing, "CARDS_AT_ONCE", 3)
        assert await chosen(world, MONDAY + 5) == whole


async def test_a_retired_card_is_chosen_no_more(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        deck = DECK.replace("Q: Question 2?\nA: Answer 2\nId: card0002\n", "")
        await world.imports(deck.encode())
        assert "card0002" not in [key for key, _ in await chosen(world, MONDAY)]


async def test_parts_of_one_card_never_share_a_post(tmp_path: Path) -> None:
    deck = """+++
deck = "cloze"
title = "Cloze"
+++

C: The {{c1::Danube}} flows through {{c2::Vienna}} and {{c3::Budapest}}.
Id: card0001

Q: Which river is longest?
A: The Volga
Id: card0002
"""
    async with open_world(tmp_path, deck=deck) as world:
        assert [key for key, _ in await chosen(world, MONDAY)] == ["card0001", "card0002"]


@pytest.mark.parametrize(("month", "day"), [(3, 28), (10, 24)])
async def test_over_a_clock_change_every_day_has_one_post_at_nine(tmp_path: Path, month: int, day: int) -> None:
    first = day_of(date(2026, month, day))
    async with open_world(tmp_path, at=instant(first, POST_TIME, "Europe/Berlin") - 60_000) as world:
        world.wait(minutes=2)
        for _ in range(3 * 24 + 2):
            await world.tick()
            world.wait(minutes=60)
        rows = await world.rows("select day, planned_at from posts order by day")
        assert [row["day"] - first for row in rows] == [0, 1, 2, 3]
        assert all(row["planned_at"] - instant(row["day"], POST_TIME, world.zone) < 3_600_000 for row in rows)
        assert len(world.channel.room.everything()) == 4
