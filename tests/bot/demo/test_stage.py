"""The weeks that the made-up group has behind it."""

from datetime import date
from pathlib import Path

from bot.app import system_clock
from bot.clock import day_of, instant
from bot.demo.cast import CAST
from bot.demo.live import DemoSettings, open_stage
from bot.demo.stage import EVENING, PAST_DAYS, DemoClock
from bot.journeys.rebuild import rebuild
from bot.store.tx import Tx

TODAY = day_of(date(2026, 11, 2))


async def figures(tx: Tx) -> tuple[int, int, int, int]:
    row = await tx.one(
        """select (select count(*) from posts), (select count(*) from posts where state = 'open'),
                  (select count(*) from deliveries where state <> 'sent' and kind <> 'count'),
                  (select count(rating) from reviews)"""
    )
    assert row is not None
    posts, open_ones, unsent, ratings = row
    return posts, open_ones, unsent, ratings


async def test_two_weeks_are_played_by_the_rules_and_yesterday_and_today_are_left_to_see(tmp_path: Path) -> None:
    settings = DemoSettings(port=0)
    clock = DemoClock(instant(TODAY - PAST_DAYS - 1, EVENING, settings.zone), system_clock)
    async with open_stage(settings, tmp_path, clock) as stage:
        await stage.play_past_weeks(TODAY)
        posts, open_ones, unsent, ratings = await stage.app.database.read(figures)
        assert (posts, open_ones, unsent) == (PAST_DAYS + 1, 1, 0)
        assert ratings > 300
        public = [seen for seen in stage.channel.seen_by("maya") if not seen.reader]
        assert len(public) == 2
        assert "Closed; " in stage.channel.tell(public[:1])
        assert "3 people have studied." in stage.channel.tell(public[1:])
        done = await rebuild(stage.app.database)
        assert (done.learners, done.repaired) == (len(CAST), 0)


def test_the_clock_of_the_demo_never_goes_back() -> None:
    real = [1_000]
    clock = DemoClock(5_000, lambda: real[0])
    real[0] += 500
    assert clock() == 5_000  # it stands until it is started
    clock.start()
    real[0] += 500
    assert clock() == 5_500
    clock.move_to(4_000)
    assert clock() == 5_500
    clock.move_on(1_000)
    real[0] += 1
    assert clock() == 6_501
