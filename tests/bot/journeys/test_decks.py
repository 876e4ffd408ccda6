"""Decks come in as files: what becomes of each card, and that nobody's progress is lost."""

from pathlib import Path

import pytest

from bot import actions
from bot.actions import Request
from bot.markdown import plain
from bot.messages import Numbered
from bot.model import Account, Place
from bot.store import decks
from bot.testing.pictures import png
from bot.testing.world import DECK, World, open_world

from ..formats.packages import basic, latest


def deck_of(*cards: str, title: str = "Rivers of Europe") -> bytes:
    return f'+++\ndeck = "rivers"\ntitle = "{title}"\n+++\n\n'.encode() + "\n".join(cards).encode()


def card(number: int, prompt: str = "", answer: str = "") -> str:
    return f"Q: {prompt or f'Question {number}?'}\nA: {answer or f'Answer {number}'}\nId: card{number:04}\n"


async def drops(world: World, data: bytes, who: str = "maya", name: str = "rivers.deck.md") -> str:
    return world.text(await world.channel.drop(who, name, data))


async def alive(world: World) -> list[str]:
    return [row["key"] for row in await world.rows("select key from cards where retired_at is null order by position")]


async def test_an_import_says_what_became_of_every_card(world: World) -> None:
    told = await world.imports(deck_of(card(1), card(2, answer="corrected"), *map(card, range(4, 22))))
    assert "Rivers of Europe is in: 1 card added, 1 changed, 18 kept, 1 retired." in told
    told = await world.imports(DECK.encode())
    assert "1 card changed, 1 back again, 18 kept, 1 retired." in told
    assert await alive(world) == [f"card{n:04}" for n in range(1, 21)]


async def test_importing_the_same_file_twice_changes_nothing(world: World) -> None:
    assert "20 cards kept." in await world.imports(DECK.encode())
    (row,) = await world.rows("select max(revision) as most from cards")
    assert row["most"] == 1


async def test_a_text_that_is_replaced_is_kept_with_its_revision(world: World) -> None:
    await world.imports(deck_of(card(1), card(2, answer="corrected"), *map(card, range(3, 21))))
    (old,) = await world.rows("select card_id, revision, body from card_revisions")
    assert (old["revision"], decks.card_of(old["body"]).answer) == (1, "Answer 2")
    (new,) = await world.rows(f"select revision, body from cards where id = {old['card_id']}")
    assert (new["revision"], decks.card_of(new["body"]).answer) == (2, "corrected")


