import asyncio
import sqlite3
import threading
from collections.abc import Awaitable
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NoReturn

import pytest

from bot.errors import AnswerFirst, Busy, DiskFull, NotSaved, Stopping
from bot.store.connect import connect_writer
from bot.store.database import Database
from bot.store.limits import Limits
from bot.store.tx import JourneyWaited, Tx
from bot.store.writer import Writer, open_writer

from .helpers import NOTES, Gate, Open, execute, note, note_then, on_disk, outcomes, texts

PATIENT = Limits(batch_s=60)  # a batch then ends by its number alone


async def open_traced(path: Path, limits: Limits, trace: list[str]) -> Writer:
    """A writer whose statements are written down."""
    with closing(sqlite3.connect(path)) as con:
        con.executescript(f"pragma journal_mode = wal; {NOTES}")

    def connect() -> sqlite3.Connection:
        con = connect_writer(path, busy_s=2)
        con.set_trace_callback(trace.append)
        return con

    return await open_writer(path, connect, limits)


async def commits(path: Path, limits: Limits, journeys: int) -> int:
    """How many commits it takes to serve so many journeys that all wait at once."""
    trace: list[str] = []
    writer = await open_traced(path, limits, trace)
    gate = Gate()
    held = writer.act(gate.journey)
    await gate.reached()
    waiting = [writer.act(note(str(number))) for number in range(journeys - 1)]
    gate.let_go()
    await asyncio.gather(held, *waiting)
    await writer.close()
    return trace.count("commit")


# ---- one commit for all who wait -------------------------------------------------------------------------------------


async def test_all_who_wait_share_one_commit(path: Path) -> None:
    assert await commits(path, PATIENT, 64) == 1


async def test_a_batch_ends_at_sixty_four_journeys(path: Path) -> None:
    assert await commits(path, PATIENT, 65) == 2


async def test_a_batch_ends_when_its_time_is_over(path: Path) -> None:
    assert await commits(path, Limits(batch_s=0), 5) == 5


async def test_every_commit_is_on_the_disk_before_it_is_answered(path: Path, open_store: Open) -> None:
    database = await open_store()
    for number in range(5):
        await database.write(note(str(number)))
        assert on_disk(path) == [str(earlier) for earlier in range(number + 1)]
    assert (await database.write(settings))["synchronous"] == 2


async def settings(tx: Tx) -> dict[str, int]:
    row = await tx.one("select synchronous from pragma_synchronous")
    return {"synchronous": row["synchronous"] if row else -1}


async def test_a_journey_reads_what_it_wrote_and_what_others_wrote_before_it(open_store: Open) -> None:
    database = await open_store(limits=PATIENT)
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    waiting: list[Awaitable[object]] = [
        database.write(note("first")),
        database.write(note("second")),
        database.write(texts),
    ]
    gate.let_go()
    assert await outcomes(held, *waiting) == [None, "first", "second", ["first", "second"]]


async def test_rows_are_read_by_name_by_number_and_by_unpacking(open_store: Open) -> None:
    database = await open_store()

    async def journey(tx: Tx) -> tuple[object, ...]:
        row = await tx.one("insert into notes (text) values (:text) returning id, text", text="hello")
        assert row is not None
        assert await tx.one("select 1 from notes where text = 'nobody'") is None
        changed = await tx.run("update notes set text = 'changed'")
        identity, text = row
        return row["text"], row[0], identity, text, len(row), changed

    assert await database.write(journey) == ("hello", 1, 1, "hello", 2, 1)


async def test_a_statement_runs_once_for_each_of_many_rows(path: Path, open_store: Open) -> None:
    database = await open_store()

    async def journey(tx: Tx) -> None:
        await tx.each("insert into notes (text) values (:text)", [{"text": "one"}, {"text": "two"}])
        await tx.each("delete from notes", [])

    await database.write(journey)
    assert on_disk(path) == ["one", "two"]


