"""One group in several places: one post, one leaderboard, and a place that is lost takes no other with it."""

from typing import Any

import pytest

from bot import buttons
from bot.actions import Action, RateCard, Request, RevealAnswer, ShowLeaderboard, Study
from bot.adapter import SendFailed, Trouble
from bot.config import CohortConfig, PlaceConfig
from bot.messages import Buttons, Message
from bot.model import WEEKDAYS, Account, Place, Rating
from bot.testing.world import MONDAY, World

from ..elsewhere import CHANNEL, Elsewhere

THERE = PlaceConfig(platform="elsewhere", workspace="there", channel="lakes")
NOOR = Account("elsewhere", "there", "noor", "Noor")
GONE = SendFailed("That channel was deleted.", Trouble.GONE)
REFUSED = SendFailed("I may not post there.", Trouble.NOT_ALLOWED)


async def placed(world: World, *also: PlaceConfig) -> None:
    """What the file says of the group."""
    usual: dict[str, Any] = {"weekdays": WEEKDAYS, "zone": world.zone}
    await world.app.set_up(CohortConfig(name="Rivers", channel="flashcards", also=also, **usual))


async def noor(world: World, action: Action, key: str) -> list[Message]:
    return await world.app.act(Request(action, key, world.clock(), NOOR, CHANNEL))


async def noor_rates_one(world: World) -> None:
    (row,) = await world.rows("select max(id) as post from posts where state = 'open'")
    shown = await noor(world, Study(row["post"]), f"study:{world.clock()}")
    shown = await noor(world, first(shown, RevealAnswer), f"reveal:{world.clock()}")
    assert "Saved" in str(await noor(world, first(shown, RateCard, Rating.WELL), f"rate:{world.clock()}"))


def first(shown: list[Message], kind: type[Any], rating: Rating | None = None) -> Any:
    rows = [part.row for message in shown for part in message.parts if isinstance(part, Buttons)]
    found = [buttons.read(each.id) for row in rows for each in row]
    return next(each for each in found if isinstance(each, kind) and rating in (None, getattr(each, "rating", None)))


def here(world: World) -> list[str]:
    return [world.text([seen]) for seen in world.channel.room.everything() if not seen.reader]


async def tick_after(world: World, minutes: float) -> None:
    world.wait(minutes=minutes)
    await world.tick()


async def places(world: World) -> list[str]:
    rows = await world.rows(
        "select p.foreign_id from cohort_places cp join places p on p.id = cp.place_id order by p.id"
    )
    return [row["foreign_id"] for row in rows]


async def paused(world: World) -> str:
    (row,) = await world.rows("select paused from schedules")
    return str(row["paused"])


def told(world: World) -> list[str]:
    return [world.text([seen]) for seen in world.channel.seen_by("maya") if seen.direct]


async def test_one_post_goes_to_every_place_and_both_count_on_it(world: World) -> None:
    there = Elsewhere.of(world)
    await placed(world, THERE)
    await world.morning(MONDAY)
    assert (len(here(world)), [said.place for said in there.said]) == (1, [CHANNEL])
    assert len(await world.rows("select 1 from posts")) == 1
    await world.press("maya", "Study")
    await world.rate_all("maya")
    await noor_rates_one(world)
    await tick_after(world, 2)
    assert "2 people have studied" in here(world)[0]
    assert [verb for verb, _ in there.log] == ["send", "edit"]


async def test_members_of_both_stand_on_one_leaderboard(world: World) -> None:
    Elsewhere.of(world)
    await placed(world, THERE)
    await world.morning(MONDAY)
    await world.press("maya", "Study")
    await world.rate_all("maya")
    await noor_rates_one(world)
    mine, theirs = await world.says("maya", "/leaderboard"), str(await noor(world, ShowLeaderboard(), "board"))
    assert all(name in board for name in ("Maya", "Noor") for board in (mine, theirs))
    assert "Together: 2 people, 6 cards" in theirs


async def test_the_post_before_closes_in_every_place(world: World) -> None:
    there = Elsewhere.of(world)
    await placed(world, THERE)
    await world.morning(MONDAY)
    await noor_rates_one(world)
    await world.morning(MONDAY + 1)
    await world.tick()
    assert "Closed; 1 person studied." in here(world)[0]
    first_post = there.said[0].key
    assert ("edit", first_post) in there.log
    assert len(there.said) == 2


async def lost(world: World, failed: SendFailed) -> Elsewhere:
    """The group in two places, of which the other platform takes nothing; Maya leads."""
    await world.says("maya", "/quiz-admin set time 09:00")
    there = Elsewhere.of(world, fault=lambda verb, channel: failed if verb == "send" else None)
    await placed(world, THERE)
    await world.morning(MONDAY)
    await world.tick()
    return there


async def test_a_place_that_is_gone_is_dropped_alone_and_the_lead_is_told(world: World) -> None:
    there = await lost(world, GONE)
    assert (len(here(world)), await places(world), await paused(world)) == (1, ["flashcards"], "")
    assert "Rivers is not posted to lakes on Elsewhere any more: That channel was deleted." in told(world)[0]
    assert "not posted to lakes on Elsewhere any more" in await world.says("maya", "/quiz-admin status")
    await world.morning(MONDAY + 1)
    assert len(here(world)) == 2
    assert there.tries == [("send", "lakes")]
    assert len(told(world)) == 1


async def test_a_place_where_posting_stays_forbidden_is_dropped_alone(world: World) -> None:
    await lost(world, REFUSED)
    assert await places(world) == ["flashcards", "lakes"]
    await tick_after(world, 61)
    for day in (1, 2, 3):
        await world.morning(MONDAY + day)
        await tick_after(world, 61)
    assert (await places(world), await paused(world)) == (["flashcards"], "")
    assert len(here(world)) == 4


async def test_a_group_whose_last_place_is_gone_is_paused(world: World) -> None:
    await placed(world, THERE)
    there = Elsewhere.of(world, fault=lambda verb, channel: GONE)
    world.app.adapters["local"] = Elsewhere(fault=lambda verb, channel: GONE, platform="local")
    await world.morning(MONDAY)
    assert "That channel was deleted" in await paused(world)
    assert there.said == []
    (row,) = await world.rows("select state from posts")
    assert row["state"] == "skipped"


@pytest.mark.parametrize("tried", [False, True])
async def test_a_place_that_is_left_out_of_the_file_gets_nothing_more(world: World, tried: bool) -> None:
    there = Elsewhere.of(world, fault=lambda verb, channel: SendFailed("the line is cut") if tried else None)
    await placed(world, THERE)
    if tried:
        await world.morning(MONDAY)
    await placed(world)
    there.fault = lambda verb, channel: None
    await world.morning(MONDAY)
    await tick_after(world, 5)
    assert (len(here(world)), there.said, await places(world)) == (1, [], ["flashcards"])
    assert await world.rows("select 1 from deliveries where state in ('pending', 'sending')") == []
    await placed(world, THERE)
    await world.morning(MONDAY + 1)
    assert [said.place for said in there.said] == [CHANNEL]


async def test_a_group_that_moves_to_another_channel_leaves_the_first_one(world: World) -> None:
    there = Elsewhere.of(world)
    await placed(world, THERE)
    ponds = PlaceConfig(platform="elsewhere", workspace="there", channel="ponds")
    await placed(world, ponds)
    await world.morning(MONDAY)
    assert [said.place for said in there.said] == [Place("elsewhere", "there", "ponds")]
