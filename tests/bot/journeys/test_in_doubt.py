"""A message that may have arrived, on a platform where nobody can look: left out, or sent again, as the group likes."""

import pytest

from bot.adapter import CannotTell, SendFailed, Trouble
from bot.model import InDoubt, PostStyle, Settings
from bot.testing.world import MONDAY, World

from ..elsewhere import CHANNEL, Elsewhere
from .kit import Flaky, behind, other_cohort

UNREAD = "I may not look there."
LEAVE_OUT, SEND_AGAIN = Settings(), Settings(in_doubt=InDoubt.SEND_AGAIN)


def blind(verb: str, channel: str) -> SendFailed | CannotTell | None:
    return CannotTell(UNREAD) if verb == "find" else None


async def lost(world: World, settings: Settings) -> Elsewhere:
    """A group led by Maya, whose post has arrived while the answer was lost; five minutes later it was tried again."""
    await world.says("maya", "/quiz-admin set time 09:00")
    cohort = await other_cohort(world, "Lakes", CHANNEL, settings)
    await behind(world, "update cohorts set led_by = (select min(led_by) from cohorts) where id = :id", id=cohort)
    there = Elsewhere.of(world, fault=blind, lost=1)
    await world.morning(MONDAY)
    await tick_after(world, 5)
    return there


async def tick_after(world: World, minutes: float) -> None:
    world.wait(minutes=minutes)
    await world.tick()


async def lakes(world: World) -> tuple[str, str]:
    """The state of the post, and why."""
    (row,) = await world.rows(
        "select p.state, p.reason from posts p join cohorts c on c.id = p.cohort_id where c.name = 'Lakes'"
    )
    return row["state"], row["reason"]


async def test_it_is_left_out_with_its_reason_and_the_lead_is_told(world: World) -> None:
    there = await lost(world, LEAVE_OUT)
    assert len(there.said) == 1
    state, reason = await lakes(world)
    assert state == "skipped"
    assert UNREAD in reason
    await world.tick()
    told = [world.text([seen]) for seen in world.channel.seen_by("maya") if seen.direct]
    assert len(told) == 1
    assert UNREAD in told[0]
    assert "send it with /quiz-admin post" in told[0]


async def test_where_the_group_wants_it_so_it_is_sent_again(world: World) -> None:
    there = await lost(world, SEND_AGAIN)
    assert len(there.said) == 2
    assert await lakes(world) == ("open", "")


async def test_what_was_left_out_is_sent_once_somebody_has_looked(world: World) -> None:
    there = await lost(world, LEAVE_OUT)
    await behind(world, "update deliveries set state = 'pending' where state = 'dead'")  # as Post now does
    await behind(world, "update posts set state = 'open' where state = 'skipped'")
    await world.tick()
    assert len(there.said) == 2
    assert await lakes(world) == ("open", "")


async def test_what_was_left_out_for_being_late_is_in_no_doubt(world: World) -> None:
    """It was never handed over, so Post now sends it, and nobody need look first."""
    await other_cohort(world, "Lakes", CHANNEL, LEAVE_OUT)
    await world.morning(MONDAY)
    await behind(world, "update posts set due_at = due_at - 12 * 3600000 where opened_at is null")
    there = Elsewhere.of(world, fault=blind)
    await world.tick()
    assert (there.tries, (await lakes(world))[0]) == ([], "skipped")
    await behind(world, f"update posts set state = 'open', due_at = {world.clock()} where opened_at is null")
    await behind(world, "update deliveries set state = 'pending' where state = 'skipped'")  # as Post now does
    await world.tick()
    assert there.tries == [("send", "lakes")]


@pytest.mark.parametrize(
    "refused",
    [
        SendFailed("slow down", Trouble.RATE_LIMITED, 1.0),
        SendFailed("no connection", may_have_arrived=False),
    ],
)
async def test_what_surely_did_not_arrive_is_sent_again_and_not_looked_for(world: World, refused: SendFailed) -> None:
    await other_cohort(world, "Lakes", CHANNEL, LEAVE_OUT)
    faults: list[SendFailed | CannotTell] = [refused]
    there = Elsewhere.of(world, fault=lambda verb, channel: faults.pop() if faults else None)
    await world.morning(MONDAY)
    await tick_after(world, 1)
    assert there.tries == [("send", "lakes"), ("send", "lakes")]
    assert len(there.said) == 1


async def test_a_doubt_stays_after_a_later_try_was_refused(world: World) -> None:
    """The first try may have arrived, whatever became of the second one."""
    await other_cohort(world, "Lakes", CHANNEL, SEND_AGAIN)
    there = Elsewhere.of(world, lost=1, fault=lambda verb, channel: faults.pop(0) if faults else None)
    faults: list[SendFailed | CannotTell | None] = [
        None, CannotTell(UNREAD), SendFailed("slow down", Trouble.RATE_LIMITED, 1.0),
    ]  # fmt: skip
    await world.morning(MONDAY)
    await tick_after(world, 1)
    await tick_after(world, 1)
    assert [verb for verb, _ in there.tries] == ["send", "find", "send", "find"]
    assert len(there.said) == 1


async def test_of_a_post_in_several_messages_only_the_one_in_doubt_is_left_out(world: World) -> None:
    there = await lost(world, Settings(style=PostStyle.CARDS))
    assert [said.key.rpartition(":")[2] for said in there.said] == ["0", "1", "2", "3", "4"]
    assert (await lakes(world))[0] == "open"


async def test_a_reminder_comes_rather_not_than_twice(world: World) -> None:
    await world.says("sam", "/quiz")
    await world.tick()
    flaky = Flaky.of(world, lost=1, blind=True)
    await world.says("sam", "/remind 18:00")
    await world.tick()
    await tick_after(world, 5)
    assert flaky.tries == 1
    (row,) = await world.rows("select state, reason from deliveries where kind = 'reminder'")
    assert (row["state"], "may have arrived" in row["reason"]) == ("dead", True)
