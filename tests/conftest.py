"""For the whole suite: the count that ends a run, and Hypothesis without deadlines."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

pytest.register_assert_rewrite(
    "bot.testing.adapter_contract",
    "bot.testing.form_contract",
    "bot.testing.life_contract",
    "bot.testing.picture_contract",
)

settings.register_profile("flashmob", deadline=None)  # a slow machine is no mistake in the code
settings.load_profile("flashmob")

COUNTED = {"passed": ("passed", "xpassed"), "failed": ("failed", "error"), "skipped": ("skipped", "xfailed")}


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_unconfigure(config: pytest.Config) -> Iterator[None]:
    """The last line of a run, whoever else has something to say: an error counts as failed."""
    yield
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None or not _ran(reporter.stats):  # a worker of xdist, or a run that only lists
        return
    counts = {word: sum(len(reporter.stats.get(kind, ())) for kind in kinds) for word, kinds in COUNTED.items()}
    reporter.ensure_newline()
    reporter.write_line(", ".join(f"{count} {word}" for word, count in counts.items()))


def _ran(stats: dict[str, object]) -> bool:
    return any(kind in stats for kinds in COUNTED.values() for kind in kinds)