async def test_progress_is_kept_when_an_answer_or_a_prompt_with_an_id_is_corrected(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam")
    states = "select card_id, stability, due_day from memory_states"
    before = [tuple(row) for row in await posted.rows(states)]
    corrected = card(1, prompt="Another question?"), card(2, answer="Better")
    await posted.imports(deck_of(*corrected, *map(card, range(3, 21))))
    assert [tuple(row) for row in await posted.rows(states)] == before
    assert "Another question?" in await posted.press("sam", "See my ratings")


async def test_a_card_that_comes_back_brings_its_history(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await posted.imports(deck_of(*map(card, range(2, 21))))
    posted.wait(days=1)
    assert "4 cards are due now." in await posted.says("sam", "/stats")
    await posted.imports(DECK.encode())
    assert "5 cards are due now." in await posted.says("sam", "/stats")


async def test_only_leads_may_drop_a_deck(world: World) -> None:
    assert "Only someone who leads this group can do that." in await drops(world, deck_of(card(99)), who="sam")
    assert len(await alive(world)) == 20


async def test_a_file_that_is_no_deck_is_refused_with_its_place(world: World) -> None:
    told = await drops(world, b"This is *not* a deck, @everyone.\n", name="no-te_s.deck.md")
    assert "no-te_s.deck.md" in told
    assert len(await alive(world)) == 20


async def test_a_deck_without_a_card_retires_nothing(world: World) -> None:
    told = await drops(world, deck_of(title="*Empty* @everyone"))
    assert "Only Maya sees this" in told
    assert " is in: " not in told
    assert len(await alive(world)) == 20


async def test_other_peoples_words_are_shown_as_they_are(world: World) -> None:
    told = await world.imports(deck_of(*map(card, range(1, 21)), title="*Stars* <!channel> @everyone"))
    assert "*Stars* <!channel> @everyone is in: 20 cards kept." in told
    assert "*Stars* <!channel> @everyone: 20 cards, 0 met so far" in await world.says("sam", "/decks")


async def test_decks_lists_cards_met_and_licence(posted: World) -> None:
    assert "Rivers of Europe: 20 cards, 5 met so far (CC0-1.0)." in await posted.says("sam", "/decks")


@pytest.mark.parametrize("restarts", [1, 2])
async def test_a_restart_reads_the_configured_decks_again_and_keeps_everything(tmp_path: Path, restarts: int) -> None:
    async with open_world(tmp_path):
        pass
    for number in range(restarts):
        deck = DECK.replace("Answer 1\n", f"Answer 1, edition {number}\n")
        async with open_world(tmp_path, deck=deck) as world:
            assert len(await alive(world)) == 20
            (row,) = await world.rows("select revision from cards where key = 'card0001'")
            assert row["revision"] == number + 2


async def test_the_same_pictures_again_are_no_change_and_another_picture_is_one(world: World) -> None:
    def dropped(colour: int) -> bytes:
        return latest(basic(("Which?<img src=a.png>", "Glomma")), {"a.png": png(colour)})

    assert "1 thing in the file needs a look" in await drops(world, dropped(1), name="maps.apkg")
    assert "1 card added" in await world.imports(dropped(1), "maps.apkg")
    assert "1 card kept" in await world.imports(dropped(1), "maps.apkg")
    assert "1 card changed" in await world.imports(dropped(2), "maps.apkg")
    assert len([path for path in world.app.database.media.rglob("*") if path.is_file()]) == 2


async def test_a_deck_of_the_configuration_brings_the_pictures_beside_it(tmp_path: Path) -> None:
    (tmp_path / "map.png").write_bytes(png())
    async with open_world(tmp_path, deck="Q: Which?\n\n![A map](map.png)\nA: Glomma\n") as world:
        (row,) = await world.rows("select body from cards")
        (name,) = [path.name for path in world.app.database.media.rglob("*.png")]
        assert f"![A map](media:{name})" in row["body"]


async def suggested(world: World, text: str, channel: str = "flashcards") -> list[str]:
    """The titles that are offered while this is typed."""
    account, place = Account("local", "", "sam", "Sam"), Place("local", "local", channel)
    request = Request(actions.SuggestDecks(text), f"typed {text}", world.clock(), account, place)
    parts = [part for message in await world.app.act(request) for part in message.parts]
    return [plain(item) for part in parts if isinstance(part, Numbered) for item in part.items]


async def test_decks_are_suggested_while_a_title_is_typed(world: World) -> None:
    await world.imports(b'+++\ndeck = "more"\ntitle = "More rivers: *Asia*"\n+++\n\n' + card(1).encode())
    assert await suggested(world, "") == ["Rivers of Europe", "More rivers: *Asia*"]
    assert await suggested(world, "RIVERS") == ["Rivers of Europe", "More rivers: *Asia*"]
    assert await suggested(world, " more ") == ["More rivers: *Asia*"]
    assert await suggested(world, "lakes") == []


async def test_at_most_twenty_five_decks_are_suggested(world: World) -> None:
    for number in range(26):
        await world.imports(f'+++\ndeck = "d{number}"\ntitle = "Deck {number}"\n+++\n\n{card(1)}'.encode())
    assert len(await suggested(world, "deck")) == 25


async def test_where_there_is_no_group_nothing_is_suggested(world: World) -> None:
    assert await suggested(world, "", channel="elsewhere") == []


async def test_a_title_that_was_typed_whole_comes_before_those_that_begin_so_or_hold_it(world: World) -> None:
    for number, title in enumerate(("All lakes", "Lakes", "Lake")):
        await world.imports(f'+++\ndeck = "d{number}"\ntitle = "{title}"\n+++\n\n{card(1)}'.encode())
    assert await suggested(world, "lake") == ["Lake", "Lakes", "All lakes"]
