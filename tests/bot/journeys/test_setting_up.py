"""Setting a group up in forms, step by step: from "There is no group here" to a look at the first post."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import actions, buttons
from bot.actions import FormKind, Request
from bot.data import starters
from bot.forms import File
from bot.messages import Attachment
from bot.model import Account, Place
from bot.testing.world import MONDAY, World, open_world

from .kit import behind, button_id

ELSEWHERE = Place("local", "local", "elsewhere")
MAYA = Account("local", "", "maya", "Maya", leads=True)
TSV = b"le chat\tthe cat\nle chien\tthe dog\n"


@pytest.fixture
async def bare(tmp_path: Path) -> AsyncIterator[World]:
    """A channel without a group; its workspace has one elsewhere."""
    async with open_world(tmp_path, section={"channel": "elsewhere"}) as world:
        yield world


async def set_up(world: World, **values: str | tuple[str, ...]) -> str:
    await world.says("maya", "/quiz-admin setup")
    return await world.fill("maya", **{"name": "French"} | values)


# ---- the steps -------------------------------------------------------------------------------------------------------


async def test_a_group_is_set_up_from_nothing_to_a_look_at_its_first_post(bare: World) -> None:
    assert "There is no group in this channel yet." in await bare.says("maya", "/quiz")
    opened = await bare.press("maya", "Set up")
    assert "Channel: elsewhere" in opened
    assert "Days: monday, tuesday, wednesday, thursday, friday" in opened
    assert "Time zone: Europe/Berlin" in opened
    said = await bare.fill("maya", name="French", weekdays=("monday", "friday"), time="18:30", zone="Europe/Paris")
    assert "French is set up: Monday and Friday at 18:30, Europe/Paris time." in said
    assert "Next post: today at 18:30, Europe/Paris time." in said
    assert "Missing here" not in said
    assert "Import Welcome to Flashmob?" in await bare.press("maya", "Welcome to Flashmob")
    assert "Welcome to Flashmob is in: " in await bare.press("maya", "Import")
    assert "Nothing was posted" in await bare.press("maya", "Test post to me only")
    assert "All set." in await bare.press("maya", "Done")


async def test_each_deck_of_ours_can_be_taken(bare: World) -> None:
    await set_up(bare)
    for starter in starters():
        await bare.press("maya", starter.title)
        assert f"{starter.title} is in: " in await bare.press("maya", "Import")
    assert len(await bare.rows("select 1 from cohort_decks d join cohorts c on c.id = d.cohort_id"
                               " where c.name = 'French'")) == len(starters())  # fmt: skip


async def test_a_deck_is_pasted_and_keeps_the_name_that_it_was_given(bare: World) -> None:
    await set_up(bare)
    await bare.press("maya", "Paste a deck")
    await bare.fill("maya", name="Animals", deck=TSV.decode())
    assert "Animals is in: 2 cards added" in await bare.press("maya", "Import")
    await bare.press("maya", "Paste a deck")
    await bare.fill("maya", name="Plants", deck="la rose\tthe rose")
    assert "Plants is in: 1 card added" in await bare.press("maya", "Import")
    assert "Animals" in await bare.says("maya", "/decks")


async def test_a_deck_is_uploaded(bare: World) -> None:
    await set_up(bare)
    await bare.press("maya", "Upload a deck")
    assert "2 cards are new" in await bare.fill("maya", File("animals.tsv", TSV))
    assert "animals is in: 2 cards added" in await bare.press("maya", "Import")


async def test_where_files_cannot_be_sent_their_text_is_read(bare: World) -> None:
    await set_up(bare)
    await bare.press("maya", "Upload a deck")
    assert "2 cards are new" in await bare.fill("maya", file=TSV.decode())


async def test_what_holds_no_cards_is_said_and_saves_nothing(bare: World) -> None:
    await set_up(bare)
    await bare.press("maya", "Paste a deck")
    assert "nothing here looks like cards" in await bare.fill("maya", name="Odd", deck="Dear diary")
    assert await bare.rows("select 1 from decks where title = 'Odd'") == []
    await bare.press("maya", "Fill it in again")
    assert "Odd is in" not in await bare.fill("maya", name="Odd", deck="Q: only a question")
    await bare.press("maya", "Fill it in again")
    await bare.fill("maya", deck="la rose\tthe rose")
    assert "Odd is in: 1 card added" in await bare.press("maya", "Import")


async def test_a_file_that_cannot_be_read_is_said_and_another_one_may_be_chosen(bare: World) -> None:
    await set_up(bare)
    await bare.press("maya", "Upload a deck")
    said = await bare.fill("maya", File("diary.txt", b"Dear diary"))
    assert "diary.txt: nothing here looks like cards." in said
    assert "Nothing was saved." in said
    await bare.press("maya", "Try another file")
    assert "2 cards are new" in await bare.fill("maya", File("animals.tsv", TSV))


async def test_a_pasted_deck_that_only_its_owner_sees_comes_back_to_them_too(posted: World) -> None:
    await posted.channel.command("lin", "/quiz", direct=True)
    await posted.press("lin", "Learn by yourself")
    await posted.press("lin", "Paste a deck")
    assert "nothing here looks like cards" in await posted.fill("lin", name="Mine", deck="Dear diary")
    assert "Cards: Dear diary" in await posted.press("lin", "Fill it in again")


async def test_settings_are_changed_in_a_form_and_every_step_can_be_redone(bare: World) -> None:
    await set_up(bare)
    opened = await bare.press("maya", "Change cards or style")
    assert "Cards in a post: 5" in opened
    said = await bare.fill("maya", cards="7", rating_input="both", style="cards")
    assert "Changed: Cards in a post: 7 (was 5); A post is: a message for each card (was one message" in said
    await bare.says("maya", "/quiz-admin status")
    assert "Name of the group: French" in await bare.press("maya", "Change name or times")
    said = await bare.fill("maya", name="Italian", time="07:15")
    assert "Changed: Name of the group: Italian (was French); Time: 07:15 (was 09:00)." in said
    assert "Time: 07:15" in await bare.says("maya", "/quiz-admin setup")
    said = await bare.fill("maya", time="08:00")
    assert "Changed: Time: 08:00 (was 07:15)." in said


async def test_a_group_that_has_a_deck_is_offered_a_look_at_its_post(world: World) -> None:
    said = await world.says("maya", "/quiz-admin setup time=10:00")
    assert "[Test post to me only]" in said
    assert "[Paste a deck]" not in said


async def test_whoever_leads_may_add_one_more_deck(posted: World) -> None:
    assert "[Paste a deck] [Upload a deck]" in await posted.says("maya", "/decks")
    await posted.press("maya", "Paste a deck")
    assert "2 cards are new" in await posted.fill("maya", name="Animals", deck=TSV.decode())
    assert "Paste a deck" not in await posted.says("sam", "/decks")


async def test_only_the_first_decks_lead_on_to_the_next_step(posted: World) -> None:
    said = await posted.imports(TSV, "animals.tsv")
    assert "2 cards added" in said
    assert "Test post" not in said


# ---- what is wrong ---------------------------------------------------------------------------------------------------


async def test_a_wrong_zone_is_answered_with_what_was_meant_and_nothing_is_lost(bare: World) -> None:
    said = await set_up(bare, weekdays=("tuesday",), time="07:15", zone="Europe/Pariss")
    assert "Europe/Paris" in said
    assert "Nothing was saved, and what you filled in is not lost." in said
    assert await bare.rows("select 1 from cohorts where name = 'French'") == []
    opened = await bare.press("maya", "Fill it in again")
    for line in ("Name of the group: French", "Days: tuesday", "Time: 07:15", "Time zone: Europe/Pariss"):
        assert line in opened
    assert "French is set up: Tuesday at 07:15" in await bare.fill("maya", zone="Europe/Paris")
    assert await bare.rows("select 1 from filled_forms") == []


async def test_a_name_that_is_taken_comes_back_to_be_changed(bare: World) -> None:
    assert "There is a group named “Rivers” here already." in await set_up(bare, name="Rivers")
    await bare.press("maya", "Fill it in again")
    assert "Lakes is set up" in await bare.fill("maya", name="Lakes")


async def test_a_wrong_setting_comes_back_over_what_is_set(world: World) -> None:
    await world.says("maya", "/quiz-admin status")
    await world.press("maya", "Change cards or style")
    assert "A post has 1 to 20 cards." in await world.fill("maya", cards="99", style="cards")
    opened = await world.press("maya", "Fill it in again")
    assert "Cards in a post: 99" in opened
    assert "A post is: cards" in opened
    assert "Cards in a post: 9 (was 5)" in await world.fill("maya", cards="9")


async def test_what_is_wrong_in_a_form_is_named_as_the_form_names_it(world: World) -> None:
    await world.says("maya", "/quiz-admin status")
    await world.press("maya", "Change cards or style")
    assert "“New cards among them” is 2. It may be 0 to 1" in await world.fill("maya", cards="1")
    await world.press("maya", "Fill it in again")
    said = await world.fill("maya", cards="2", rating_input="both")
    assert 'Set “A post is” to "cards" (a message for each card)' in said


async def test_a_name_that_is_taken_is_asked_again_when_a_group_is_renamed(bare: World) -> None:
    await set_up(bare)
    await bare.press("maya", "Change name or times")
    assert "There is a group named “Rivers” here already." in await bare.fill("maya", name="Rivers", time="07:15")
    assert "Time: 07:15" in await bare.press("maya", "Fill it in again")
    assert "Name of the group: Lakes (was French)" in await bare.fill("maya", name="Lakes")


async def test_a_wrong_value_that_was_typed_leaves_the_name_as_it_is(world: World) -> None:
    assert "Fill it in again" in await world.says("maya", "/quiz-admin setup time=noon")
    assert "Name of the group: Rivers" in await world.press("maya", "Fill it in again")


async def test_a_typed_setting_that_no_form_has_is_answered_without_one(world: World) -> None:
    said = await world.says("maya", "/quiz-admin set late_hours 99")
    assert "It may be 0 to 23." in said
    assert "Fill it in again" not in said


async def test_two_leads_at_once_notice_each_other(world: World) -> None:
    await world.says("maya", "/quiz-admin setup")
    await world.says("maya", "/quiz-admin set time 10:00")
    assert "Maya has changed this group since you looked" in await world.fill("maya", name="Lakes")


@pytest.mark.parametrize("kind", FormKind)
async def test_only_those_who_lead_are_shown_a_form_or_heard(world: World, kind: FormKind) -> None:
    sam = Account("local", "", "sam", "Sam")
    here = world.channel.place()
    for action in (actions.OpenForm(kind), actions.ImportStarter("welcome"), actions.FinishSetUp()):
        said = await world.app.act(Request(action, f"{kind}{action}", 0, sam, here))
        assert "Only someone who leads this group can do that." in repr(said)


async def test_a_button_of_another_workspace_opens_nothing(world: World) -> None:
    ((cohort,),) = await world.rows("select id from cohorts")
    stranger = Place("local", "another", "flashcards")
    for action in (actions.OpenForm(FormKind.CHANGE, cohort), actions.ImportStarter("welcome", cohort),
                   actions.ImportDeck("x.tsv", TSV, cohort), actions.PreviewPost(cohort),
                   actions.ChangeSettings((("cards", "9"),), 0, cohort)):  # fmt: skip
        said = await world.app.act(Request(action, repr(action), 0, MAYA, stranger))
        assert "There is no group in this channel yet." in repr(said)
    assert await world.rows("select 1 from decks where key = 'welcome'") == []


async def test_a_starter_that_is_gone_is_said_kindly(world: World) -> None:
    for key in ("gone", ""):
        asked = Request(actions.ImportStarter(key), f"k{key}", 0, MAYA, world.channel.place())
        assert "There is no such deck any more" in repr(await world.app.act(asked))


# ---- another channel, what is missing, and whose it is ---------------------------------------------------------------


async def test_the_buttons_of_a_set_up_mean_its_group_wherever_they_are_pressed(world: World) -> None:
    asked = Request(actions.SetUpGroup("French", (("zone", "Europe/Paris"),)), "k", 0, MAYA, ELSEWHERE)
    (said,) = await world.app.act(asked)
    starter = buttons.read(button_id(said, "Welcome to Flashmob"))
    (offered,) = await world.app.act(Request(starter, "k2", 0, MAYA, world.channel.place()))
    apply = buttons.read(button_id(offered, "Import"))
    await world.app.act(Request(apply, "k3", 0, MAYA, world.channel.place()))
    rows = await world.rows("select c.name from cohort_decks d join cohorts c on c.id = d.cohort_id"
                            " join decks k on k.id = d.deck_id where k.key = 'welcome'")  # fmt: skip
    assert [row["name"] for row in rows] == ["French"]


async def test_what_the_place_lacks_is_named_at_the_set_up_and_in_the_status(world: World) -> None:
    lacks = ("the permission Send Messages", "an *invitation*")
    for action in (actions.SetUpGroup("", (("time", "10:00"),)), actions.ShowStatus()):
        (said,) = await world.app.act(Request(action, repr(action), 0, MAYA, world.channel.place(), lacks))
        assert "the permission Send Messages" in repr(said.parts)
        assert r"an \\*invitation\\*" in repr(said.parts)
        assert "Missing here" in repr(said.parts)


async def test_what_was_filled_in_belongs_to_its_person(bare: World) -> None:
    await set_up(bare, zone="Narnia")
    await bare.says("maya", "/privacy export")
    (file,) = (part for part in bare.channel.seen_by("maya")[-1].message.parts if isinstance(part, Attachment))
    assert "Narnia" in json.loads(file.text)["filled_forms"][0]["given"]
    await behind(bare, "delete from learners")
    assert await bare.rows("select 1 from filled_forms") == []


async def test_whoever_filled_in_a_form_first_lives_by_the_clock_of_the_group_that_they_set_up(bare: World) -> None:
    await set_up(bare, zone="Narnia")
    await set_up(bare, zone="Asia/Tokyo")
    assert [row["zone"] for row in await bare.rows("select zone from learners")] == ["Asia/Tokyo"]


async def test_a_form_is_understood_after_a_restart(tmp_path: Path) -> None:
    section = {"channel": "elsewhere", "path": str(tmp_path / "room.jsonl")}
    async with open_world(tmp_path, section=section) as world:
        await world.says("maya", "/quiz-admin setup")
        form = world.form
    async with open_world(tmp_path, section=section) as world:
        world.form = form
        assert "French is set up" in await world.fill("maya", name="French")


async def test_words_of_other_people_stay_text_in_a_form_and_its_answer(bare: World) -> None:
    odd = "*Rivers* [x](https://e.example) <b> @everyone"
    assert f"{odd} is set up" in await set_up(bare, name=odd)
    assert odd in await bare.says("maya", "/quiz-admin status")


async def test_the_first_post_of_a_group_that_was_set_up_in_forms_goes_out(bare: World) -> None:
    await set_up(bare, weekdays=("monday",), time="09:00")
    await bare.press("maya", "Welcome to Flashmob")
    await bare.press("maya", "Import")
    await bare.morning(MONDAY)
    assert "Today's 5 cards: Welcome to Flashmob" in bare.text([bare.newest_post()])
