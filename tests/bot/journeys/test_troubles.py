"""Failure by failure: what could not be sent is tried again, held back, given up or told, and stops nothing else."""

from pathlib import Path

import pytest

from bot import sender
from bot.adapter import SendFailed, Trouble
from bot.journeys import troubles
from bot.model import Place, PostStyle, RatingInput, Settings
from bot.store import leases
from bot.store.deliveries import Delivery, DeliveryKind
from bot.testing.world import MONDAY, World, open_world

from ..elsewhere import CHANNEL, Elsewhere
from .kit import Flaky, behind, cards_world, other_cohort

LAKES, PONDS = CHANNEL, Place("elsewhere", "there", "ponds")
HOUR = 60
NO_PERMISSION = SendFailed("I need Send Messages in #flashcards.", Trouble.NOT_ALLOWED)
NO_CHANNEL = SendFailed("#flashcards was deleted.", Trouble.GONE)
TOO_LONG = SendFailed("The message is too long.", Trouble.UNFIT)


def public(world: World) -> list[str]:
    return [world.text([seen]) for seen in world.channel.room.everything() if not seen.reader]


def told(world: World) -> list[str]:
    """What Maya, who leads, was told in her direct messages."""
    return [world.text([seen]) for seen in world.channel.seen_by("maya") if seen.direct]


async def led(world: World) -> Flaky:
    """The group with a lead who is known, behind a line that can break."""
    await world.says("maya", "/quiz-admin set time 09:00")
    return Flaky.of(world)


async def paused(world: World) -> str:
    (row,) = await world.rows("select paused from schedules")
    return str(row["paused"])


async def post(world: World, name: str = "Rivers") -> tuple[str, str]:
    """The state of a group's newest post, and why."""
    rows = await world.rows(
        "select p.state, p.reason from posts p join cohorts c on c.id = p.cohort_id where c.name = :name order by day",
        name=name,
    )
    return rows[-1]["state"], rows[-1]["reason"]


async def tick_after(world: World, minutes: float) -> None:
    world.wait(minutes=minutes)
    await world.tick()


# ---- rate limited ----------------------------------------------------------------------------------------------------


