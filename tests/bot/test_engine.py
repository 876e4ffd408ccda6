"""One action in, messages out: once for each key, never an exception, and reading beside the writer."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from threading import Event
from typing import get_args

import pytest

from bot import actions
from bot.actions import Action, Request
from bot.engine import TABLE, Reads, Writes
from bot.model import Account, MessageRef, Place, Rating, Side, Source, SourceKind, Window
from bot.store.tx import Tx
from bot.testing.world import MONDAY, World, open_world

HERE = Place("local", "local", "flashcards")
SAM = Account("local", "", "sam", "Sam")
MAYA = Account("local", "", "maya", "Maya", leads=True)
FOR_LEADS = (
    actions.ImportDeck, actions.AboutImport, actions.ShowStatus, actions.SetUpGroup, actions.ChangeSettings,
    actions.PausePosts, actions.ResumePosts, actions.SkipToday, actions.PostNow, actions.PreviewPost, actions.CopySetUp,
    actions.OpenForm, actions.ImportStarter, actions.FinishSetUp,
)  # fmt: skip
OF_PLATFORMS = (
    actions.BeganAnew(),
    actions.WorkspaceLeft(),
    actions.WorkspaceBack(),
    actions.WorkspacesAre(("local",)),
    actions.PersonLeft(),
)
SILENT = (actions.React, *map(type, OF_PLATFORMS))


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """Two posts; Sam has studied the first, and has begun the second."""
    async with open_world(tmp_path) as opened:
        await opened.morning(MONDAY)
        await opened.press("sam", "Study")
        await opened.rate_all("sam")
        await opened.morning(MONDAY + 1)
        await opened.press("sam", "Study", on=opened.newest_post())
        await opened.press("sam", "Show answer")
        await opened.press("sam", "4 Well")
        yield opened


def asked(action: Action, key: str = "k") -> Request:
    return Request(action, key, 0, MAYA if isinstance(action, FOR_LEADS) else SAM, HERE)


async def one_of_each(world: World) -> dict[type[object], Action]:
    """An action of every type that means something in this world."""
    closed, _ = [row["id"] for row in await world.rows("select id from posts order by day")]
    _, session = [row["id"] for row in await world.rows("select id from sessions order by id")]
    await world.channel.drop("maya", "y.csv", b"question,answer\na?,b\n")
    (staged,) = [row["id"] for row in await world.rows("select max(id) as id from staged_imports")]
    here = Source(SourceKind.SESSION, session)
    every: tuple[Action, ...] = (
        actions.Study(closed),
        actions.ExplainPost(closed),
        actions.SeeAnswers(closed),
        actions.WhyThese(closed),
        actions.StartQuiz(),
        actions.Practise(),
        actions.GoOn(session, actions.Offer.DUE),
        actions.ShowCard(session),
        actions.FinishSession(session),
        actions.ShowRatings(session),
        actions.RevealAnswer(here, 1),
        actions.ReadOn(here, 0, Side.ANSWER),
        actions.RateCard(here, 0, 1, Rating.WELL),
        actions.ChangeRating(here, 0, 1),
        actions.React(MessageRef(HERE, "1"), Rating.WELL, True),
        actions.SkipOrFlag(here, 1),
        actions.SetAside(here, 1, actions.Instead.SKIP),
        actions.ShowLeaderboard(Window.ALL),
        actions.ShareLeaderboard(Window.ALL),
        actions.HideName(True),
        actions.ShowPrivacy(),
        actions.ExportMyData(),
        actions.ShowStats(),
        actions.ShowDecks(),
        actions.SuggestDecks("riv"),
        actions.ShowHelp(),
        actions.ImportDeck("x.deck.md", b'+++\ndeck = "x"\ntitle = "X"\n+++\n\nQ: a?\nA: b\n'),
        actions.ShowImport(staged),
        actions.ShowProblems(staged),
        actions.ShowProposals(staged),
        actions.SettleProposal(staged, 1, same=True),
        actions.ApplyImport(staged),
        actions.CancelImport(staged),
        actions.Remind("19:00"),
        actions.ShowStatus(),
        actions.SetUpGroup("", (("time", "10:00"),)),
        actions.ChangeSettings((("cards", "4"),)),
        actions.PausePosts("2027-01-04"),
        actions.ResumePosts(),
        actions.SkipToday(),
        actions.PostNow(),
        actions.PreviewPost(),
        actions.CopySetUp("Lakes"),
        actions.OpenForm(actions.FormKind.CHANGE),
        actions.ImportStarter("welcome"),
        actions.FinishSetUp(),
        actions.PressUnknown(),
        actions.UnknownCommand("/hm"),
        *OF_PLATFORMS,
    )
    return {type(action): action for action in every}


def test_every_action_has_its_entry_in_the_table() -> None:
    assert set(TABLE) == set(get_args(Action))


async def test_every_action_is_answered_without_going_wrong(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for number, action in enumerate((await one_of_each(world)).values()):
        messages = await world.app.engine.handle(asked(action, f"key {number}"), world.clock())
        assert messages or isinstance(action, SILENT)
    assert not caplog.records


async def test_every_action_delivered_twice_shows_how_things_stand(world: World) -> None:
    for number, action in enumerate((await one_of_each(world)).values()):
        request = asked(action, f"key {number}")
        await world.app.engine.handle(request, world.clock())
        before = await world.rows("select count(*) as n, sum(rating) as ratings from reviews")
        again = await world.app.engine.handle(request, world.clock())
        after = await world.rows("select count(*) as n, sum(rating) as ratings from reviews")
        assert [tuple(row) for row in before] == [tuple(row) for row in after]
        assert "Something went wrong" not in repr(again)


async def test_what_only_reads_says_the_same_in_the_writers_thread(world: World) -> None:
    """A journey that waited on anything but its transaction would be refused there, and one that writes, beside it."""
    every = await one_of_each(world)
    for kind, entry in TABLE.items():
        if not isinstance(entry, Reads):
            continue
        request, story = asked(every[kind]), entry.journey

        async def journey(tx: Tx, request: Request = request, story: object = story) -> object:
            return await story(tx, request, world.clock())  # type: ignore[operator]

        assert await world.app.database.write(journey) == await world.app.database.read(journey)


async def test_what_writes_can_show_how_things_stand_without_writing_anew(world: World) -> None:
    """`again` runs for a redelivery: whatever it does, it may not add a review, a session or a member."""
    tables = ("sessions", "memberships", "review_changes", "session_cards")

    async def counts() -> list[int]:
        return [(await world.rows(f"select count(*) as n from {table}"))[0]["n"] for table in tables]

    before = await counts()
    for kind, action in (await one_of_each(world)).items():
        entry = TABLE[kind]
        if isinstance(entry, Writes):

            async def journey(tx: Tx, entry: Writes = entry, action: Action = action) -> object:
                return await entry.again(tx, asked(action), world.clock())

            await world.app.database.write(journey)
    assert await counts() == before


async def test_what_cannot_be_done_is_said_in_its_own_sentence(world: World) -> None:
    (message,) = await world.app.engine.handle(asked(actions.ShowCard(1)), world.clock())
    assert message.summary == "That card is no longer here. Nothing was changed. Type /quiz to go on."


async def test_whatever_else_goes_wrong_gets_a_reference_that_stands_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    async def harm(tx: Tx) -> None:
        await tx.run("alter table memory_states rename to somewhere_else")

    await world.app.database.write(harm)
    for action in (actions.ShowStats(), actions.StartQuiz("rivers")):
        caplog.clear()
        (message,) = await world.app.engine.handle(asked(action), world.clock())
        found = re.search(r"nothing was saved\. .* Reference ([0-9a-f]{4})\.", message.summary)
        assert found
        assert f"reference {found[1]}" in caplog.text
        assert "memory_states" in caplog.text


async def test_what_went_wrong_is_not_remembered_as_done(world: World) -> None:
    async def rename(tx: Tx, old: str, new: str) -> None:
        await tx.run(f"alter table {old} rename to {new}")

    rate = asked((await one_of_each(world))[actions.HideName], "once")
    await world.app.database.write(lambda tx: rename(tx, "memberships", "hidden_away"))
    assert "Something went wrong" in repr(await world.app.engine.handle(rate, world.clock()))
    await world.app.database.write(lambda tx: rename(tx, "hidden_away", "memberships"))
    assert "Your name is hidden" in repr(await world.app.engine.handle(rate, world.clock()))


async def test_reading_goes_on_while_the_writer_is_busy(world: World) -> None:
    reached, go_on = Event(), Event()

    async def hold(tx: Tx) -> None:
        reached.set()
        assert go_on.wait(10)

    held = world.app.database.write(hold)
    assert await asyncio.to_thread(reached.wait, 10)
    for command in ("/stats", "/leaderboard", "/decks", "/help"):
        assert "Only Sam sees this" in await world.says("sam", command)
    assert not held.done()
    go_on.set()
    await held
