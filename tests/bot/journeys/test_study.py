"""A learner's private session: on a post, on demand, for practice; what follows it, and the ways around a card."""

import asyncio
from pathlib import Path

from bot.testing.world import MONDAY, World, labels_of, open_world

from .kit import button_id, on_the_post, points


async def one_card(world: World, who: str, label: str) -> str:
    await world.press(who, "Show answer")
    return await world.press(who, label)


async def first_post(world: World, who: str, label: str = "4 Well", on: object = None) -> None:
    """Study the newest post, all cards rated alike."""
    await world.press(who, "Study", on=on or world.newest_post())
    await world.rate_all(who, label)


# ---- the walk through a session --------------------------------------------------------------------------------------


async def test_a_session_goes_from_the_question_to_the_answer_to_the_next_card(posted: World) -> None:
    told = await posted.press("sam", "Study")
    assert told.splitlines()[1:] == [
        "  Welcome, Sam, you're in. Your ratings are private, even from the group's lead. Points show your name. "
        "[Hide my name]",
        "  Card 1 of 5",
        "  Question: Question 1?",
        "  [Show answer] [Skip or flag]",
    ]
    told = await posted.press("sam", "Show answer")
    assert told.splitlines()[1:] == [
        "  Card 1 of 5",
        "  Question: Question 1?",
        "  Answer: Answer 1",
        "  Did you remember it before you looked?",
        "  No: [1 Not at all] [2 Barely]",
        "  Yes: [3 With effort] [4 Well] [5 Perfectly]",
        "  [Skip or flag]",
    ]
    told = await posted.press("sam", "4 Well")
    assert told.splitlines()[1:] == [
        "  Saved: 4 Well. Back in about 2 days. [Change last rating]",
        "  Card 2 of 5",
        "  Question: Question 2?",
        "  [Show answer] [Skip or flag]",
    ]


async def test_only_the_first_press_is_welcomed(posted: World) -> None:
    assert "Welcome, Sam" in await posted.press("sam", "Study")
    assert "Welcome" not in await posted.press("sam", "Study", on=posted.newest_post())


