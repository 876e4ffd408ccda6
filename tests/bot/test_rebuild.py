"""The review log is the truth: whatever was pressed, deriving everything from it again finds no difference."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot import actions
from bot.actions import Action, Request
from bot.clock import learning_day
from bot.demo.cast import CAST
from bot.demo.live import DemoSettings, open_stage
from bot.demo.stage import DemoClock
from bot.journeys.rebuild import rebuild
from bot.model import Account, MessageRef, Place, PostStyle, Rating, RatingInput, Source, SourceKind
from bot.store.tx import Tx
from bot.testing.world import DECK, MINUTE_MS, MONDAY, World, open_world

ZONE = "Europe/Berlin"
HERE = Place("local", "local", "flashcards")
DERIVED = ("memory_states", "days", "standings")


HARM = (
    "update memory_states set stability = 2 * stability where card_id = (select min(card_id) from memory_states)",
    "delete from memory_states where card_id = (select max(card_id) from memory_states)",
    """insert into memory_states
       select learner_id, (select max(id) from cards), 1, 1, 1, 1, 1, 0, '' from memory_states limit 1""",
    "update days set cards = 9 where day = (select min(day) from days)",
    "update standings set points = points + 100 where period = 'all'",
    "delete from standings where period = '2026-11'",
)


async def everything_derived(world: Any) -> list[list[tuple[object, ...]]]:
    async def story(tx: Tx) -> list[list[tuple[object, ...]]]:
        return [[tuple(row) for row in await tx.all(f"select * from {name} order by 1, 2, 3")] for name in DERIVED]

    found: list[list[tuple[object, ...]]] = await world.app.database.read(story)
    return found


async def change(world: World, sql: str) -> None:
    async def story(tx: Tx) -> None:
        assert await tx.run(sql)

    await world.app.database.write(story)


async def test_after_a_played_week_nothing_differs(tmp_path: Path) -> None:
    (tmp_path / "rivers.deck.md").write_text(DECK)
    demo = DemoSettings((tmp_path / "rivers.deck.md",), port=0, zone=ZONE)
    clock = DemoClock((MONDAY - 1) * 86_400_000, lambda: 0)
    async with open_stage(demo, tmp_path, clock) as stage:
        for day in range(7):
            await stage.morning(MONDAY + day)
            await stage.others_study(CAST, besides=set())
        before = await everything_derived(stage)
        found = await rebuild(stage.app.database)
        assert found.repaired == 0
        assert found.learners >= 7
        assert found.memory_states > 50
        assert found.days > 20
        assert await everything_derived(stage) == before


async def test_whatever_is_broken_is_repaired_and_counted(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for day in range(3):
            await world.morning(MONDAY + day)
            for who in ("maya", "sam"):
                await world.press(who, "Study", on=world.newest_post())
                await world.rate_all(who, "2 Barely" if day == 1 else "4 Well")
        right = await everything_derived(world)
        for harm in HARM:
            await change(world, harm)
        found = await rebuild(world.app.database)
        assert found.repaired >= 6
        assert await everything_derived(world) == right
        assert (await rebuild(world.app.database)).repaired == 0


async def test_a_lost_table_is_derived_again_from_the_log(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Study")
        await world.rate_all("sam", "1 Not at all")
        right = await everything_derived(world)
        for name in DERIVED:
            await change(world, f"delete from {name}")
        told: list[int] = []
        await rebuild(world.app.database, told.append)
        assert told == [1]
        assert await everything_derived(world) == right


# ---- whatever is pressed ---------------------------------------------------------------------------------------------

POSITIONS = st.integers(0, 2)
RATINGS = st.sampled_from(Rating)
WHO = st.integers(0, 1)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("show"), WHO, POSITIONS),
        st.tuples(st.just("rate"), WHO, POSITIONS, RATINGS, st.integers(1, 2)),
        st.tuples(st.just("react"), WHO, POSITIONS, RATINGS, st.booleans()),
        st.tuples(st.just("study"), WHO),
        st.tuples(st.just("session"), WHO, st.integers(0, 3), RATINGS),
        st.tuples(st.just("wait"), st.sampled_from([1, 15, 60 * 7, 60 * 24])),
        st.tuples(st.just("morning")),
    ),
    min_size=3,
    max_size=18,
)


class Pressed:
    """Learners that are new in each example, in a group whose days go on."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.numbers, self.keys = count(), count()
        self.day = MONDAY - 1
        self.accounts: list[Account] = []

    async def begin(self) -> None:
        self.accounts = [Account("local", "", f"l{n}", f"L{n}") for n in (next(self.numbers), next(self.numbers))]
        await self.morning()

    async def act(self, who: int, action: Action) -> None:
        request = Request(action, f"k{next(self.keys)}", self.world.clock(), self.accounts[who], HERE)
        told = await self.world.app.engine.handle(request, self.world.clock())
        assert "Something went wrong" not in repr(told)

    async def morning(self) -> None:
        self.day = max(self.day + 1, learning_day(self.world.clock(), ZONE) + 1)
        await self.world.morning(self.day)

    async def post(self) -> int:
        (row,) = await self.world.rows("select max(id) as id from posts")
        return int(row["id"])

    async def sessions(self) -> list[int]:
        return [row["id"] for row in await self.world.rows("select id from sessions order by id desc limit 2")]

    async def take(self, step: tuple[Any, ...]) -> None:
        match step:
            case ("show", who, position):
                await self.act(who, actions.RevealAnswer(Source(SourceKind.POST, await self.post()), position))
            case ("rate", who, position, rating, turn):
                source = Source(SourceKind.POST, await self.post())
                await self.act(who, actions.RateCard(source, position, turn, rating))
            case ("react", who, position, rating, added):
                newest = [seen for seen in self.world.channel.room.everything() if not seen.reader][-3:]
                await self.act(who, actions.React(MessageRef(HERE, newest[position].id), rating, added))
            case ("study", who):
                await self.act(who, actions.Study(await self.post()))
            case ("session", who, position, rating):
                for session in await self.sessions():
                    source = Source(SourceKind.SESSION, session)
                    await self.act(who, actions.RevealAnswer(source, position))
                    await self.act(who, actions.RateCard(source, position, 1 + (position > 2), rating))
            case ("wait", minutes):
                self.world.clock.at += minutes * MINUTE_MS
            case _:
                await self.morning()