async def test_many_rows_are_kept_all_or_none(path: Path, open_store: Open) -> None:
    database = await open_store()

    async def journey(tx: Tx) -> None:
        await tx.each("insert into notes (id, text) values (1, :text)", [{"text": "one"}, {"text": "two"}])

    with pytest.raises(sqlite3.IntegrityError) as caught:
        await database.write(journey)
    assert caught.value.__notes__ == ["in: insert into notes (id, text) values (1, :text)"]
    assert on_disk(path) == []


# ---- whatever happens, everybody is answered -------------------------------------------------------------------------


async def test_a_failing_journey_does_not_spoil_its_neighbours(path: Path, open_store: Open) -> None:
    database = await open_store(limits=PATIENT)
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    refused, broken = AnswerFirst(), ZeroDivisionError("oh")
    waiting: list[Awaitable[object]] = [
        database.write(note("before")),
        database.write(note_then("refused", refused)),
        database.write(note_then("broken", broken)),
        database.write(execute("insert into nowhere values (1)")),
        database.write(note("after")),
    ]
    gate.let_go()
    _, before, first, second, third, after = await outcomes(held, *waiting)
    assert (before, after) == ("before", "after")
    assert first is refused
    assert second is broken
    assert isinstance(third, sqlite3.OperationalError)
    assert third.__notes__ == ["in: insert into nowhere values (1)"]
    assert on_disk(path) == ["before", "after"]


async def test_a_commit_that_fails_gives_each_waiter_an_error_of_its_own(path: Path, open_store: Open) -> None:
    database = await open_store(limits=PATIENT)
    await database.write(execute("create table links (note integer references notes (id)) strict"))
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    waiting: list[Awaitable[object]] = [
        database.write(note("before")),
        database.write(execute("pragma defer_foreign_keys = on")),
        database.write(execute("insert into links values (77)")),
    ]
    gate.let_go()
    answers = await outcomes(held, *waiting)
    assert [type(answer) for answer in answers] == [NotSaved] * 4
    assert len({id(answer) for answer in answers}) == 4
    assert await database.write(note("later")) == "later"
    assert on_disk(path) == ["later"]


async def test_a_lock_of_another_program_makes_everybody_busy_at_once_and_then_it_goes_on(
    path: Path, open_store: Open, caplog: pytest.LogCaptureFixture
) -> None:
    database = await open_store(limits=Limits(busy_s=0.2))
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("begin immediate")
        answers = await outcomes(*[database.write(note(str(number))) for number in range(100)])
        other.execute("rollback")
    assert [type(answer) for answer in answers] == [Busy] * 100
    assert [record.message.split()[0] for record in caplog.records] == ["100"]  # they waited together
    assert await database.write(note("later")) == "later"
    assert on_disk(path) == ["later"]


@pytest.mark.parametrize("size", [3, 100])
async def test_a_full_disk_answers_everybody_and_the_next_write_works_once_there_is_room(
    path: Path, open_store: Open, size: int
) -> None:
    database = await open_store(limits=PATIENT)
    await database.write(execute("pragma max_page_count = 60"))
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    big = [chr(65 + number % 26) * 3_000 + str(number) for number in range(size * 20)]
    waiting = [database.write(note(text)) for text in big]
    gate.let_go()
    await outcomes(held)
    answers = await outcomes(*waiting)
    assert {type(answer) for answer in answers} <= {str, DiskFull}
    saved = [answer for answer in answers if isinstance(answer, str)]
    assert on_disk(path) == saved
    assert len(saved) < len(big)
    await database.write(execute("pragma max_page_count = 1000000"))
    assert await database.write(note("later")) == "later"
    assert on_disk(path) == [*saved, "later"]


@pytest.mark.parametrize("error", [asyncio.CancelledError(), SystemExit(1), KeyboardInterrupt(), GeneratorExit()])
async def test_a_journey_that_ends_strangely_ends_nobody_else(
    path: Path, open_store: Open, error: BaseException
) -> None:
    database = await open_store()
    with pytest.raises(RuntimeError, match=type(error).__name__):
        await database.write(note_then("strange", error))
    await database.write(note("later"))
    assert on_disk(path) == ["later"]