async def test_a_platform_that_asks_to_wait_gets_nothing_meanwhile(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    waits = [SendFailed("slow down", Trouble.RATE_LIMITED, 40.0)]
    there = Elsewhere.of(world, fault=lambda verb, channel: waits.pop() if waits else None)
    await world.morning(MONDAY)
    assert there.tries == [("send", "lakes")]
    assert len(public(world)) == 1  # the other platform is not held up
    await other_cohort(world, "Ponds", PONDS)
    await behind(world, f"update schedules set run_at = {world.clock()} where run_at > {world.clock()}"
                 " and cohort_id in (select id from cohorts where name = 'Ponds')")  # fmt: skip
    await tick_after(world, 0.5)
    assert await post(world, "Ponds") == ("open", "")
    assert there.tries == [("send", "lakes")]
    await tick_after(world, 0.2)
    assert sorted(said.place.channel for said in there.said) == ["lakes", "ponds"]


async def test_what_was_claimed_and_not_tried_is_as_if_it_had_not_been_claimed(world: World) -> None:
    Flaky.of(world, down=True)
    await world.morning(MONDAY)
    world.wait(minutes=1)

    async def kept() -> list[tuple[object, ...]]:
        return [tuple(row) for row in await world.rows("select * from deliveries")]

    before = await kept()
    claimed = await world.app.database.write(lambda tx: leases.claim(tx, "me", "local", world.clock()))
    assert claimed is not None
    await world.app.database.write(lambda tx: leases.put_back(tx, claimed.id, "somebody else"))
    assert await kept() != before
    await world.app.database.write(lambda tx: leases.put_back(tx, claimed.id, "me"))
    assert await kept() == before


async def test_a_wait_ends_when_the_clock_is_set_back(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    waits = [SendFailed("slow down", Trouble.RATE_LIMITED, 40.0)]
    there = Elsewhere.of(world, fault=lambda verb, channel: waits.pop() if waits else None)
    await world.morning(MONDAY)
    await other_cohort(world, "Ponds", PONDS)
    await behind(
        world, "update schedules set run_at = 0 where cohort_id in (select id from cohorts where name='Ponds')"
    )
    await behind(world, "update deliveries set run_at = 0 where state = 'pending'")
    world.wait(minutes=-HOUR)
    await world.tick()
    assert [said.place.channel for said in there.said] == ["lakes"]


# ---- passing ---------------------------------------------------------------------------------------------------------


def delivery(kind: DeliveryKind = DeliveryKind.POST, attempts: int = 1) -> Delivery:
    return Delivery(1, "post:1:1:0", kind, 1, 1, 1, None, 0, attempts, CHANNEL, None, "")


def test_waits_grow_to_a_quarter_of_an_hour_and_are_spread() -> None:
    error = SendFailed("a cut line")
    waits = [troubles.backoff(delivery(attempts=n), error) for n in range(1, 30)]
    for n, wait in enumerate(waits):
        usual = min(5_000 * 2**n, 15 * 60_000)
        assert usual <= wait <= usual * 1.25
    assert len(set(waits[8:])) > 10
    assert troubles.backoff(delivery(), SendFailed("busy", retry_after_s=90)) == 90_000


async def test_a_platform_that_is_down_for_a_while_is_tried_until_it_is_back(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    for _ in range(40):
        await tick_after(world, 1)
    assert 6 <= flaky.tries <= 12
    flaky.down = False
    await tick_after(world, 20)
    (text,) = public(world)
    assert "A little late today; I was offline until 10:00. Same cards, no rush." in text
    assert told(world) == []


async def test_what_had_arrived_is_found_and_not_sent_again(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    there = Elsewhere.of(world, lost=1)
    await world.morning(MONDAY)
    await tick_after(world, 1)
    assert [said.place.channel for said in there.said] == ["lakes"]
    assert await post(world, "Lakes") == ("open", "")
    (row,) = await world.rows("select state, message_id from deliveries where kind = 'post' and platform = 'elsewhere'")
    assert tuple(row) == ("sent", "m0")


async def test_what_had_arrived_is_found_even_when_it_is_too_late_to_send_it(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    there = Elsewhere.of(world, lost=1)
    await world.morning(MONDAY)
    await world.morning(MONDAY + 1)
    days = [int(said.key.split(":")[1]) for said in there.said]
    assert len(days) == len(set(days)) == 2
    rows = await world.rows("select state from posts p join cohorts c on c.id = p.cohort_id where name = 'Lakes'")
    assert sorted(row["state"] for row in rows) == ["closed", "open"]


async def test_what_was_looked_for_in_vain_is_sent(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    cuts = [SendFailed("a cut line"), SendFailed("a cut line")]
    there = Elsewhere.of(world, fault=lambda verb, channel: cuts.pop() if cuts else None)
    await world.morning(MONDAY)
    await tick_after(world, 0.2)
    await tick_after(world, 1)
    assert there.tries == [("send", "lakes"), ("find", "lakes"), ("find", "lakes"), ("send", "lakes")]
    assert len(there.said) == 1


async def test_a_sending_that_hangs_times_out_and_holds_up_nobody_else(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sender, "TIMEOUT_S", 0.6)
    await other_cohort(world, "Lakes", LAKES)
    there = Elsewhere.of(world, hangs={"send"})
    await world.morning(MONDAY)
    assert len(public(world)) == 1
    (row,) = await world.rows("select state, reason from deliveries where platform = 'elsewhere'")
    assert tuple(row) == ("pending", "elsewhere did not answer within 0.6 s")
    there.hangs.clear()
    await tick_after(world, 1)
    assert len(there.said) == 1


async def test_the_clock_goes_on_while_a_platform_hangs(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sender, "PATIENCE_S", 0.02)
    await other_cohort(world, "Lakes", LAKES)
    Elsewhere.of(world, hangs={"send"})
    for day in range(2):
        await world.morning(MONDAY + day)
    assert len(public(world)) == 2
    await world.app.scheduler.sender.close(within_s=0.01)


# ---- not allowed -----------------------------------------------------------------------------------------------------


async def test_a_missing_permission_is_told_to_the_lead_once_in_private(world: World) -> None:
    flaky = await led(world)
    flaky.closed = NO_PERMISSION
    await world.morning(MONDAY)
    await world.tick()
    (text,) = told(world)
    assert "I could not post: I need Send Messages in #flashcards. Give me that permission" in text
    assert "Maya" in text
    assert world.channel.seen_by("sam") == []
    await tick_after(world, 3 * HOUR)
    assert len(told(world)) == 1


async def test_a_place_that_refuses_is_tried_after_an_hour_and_after_a_day_and_then_paused(world: World) -> None:
    flaky = await led(world)
    flaky.closed = NO_PERMISSION
    await world.morning(MONDAY)
    tried_at = [0]
    for hour in range(1, 31):
        before = flaky.tries - len(told(world))
        await tick_after(world, HOUR)
        await world.tick()
        tried_at += [hour] * (flaky.tries - len(told(world)) - before)
    assert tried_at == [0, 1, 25]
    assert await paused(world) == NO_PERMISSION.reason
    assert "I have paused the posts of Rivers" in told(world)[-1]
    assert len(told(world)) == 2
    (by, what) = (await world.rows("select changed_by, what from changes order by id desc limit 1"))[0]
    assert (by, what) == ("Flashmob", f"paused: {NO_PERMISSION.reason}")
    assert await post(world) == ("skipped", NO_PERMISSION.reason)


async def test_while_a_place_is_held_back_status_says_so_and_the_next_post_waits(world: World) -> None:
    flaky = await led(world)
    flaky.closed = NO_PERMISSION
    await world.morning(MONDAY)
    await tick_after(world, HOUR + 1)
    tried = flaky.tries
    await world.morning(MONDAY + 1)
    assert flaky.tries == tried
    assert f"Held back: {NO_PERMISSION.reason}" in await world.says("maya", "/quiz-admin status")
    flaky.closed = None
    await tick_after(world, HOUR + 2)
    (text,) = public(world)
    assert "A little late today" in text
    assert "Held back" not in await world.says("maya", "/quiz-admin status")


async def test_a_permission_that_was_given_makes_the_post_come_within_the_hour(world: World) -> None:
    flaky = await led(world)
    flaky.closed = NO_PERMISSION
    await world.morning(MONDAY)
    flaky.closed = None
    await tick_after(world, HOUR)
    assert len(public(world)) == 1
    (row,) = await world.rows("select refusals, blocked_until, reason from places where foreign_id = 'flashcards'")
    assert tuple(row) == (0, 0, "")


async def test_post_now_tries_a_place_that_is_held_back(world: World) -> None:
    flaky = await led(world)
    flaky.closed = NO_PERMISSION
    await world.morning(MONDAY)
    flaky.closed = None
    await world.says("maya", "/quiz-admin post")
    await world.tick()
    assert len(public(world)) == 1


# ---- gone, and unfit -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("style", PostStyle)
async def test_a_channel_that_is_gone_pauses_the_group_and_its_lead_is_told_once(
    tmp_path: Path, style: PostStyle
) -> None:
    async with open_world(tmp_path, style=style) as world:
        flaky = await led(world)
        flaky.closed = NO_CHANNEL
        await world.morning(MONDAY)
        await world.tick()
        (text,) = told(world)
        assert "I have paused the posts of Rivers: #flashcards was deleted. Progress is safe" in text
        assert await paused(world) == NO_CHANNEL.reason
        assert await post(world) == ("skipped", NO_CHANNEL.reason)
        assert len(await world.rows("select 1 from changes where changed_by = 'Flashmob'")) == 1
        assert flaky.tries == 2
        flaky.closed = None
        await world.says("maya", "/quiz-admin resume")
        await world.morning(MONDAY + 1)
        assert public(world) != []


async def test_a_message_that_does_not_fit_is_given_up_and_the_next_day_is_another(world: World) -> None:
    flaky = await led(world)
    flaky.closed = TOO_LONG
    await world.morning(MONDAY)
    await world.tick()
    assert "One thing could not be sent (post): The message is too long." in told(world)[0]
    assert await post(world) == ("skipped", TOO_LONG.reason)
    assert f"post: {TOO_LONG.reason} (given up)" in await world.says("maya", "/quiz-admin status")
    flaky.closed = None
    await world.morning(MONDAY + 1)
    assert len(public(world)) == 1
    assert len(told(world)) == 1


async def test_one_card_that_does_not_fit_leaves_the_others_their_places(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        flaky = await led(world)
        fails: list[Exception] = [TOO_LONG]
        await world.morning(MONDAY - 1)
        flaky.failures = fails
        await world.morning(MONDAY)
        await world.tick()
        assert [text.split("Card ")[1][:6] for text in public(world)[-4:]] == [f"{n} of 5" for n in range(2, 6)]
        assert [len(seen.chips) for seen in world.channel.room.everything() if not seen.reader] == [5] * len(
            public(world)
        )
        assert len(told(world)) == 1


async def test_without_a_known_lead_nobody_is_told_and_status_knows(world: World) -> None:
    flaky = Flaky.of(world)
    flaky.closed = NO_CHANNEL
    await world.morning(MONDAY)
    assert [told(world), public(world)] == [[], []]
    assert f"Paused: {NO_CHANNEL.reason}" in await world.says("maya", "/quiz-admin status")


# ---- one never stops another -----------------------------------------------------------------------------------------


async def test_a_platform_that_is_not_enabled_keeps_its_posts_and_holds_up_nobody(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    await world.morning(MONDAY)
    assert len(public(world)) == 1
    (row,) = await world.rows("select state, attempts from deliveries where platform = 'elsewhere'")
    assert tuple(row) == ("pending", 0)
    there = Elsewhere.of(world)
    await tick_after(world, HOUR)
    assert [said.place for said in there.said] == [LAKES]


async def test_a_platform_enabled_after_days_gets_todays_post_alone(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    for day in range(4):
        await world.morning(MONDAY + day)
    there = Elsewhere.of(world)
    await tick_after(world, 5)
    assert len(there.said) == 1
    rows = await world.rows(
        "select p.state from posts p join cohorts c on c.id = p.cohort_id where c.name = 'Lakes' order by day"
    )
    assert [row["state"] for row in rows] == ["skipped", "skipped", "skipped", "open"]
    assert await world.rows("select 1 from deliveries where state in ('pending', 'sending')") == []


@pytest.mark.parametrize("trouble", Trouble)
async def test_whatever_happens_to_one_group_another_has_its_post_in_the_same_tick(
    world: World, trouble: Trouble
) -> None:
    await other_cohort(world, "Lakes", LAKES)
    await other_cohort(world, "Ponds", PONDS)
    wait = 0.0 if trouble is Trouble.RATE_LIMITED else 60.0
    error = SendFailed("no", trouble, wait)
    there = Elsewhere.of(world, fault=lambda verb, channel: error if channel == "lakes" else None)
    await world.morning(MONDAY)
    assert [said.place for said in there.said] == [PONDS]
    assert len(public(world)) == 1


async def test_a_hundred_groups_that_cannot_be_planned_never_keep_another_from_its_post(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    await behind(
        world,
        """insert into cohorts (id, workspace_id, name, zone, settings, created_at)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 120)
        select i, (select workspace_id from cohorts limit 1), 'Broken ' || i, 'Middle/Earth', '{}', 0 from n""",
    )
    await behind(world, "insert into schedules (cohort_id, weekdays, local_time, run_at)"
                 " select id, 127, '09:00', 0 from cohorts where id <= 120")  # fmt: skip
    await world.morning(MONDAY)
    assert len(public(world)) == 1
    assert caplog.text.count("planning for cohort") >= 120


async def test_a_reminder_that_cannot_be_planned_stops_no_post(posted: World, caplog: pytest.LogCaptureFixture) -> None:
    await posted.press("sam", "Study")
    await posted.says("sam", "/remind 18:00")
    await behind(posted, "update learners set zone = 'Middle/Earth', remind_at = 0")
    await posted.morning(MONDAY + 1)
    assert len(public(posted)) == 2
    assert "planning a reminder" in caplog.text


# ---- what hangs on a message -----------------------------------------------------------------------------------------


async def test_reactions_go_under_a_post_after_all_of_its_messages(world: World) -> None:
    settings = Settings(style=PostStyle.CARDS, rating_input=RatingInput.BOTH)
    await other_cohort(world, "Lakes", LAKES, settings)
    there = Elsewhere.of(world)
    await world.morning(MONDAY)
    keys = [said.key for said in there.said]
    assert [key.rsplit(":", 1)[1] for key in keys] == ["0", "1", "2", "3", "4"]
    for key in keys:
        assert there.log.index(("send", key)) < there.log.index(("react", key))
        assert there.log.count(("react", key)) == 5


async def test_reactions_that_are_not_allowed_are_done_without(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        await world.says("maya", "/quiz-admin set time 09:00")
        await other_cohort(world, "Lakes", LAKES, Settings(style=PostStyle.CARDS, rating_input=RatingInput.BOTH))
        error = SendFailed("I need Add Reactions.", Trouble.NOT_ALLOWED)
        there = Elsewhere.of(world, fault=lambda verb, channel: error if verb == "react" else None)
        await world.morning(MONDAY)
        assert len(there.said) == 5
        assert await world.rows("select 1 from deliveries where state in ('pending', 'sending')") == []


async def test_closing_is_drawn_anew_where_a_platform_can_and_left_where_it_cannot(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    there = Elsewhere.of(world)
    await world.morning(MONDAY)
    await world.morning(MONDAY + 1)
    assert [verb for verb, _ in there.log] == ["send", "send", "edit"]
    there.edits = False
    await world.morning(MONDAY + 2)
    assert [verb for verb, _ in there.log] == ["send", "send", "edit", "send"]


async def test_an_edit_that_never_works_is_given_up_in_the_end(world: World) -> None:
    await other_cohort(world, "Lakes", LAKES)
    there = Elsewhere.of(world, fault=lambda verb, channel: SendFailed("cut") if verb == "edit" else None)
    await world.morning(MONDAY)
    await world.morning(MONDAY + 1)
    for _ in range(20):
        await tick_after(world, 20)
    assert there.tries.count(("edit", "lakes")) == troubles.MOST_ATTEMPTS
    assert [tuple(row) for row in await world.rows("select kind, state from deliveries where state = 'dead'")] == [
        ("close", "dead")
    ]
