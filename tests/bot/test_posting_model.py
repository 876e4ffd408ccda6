"""Posting, step by step, as a machine: any step may be the last of its process, or wait while another one goes on.

A process dies at its n-th step (a transaction, a call of the platform, before or after it was done); what it held is
forgotten, and the next one goes on when its leases have run out. The platform cuts, loses answers, asks to wait and
refuses, and has no idempotency of its own: the same key twice makes two messages.
"""

import asyncio
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.actions import Action, PausePosts, PostNow, Request, ResumePosts, SkipToday
from bot.adapter import SendFailed, Trouble
from bot.clock import instant
from bot.engine import Engine
from bot.model import Account, MessageRef, Place, PostStyle, RatingInput, Schedule, Settings, SetUp
from bot.scheduler import Scheduler
from bot.store import cohorts
from bot.store.database import Database, open_database
from bot.store.tx import Tx
from bot.testing.world import MONDAY, POST_TIME, StillClock, open_world

from .elsewhere import Elsewhere

LONG = bool(os.environ.get("FLASHMOB_LONG"))
EXAMPLES, STEPS = (300, 40) if LONG else (12, 10)
LAKES, PONDS = Place("elsewhere", "there", "lakes"), Place("elsewhere", "there", "ponds")
LEAD = Account("elsewhere", "", "noor", "Noor", leads=True)
MINUTE_MS = 60_000
EVERY_DAY = frozenset(range(7))
deaths = st.none() | st.integers(1, 90)
faults = st.lists(st.sampled_from(["lost", "", "cut", "lost", "wait", "refused", "unfit"]), max_size=4)


class Died(BaseException):
    """The process was killed."""


@dataclass(slots=True)
class Process:
    """Its n-th step is its last; or there it waits, until it is let go."""

    dies_at: int | None = None
    waits_at: int | None = None
    steps: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    go_on: asyncio.Event = field(default_factory=asyncio.Event)

    async def step(self, *, may_wait: bool = True) -> None:
        self.steps += 1
        if self.dies_at is not None and self.steps >= self.dies_at:
            raise Died
        if self.waits_at is not None and self.steps >= self.waits_at and may_wait and not self.reached.is_set():
            self.reached.set()
            await self.go_on.wait()

    async def around(self, work: Callable[[], Awaitable[Any]], *, may_wait: bool) -> Any:
        """A wait between the last look at a lease and the platform's ear is left out.

        Against that, only a platform's own idempotency helps.
        """
        await self.step(may_wait=may_wait)
        done = await work()
        await self.step()
        return done


@dataclass(slots=True)
class Mortal:
    """A database or a platform, as a process has it that may die."""

    process: Process
    other: Any

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.other, name)
        if name not in ("read", "write", "send", "edit", "react", "find"):
            return found

        async def call(*args: Any, **named: Any) -> Any:
            return await self.process.around(lambda: found(*args, **named), may_wait=name != "send")

        return call


