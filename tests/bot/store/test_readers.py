import asyncio
import logging
import sqlite3
import threading
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest

from bot.errors import Busy, Stopping
from bot.store.limits import Limits
from bot.store.readers import open_readers
from bot.store.tx import Journey, Tx

from .helpers import ENDLESS, Open, note, outcomes, texts

BRIEF = Limits(report_slow_s=0.01, report_stop_s=0.1)


async def endless(tx: Tx) -> None:
    await tx.one(ENDLESS)


async def cancel(task: "asyncio.Task[None]") -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_report_sees_one_snapshot_while_others_write(open_store: Open) -> None:
    database = await open_store(readers=1)
    await database.write(note("before"))

    async def report(tx: Tx) -> tuple[list[str], list[str]]:
        first = await texts(tx)
        await database.write(note("meanwhile"))
        return first, await texts(tx)

    assert await database.read(report) == (["before"], ["before"])
    assert await database.read(texts) == ["before", "meanwhile"]


async def test_a_report_sees_nothing_of_a_journey_that_is_not_committed(open_store: Open) -> None:
    database = await open_store()

    async def look(tx: Tx) -> list[str]:
        return await texts(tx)

    writing = database.write(note("kept"))
    assert await database.read(look) in ([], ["kept"])
    await writing
    assert await database.read(look) == ["kept"]


async def change_by_run(tx: Tx) -> None:
    await tx.run("delete from notes")


async def change_by_each(tx: Tx) -> None:
    await tx.each("delete from notes where text = :text", [{"text": "kept"}])


async def change_by_returning(tx: Tx) -> None:
    await tx.one("delete from notes returning id")


@pytest.mark.parametrize("journey", [change_by_run, change_by_each, change_by_returning])
async def test_a_journey_that_reads_cannot_change_anything(open_store: Open, journey: Journey[None]) -> None:
    database = await open_store()
    await database.write(note("kept"))
    with pytest.raises((TypeError, sqlite3.OperationalError)):
        await database.read(journey)
    assert await database.read(texts) == ["kept"]


async def test_what_a_journey_raises_reaches_its_caller_with_its_sql(open_store: Open) -> None:
    async def journey(tx: Tx) -> None:
        await tx.all("select * from nowhere")

    database = await open_store()
    with pytest.raises(sqlite3.OperationalError) as caught:
        await database.read(journey)
    assert caught.value.__notes__ == ["in: select * from nowhere"]
    assert await database.read(texts) == []


async def test_a_report_that_does_not_end_is_stopped_and_its_reader_is_free_again(open_store: Open) -> None:
    database = await open_store(readers=1, limits=BRIEF)
    with pytest.raises(Busy, match="took too long to look up"):
        await database.read(endless)
    assert await database.read(texts) == []


async def test_a_slow_report_is_noted_in_the_log(open_store: Open, caplog: pytest.LogCaptureFixture) -> None:
    database = await open_store(limits=BRIEF)
    with caplog.at_level(logging.WARNING, "bot.store.readers"), pytest.raises(Busy):
        await database.read(endless)
    assert [record.message.split(":")[0] for record in caplog.records] == ["a report has taken more than 0.01 s"]


async def test_a_report_that_has_ended_is_not_called_slow(open_store: Open, caplog: pytest.LogCaptureFixture) -> None:
    database = await open_store(limits=Limits(report_slow_s=0.2))
    await database.read(texts)
    await asyncio.sleep(0.25)
    assert caplog.records == []


async def test_a_report_never_delays_a_rating(open_store: Open) -> None:
    database = await open_store(readers=1)
    report = asyncio.create_task(database.read(endless))
    for number in range(10):
        await database.write(note(str(number)))
    assert not report.done()
    await cancel(report)


@pytest.mark.parametrize("turns", range(6))
async def test_a_report_that_is_cancelled_at_any_moment_frees_its_reader(open_store: Open, turns: int) -> None:
    database = await open_store(readers=1)
    report = asyncio.create_task(database.read(endless))
    for _ in range(turns):
        await asyncio.sleep(0)
    await cancel(report)
    assert await database.read(texts) == []


async def test_a_report_that_asks_twice_at_once_is_stopped_twice(open_store: Open) -> None:
    async def journey(tx: Tx) -> None:
        await asyncio.gather(tx.one(ENDLESS), tx.one(ENDLESS))

    database = await open_store(readers=1, limits=BRIEF)
    with pytest.raises(Busy):
        await database.read(journey)
    assert await database.read(texts) == []


async def test_a_report_that_waits_too_long_for_a_free_reader_is_told_so(open_store: Open) -> None:
    database = await open_store(readers=1, limits=BRIEF)
    answers = await outcomes(*[database.read(endless) for _ in range(4)])
    assert [type(answer) for answer in answers] == [Busy] * 4
    assert await database.read(texts) == []


async def test_a_timeout_of_the_journeys_own_is_not_mistaken_for_a_slow_report(open_store: Open) -> None:
    async def journey(tx: Tx) -> None:
        raise TimeoutError("mine")

    database = await open_store()
    with pytest.raises(TimeoutError, match="mine"):
        await database.read(journey)


async def test_closing_waits_for_the_reports_that_run_and_then_refuses(open_store: Open) -> None:
    database = await open_store(readers=2)
    going, done = asyncio.Event(), asyncio.Event()

    async def report(tx: Tx) -> list[str]:
        going.set()
        await done.wait()
        return await texts(tx)

    reports = [asyncio.create_task(database.read(report)) for _ in range(3)]
    await going.wait()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0)
    with pytest.raises(Stopping):
        await database.read(texts)
    done.set()
    assert await asyncio.gather(*reports) == [[], [], []]
    await closing


async def test_readers_of_a_file_that_is_missing_are_an_error_and_leave_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())
    with pytest.raises(sqlite3.OperationalError):
        await open_readers(tmp_path / "no.db", 2, Limits())
    for thread in set(threading.enumerate()) - before:
        await asyncio.to_thread(thread.join, 10)
        assert not thread.is_alive()


async def test_reports_run_beside_each_other(open_store: Open) -> None:
    database = await open_store(readers=2)
    meeting = asyncio.Barrier(2)

    async def report(number: int, tx: Tx) -> int:
        await texts(tx)
        await meeting.wait()
        return number

    assert await asyncio.gather(*(database.read(partial(report, number)) for number in range(2))) == [0, 1]