@pytest.fixture(scope="module")
def group(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[asyncio.Runner, Pressed]]:
    """A group of posts of three cards, rated by buttons and by reactions; it lives in a loop of its own."""
    cards = "\n".join(f"Q: Question {n}?\nA: Answer {n}\nId: {'card'}{n:04}\n" for n in range(1, 4))
    deck = f'+++\ndeck = "few"\ntitle = "Few"\n+++\n\n{cards}'
    with asyncio.Runner() as runner:
        opened = open_world(
            tmp_path_factory.mktemp("group"), deck=deck, style=PostStyle.CARDS, rating_input=RatingInput.BOTH, zone=ZONE
        )
        world = runner.run(opened.__aenter__())
        yield runner, Pressed(world)
        runner.run(opened.__aexit__(None, None, None))


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_pressed_the_log_and_what_is_derived_agree(
    group: tuple[asyncio.Runner, Pressed], steps: list[tuple[Any, ...]]
) -> None:
    runner, pressed = group

    async def play() -> None:
        await pressed.begin()
        for step in steps:
            await pressed.take(step)
        assert (await rebuild(pressed.world.app.database)).repaired == 0
        await check_points(pressed.world, [account.foreign_id for account in pressed.accounts])

    runner.run(play())


async def check_points(world: World, foreign_ids: list[str]) -> None:
    """At most ten points a day, one a card: each card counts once a day, and never more than it was rated."""
    for foreign_id in foreign_ids:
        reviews = await world.rows(
            """select r.cohort_day, r.card_id, r.kind from reviews r join accounts a on a.learner_id = r.learner_id
               where a.foreign_id = :id and r.rating is not null""",
            id=foreign_id,
        )
        cards: dict[int, set[int]] = defaultdict(set)
        scheduled: dict[int, int] = defaultdict(int)
        for day, card, kind in reviews:
            cards[day].add(card)
            scheduled[day] += kind == "scheduled"
        total = await world.rows(
            """select s.period, s.points, s.cards from standings s join accounts a on a.learner_id = s.learner_id
               where a.foreign_id = :id and s.period = 'all'""",
            id=foreign_id,
        )
        assert all(number <= len(cards[day]) for day, number in scheduled.items())
        assert sum(row["points"] for row in total) == sum(min(10, number) for number in scheduled.values())
        assert sum(row["cards"] for row in total) == sum(scheduled.values())