async def test_a_journey_that_is_no_coroutine_ends_nobody_else(open_store: Open) -> None:
    def journey(tx: Tx) -> NoReturn:
        raise StopIteration

    database = await open_store()
    with pytest.raises(RuntimeError, match="StopIteration"):
        await database.write(journey)
    assert await database.write(note("later")) == "later"


# ---- a journey waits on its transaction only -------------------------------------------------------------------------


async def sleep_a_moment() -> None:
    await asyncio.sleep(0)


async def sleep_long() -> None:
    await asyncio.sleep(3600)


async def go_to_a_thread() -> None:
    await asyncio.to_thread(print)


async def wait_for_an_event() -> None:
    await asyncio.Event().wait()


async def start_a_task() -> None:
    asyncio.get_running_loop().create_task(sleep_long())


@pytest.mark.filterwarnings("ignore:coroutine 'sleep_long' was never awaited")
@pytest.mark.parametrize("wait", [sleep_a_moment, sleep_long, go_to_a_thread, wait_for_an_event, start_a_task])
async def test_a_journey_that_waits_on_anything_else_is_told_so(path: Path, open_store: Open, wait: object) -> None:
    async def journey(tx: Tx) -> None:
        await note("waited")(tx)
        await wait()  # type: ignore[operator]

    database = await open_store()
    with pytest.raises(JourneyWaited, match="A journey may wait on its transaction only"):
        await database.write(journey)
    await database.write(note("later"))
    assert on_disk(path) == ["later"]


async def test_a_journey_that_waits_on_a_future_of_the_loop_is_told_which(open_store: Open) -> None:
    future = asyncio.get_running_loop().create_future()

    async def journey(tx: Tx) -> None:
        await future

    database = await open_store()
    with pytest.raises(JourneyWaited, match="This one waited on <Future pending"):
        await database.write(journey)


# ---- cancelling ------------------------------------------------------------------------------------------------------


async def test_what_is_cancelled_while_it_queues_is_not_run(path: Path, open_store: Open) -> None:
    database = await open_store()
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    kept, dropped = (
        asyncio.ensure_future(database.write(note("kept"))),
        asyncio.ensure_future(database.write(note("no"))),
    )
    dropped.cancel()
    gate.let_go()
    await asyncio.gather(held, kept)
    assert on_disk(path) == ["kept"]


async def test_cancelling_a_caller_does_not_stop_a_journey_that_runs(path: Path, open_store: Open) -> None:
    database = await open_store()
    gate = Gate()

    async def journey(tx: Tx) -> None:
        await note("half")(tx)
        await gate.journey(tx)
        await note("whole")(tx)

    caller = database.write(journey)
    await gate.reached()
    caller.cancel()
    gate.let_go()
    await database.write(note("later"))
    assert on_disk(path) == ["half", "whole", "later"]


# ---- two lanes -------------------------------------------------------------------------------------------------------


async def test_people_go_before_background_work(path: Path, open_store: Open) -> None:
    database = await open_store(limits=Limits(batch=1))
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    work = [database.write(note(f"work {number}"), background=True) for number in range(3)]
    people = [database.write(note(f"person {number}")) for number in range(3)]
    gate.let_go()
    await asyncio.gather(held, *work, *people)
    assert on_disk(path) == ["person 0", "person 1", "person 2", "work 0", "work 1", "work 2"]


async def test_a_person_waits_for_one_piece_of_background_work_at_most(path: Path, open_store: Open) -> None:
    database = await open_store(limits=PATIENT)
    gate = Gate()
    running = database.write(gate.journey, background=True)
    await gate.reached()
    work = [database.write(note(f"work {number}"), background=True) for number in range(3)]
    person = database.write(note("person"))
    gate.let_go()
    await person
    await asyncio.gather(running, *work)
    assert on_disk(path) == ["person", "work 0", "work 1", "work 2"]


async def test_background_work_never_shares_a_commit_with_other_background_work(path: Path) -> None:
    trace: list[str] = []
    writer = await open_traced(path, PATIENT, trace)
    await asyncio.gather(*(writer.act(note(str(number)), background=True) for number in range(4)))
    await writer.close()
    assert trace.count("commit") == 4


