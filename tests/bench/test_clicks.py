"""Clicks are measured on the real process and on its control, and compared run by run."""

from typing import Any

import pytest

from bench import clicks_discord, clicks_slack
from bench.clicks import Clicks, compared


def test_clicks_are_compared_within_each_run() -> None:
    ours = [Clicks([0.2, 0.4, 0.6], 3), Clicks([0.9, 0.9, 0.9], 3)]
    bare = [Clicks([0.1, 0.2, 0.3], 3), Clicks([0.3, 0.3, 0.3], 3)]
    assert compared(ours, bare)["p50"] == pytest.approx(2.5)
    assert compared(ours, bare)["milliseconds"] == pytest.approx(650)


def test_a_control_that_does_more_is_no_control() -> None:
    with pytest.raises(AssertionError, match="ours made 1 calls, the bare program 2"):
        compared([Clicks([0.1], 1)], [Clicks([0.1], 2)])


async def test_on_slack_both_programs_answer_the_same_clicks_with_the_same_calls() -> None:
    drawn: list[dict[str, Any]] = []
    ours = await clicks_slack.ours("socket", 2, 2, drawn)
    bare = await clicks_slack.bare("socket", 2, 2, drawn)
    assert (len(ours.took), ours.calls) == (len(bare.took), bare.calls) == (10, 10)


async def test_on_discord_both_programs_answer_the_same_clicks_with_the_same_calls() -> None:
    drawn: clicks_discord.Screens = []
    ours = await clicks_discord.ours(2, 2, drawn)
    bare = await clicks_discord.bare(2, 2, drawn)
    assert (len(ours.took), len(bare.took), bare.calls) == (10, 10, 10)
    assert ours.calls >= 10  # an answer that a busy machine keeps waiting is deferred, which is a call more