async def test_a_session_is_seen_by_its_learner_alone(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam")
    assert len(posted.channel.seen_by("lin")) == 1
    assert "Sam" not in posted.channel.transcript("maya")


async def test_the_summary_says_what_was_remembered_and_ends_the_session(posted: World) -> None:
    await posted.press("sam", "Study")
    for label in ("4 Well", "5 Perfectly", "3 With effort", "2 Barely"):
        await one_card(posted, "sam", label)
    told = await one_card(posted, "sam", "1 Not at all")
    assert "Done for today: 5 cards." in told
    assert "You remembered 3; 2 will come back soon." in told
    told = await posted.press("sam", "See my ratings")
    assert "4. Question 4? 2 Barely" in told
    assert "Done for today" in await posted.press("sam", "Back")
    assert "See you next time" in await posted.press("sam", "Finish")


async def test_a_session_goes_on_at_the_card_where_it_was_left(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "4 Well")
    await one_card(posted, "sam", "4 Well")
    told = await posted.press("sam", "Study", on=posted.newest_post())
    assert "Continuing at card 3." in told
    assert "Question 3?" in told


async def test_a_restart_loses_neither_the_session_nor_its_place(tmp_path: Path) -> None:
    section = {"path": str(tmp_path / "room.jsonl")}
    async with open_world(tmp_path, section=section) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Study")
        await one_card(world, "sam", "4 Well")
        await world.press("sam", "Show answer")
        at = world.clock()
    async with open_world(tmp_path, section=section, at=at) as world:
        assert "Saved: 5 Perfectly." in await world.press("sam", "5 Perfectly")
        assert "Card 3 of 5" in await world.says("sam", "/quiz")


async def test_studying_another_post_begins_its_own_session(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "4 Well")
    await posted.morning(MONDAY + 1)
    told = await posted.press("sam", "Study", on=posted.newest_post())
    assert "Card 1 of" in told
    assert "Continuing" not in told
    (open_one,) = await posted.rows("select 1 from sessions where ended_at is null")
    assert open_one


async def test_pressing_study_twice_at_once_opens_one_session(posted: World) -> None:
    post = posted.newest_post()
    await asyncio.gather(*(posted.channel.press("sam", post.id, "Study", key=f"press-{n}") for n in range(2)))
    assert len(await posted.rows("select 1 from sessions")) == 1


async def test_a_post_that_was_studied_offers_its_summary_again(posted: World) -> None:
    await first_post(posted, "sam")
    told = await posted.press("sam", "Study", on=posted.newest_post())
    assert "Done for today: 5 cards." in told
    assert "Show answer" not in told


async def test_an_open_post_asks_no_card_again_before_it_is_due(posted: World) -> None:
    """A Friday's post stays open all weekend: studying it every day would be an easy way to points."""
    await first_post(posted, "sam", "5 Perfectly")
    assert await points(posted) == 5
    posted.wait(days=1, minutes=-60)
    told = await posted.press("sam", "Study", on=posted.newest_post())
    assert "Show answer" not in told
    assert await points(posted) == 5


# ---- what comes back the same day ------------------------------------------------------------------------------------


async def test_a_rating_of_one_comes_back_after_a_minute(posted: World) -> None:
    await posted.press("sam", "Study")
    assert "once more before you finish" in await one_card(posted, "sam", "1 Not at all")
    await posted.rate_all("sam")
    assert "One card waits to be tried once more" in posted.text(posted.channel.seen_by("sam"))
    posted.wait(minutes=0.9)
    assert "Question 1?" not in await posted.press("sam", "Study", on=posted.newest_post())
    posted.wait(minutes=0.2)
    told = await posted.press("sam", "Study", on=posted.newest_post())
    assert "Once more" in told
    assert "Question 1?" in told


async def test_a_rating_of_two_comes_back_after_ten_minutes(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "2 Barely")
    await posted.rate_all("sam")
    posted.wait(minutes=9)
    assert "Question 1?" not in await posted.press("sam", "Study", on=posted.newest_post())
    posted.wait(minutes=2)
    assert "Question 1?" in await posted.press("sam", "Study", on=posted.newest_post())


async def test_whoever_cannot_wait_may_have_it_now(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "1 Not at all")
    await posted.rate_all("sam")
    told = await posted.press("sam", "Try it once more")
    assert "Question 1?" in told


async def test_a_card_comes_back_at_most_twice_and_earns_no_more_points(posted: World) -> None:
    await posted.press("sam", "Study")
    asked = 0
    for _ in range(20):
        posted.wait(minutes=2)
        if "Show answer" not in posted.labels("sam"):
            if not any(label.startswith("Try it once more") for label in posted.labels("sam")):
                break
            await posted.press("sam", "Try it once more")
        hard = "Question 1?" in posted.text(posted.channel.seen_by("sam")[-1:])
        asked += hard
        await one_card(posted, "sam", "1 Not at all" if hard else "4 Well")
    assert asked == 3
    assert await points(posted) == 5
    kinds = await posted.rows("select kind from reviews where rating = 1 order by id")
    assert [row["kind"] for row in kinds] == ["scheduled", "repeat", "repeat"]


async def test_a_mistaken_one_that_is_put_right_does_not_come_back(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "1 Not at all")
    await posted.press("sam", "Change last rating")
    await posted.press("sam", "4 Well")
    await posted.rate_all("sam")
    assert posted.labels("sam")[1:] == ["See my ratings", "Finish"]


async def test_changing_the_first_rating_adds_no_further_repeats(posted: World) -> None:
    await posted.press("sam", "Study")
    post = posted.newest_post()
    await posted.press("sam", "Show answer")
    ones = button_id(posted.channel.seen_by("sam")[-1].message, "1 Not at all")
    twos = button_id(posted.channel.seen_by("sam")[-1].message, "2 Barely")
    await on_the_post(posted, "sam", ones)
    await posted.press("sam", "Study", on=post)
    await posted.rate_all("sam")
    for _ in range(2):
        await posted.press("sam", "Try it once more")
        await one_card(posted, "sam", "1 Not at all")
    for pressed in (twos, ones, twos):
        assert "Changed from" in await on_the_post(posted, "sam", pressed)
    assert len(await posted.rows("select 1 from session_cards where repeats > 0")) == 2


# ---- offers ----------------------------------------------------------------------------------------------------------


async def test_after_a_post_own_due_cards_are_offered_once_and_then_cards_to_catch_up_once(posted: World) -> None:
    """Sam rated Monday's cards low, stays away on Tuesday and Wednesday, and comes back on Thursday."""
    await first_post(posted, "sam", "1 Not at all")
    await first_post(posted, "maya", "5 Perfectly")
    for day in (1, 2, 3):
        await posted.morning(MONDAY + day)
        await first_post(posted, "maya", "5 Perfectly")
    await first_post(posted, "sam")
    assert posted.labels("sam")[1:] == ["Do those 5", "See my ratings", "Finish"]
    await posted.press("sam", "Do those 5")
    await posted.rate_all("sam")
    assert posted.labels("sam")[1:] == ["Meet it", "See my ratings", "Finish"]
    await posted.press("sam", "Meet it")
    await posted.rate_all("sam")
    assert posted.labels("sam")[1:] == ["See my ratings", "Finish"]


async def test_taking_an_offer_twice_adds_its_cards_once(posted: World) -> None:
    await first_post(posted, "maya")
    await posted.morning(MONDAY + 1)
    await first_post(posted, "sam")
    summary = posted.channel.seen_by("sam")[-1].message
    taken = button_id(summary, next(label for label in labels_of(summary) if label.startswith("Meet")))
    await on_the_post(posted, "sam", taken)
    before = await posted.rows("select 1 from session_cards")
    await on_the_post(posted, "sam", taken)
    assert len(await posted.rows("select 1 from session_cards")) == len(before)


# ---- the ways around a card ------------------------------------------------------------------------------------------


async def test_a_skipped_card_is_left_out_today(posted: World) -> None:
    await posted.press("sam", "Study")
    shown = await posted.press("sam", "Skip or flag")
    assert "Card 1 of 5" in shown
    assert "What should happen with this card?" in shown
    told = await posted.press("sam", "Skip today")
    assert "Skipped for today." in told
    assert "Question 2?" in told
    await posted.rate_all("sam")
    assert "Done for today: 4 cards." in posted.text(posted.channel.seen_by("sam"))
    assert await points(posted) == 4


async def test_a_card_never_asked_again_stays_away_until_that_is_undone(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Skip or flag")
    told = await posted.press("sam", "Never ask me")
    assert "You won't be asked this card again. [Undo]" in told
    await posted.rate_all("sam")
    await posted.press("sam", "Finish")
    assert "Question 1?" not in await posted.press("sam", "Study", on=posted.newest_post())
    assert len(await posted.rows("select 1 from set_aside")) == 1


async def test_undoing_never_ask_brings_the_card_back(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Skip or flag")
    await posted.press("sam", "Never ask me")
    assert "will be asked again" in await posted.press("sam", "Undo")
    await posted.rate_all("sam")
    told = await posted.press("sam", "Study", on=posted.newest_post())
    assert "Question 1?" in told


async def test_a_card_never_asked_again_is_not_announced_as_the_next(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "1 Not at all")
    for _ in range(4):
        await posted.press("sam", "Skip or flag")
        await posted.press("sam", "Skip today")
    await posted.press("sam", "Try it once more")
    await posted.press("sam", "Skip or flag")
    await posted.press("sam", "Never ask me")
    await posted.press("sam", "Finish")
    assert "Nothing is due." in (told := await posted.says("sam", "/quiz"))
    assert "Your next card" not in told


async def test_a_reported_card_is_counted_for_leads_alone_until_it_is_corrected(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Skip or flag")
    told = await posted.press("sam", "Report a mistake")
    assert "Thank you." in told
    assert "Question 1?" in told
    assert "1 card reported as mistaken" in await posted.says("maya", "/decks")
    assert "reported" not in await posted.says("lin", "/decks")
    deck = (posted.folder / "rivers.deck.md").read_text().replace("Answer 1\n", "A better answer\n")
    await posted.imports(deck.encode())
    assert "reported" not in await posted.says("maya", "/decks")


async def test_back_from_skip_or_flag_shows_the_card_as_it_was(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Skip or flag")
    assert "Question 1?" in await posted.press("sam", "Back")


# ---- /quiz and practice ----------------------------------------------------------------------------------------------


async def met_cards(world: World, days: int) -> None:
    """Sam forgets every card of the first posts."""
    for day in range(days):
        await world.morning(MONDAY + day)
        await first_post(world, "sam", "1 Not at all")
        if "Finish" in world.labels("sam"):
            await world.press("sam", "Finish")


async def test_a_quiz_has_ten_due_cards_and_then_keeps_going(world: World) -> None:
    await met_cards(world, 1)
    for day in range(1, 7):
        await world.morning(MONDAY + day)
        await first_post(world, "maya")
        await first_post(world, "sam", "1 Not at all")
    world.clock.at += 3 * 24 * 3_600_000
    told = await world.says("sam", "/quiz")
    assert "Card 1 of 10" in told
    await world.rate_all("sam")
    assert "Done for today: 10 cards." in world.text(world.channel.seen_by("sam"))
    assert "Keep going" in world.labels("sam")
    assert "Card 11 of" in await world.press("sam", "Keep going")


async def test_a_quiz_may_be_shorter_and_of_one_deck(world: World) -> None:
    await met_cards(world, 1)
    world.wait(days=1)
    assert "Card 1 of 3" in await world.says("sam", "/quiz rivers 3")
    assert "No deck of this group has “mountains” in its title." in await world.says("sam", "/quiz mountains")


async def test_a_quiz_goes_on_where_it_was_left(world: World) -> None:
    await met_cards(world, 1)
    world.wait(days=1)
    await world.says("sam", "/quiz")
    await one_card(world, "sam", "4 Well")
    assert "Continuing at card 2." in await world.says("sam", "/quiz")


async def test_with_nothing_due_the_next_card_is_announced_and_practice_earns_no_points(posted: World) -> None:
    await first_post(posted, "sam", "5 Perfectly")
    await posted.press("sam", "Finish")
    before = await points(posted)
    told = await posted.says("sam", "/quiz")
    assert "Nothing is due. Your next card comes on" in told
    assert "Practice is open" not in told
    posted.wait(days=1)
    told = await posted.says("sam", "/quiz")
    assert "Practice is open and earns no points." in told
    assert "Card 1 of 5" in await posted.press("sam", "Practise 5")
    await posted.rate_all("sam")
    assert await points(posted) == before
    kinds = await posted.rows("select distinct kind from reviews where day > :day", day=MONDAY)
    assert [row["kind"] for row in kinds] == ["early"]


async def test_before_the_first_post_a_quiz_says_when_cards_will_come(world: World) -> None:
    assert "Nothing has been posted here yet. The first cards come with the next post." in await world.says(
        "lin", "/quiz"
    )


async def test_a_quiz_works_in_direct_messages_of_the_last_group(posted: World) -> None:
    await first_post(posted, "sam", "1 Not at all")
    posted.wait(days=1)
    shown = await posted.channel.command("sam", "/quiz", direct=True)
    assert "Card 1 of 5" in posted.text(shown)


# ---- after a while away ----------------------------------------------------------------------------------------------


async def test_after_a_week_away_one_is_welcomed_back_to_a_few_cards(world: World) -> None:
    await met_cards(world, 3)
    world.clock.at += 10 * 24 * 3_600_000
    told = await world.says("sam", "/quiz")
    assert "Welcome back. Nothing is lost." in told
    assert "overdue" not in told
    total = int(told.split("Card 1 of ")[1].split()[0])
    assert total <= 10
    await one_card(world, "sam", "4 Well")
    assert "Welcome back" not in await world.says("sam", "/quiz")


async def test_a_session_left_open_for_weeks_welcomes_back_too(posted: World) -> None:
    await posted.press("sam", "Study")
    await one_card(posted, "sam", "4 Well")
    posted.wait(days=9)
    told = await posted.says("sam", "/quiz")
    assert "Welcome back." in told
    assert "Question 2?" in told


async def test_six_days_away_are_nothing_special(posted: World) -> None:
    await first_post(posted, "sam", "1 Not at all")
    posted.wait(days=6)
    assert "Welcome back" not in await posted.says("sam", "/quiz")


# ---- other people's sessions -----------------------------------------------------------------------------------------


async def test_a_button_of_another_learners_session_does_nothing(posted: World) -> None:
    await posted.press("sam", "Study")
    show = button_id(posted.channel.seen_by("sam")[-1].message, "Show answer")
    flag = button_id(posted.channel.seen_by("sam")[-1].message, "Skip or flag")
    await posted.press("sam", "Show answer")
    rate = button_id(posted.channel.seen_by("sam")[-1].message, "1 Not at all")
    for pressed in (show, flag, rate):
        told = await on_the_post(posted, "lin", pressed)
        assert "belongs to someone else's session" in told
        assert "Answer 1" not in told
    assert await posted.rows("select 1 from reviews where rating is not null") == []


async def test_a_newcomers_quiz_points_to_todays_cards_where_nothing_else_is_due(posted: World) -> None:
    assert "Today's cards wait for you" in await posted.says("lin", "/quiz")
    assert "Card 1 of 5" in await posted.press("lin", "Study")
