"""The scenes of bench/mornings.py on a few cohorts: what they count is right, whatever they measure."""

from bench import mornings


async def test_everything_due_at_nine_is_planned_and_sent_in_its_turn() -> None:
    figures = await mornings.all_at_nine(cohorts=30, members=2)
    assert figures["unfair"] <= 30
    assert min(figures["seconds"], figures["wait"]) > 0


async def test_an_idle_tick_sends_nothing() -> None:
    figures = await mornings.idle_tick(few=3, many=9, ticks=2, runs=1)
    assert min(figures.values()) > 0


async def test_nobody_sends_faster_than_a_platform_allows() -> None:
    figures = await mornings.at_a_rate(cohorts=20, per_second=200, latency_ms=1)
    assert figures["of_ideal"] >= 0.9
