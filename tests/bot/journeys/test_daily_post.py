"""The daily post as the channel sees it, and what becomes of it when something goes wrong."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot import actions, buttons
from bot.adapter import SendFailed, Trouble
from bot.choosing import choose_cards
from bot.journeys import daily_post
from bot.messages import Audience, Message, Numbered, Title
from bot.model import Place, PostStyle, RatingInput
from bot.store import leases, posts
from bot.testing.world import MONDAY, World, labels_of, open_world
from bot.wording import leads as lead_wording

from .kit import Flaky, behind, cards_world, on_the_post, other_cohort

TELLTALE = """+++
deck = "telltale"
title = "Telltale"
license = "CC0-1.0"
+++

Q: Which river is longest?
A: SECRET the Volga
Why: SECRET because
Id: card0001

Q: Which of these is in Spain?
- [ ] Loire
- [x] Ebro
A: SECRET the Ebro, of course
Id: card0002

C: Through Vienna flows the {{c1::SECRET Danube}}.
Id: card0003

Q: What is 2 + 2?
A: SECRET four
= SECRET 4
Id: card0004
"""


def public(world: World) -> list[Any]:
    return [seen for seen in world.channel.room.everything() if not seen.reader]


def said(message: Any) -> str:
    """Everything that a message carries, its notification and its buttons' ids included."""
    return repr(message)


async def states(world: World) -> list[str]:
    return [row["state"] for row in await world.rows("select state from posts order by day")]


async def test_a_role_is_notified_by_the_first_message_of_a_post_and_by_nothing_else(tmp_path: Path) -> None:
    async with cards_world(tmp_path) as world:
        await world.says("maya", "/quiz-admin set ping 123456789")
        assert "@123456789" not in await world.says("maya", "/quiz-admin preview")
        await world.morning(MONDAY)
        first, *others = public(world)
        assert first.message.ping == "123456789"
        assert "@123456789\n" in world.text([first])
        await world.press("sam", "Show answer")
        await world.press("sam", "4 Well")
        world.wait(minutes=2)
        await world.tick()
        first = public(world)[0]
        assert "1 person has studied" in world.text([first])  # drawn anew
        assert {seen.message.ping for seen in (first, *others, *world.channel.seen_by("maya"))} == {""}


# ---- what is seen ----------------------------------------------------------------------------------------------------


async def test_the_digest_lists_todays_questions_and_says_what_to_do(posted: World) -> None:
    (post,) = public(posted)
    assert posted.text([post]).splitlines()[1:] == [
        "  Today's 5 cards: Rivers of Europe",
        "  1. Question 1?",
        "  2. Question 2?",
        "  3. Question 3?",
        "  4. Question 4?",
        "  5. Question 5?",
        "  Try each in your head, then press Study. About two minutes, in private.",
        "  [Study] [How it works]",
        "  Nobody has studied yet. Be the first.",
    ]
    assert post.message.summary == "Today's 5 cards are ready."


async def test_cards_style_posts_one_message_a_card_in_order(tmp_path: Path) -> None:
    async with cards_world(tmp_path) as world:
        await world.morning(MONDAY)
        titles = [seen.message.parts[0].text for seen in public(world)]
        assert titles == [f"Card {n} of 5: Rivers of Europe" for n in range(1, 6)]
        assert [labels_of(seen.message) for seen in public(world)] == [
            ["Show answer", "Study", "How it works"],
            *[["Show answer"]] * 4,
        ]
        assert [seen.chips for seen in public(world)] == [()] * 5


@pytest.mark.parametrize("style", PostStyle)
async def test_nothing_of_an_answer_is_ever_public(tmp_path: Path, style: PostStyle) -> None:
    async with open_world(tmp_path, deck=TELLTALE, style=style) as world:
        for day in range(3):
            await world.morning(MONDAY + day)
            await world.press("maya", "Study")
            await world.rate_all("maya")
            await world.tick()
        await world.says("sam", "/leaderboard")
        shown = "".join(said(seen.message) for seen in public(world))
        assert "Which of these is in Spain?" in shown
        assert "SECRET" not in shown
        assert "right=" not in shown
        assert "SECRET" in await world.press("maya", "See answers")
        assert "SECRET" not in "".join(said(seen.message) for seen in world.channel.seen_by("sam"))


