"""What is under way when the machine falls asleep, when the lease ends, when the bot is stopped, and beside it."""

import asyncio
from pathlib import Path

import pytest

from bot import sender
from bot.model import Place
from bot.store import deliveries
from bot.store.deliveries import DeliveryKind
from bot.store.tx import Tx
from bot.testing.world import MONDAY, World, open_world

from .elsewhere import CHANNEL, Elsewhere
from .journeys.kit import other_cohort

PONDS = Place("elsewhere", "there", "ponds")


async def hanging(world: World, verb: str) -> Elsewhere:
    """A group whose post is just under way, to a platform that does not answer."""
    await other_cohort(world, "Lakes", CHANNEL)
    there = Elsewhere.of(world, hangs={verb})
    await world.morning(MONDAY)
    await there.reached.wait()
    return there


async def states(world: World) -> list[str]:
    rows = await world.rows("select state from deliveries where platform = 'elsewhere' order by id")
    return [row["state"] for row in rows]


async def test_what_is_under_way_while_the_machine_sleeps_is_not_sent_again_on_waking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PATIENCE_S", 0.02)
    async with open_world(tmp_path) as world:
        there = await hanging(world, "send")
        world.wait(minutes=30)
        await world.tick()
        assert there.tries == [("send", "lakes")]
        there.go_on.set()
        monkeypatch.setattr(sender, "PATIENCE_S", 5.0)
        await world.tick()
        assert (len(there.said), await states(world)) == (1, ["sent"])


async def test_stopping_waits_for_what_is_under_way_and_begins_nothing_more(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PATIENCE_S", 0.02)
    async with open_world(tmp_path) as world:
        there = await hanging(world, "send")
        stopping = asyncio.create_task(world.app.scheduler.close())
        await asyncio.sleep(0)
        await other_cohort(world, "Ponds", PONDS)
        await world.morning(MONDAY + 1)
        there.go_on.set()
        await stopping
        assert [said.place for said in there.said] == [CHANNEL]
        assert (await states(world))[0] == "sent"


async def test_what_does_not_end_in_time_is_left_to_whoever_comes_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "PATIENCE_S", 0.02)
    async with open_world(tmp_path) as world:
        there = await hanging(world, "send")
        await world.app.scheduler.close(within_s=0.02)
        assert await states(world) == ["sending"]
    async with open_world(tmp_path) as world:
        there = Elsewhere.of(world)
        monkeypatch.setattr(sender, "PATIENCE_S", 5.0)
        await world.morning(MONDAY)
        world.wait(minutes=2)
        await world.tick()
        assert there.tries == [("find", "lakes"), ("send", "lakes")]
        assert await states(world) == ["sent"]


async def test_a_post_that_closes_while_its_count_is_drawn_is_drawn_as_closed_after_that(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(tmp_path) as world:
        await other_cohort(world, "Lakes", CHANNEL)
        there = Elsewhere.of(world)
        await world.morning(MONDAY)
        monkeypatch.setattr(sender, "PATIENCE_S", 0.02)
        there.hangs.add("edit")
        await drawn_anew(world, DeliveryKind.COUNT)
        await there.reached.wait()
        await drawn_anew(world, DeliveryKind.CLOSE)
        async with asyncio.timeout(10):
            while await states(world) != ["sent", "sending", "sending"]:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert there.tries.count(("edit", "lakes")) == 1
        there.go_on.set()
        monkeypatch.setattr(sender, "PATIENCE_S", 5.0)
        await world.tick()
        assert await states(world) == ["sent", "sent", "sent"]
        assert there.tries.count(("edit", "lakes")) == 2


async def drawn_anew(world: World, kind: DeliveryKind) -> None:
    """Have the post elsewhere drawn anew, and begin to send that."""

    async def story(tx: Tx) -> None:
        post = await tx.one("select post_id from deliveries where platform = 'elsewhere'")
        assert post is not None
        await deliveries.add_everywhere(tx, kind, post["post_id"], world.clock())

    await world.app.database.write(story)
    await world.tick()
