"""A file is looked at before it is imported: what is shown, what is then done, what a crash or a race does to it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import importing
from bot.formats.reading import read_deck
from bot.messages import Attachment
from bot.states import StagedImport
from bot.store import cohorts, staging
from bot.testing.world import DECK, MONDAY, World, open_world

from .kit import button_id, other_cohort
from .test_decks import alive, card, deck_of, drops

KEPT = ("cards", "card_revisions", "decks", "cohort_decks", "imports", "changes")
EDITED = deck_of(card(1), card(2, answer="corrected"), *map(card, range(4, 22)))


async def everything(world: World) -> list[list[tuple[Any, ...]]]:
    """All that is kept of decks, but for what is staged."""
    return [[tuple(row) for row in await world.rows(f"select * from {table} order by 1, 2")] for table in KEPT]


async def staged(world: World) -> StagedImport:
    """The newest one."""
    (row,) = await world.rows("select max(id) as id from staged_imports")
    return await world.app.database.read(partial(staging.find, staged_id=row["id"]))


async def left(world: World) -> int:
    """Rows of whatever is staged."""
    tables = ("staged_imports", "staged_cards", "proposals")
    return sum([(await world.rows(f"select count(*) as n from {table}"))[0]["n"] for table in tables])


# ---- what is shown ---------------------------------------------------------------------------------------------------


async def test_a_preview_says_what_would_happen_and_changes_nothing(world: World) -> None:
    before = await everything(world)
    told = await drops(world, EDITED)
    assert "Only Maya sees this" in told
    assert "Import Rivers of Europe?" in told
    assert "I read rivers.deck.md: 20 cards. Nothing has changed yet." in told
    for line in ("1 card is new", "1 card changes", "18 cards stay", "1 card is retired"):
        assert f"• {line}" in told
    assert "Question 2?\n  Answer: corrected\n" in told
    assert "Question 21?\n  Answer: Answer 21\n" in told
    assert "Question 1?" not in told
    assert await everything(world) == before


async def test_import_does_what_was_previewed_and_tells_who_did(world: World) -> None:
    assert "Rivers of Europe is in: 1 card added, 1 changed, 18 kept, 1 retired." in await world.imports(EDITED)
    assert "Maya: imported Rivers of Europe: 1 card added, 1 changed" in await world.says("maya", "/quiz-admin")


async def test_the_first_five_cards_are_shown_where_none_is_new(world: World) -> None:
    told = await drops(world, DECK.encode())
    assert [number for number in range(1, 21) if f"Question {number}?" in told] == [1, 2, 3, 4, 5]


async def test_problems_stand_in_the_preview_with_their_lines_and_all_of_them_in_a_file(world: World) -> None:
    told = await drops(world, deck_of(*(f"stray {n}\n\n{card(n)}" for n in range(1, 13))))
    assert "12 things in the file need a look" in told
    assert "• line 6: Text outside a card." in told
    assert "• and 2 more" in told
    assert "what-needs-a-look.txt" in await world.press("maya", "Whole report")
    (file,) = [part for part in world.channel.seen_by("maya")[-1].message.parts if isinstance(part, Attachment)]
    assert file.text.count("\nline ") == 12


async def test_other_peoples_words_stay_words_in_a_preview(world: World) -> None:
    told = await drops(world, deck_of(card(1), title="*Stars* <!channel> @everyone"), name="*a*_b_.deck.md")
    assert "Import *Stars* <!channel> @everyone?" in told
    assert "I read *a*_b_.deck.md: 1 card." in told


# ---- who, and how often ----------------------------------------------------------------------------------------------


async def test_only_leads_may_press_what_stands_under_a_preview(world: World) -> None:
    await drops(world, EDITED)
    message = world.channel.seen_by("maya")[-1].message
    await world.morning(MONDAY)
    for label in ("Import", "Cancel"):
        told = world.text(await world.channel.press("sam", world.newest_post().id, button_id(message, label)))
        assert "Only someone who leads this group can do that." in told
    assert len(await alive(world)) == 20


async def test_an_import_of_another_group_is_not_for_whoever_leads_here(world: World) -> None:
    await drops(world, EDITED)
    (row,) = await world.rows("select id from cohorts")
    here = await world.app.database.read(partial(cohorts.by_id, cohort_id=row["id"]))
    deck = read_deck(EDITED, "rivers.deck.md")
    place = world.channel.place()
    there = await other_cohort(world, "Lakes", type(place)(place.platform, "elsewhere", "lakes"))
    other = await world.app.database.read(partial(cohorts.by_id, cohort_id=there))
    foreign = await importing.stage(world.app.database, other, deck, "x", "Zoe", world.clock())
    own = await importing.stage(world.app.database, here, deck, "x", "Maya", world.clock())
    seen = world.with_button("maya", "Import")
    for staged_id, said in ((foreign, "There is no group in this channel"), (own, "Rivers of Europe is in")):
        pressed = f"f1:import:{_base36(staged_id)}"
        assert said in world.text(await world.channel.press("maya", seen.id, pressed))


def _base36(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = "0123456789abcdefghijklmnopqrstuvwxyz"[digit] + digits
    return digits


async def test_two_presses_of_import_are_one(world: World) -> None:
    await drops(world, EDITED)
    message = world.with_button("maya", "Import")
    import_it = button_id(message.message, "Import")
    shown = await asyncio.gather(*(world.channel.press("maya", message.id, import_it) for _ in range(3)))
    assert all("is in: 1 card added, 1 changed, 18 kept, 1 retired." in world.text(said) for said in shown)
    assert len(await world.rows("select id from imports")) == 2  # with that of the configuration
    assert "is in: 1 card added" in world.text(await world.channel.press("maya", message.id, import_it))


async def test_cancelling_leaves_nothing(world: World) -> None:
    before = await everything(world)
    await drops(world, EDITED)
    seen = world.with_button("maya", "Import")
    import_it = button_id(seen.message, "Import")
    assert "Nothing of Rivers of Europe was imported" in await world.press("maya", "Cancel")
    await world.tick()
    assert "That import is no longer here" in world.text(await world.channel.press("maya", seen.id, import_it))
    (row,) = await world.rows("select count(*) as n from staged_imports where staged_by = 'Maya'")
    assert (row["n"], await everything(world)) == (0, before)


async def test_what_nobody_imports_is_forgotten_after_a_day(world: World) -> None:
    await drops(world, EDITED)
    world.wait(days=1)
    await world.tick()
    assert await left(world) > 0
    world.wait(minutes=1)
    await world.tick()
    assert await left(world) == 0
    assert "has waited for over a day" in await world.press("maya", "Import")


async def test_of_two_leads_at_once_the_second_is_shown_what_is_different_now(world: World) -> None:
    await drops(world, deck_of(*map(card, range(1, 22))))
    first = world.with_button("maya", "Import")
    await drops(world, deck_of(*map(card, range(2, 23))))
    second = world.with_button("maya", "Import")
    assert "1 card added, 20 kept." in await world.press("maya", "Import", on=first)
    told = await world.press("maya", "Import", on=second)
    assert "Somebody has changed this deck since you looked, so nothing was imported." in told
    assert "• 1 card is new\n" in told
    assert "• 1 card is retired" in told
    assert "1 card added, 20 kept, 1 retired." in await world.press("maya", "Import", on=second)


async def test_a_run_that_was_overtaken_stops_and_says_so(world: World) -> None:
    await drops(world, deck_of(*map(card, range(1, 2_001))))
    told = await world.press("maya", "Import")
    assert "Importing Rivers of Europe: 0 of 2,000 cards." in told
    older = world.with_button("maya", "How far?")
    await importing.carry_on(world.app.database, (await staged(world)).id, world.clock(), most=2)
    await world.imports(deck_of(*map(card, range(1, 31))))
    await world.tick()
    assert "a newer one of the same deck has begun" in await world.press("maya", "How far?", on=older)
    assert await alive(world) == [f"card{n:04}" for n in range(1, 31)]


async def test_files_that_are_dropped_twice_at_once_are_imported_once(world: World) -> None:
    data = deck_of(*map(card, range(1, 151)))
    await asyncio.gather(*(world.channel.drop("maya", "rivers.deck.md", data) for _ in range(3)))
    seen = [each for each in world.channel.seen_by("maya") if "Import Rivers" in each.message.summary]
    shown = await asyncio.gather(*(world.channel.press("maya", each.id, "Import") for each in seen))
    assert sum("130 cards added" in world.text(said) for said in shown) == 1
    assert await alive(world) == [f"card{n:04}" for n in range(1, 151)]


# ---- large decks and crashes -----------------------------------------------------------------------------------------


async def test_a_large_deck_goes_in_by_the_tick_and_says_how_far_it_is(world: World) -> None:
    await drops(world, deck_of(*map(card, range(1, 12_001))))
    assert "Importing Rivers of Europe: 0 of 12,000 cards. It goes on by itself." in await world.press("maya", "Import")
    assert await world.app.scheduler.tick()
    assert "5,000 of 12,000 cards" in await world.press("maya", "How far?")
    while await world.app.scheduler.tick():
        pass
    assert "is in: 11,980 cards added, 20 kept." in await world.press("maya", "How far?")
    (row,) = await world.rows("select count(*) as n from staged_cards")
    assert row["n"] == 0


@pytest.mark.parametrize("steps", [0, 1, 3, 5])
async def test_what_a_crash_interrupts_is_rolled_forward_at_the_next_start(tmp_path: Path, steps: int) -> None:
    """The process ends between two chunks: of 1,100 cards, of which the last retires twenty."""
    lakes = deck_of(*map(card, range(1, 1_101)), title="Lakes").replace(b'"rivers"', b'"lakes"')
    async with open_world(tmp_path) as first:
        await first.imports(lakes)
        if steps:
            await importing.carry_on(first.app.database, (await staged(first)).id, first.clock(), most=steps)
    async with open_world(tmp_path) as second:
        while await second.app.scheduler.tick():
            pass
        found = await staged(second)
        told = await second.rows(
            "select count(*) as n from cards c join decks d on d.id = c.deck_id where d.key = 'lakes'"
        )
        assert told[0]["n"] == 1_100
        (row,) = await second.rows(
            """select added, ended_at from imports i join decks d on d.id = i.deck_id where d.key = 'lakes'"""
        )
        assert (row["added"], row["ended_at"] is not None) == (1_100, True)
        assert found.title == "Rivers of Europe"


async def test_ratings_go_on_while_a_deck_is_imported(posted: World) -> None:
    await posted.press("sam", "Study")
    await posted.press("sam", "Show answer")
    message = posted.channel.seen_by("sam")[-1]
    await drops(posted, deck_of(*map(card, range(1, 301))))
    _, shown = await asyncio.gather(
        posted.press("maya", "Import"), posted.channel.press("sam", message.id, button_id(message.message, "4 Well"))
    )
    assert "Saved: 4 Well." in posted.text(shown)
    assert len(await alive(posted)) == 300


# ---- the same card, or not -------------------------------------------------------------------------------------------


def asked(prompt: str, answer: str, id: str = "") -> str:
    return f"Q: {prompt}\nA: {answer}\n" + (f"Id: {id}\n" if id else "")


async def study_one(world: World) -> None:
    """Sam rates the one card that there is."""
    await world.morning(MONDAY)
    await world.press("sam", "Study")
    await world.rate_all("sam")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (asked("Which is long?", "Danube"), asked("Which is long?", "The Danube")),
        (asked("Which is long?", "Danube", "danube"), asked("Which is the longest?", "Volga", "danube")),
        (asked("Which is long?", "Danube"), asked("Which is long?", "Danube", "written-later")),
        (asked("Which is long?", "Danube", "one"), asked("Which  is long?", "The Danube", "two")),
        (asked("Which is long?", "Danube", "one"), asked("Which is long?", "The Danube")),
    ],
    ids=["an answer", "a prompt with an id", "an id written later", "another id", "an id taken away"],
)
async def test_progress_is_kept_over_every_edit_that_leaves_a_card_its_name(
    world: World, before: str, after: str
) -> None:
    await world.imports(deck_of(before))
    await study_one(world)
    states = "select m.*, c.body from memory_states m join cards c on c.id = m.card_id"
    (old,) = await world.rows(states)
    told = await world.imports(deck_of(after))
    assert "added" not in told
    (new,) = await world.rows(states)
    assert tuple(new)[:-1] == tuple(old)[:-1]
    assert new["body"] != old["body"]


async def test_a_card_whose_id_and_prompt_changed_is_known_by_its_native_id(world: World) -> None:
    """A name that is too long to be an id: the card had a provisional one, and keeps its progress all the same."""
    name = "a name with spaces"
    await world.imports(f"// [id:{name}]\n::R:: Which river is long? {{=Danube}}\n".encode())
    (before,) = await world.rows("select id, key from cards where retired_at is null")
    told = await world.imports(f"// [id:{name}]\n::R:: What flows to the Black Sea? {{=Danube}}\n".encode())
    assert "1 card changed" in told
    (after,) = await world.rows("select id, key from cards where retired_at is null")
    assert (after["id"], after["key"] != before["key"]) == (before["id"], True)


async def test_what_looks_alike_is_the_same_card_only_if_somebody_says_so(world: World) -> None:
    cards = [asked(f"Which is the longest river number {n}?", f"River {n}") for n in range(1, 8)]
    await world.imports(deck_of(*cards))
    ids = {row["key"]: row["id"] for row in await world.rows("select id, key from cards where retired_at is null")}
    told = await drops(world, deck_of(*(text.replace("longest", "very longest") for text in cards)))
    assert "7 new cards look like cards that would be retired." in told
    assert "• 7 cards are retired" in told
    told = await world.press("maya", "Look at them")
    assert "Was: Which is the longest river number 1?" in told
    assert told.count("[Same card] [New card]") == 5
    told = await world.press("maya", "Same card")
    assert "The same card: its progress stays." in told
    told = await world.press("maya", "Next page")
    assert told.count("[Same card] [New card]") == 2
    await world.press("maya", "New card")
    assert "• 6 cards are new\n  • 1 card changes" in await world.press("maya", "Back to the preview")
    assert "6 cards added, 1 changed, 6 retired." in await world.press("maya", "Import")
    there = [row["id"] for row in await world.rows("select id from cards where retired_at is null")]
    assert len(set(there) & set(ids.values())) == 1


@dataclass(frozen=True, slots=True)
class Edit:
    """What happens to a card of the file. `becomes` is what an import should make of it."""

    becomes: str
    prompt: str = ""
    answer: str = ""
    id: str = ""
    gone: bool = False


LIKE_IT = Edit("anew", prompt="What was the name of")


def edits_of(number: int) -> st.SearchStrategy[Edit]:
    """Odd cards have an id of their own, even ones the one that is made of their prompt."""
    has_id = number % 2 == 1
    edits = [
        Edit("kept"),
        Edit("changed", answer="better"),
        Edit("retired", gone=True),
        Edit("kept", id=f"new{number}"),
        Edit("changed", prompt="What was the name of") if has_id else LIKE_IT,
        Edit("anew", prompt="Nothing like it:", answer="else", id=f"new{number}"),
    ]
    return st.sampled_from(edits)


def text_of(number: int, edit: Edit = Edit("kept")) -> str:
    prompt, answer = f"{edit.prompt or 'What is the name of'} {number}?", f"{edit.answer or 'Name'} {number}"
    return asked(prompt, answer, edit.id or (f"own{number}" if number % 2 else ""))


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, World]]:
    """A group in a loop of its own."""
    with asyncio.Runner() as runner:
        opened = open_world(tmp_path_factory.mktemp("group"))
        yield runner, runner.run(opened.__aenter__())
        runner.run(opened.__aexit__(None, None, None))


CARDS = range(1, 7)
EXAMPLES = count()
WANTED = st.tuples(st.tuples(*map(edits_of, CARDS)), st.integers(0, 2), st.booleans())


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(WANTED)
def test_whatever_was_edited_the_preview_is_what_happens(
    played: tuple[asyncio.Runner, World], wanted: tuple[tuple[Edit, ...], int, bool]
) -> None:
    runner, world = played
    runner.run(_play(world, *wanted))


def example(key: str, *cards: str) -> bytes:
    return deck_of(*cards).replace(b'"rivers"', f'"{key}"'.encode())


async def _play(world: World, edits: tuple[Edit, ...], more: int, same: bool) -> None:
    key = f"example{next(EXAMPLES)}"
    rows = f"""select c.id from cards c join decks d on d.id = c.deck_id
               where d.key = '{key}' and c.retired_at is null order by c.position"""
    await world.imports(example(key, *map(text_of, CARDS)))
    before = [row["id"] for row in await world.rows(rows)]
    added = [asked(f"Wholly new {n}?", f"New {n}") for n in range(more)]
    kept = [number for number, edit in zip(CARDS, edits, strict=True) if not edit.gone]
    if not (kept or added):
        return
    await drops(world, example(key, *(text_of(number, edits[number - 1]) for number in kept), *added))
    truth = [edit.becomes for edit in edits]
    if same and (await staged(world)).proposals:
        await world.press("maya", "Look at them")
        while "Same card" in world.labels("maya"):
            await world.press("maya", "Same card")
        await world.press("maya", "Back to the preview")
        truth = ["changed" if edit is LIKE_IT else edit.becomes for edit in edits]
    shown = (await staged(world)).counts
    assert (shown.changed, shown.kept) == (truth.count("changed"), truth.count("kept"))
    assert (shown.added, shown.back) == (truth.count("anew") + more, 0)
    assert shown.retired == truth.count("anew") + truth.count("retired")
    await world.press("maya", "Import")
    assert (await staged(world)).counts == shown
    after = [row["id"] for row in await world.rows(rows)]
    stays = [before[number - 1] for number in kept if truth[number - 1] in ("kept", "changed")]
    assert [card_id for card_id in after if card_id in before] == stays
