"""The adapter without its page: pressing, typing, sending, and what is said where."""

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.local.app import Local, Member
from bot import buttons
from bot.actions import ImportDeck, PressUnknown, RateCard, React, RevealAnswer, ShowLeaderboard, StartQuiz, Study
from bot.adapter import Adapter, Factory, PrivateSurface, SendFailed, Trouble
from bot.errors import ConfigError
from bot.messages import Message, Title
from bot.model import Account, MessageRef, Place, Rating

from .script import NIGHT, SESSION, Script, answer, post

FACTORY: Factory = Local


async def posted(local: Local) -> str:
    return (await local.send(local.place(), post(), "today")).message_id


def test_it_is_an_adapter(local: Local) -> None:
    adapter: Adapter = local
    assert adapter.platform == "local"
    assert adapter.capabilities.private_surface is PrivateSurface.EPHEMERAL
    assert adapter.capabilities.edits
    assert adapter.capabilities.reactions


async def test_a_press_says_who_where_when_and_what(local: Local, script: Script) -> None:
    await local.press("maya", await posted(local), "Study", key="k")
    (request,) = script.asked
    assert (request.action, request.key, request.occurred_at) == (Study(1), "k", NIGHT)
    assert request.account == Account("local", "", "maya", "Maya", leads=True, zone="UTC")
    assert request.place == Place("local", "local", "flashcards")


async def test_keys_differ_from_press_to_press_and_from_run_to_run(make: Callable[..., Local], script: Script) -> None:
    for local in (make(), make()):
        for _ in range(2):
            await local.command("sam", "/quiz")
    assert len({request.key for request in script.asked}) == 4


async def test_a_private_answer_replaces_the_pressed_private_message(local: Local) -> None:
    (private,) = await local.press("maya", await posted(local), "Study")
    (shown,) = await local.press("maya", private.id, "Show answer")
    assert shown.id == private.id
    assert [message.message for message in local.seen_by("maya")] == [post(), answer(0)]


async def test_a_private_answer_never_replaces_a_public_message(local: Local) -> None:
    message = await posted(local)
    await local.press("maya", message, buttons.write(RevealAnswer(SESSION, 0)))
    assert [seen.message for seen in local.seen_by("sam")] == [post()]
    assert [seen.message for seen in local.seen_by("maya")] == [post(), answer(0)]


async def test_what_is_shared_from_a_private_message_is_new_for_everyone(local: Local) -> None:
    await local.press("maya", await posted(local), "Share")
    assert [seen.message.summary for seen in local.seen_by("sam")][-1] == "The leaderboard"


async def test_a_session_is_played_with_labels(local: Local, script: Script) -> None:
    (private,) = await local.press("sam", await posted(local), "Study")
    for label in ("Show answer", "4 Well", "Show answer", "1 Not at all", "Finish"):
        await local.press("sam", private.id, label)
    assert [type(request.action).__name__ for request in script.asked] == [
        "Study", "RevealAnswer", "RateCard", "RevealAnswer", "RateCard", "FinishSession",
    ]  # fmt: skip


async def test_an_old_or_foreign_button_id_is_still_passed_on(local: Local, script: Script) -> None:
    message = await posted(local)
    await local.press("maya", message, "f0:gone:1")
    assert script.asked[-1].action == PressUnknown()


async def test_nobody_presses_what_they_do_not_see(local: Local, script: Script) -> None:
    (private,) = await local.press("maya", await posted(local), "Study")
    with pytest.raises(LookupError):
        await local.press("sam", private.id, "Show answer")
    with pytest.raises(LookupError):
        await local.press("stranger", "1", "Study")
    assert len(script.asked) == 1


async def test_commands_are_read_like_on_every_platform(local: Local, script: Script) -> None:
    await local.command("sam", "/quiz rivers 5")
    await local.command("sam", "/leaderboard")
    assert [request.action for request in script.asked] == [StartQuiz("rivers", 5), ShowLeaderboard()]