class Line(Elsewhere):
    """A platform on a bad line: `faults` are what happens to the next sendings, in order."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    async def send(self, place: Place, message: Any, key: str) -> MessageRef:
        fault = self.faults.pop(0) if self.faults else ""
        match fault:
            case "cut":
                raise ConnectionError("cut before it arrived")
            case "lost":
                self.lost = 1
            case "wait":
                raise SendFailed("slow down", Trouble.RATE_LIMITED, 90.0)
            case "refused":
                raise SendFailed("I need Send Messages.", Trouble.NOT_ALLOWED)
            case "unfit":
                raise SendFailed("too long", Trouble.UNFIT)
        return await super().send(place, message, key)


@cache
def template() -> bytes:
    """A database with two groups, which is made once."""

    async def make(folder: Path) -> bytes:
        async with open_world(folder) as world:

            async def story(tx: Tx) -> None:
                await tx.run("delete from schedules")
                for place, settings in (
                    (LAKES, Settings(cards=2, new=2, late_hours=6)),
                    (PONDS, Settings(cards=2, new=2, style=PostStyle.CARDS, rating_input=RatingInput.BOTH)),
                ):
                    set_up = SetUp(Schedule(EVERY_DAY, POST_TIME, world.zone), settings, place.channel)
                    made = await cohorts.set_up(tx, place, set_up, "a test", world.clock())
                    await tx.run(
                        "insert into cohort_decks select distinct :new, deck_id, 0 from cohort_decks", new=made.id
                    )

            await world.app.database.write(story)
        return (folder / "flashmob.db").read_bytes()

    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(make(Path(folder)))


class Posting(RuleBasedStateMachine):
    """Whatever happens, a group has one post a day at most, and every message is there once."""

    @initialize()
    def begin(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.path = self.folder / "flashmob.db"
        self.path.write_bytes(template())
        self.clock = StillClock(instant(MONDAY, POST_TIME, "Europe/Berlin"))
        self.line = Line()
        self.names = count()
        self.runner = asyncio.Runner()
        self.database: Database = self.run(open_database(self.path, now=self.clock()))
        self.con = sqlite3.connect(f"file:{self.path}?mode=ro", uri=True)

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    def teardown(self) -> None:
        if not hasattr(self, "runner"):
            return
        try:
            self.run(self.end_well())
            self.all_is_settled()
        finally:
            self.run(self.database.close())
            self.con.close()
            self.runner.close()
            shutil.rmtree(self.folder)

    # ---- what may happen

    @rule(minutes=st.sampled_from([0.1, 2, 20, 59, 120, 7 * 60, 24 * 60]))
    def time_goes_by(self, minutes: float) -> None:
        self.clock.at += int(minutes * MINUTE_MS)

    @rule(seconds=st.sampled_from([1, 100, 3_600]))
    def the_clock_is_set_back(self, seconds: int) -> None:
        self.clock.at -= seconds * 1_000

    @rule(dies_at=deaths, faults=faults)
    def a_process_ticks_and_may_die(self, dies_at: int | None, faults: list[str]) -> None:
        self.line.faults = faults
        self.run(self.tick(Process(dies_at=dies_at)))

    @rule(deaths=st.lists(deaths, min_size=2, max_size=3), faults=faults)
    def several_processes_tick_at_once(self, deaths: list[int | None], faults: list[str]) -> None:
        self.line.faults = faults

        async def all_at_once() -> None:
            await asyncio.gather(*(self.tick(Process(dies_at=dies_at)) for dies_at in deaths))

        self.run(all_at_once())

    @rule(waits_at=st.integers(1, 90), minutes=st.sampled_from([0.1, 2, 30]), dies_at=deaths)
    def a_process_sleeps_while_another_goes_on(self, waits_at: int, minutes: float, dies_at: int | None) -> None:
        self.run(self.overtaken(Process(waits_at=waits_at), minutes, dies_at))

    @rule()
    def the_machine_starts_again(self) -> None:
        self.run(self.database.close())
        self.database = self.run(open_database(self.path, now=self.clock()))

    @rule(action=st.sampled_from([PausePosts(), ResumePosts(), ResumePosts(), SkipToday(), PostNow()]))
    def a_lead_acts(self, action: Action) -> None:
        request = Request(action, f"press {next(self.names)}", self.clock(), LEAD, LAKES)
        self.run(Engine(self.database).handle(request, self.clock()))

    # ---- how

    async def tick(self, process: Process) -> None:
        """A process is there for one tick; it ends well, or dies with what it holds."""
        adapters: dict[str, Any] = {"elsewhere": Mortal(process, self.line)}
        database: Any = Mortal(process, self.database)
        scheduler = Scheduler(database, adapters, f"process {next(self.names)}", self.clock)
        try:
            await scheduler.tick()
            await scheduler.close()
        except Died:
            pass

    async def overtaken(self, sleeper: Process, minutes: float, dies_at: int | None) -> None:
        asleep = asyncio.create_task(self.tick(sleeper))
        reached = asyncio.create_task(sleeper.reached.wait())
        await asyncio.wait([asleep, reached], return_when=asyncio.FIRST_COMPLETED)
        self.clock.at += int(minutes * MINUTE_MS)
        await self.tick(Process(dies_at=dies_at))
        sleeper.go_on.set()
        await asleep
        reached.cancel()

    async def end_well(self) -> None:
        """The line is good again, and a day goes by."""
        self.line.faults = []
        for hours in (0.1, 0.5, 3, 7, 15, 0.1, 0.5):
            self.clock.at += int(hours * 60 * MINUTE_MS)
            await self.tick(Process())

    def rows(self, sql: str) -> Sequence[tuple[Any, ...]]:
        return self.con.execute(sql).fetchall()

    # ---- what must hold

    @invariant()
    def no_message_is_there_twice(self) -> None:
        keys = [said.key for said in self.line.said]
        assert len(keys) == len(set(keys))

    @invariant()
    def a_group_has_one_post_a_day_at_most(self) -> None:
        days = dict(self.rows("select id, day from posts"))
        seen = {(said.place, days[int(said.key.split(":")[1])], int(said.key.split(":")[1])) for said in self.posted()}
        assert len(seen) == len({(place, day) for place, day, _ in seen})

    @invariant()
    def what_is_recorded_as_sent_is_there(self) -> None:
        there = {said.key: said.id for said in self.line.said}
        for key, message_id in self.rows(
            "select key, message_id from deliveries where state = 'sent' and kind = 'post'"
        ):
            assert there[key] == message_id

    @invariant()
    def the_messages_of_a_post_stand_in_order(self) -> None:
        posts: dict[str, list[int]] = {}
        for said in self.posted():
            post, part = said.key.rsplit(":", 1)
            posts.setdefault(post, []).append(int(part))
        assert all(a < b for parts in posts.values() for a, b in pairwise(parts))

    def posted(self) -> list[Any]:
        return [said for said in self.line.said if said.key.startswith("post:")]

    def all_is_settled(self) -> None:
        """Nothing waits for ever; what is on the platform is known, and what was left out is not there."""
        late = self.clock() - 60 * MINUTE_MS
        assert (
            self.rows(f"select key, state from deliveries where state in ('pending', 'sending') and run_at < {late}")
            == []
        )
        assert self.rows(f"select id from posts where state = 'choosing' and due_at < {late}") == []
        assert self.rows(f"select id from posts where state = 'open' and opened_at is null and due_at < {late}") == []
        sent = {key for (key,) in self.rows("select key from deliveries where state = 'sent'")}
        assert {said.key for said in self.posted()} <= sent
        assert (
            self.rows("select id from posts where state = 'skipped' and (reason = '' or opened_at is not null)") == []
        )
        assert self.rows("select id from posts where state in ('open', 'closed') and opened_at is null") == []


Posting.TestCase.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestPosting = pytest.mark.filterwarnings("ignore")(Posting.TestCase)


def test_a_process_that_never_dies_posts_every_day() -> None:
    """The machine itself works: days go by, and posts come."""
    machine = Posting()
    machine.begin()
    try:
        for _ in range(4):
            machine.a_process_ticks_and_may_die(None, [])
            machine.a_group_has_one_post_a_day_at_most()
            machine.time_goes_by(24 * 60)
        assert len(machine.posted()) == 4 * 3
    finally:
        machine.teardown()


@pytest.mark.parametrize("dies_at", range(1, 81) if LONG else range(1, 81, 10))
@pytest.mark.parametrize("faults", [[], ["lost", "cut", "", "lost"]], ids=["a good line", "a bad line"])
def test_whichever_step_is_the_last_of_a_process_the_next_one_goes_on(dies_at: int, faults: list[str]) -> None:
    machine = Posting()
    machine.begin()
    try:
        machine.a_process_ticks_and_may_die(dies_at, faults)
        machine.time_goes_by(2)
        machine.a_process_ticks_and_may_die(None, faults)
        machine.no_message_is_there_twice()
    finally:
        machine.teardown()
    machine.no_message_is_there_twice()
    machine.the_messages_of_a_post_stand_in_order()