async def test_a_full_lane_says_busy_and_leaves_the_other_lane_alone(path: Path, open_store: Open) -> None:
    database = await open_store(limits=Limits(waiting=2))
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    work = [database.write(note(f"work {number}"), background=True) for number in range(2)]
    with pytest.raises(Busy):
        database.write(note("too much"), background=True)
    people = [database.write(note(f"person {number}")) for number in range(2)]
    with pytest.raises(Busy):
        database.write(note("too many"))
    gate.let_go()
    await asyncio.gather(held, *work, *people)
    assert await database.write(note("later")) == "later"
    assert sorted(on_disk(path)) == ["later", "person 0", "person 1", "work 0", "work 1"]


# ---- the end ---------------------------------------------------------------------------------------------------------


async def test_closing_serves_what_waits_and_then_refuses(path: Path, open_store: Open) -> None:
    database = await open_store()
    gate = Gate()
    held = database.write(gate.journey)
    await gate.reached()
    waiting = [database.write(note(str(number)), background=number % 2 == 1) for number in range(6)]
    gate.let_go()
    await database.close()
    assert held.done()
    assert all(future.done() for future in waiting)
    assert sorted(on_disk(path)) == list("012345")
    with pytest.raises(Stopping):
        database.write(note("late"))
    await database.close()


async def test_a_closed_database_leaves_one_file(path: Path, open_store: Open) -> None:
    database = await open_store(readers=2)
    await database.write(note("kept"))
    assert await database.read(texts) == ["kept"]
    await database.close()
    assert [file.name for file in path.parent.iterdir() if file.is_file()] == ["flashmob.db"]


def test_a_loop_that_is_closed_while_journeys_wait_ends_the_writer(path: Path) -> None:
    gate = Gate()
    trace: list[str] = []
    before = set(threading.enumerate())
    loop = asyncio.new_event_loop()

    async def begin() -> None:
        writer = await open_traced(path, PATIENT, trace)
        writer.act(gate.journey)
        await gate.reached()
        writer.act(note("in the batch"))

    loop.run_until_complete(begin())
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    gate.let_go()
    for thread in set(threading.enumerate()) - before:
        thread.join(10)
        assert not thread.is_alive()
    assert on_disk(path) == ["in the batch"]


async def test_a_connection_that_cannot_be_opened_is_an_error_of_the_opening(tmp_path: Path) -> None:
    with pytest.raises(sqlite3.OperationalError):
        await open_writer(tmp_path / "no.db", partial(connect_writer, tmp_path / "no.db", 1), Limits())


# ---- the log ---------------------------------------------------------------------------------------------------------


def log_bytes(path: Path) -> int:
    return path.with_name(f"{path.name}-wal").stat().st_size


async def write_much(database: Database) -> None:
    """Forty-eight commits, 1.5 MB in the log unless it is cut, and one that comes after the last look at it."""
    for number in range(48):
        await database.write(note(str(await database.write(count)) + "x" * 40_000 + str(number)))
    await database.write(count)


async def count(tx: Tx) -> int:
    row = await tx.one("select count(*) from notes")
    return int(row[0]) if row else 0


async def test_a_large_log_is_cut(path: Path, open_store: Open) -> None:
    database = await open_store(limits=Limits(log_bytes=100_000, log_rest_s=0))
    await write_much(database)
    assert log_bytes(path) <= 100_000


async def test_a_log_that_a_reader_holds_is_cut_once_the_reader_has_gone(path: Path, open_store: Open) -> None:
    database = await open_store(limits=Limits(log_bytes=100_000, log_rest_s=0, log_wait_ms=1))
    reading, done = asyncio.Event(), asyncio.Event()

    async def report(tx: Tx) -> tuple[int, int]:
        before = await count(tx)
        reading.set()
        await done.wait()
        return before, await count(tx)

    task = asyncio.create_task(database.read(report))
    await reading.wait()
    await write_much(database)
    assert log_bytes(path) > 1_000_000
    done.set()
    assert await task == (0, 0)
    await database.read(count)  # the only reader is free again
    await write_much(database)
    assert log_bytes(path) <= 100_000
