"""A shorter past for the tests that do not look at it."""

import pytest

from bot.demo import live, once, stage


@pytest.fixture
def short_past(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two days of the made-up group before today, instead of two weeks."""
    for module in (live, once, stage):
        monkeypatch.setattr(module, "PAST_DAYS", 2)
