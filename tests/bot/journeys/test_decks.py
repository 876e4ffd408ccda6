"""Decks come in as files: what becomes of each card, and that nobody's progress is lost."""

import asyncio
from functools import partial
from pathlib import Path

import pytest

from bot import actions
from bot.actions import Request
from bot.formats.reading import read_deck
from bot.journeys import decks as journey
from bot.markdown import plain
from bot.messages import Numbered
from bot.model import Account, Place
from bot.store import cohorts, decks
from bot.store.tx import Tx
from bot.testing.pictures import png
from bot.testing.world import DECK, World, open_world

from ..formats.packages import basic, latest
from .kit import button_id


def deck_of(*cards: str, title: str = "Rivers of Europe") -> bytes:
    return f'+++\ndeck = "rivers"\ntitle = "{title}"\n+++\n\n'.encode() + "\n".join(cards).encode()


def card(number: int, prompt: str = "", answer: str = "") -> str:
    return f"Q: {prompt or f'Question {number}?'}\nA: {answer or f'Answer {number}'}\nId: card{number:04}\n"


async def drops(world: World, data: bytes, who: str = "maya", name: str = "rivers.deck.md") -> str:
    return world.text(await world.channel.drop(who, name, data))


async def alive(world: World) -> list[str]:
    return [row["key"] for row in await world.rows("select key from cards where retired_at is null order by position")]


async def test_an_import_says_what_became_of_every_card(world: World) -> None:
    told = await drops(world, deck_of(card(1), card(2, answer="corrected"), *map(card, range(4, 22))))
    assert "Rivers of Europe is in: 1 card added, 1 changed, 18 kept, 1 retired." in told
    told = await drops(world, DECK.encode())
    assert "1 card changed, 1 back again, 18 kept, 1 retired." in told
    assert await alive(world) == [f"card{n:04}" for n in range(1, 21)]


async def test_importing_the_same_file_twice_changes_nothing(world: World) -> None:
    assert "20 cards kept." in await drops(world, DECK.encode())
    (row,) = await world.rows("select max(revision) as most from cards")
    assert row["most"] == 1


async def test_a_text_that_is_replaced_is_kept_with_its_revision(world: World) -> None:
    await drops(world, deck_of(card(1), card(2, answer="corrected"), *map(card, range(3, 21))))
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
    await drops(posted, deck_of(*corrected, *map(card, range(3, 21))))
    assert [tuple(row) for row in await posted.rows(states)] == before
    assert "Another question?" in await posted.press("sam", "See my ratings")


async def test_a_card_that_comes_back_brings_its_history(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.rate_all("sam", "1 Not at all")
    await drops(posted, deck_of(*map(card, range(2, 21))))
    posted.wait(days=1)
    assert "4 cards are due now." in await posted.says("sam", "/stats")
    await drops(posted, DECK.encode())
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
    told = await drops(world, deck_of(*map(card, range(1, 21)), title="*Stars* <!channel> @everyone"))
    assert "*Stars* <!channel> @everyone is in: 20 cards kept." in told
    assert "*Stars* <!channel> @everyone: 20 cards, 0 met so far" in await world.says("sam", "/decks")


async def test_decks_lists_cards_met_and_licence(posted: World) -> None:
    assert "Rivers of Europe: 20 cards, 5 met so far (CC0-1.0)." in await posted.says("sam", "/decks")


async def test_an_import_that_was_interrupted_is_taken_up_by_the_next(world: World, tmp_path: Path) -> None:
    """The process dies between two chunks: no card is retired, and the next import completes it."""
    deck = read_deck(deck_of(*map(card, range(11, 111))), "rivers.deck.md")
    (row,) = await world.rows("select id from cohorts")
    cohort = await world.app.database.read(partial(cohorts.by_id, cohort_id=row["id"]))

    async def begin_and_die(tx: Tx) -> None:
        import_id, deck_id = await decks.begin_import(tx, cohort.workspace_id, cohort.id, deck, world.clock())
        await decks.import_cards(tx, import_id, deck_id, deck.cards[:50], 0, world.clock())

    await world.app.database.write(begin_and_die)
    assert len(await alive(world)) == 60
    counts = await journey.import_deck(world.app.database, cohort, deck, world.clock())
    assert counts.named() == {"added": 50, "changed": 0, "back again": 0, "kept": 50, "retired": 10}
    assert await alive(world) == [f"card{n:04}" for n in range(11, 111)]


async def test_a_file_dropped_twice_at_once_retires_nothing(world: World) -> None:
    """A platform that delivers an upload twice starts two imports that take turns."""
    data = deck_of(*map(card, range(1, 601)))
    await asyncio.gather(*(world.channel.drop("maya", "rivers.deck.md", data) for _ in range(3)))
    assert await alive(world) == [f"card{n:04}" for n in range(1, 601)]


async def test_of_two_imports_at_once_the_newer_file_wins(world: World) -> None:
    old, new = (deck_of(*map(card, range(first, first + 600))) for first in (1, 300))
    shown = await asyncio.gather(
        world.channel.drop("maya", "rivers.deck.md", old), world.channel.drop("maya", "rivers.deck.md", new)
    )
    (row,) = await world.rows("select d.title from decks d")
    assert row["title"] == "Rivers of Europe"
    keys = await alive(world)
    assert keys in ([f"card{n:04}" for n in range(1, 601)], [f"card{n:04}" for n in range(300, 900)])
    assert any("Nothing is lost" in world.text(said) for said in shown)


async def test_ratings_go_on_while_a_deck_is_imported(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Show answer")
    message = posted.channel.seen_by("sam")[-1]
    well = button_id(message.message, "4 Well")
    _, shown = await asyncio.gather(
        posted.channel.drop("maya", "rivers.deck.md", deck_of(*map(card, range(1, 601)))),
        posted.channel.press("sam", message.id, well),
    )
    assert "Saved: 4 Well." in posted.text(shown)
    assert len(await alive(posted)) == 600


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

    told = await drops(world, dropped(1), name="maps.apkg")
    assert "1 card added" in told
    assert "1 with a picture that nobody described" in told
    assert "1 card kept" in await drops(world, dropped(1), name="maps.apkg")
    assert "1 card changed" in await drops(world, dropped(2), name="maps.apkg")
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
    await drops(world, b'+++\ndeck = "more"\ntitle = "More rivers: *Asia*"\n+++\n\n' + card(1).encode())
    assert await suggested(world, "") == ["Rivers of Europe", "More rivers: *Asia*"]
    assert await suggested(world, "RIVERS") == ["Rivers of Europe", "More rivers: *Asia*"]
    assert await suggested(world, " more ") == ["More rivers: *Asia*"]
    assert await suggested(world, "lakes") == []


async def test_at_most_twenty_five_decks_are_suggested(world: World) -> None:
    for number in range(26):
        await drops(world, f'+++\ndeck = "d{number}"\ntitle = "Deck {number}"\n+++\n\n{card(1)}'.encode())
    assert len(await suggested(world, "deck")) == 25


async def test_where_there_is_no_group_nothing_is_suggested(world: World) -> None:
    assert await suggested(world, "", channel="elsewhere") == []


async def test_a_title_that_was_typed_whole_comes_before_those_that_begin_so_or_hold_it(world: World) -> None:
    for number, title in enumerate(("All lakes", "Lakes", "Lake")):
        await drops(world, f'+++\ndeck = "d{number}"\ntitle = "{title}"\n+++\n\n{card(1)}'.encode())
    assert await suggested(world, "lake") == ["Lake", "Lakes", "All lakes"]