async def test_a_reaction_is_a_rating_on_that_message(local: Local, script: Script) -> None:
    message = await posted(local)
    await local.react(MessageRef(local.place(), message), Rating.WELL)
    await local.tap("sam", message, Rating.WELL)
    await local.tap("sam", message, Rating.WELL, added=False)
    ref = MessageRef(Place("local", "local", "flashcards"), message)
    assert [request.action for request in script.asked] == [
        React(ref, Rating.WELL, added=True), React(ref, Rating.WELL, added=False),
    ]  # fmt: skip


async def test_a_dropped_file_is_a_deck(local: Local, script: Script) -> None:
    await local.drop("maya", "rivers.csv", b"a,b")
    assert script.asked[-1].action == ImportDeck("rivers.csv", b"a,b")


async def test_with_direct_messages_private_ones_stand_apart(make: Callable[..., Local], script: Script) -> None:
    local = make(private_surface="direct message")
    assert local.capabilities.private_surface is PrivateSurface.DIRECT_MESSAGE
    message = await posted(local)
    (private,) = await local.press("maya", message, "Study")
    assert private.direct
    assert not local.room.message(message).direct
    await local.press("maya", private.id, "Show answer")
    assert script.asked[-1].place == Place("local", "", "")
    assert isinstance(script.asked[-1].action, RevealAnswer)
    assert [seen.id for seen in local.seen_by("sam")] == [message]


async def test_sending_the_same_key_twice_posts_once(local: Local) -> None:
    first = await local.send(local.place(), post(), "k")
    assert await local.send(local.place(), post(), "k") == first
    assert await local.find(local.place(), "k") == first
    assert await local.find(local.place(), "other") is None
    assert len(local.seen_by("sam")) == 1


async def test_what_cannot_be_sent_says_that_trying_again_is_useless(local: Local) -> None:
    with pytest.raises(SendFailed) as failed:
        await local.send(Place("local", "local", "gone"), post(), "k")
    assert failed.value.trouble is Trouble.GONE
    with pytest.raises(SendFailed):
        await local.edit(MessageRef(local.place(), "77"), post())
    with pytest.raises(SendFailed):
        await local.react(MessageRef(local.place(), "77"), Rating.WELL)


async def test_old_buttons_work_after_a_restart(make: Callable[..., Local], script: Script, tmp_path: Path) -> None:
    before = make(path=str(tmp_path / "room.jsonl"))
    (private,) = await before.press("maya", await posted(before), "Study")
    await before.press("maya", private.id, "Show answer")
    await before.close()
    after = make(path=str(tmp_path / "room.jsonl"))
    await after.press("maya", private.id, "4 Well")
    assert isinstance(script.asked[-1].action, RateCard)
    await after.close()


def test_members_can_be_named_in_the_settings(script: Script) -> None:
    local = Local({"members": ["Ana Maria", "Sam"]}, script.act, lambda: NIGHT)
    assert local.members == (Member("ana-maria", "Ana Maria", leads=True), Member("sam", "Sam"))


def test_a_member_reads_the_hours_of_the_own_zone(script: Script) -> None:
    local = Local({"zone": "Europe/Paris"}, script.act, lambda: NIGHT)
    local.enter([Member("yuki", "Yuki", zone="Asia/Tokyo")])
    assert local.clock() == "Tuesday, 3 November 2026, 10:00"
    assert local.clock("yuki") == "Tuesday, 3 November 2026, 18:00"


@pytest.mark.parametrize(
    ("section", "words"),
    [
        ({"prot": 1}, "Did you mean `port`"),
        ({"port": "high"}, "port"),
        ({"zone": "Mars/Olympus"}, "no time zone"),
        ({"private_surface": "modal"}, "direct message"),
    ],
)
def test_a_wrong_setting_is_named(section: dict[str, object], words: str, script: Script) -> None:
    with pytest.raises(ConfigError, match=words):
        Local(section, script.act, lambda: NIGHT)


async def test_starting_over_forgets_every_message(local: Local) -> None:
    first = await posted(local)
    local.clear()
    assert local.seen_by("maya") == []
    again = await local.send(local.place(), Message((Title("New"),), "New"), "today")
    assert again.message_id != first
