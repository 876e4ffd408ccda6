"""The demo in a terminal."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.data import data_file
from bot.demo.live import DemoSettings
from bot.demo.once import play_once

ROOT = Path(__file__).parents[3]
SEED = Path(os.environ.get("FLASHMOB_SEED", ROOT.parent / "shared" / "seed")) / "brainscape-aws-ml.txt"


async def told(*decks: Path) -> str:
    lines: list[str] = []
    await play_once(DemoSettings(decks), lines.append)
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What `flashmob demo --once` prints, in a folder that it leaves empty."""
    folder = tmp_path_factory.mktemp("nothing")
    command = [sys.executable, "-m", "bot", "demo", "--once"]
    done = subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", timeout=25, check=True)
    assert done.stderr == ""
    assert list(folder.iterdir()) == []
    return done.stdout


def test_three_days_are_printed(printed: str) -> None:
    assert re.findall(r"^==== (.*?) =+$", printed, re.MULTILINE) == [
        "Monday, 2 November",
        "Tuesday, 3 November",
        "Wednesday, 4 November",
    ]
    assert printed.count("Today's 5 cards: Machine learning on AWS") == 3
    for said in ("Maya presses Show answer.", "Saved: ", "Done for today: ", "Together: ", "in a row.", "mastery"):
        assert said in printed
    assert max(map(len, printed.splitlines())) <= 80


async def test_played_again_it_is_the_same_text(printed: str) -> None:
    assert await told() == printed


def test_no_answer_is_told_to_everyone(printed: str) -> None:
    messages = [part.split("\n-- ")[0] for part in re.split(r"^(?=\d\d:\d\d Flashmob)", printed, flags=re.MULTILINE)]
    public = [message for message in messages[1:] if "Only Maya" not in message.split("\n")[0]]
    assert len(public) == 3
    assert not any("Answer:" in message for message in public)


@pytest.mark.usefixtures("short_past")
async def test_a_deck_of_ours_is_played_when_it_is_named() -> None:
    text = await told(data_file("decks/welcome.deck.md"))
    assert text.count("Today's 5 cards: Welcome to Flashmob") == 3


@pytest.mark.usefixtures("short_past")
@pytest.mark.skipif(not SEED.exists(), reason="the sample page is not on this machine (FLASHMOB_SEED)")
async def test_a_page_of_somebody_elses_deck_is_played_too() -> None:
    text = await told(SEED)
    assert text.count("Today's 5 cards: ") == 3
    assert text.count("Saved: ") >= 10
