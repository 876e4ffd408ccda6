import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from .helpers import write_migrations

ROUNDS = 5
ROOT = Path(__file__).parents[3]
NUMBERS = """
create table numbers (number integer not null) strict;
create table totals (numbers integer not null) strict;
insert into totals values (0);
"""


def acknowledged(path: Path, folder: Path, first: int, enough: int) -> list[int]:
    """Start the program, kill it once so many numbers were acknowledged, and say which were."""
    command = [sys.executable, "-m", "tests.bot.store.killed", str(path), str(folder), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(enough)]
        child.kill()
        lines += child.stdout.readlines()
    return [int(line) for line in lines if line.endswith("\n")]


def test_nothing_that_was_acknowledged_is_lost_when_the_program_is_killed(tmp_path: Path) -> None:
    path, folder = tmp_path / "flashmob.db", write_migrations(tmp_path / "migrations", NUMBERS)
    seen: list[int] = []
    for part in range(ROUNDS):
        seen += acknowledged(path, folder, first=part * 1_000_000, enough=100 + 77 * part)
    with closing(sqlite3.connect(path)) as con:
        kept = [number for (number,) in con.execute("select number from numbers")]
        assert con.execute("pragma integrity_check").fetchone() == ("ok",)
        assert con.execute("select numbers from totals").fetchone() == (len(kept),)
    assert len(seen) == len(set(seen)) > ROUNDS * 100
    assert len(kept) == len(set(kept))
    assert set(seen) <= set(kept)