async def test_how_it_works_is_told_to_its_asker_alone(posted: World) -> None:
    assert "Nobody sees your ratings" in await posted.press("sam", "How it works")
    assert len(posted.channel.seen_by("lin")) == 1


async def test_only_a_reaction_post_gets_the_five_reactions_in_order(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.REACTIONS) as world:
        await world.morning(MONDAY)
        assert [[int(chip.rating) for chip in seen.chips] for seen in public(world)] == [[1, 2, 3, 4, 5]] * 5


async def test_a_group_without_a_card_skips_its_post_and_says_why(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await behind(world, "update cards set retired_at = 1")
        await world.morning(MONDAY)
        assert public(world) == []
        (row,) = await world.rows("select state, reason from posts")
        assert (row["state"], "empty" in row["reason"]) == ("skipped", True)


async def test_a_question_of_any_length_is_cut_in_the_digest(tmp_path: Path) -> None:
    deck = f'+++\ndeck = "long"\ntitle = "Long"\n+++\n\nQ: {"very " * 100}long?\nA: yes\nId: card0001\n'
    async with open_world(tmp_path, deck=deck) as world:
        await world.morning(MONDAY)
        (question,) = next(part for part in public(world)[0].message.parts if isinstance(part, Numbered)).items
        assert len(question) <= 120
        assert question.endswith("…")


# ---- once a day, and closed in time ----------------------------------------------------------------------------------


async def test_however_often_the_clock_ticks_a_day_has_one_post(posted: World) -> None:
    for _ in range(5):
        posted.wait(minutes=7)
        await posted.tick()
    assert len(public(posted)) == 1


async def test_the_old_post_closes_with_its_count_when_the_next_goes_out(posted: World) -> None:
    await posted.press("maya", "Study")
    await posted.rate_all("maya")
    await posted.morning(MONDAY + 1)
    old, new = public(posted)
    assert "Closed; 1 person studied." in posted.text([old])
    assert labels_of(old.message) == ["See answers", "Study"]
    assert "Nobody has studied yet." in posted.text([new])
    assert await states(posted) == ["closed", "open"]


async def test_answers_are_private_and_only_of_a_closed_post(posted: World) -> None:
    assert "still open" in await on_the_post(posted, "maya", buttons.write(actions.SeeAnswers(await post_id(posted))))
    await posted.morning(MONDAY + 1)
    told = await posted.press("sam", "See answers", on=public(posted)[0])
    assert "Answer: Answer 3" in told
    assert all("Answer 3" not in said(seen.message) for seen in posted.channel.seen_by("lin"))


async def post_id(world: World) -> int:
    (row,) = await world.rows("select id from posts where state = 'open'")
    return int(row["id"])


async def test_the_reasons_for_the_choice_are_kept_with_the_cards(posted: World) -> None:
    told = await on_the_post(posted, "maya", buttons.write(actions.WhyThese(await post_id(posted))))
    assert "Why these five?" in told
    assert "Question 1? (" in told


# ---- the count -------------------------------------------------------------------------------------------------------


async def test_the_count_is_drawn_at_most_once_a_minute(posted: World) -> None:
    async def studies(who: str) -> None:
        await posted.press(who, "Study", on=public(posted)[0])
        await posted.press(who, "Show answer")
        await posted.press(who, "4 Well")
        await posted.tick()

    await studies("maya")
    assert "1 person has studied." in posted.text(public(posted))
    posted.wait(minutes=0.2)
    await studies("sam")
    await studies("lin")
    assert "1 person has studied." in posted.text(public(posted))
    posted.wait(minutes=1)
    await posted.tick()
    assert "3 people have studied." in posted.text(public(posted))


async def test_after_the_first_hour_the_count_waits_for_the_closing(posted: World) -> None:
    posted.wait(minutes=61)
    await posted.press("maya", "Study")
    await posted.rate_all("maya")
    await posted.tick()
    assert "Nobody has studied" in posted.text(public(posted))
    await posted.morning(MONDAY + 1)
    assert "Closed; 1 person studied." in posted.text(public(posted)[:1])


async def test_a_rating_while_the_count_is_on_its_way_is_counted_too(posted: World) -> None:
    await posted.press("maya", "Study")
    await posted.rate_all("maya")
    claimed = await posted.app.database.write(
        partial(leases.claim, owner=posted.app.scheduler.owner, platform="local", now=posted.clock())
    )
    assert claimed is not None
    await posted.press("sam", "Study", on=public(posted)[0])
    await posted.rate_all("sam")
    await posted.app.database.write(
        partial(leases.sent, delivery=claimed, owner=posted.app.scheduler.owner, message_id=None, now=posted.clock())
    )
    posted.wait(minutes=2)
    await posted.tick()
    assert "2 people have studied." in posted.text(public(posted))


async def test_studying_a_closed_post_leaves_its_count_alone(posted: World) -> None:
    await posted.morning(MONDAY + 1)
    await posted.press("sam", "Study", on=public(posted)[0])
    await posted.rate_all("sam")
    old, _ = await posted.rows("select id from posts order by day")
    assert await posted.app.database.read(partial(posts.studied, post_id=old["id"])) == 0


# ---- planned in three steps ------------------------------------------------------------------------------------------


async def test_each_step_can_be_the_last_before_a_restart(tmp_path: Path) -> None:
    section = {"path": str(tmp_path / "room.jsonl")}
    async with open_world(tmp_path, section=section) as world:
        world.clock.at = at = world.clock() + 3_601_000
        (cohort,) = await world.rows("select id from cohorts")
        plan = partial(daily_post.plan, cohort_id=cohort["id"], now=at)
        assert await world.app.database.write(plan) is not None
        assert await world.app.database.write(plan) is None
    async with open_world(tmp_path, section=section, at=at) as world:
        assert await states(world) == ["choosing"]
        ((post_id, cohort_id, day),) = await world.app.database.read(posts.to_choose)
        cards = await choose_cards(world.app.database, cohort_id, day)
        fill = partial(daily_post.fill, post_id=post_id, cohort_id=cohort_id, cards=cards, now=at)
        assert [await world.app.database.write(fill) for _ in range(2)] == [True, False]
        assert public(world) == []
    async with open_world(tmp_path, section=section, at=at) as world:
        await world.tick()
        assert len(public(world)) == 1
        assert "5. Question 5?" in world.text(public(world))
    async with open_world(tmp_path, section=section, at=at + 60_000) as world:
        await world.tick()
        assert len(public(world)) == 1


async def test_a_message_that_arrived_unnoticed_is_found_and_not_sent_again(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        flaky = Flaky.of(world, lost=1)
        await world.morning(MONDAY)
        world.wait(minutes=2)
        await world.tick()
        assert (len(public(world)), flaky.tries) == (1, 1)
        await world.press("maya", "Study")
        await world.rate_all("maya")
        await world.tick()
        assert "1 person has studied." in world.text(public(world))


async def test_a_process_that_died_while_sending_is_followed_up_after_its_lease(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        flaky = Flaky.of(world, down=True)
        await world.morning(MONDAY)
        flaky.down = False
        world.wait(minutes=1)
        claim = partial(leases.claim, owner="the one that died", platform="local", now=world.clock())
        claimed = await world.app.database.write(claim)
        assert claimed is not None
        await world.channel.send(claimed.place, world_message(), claimed.key)
        await world.tick()
        assert len(public(world)) == 1
        world.wait(minutes=2)
        await world.tick()
        assert len(public(world)) == 1
        assert await world.rows("select 1 from deliveries where kind = 'post' and state = 'sent'")


def world_message() -> Message:
    return Message((Title("sent by the one that died"),), "summary", Audience.EVERYONE)


# ---- missed, late, down ----------------------------------------------------------------------------------------------


async def test_missed_days_are_skipped_with_a_reason_and_never_a_flood(posted: World) -> None:
    await posted.morning(MONDAY + 4)
    assert len(public(posted)) == 2
    assert await states(posted) == ["closed", "skipped", "skipped", "skipped", "open"]
    reasons = {row["reason"] for row in await posted.rows("select reason from posts where state = 'skipped'")}
    assert reasons == {lead_wording.missed(late_hours=6)}


async def test_a_post_may_be_a_few_hours_late(world: World) -> None:
    await world.morning(MONDAY)
    world.clock.at += 24 * 3_600_000 + 5 * 3_600_000
    await world.tick()
    assert await states(world) == ["closed", "open"]


async def test_a_post_that_is_too_late_is_skipped_and_the_next_comes_in_time(world: World) -> None:
    world.clock.at += 8 * 3_600_000
    await world.tick()
    assert public(world) == []
    assert await states(world) == ["skipped"]
    await world.morning(MONDAY + 1)
    assert await states(world) == ["skipped", "open"]


async def test_a_post_still_unchosen_on_another_day_is_skipped(world: World) -> None:
    world.clock.at += 3_601_000
    (cohort,) = await world.rows("select id from cohorts")
    await world.app.database.write(partial(daily_post.plan, cohort_id=cohort["id"], now=world.clock()))
    await world.morning(MONDAY + 1)
    assert await states(world) == ["skipped", "open"]
    assert len(public(world)) == 1


async def test_a_platform_that_was_down_for_days_gets_one_post_when_it_is_back(world: World) -> None:
    flaky = Flaky.of(world, down=True)
    for day in range(3):
        await world.morning(MONDAY + day)
    flaky.down = False
    world.wait(minutes=5)
    await world.tick()
    assert len(public(world)) == 1
    assert "Closed" not in world.text(public(world))


async def test_messages_of_a_post_stay_in_order_when_the_first_one_fails(tmp_path: Path) -> None:
    async with cards_world(tmp_path, RatingInput.BOTH) as world:
        Flaky.of(world, failures=[SendFailed("rate limited", Trouble.RATE_LIMITED, 30.0)])
        await world.morning(MONDAY)
        assert public(world) == []
        world.wait(minutes=1)
        await world.tick()
        assert [seen.message.parts[0].text[:6] for seen in public(world)] == [f"Card {n}" for n in range(1, 6)]


async def test_a_wait_of_no_time_is_no_endless_loop(world: World) -> None:
    flaky = Flaky.of(world, failures=[SendFailed("again, at once", Trouble.RATE_LIMITED, 0.0)])
    await world.morning(MONDAY)
    assert flaky.tries == 1
    world.wait(minutes=1)
    await world.tick()
    assert len(public(world)) == 1


# ---- one failing cohort never stops another --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "place",
    [Place("local", "local", "nowhere"), Place("carrier-pigeon", "loft", "coop")],
    ids=["a channel that is gone", "a platform that is not enabled"],
)
async def test_a_group_that_cannot_be_reached_never_stops_another(tmp_path: Path, place: Place) -> None:
    async with open_world(tmp_path) as world:
        await other_cohort(world, "Unreachable", place)
        await world.morning(MONDAY)
        assert len(public(world)) == 1
        (row,) = await world.rows("select state, reason from deliveries where message_id is null")
        assert (
            (row["state"], bool(row["reason"])) == ("pending", False) if place.platform != "local" else ("dead", True)
        )


async def test_an_adapter_with_a_bug_never_stops_another_group(world: World, caplog: pytest.LogCaptureFixture) -> None:
    await other_cohort(world, "Second", Place("local", "local", "flashcards-2"))
    Flaky.of(world, failures=[ZeroDivisionError("a bug in an adapter")])
    await world.morning(MONDAY)
    world.wait(minutes=2)
    await world.tick()
    assert len(public(world)) == 1
    assert "a bug in an adapter" in caplog.text


@pytest.mark.parametrize(
    "harm",
    [
        "update cohorts set zone = 'Middle/Earth' where name = 'Second'",
        "update cohorts set settings = '{' where name = 'Second'",
        "update schedules set weekdays = 0 where cohort_id = (select id from cohorts where name = 'Second')",
    ],
)
async def test_a_group_that_cannot_be_planned_never_stops_another(world: World, harm: str) -> None:
    await other_cohort(world, "Second", Place("local", "local", "flashcards-2"))
    await behind(world, harm)
    await world.morning(MONDAY)
    assert len(public(world)) == 1


async def test_a_post_that_cannot_be_drawn_never_stops_another_group(world: World) -> None:
    """The broken post comes first in the queue, and stays there."""
    await other_cohort(world, "Second", Place("local", "local", "flashcards-2"))
    flaky = Flaky.of(world, down=True)
    await world.morning(MONDAY)
    flaky.down = False
    second = "(select id from posts where cohort_id = (select id from cohorts where name = 'Second'))"
    last = "(select max(id) from cards)"
    await behind(world, f"update post_cards set card_id = {last} where position = 0 and post_id = {second}")
    await behind(world, f"update cards set body = '{{' where id = {last}")
    for _ in range(2):
        world.wait(minutes=2)
        await world.tick()
    assert len(public(world)) == 1
