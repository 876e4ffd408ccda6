"""Decks that are offered while one is typed: plain words, soon, and never an error."""

import pytest

from adapters.discord import inline, limits, suggesting
from bot import screens
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.group import Group

from .conftest import Open
from .counterpart import DiscordCounterpart
from .double.words import Answered, Channel

LONG = "A title that goes on and on " * 5
MARKUP = "<@1> *b* @everyone ||d|| [e](https://e.example)"


async def offered(there: DiscordCounterpart, text: str) -> list[str]:
    return await there.of(MEMBER).complete("quiz", "deck", text)


@pytest.mark.parametrize("title", [MARKUP, "1. First", "# Rivers", "Tom & Jerry <b>", "\u200bé 😀" * 60, LONG])
def test_a_title_is_offered_as_plain_words_that_are_its_beginning(title: str) -> None:
    (choice,) = suggesting.choices([screens.suggestions([title])])
    assert inline.size(choice.name) <= limits.CHOICE
    assert inline.size(str(choice.value)) <= limits.CHOICE
    assert title.startswith(str(choice.value))
    assert choice.name.removesuffix("…") == str(choice.value)[: len(choice.name.removesuffix("…"))]


@pytest.mark.parametrize("title", ["", " \n ", "\u0007"])
def test_a_title_in_which_nothing_can_be_seen_is_not_offered(title: str) -> None:
    assert list(suggesting.choices([screens.suggestions([title])])) == []


async def test_a_deck_that_was_offered_is_the_one_that_is_asked(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.morning()
    await group.run(f"update decks set title = '{LONG}'")
    (name,) = await offered(counterpart, "goes on")
    assert name == LONG[:99] + "…"
    sam = counterpart.of(MEMBER)
    made = sam.begin_complete("quiz", "deck", "")
    await counterpart.settled()
    assert made.kind is Answered.CHOICES
    (choice,) = made.data["choices"]
    assert "Today's cards wait" in await counterpart.type(MEMBER, f"/quiz {choice['value']}")


async def test_what_was_not_offered_is_answered_in_words(group: Group, counterpart: DiscordCounterpart) -> None:
    assert await offered(counterpart, "lakes") == []
    assert "lakes" in await counterpart.type(MEMBER, "/quiz deck=lakes")


async def test_where_there_is_no_group_nothing_is_offered_and_nothing_is_said(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    room = counterpart.there.room
    elsewhere: Channel = room.channel("attic", counterpart.guild)
    counterpart.of(MEMBER).channel = elsewhere
    assert await offered(counterpart, "riv") == []
    assert room.history(elsewhere.id) == []


async def test_what_takes_too_long_is_not_offered(
    group: Group, counterpart: DiscordCounterpart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "SUGGEST_WITHIN_S", 0.0)
    assert await offered(counterpart, "riv") == []
    monkeypatch.undo()
    assert await offered(counterpart, "riv") == ["Rivers of Europe"]


async def test_what_comes_too_late_is_let_be(group: Group, counterpart: DiscordCounterpart) -> None:
    sam = counterpart.of(MEMBER)
    made = sam.begin_complete("quiz", "deck", "riv")
    group.clock.at += 3_001
    await counterpart.settled()
    assert [each.body["code"] for each in made.refused] == [10062]
    assert sam.seen() == []
    assert await offered(counterpart, "riv") == ["Rivers of Europe"]


async def test_a_failure_while_one_types_is_said_to_nobody(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.run("alter table decks rename to decks_gone")
    assert await offered(counterpart, "riv") == []
    assert counterpart.of(LEAD).seen() == []


async def test_the_command_says_that_its_decks_are_suggested(counterpart: DiscordCounterpart, open_group: Open) -> None:
    async with open_group():
        (quiz,) = [each for each in counterpart.there.commands if each["name"] == "quiz"]
        assert quiz["options"][0]["autocomplete"] is True
