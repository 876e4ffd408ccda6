"""What was acknowledged is kept: when the program is killed, and when the disk is full."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from bot import buttons
from bot.actions import RateCard
from bot.errors import DiskFull
from bot.journeys.rebuild import rebuild
from bot.store.database import open_database
from bot.store.tx import Tx
from bot.testing.world import MONDAY, World, open_world

ROUNDS = 4
ROOT = Path(__file__).parents[2]
KEPT = """select count(*) from accounts a
          join reviews r on r.learner_id = a.learner_id
          join session_cards s on s.session_id = r.source_id and s.card_id = r.card_id and s.turn = r.turn
          join review_changes c on c.review_id = r.id and c.rating = r.rating
          where a.foreign_id = ? and r.source_id = ? and s.position = ? and r.turn = ? and r.rating = ?"""


def acknowledged(folder: Path, day: int, enough: int) -> list[tuple[str, RateCard]]:
    """Let the group rate from this day on, kill it after so many ratings, and say which were acknowledged."""
    command = [sys.executable, "-m", "tests.bot.killed", str(folder), str(day)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(enough)]
        child.kill()
        lines += child.stdout.readlines()
    found = []
    for who, button in (line.split() for line in lines if line.endswith("\n")):
        action = buttons.read(button)
        assert isinstance(action, RateCard)
        found.append((who, action))
    return found


async def test_no_acknowledged_rating_is_lost_or_doubled_when_the_program_is_killed(tmp_path: Path) -> None:
    seen: list[tuple[str, RateCard]] = []
    for part in range(ROUNDS):
        seen += acknowledged(tmp_path, day=MONDAY + 10 * part, enough=37 + 41 * part)
    path = tmp_path / "flashmob.db"
    with closing(sqlite3.connect(path)) as con:
        assert con.execute("pragma integrity_check").fetchone() == ("ok",)
        assert con.execute("pragma foreign_key_check").fetchone() is None
        for who, rated in seen:
            key = (who, rated.source.id, rated.position, rated.turn, int(rated.rating))
            assert con.execute(KEPT, key).fetchone() == (1,), key
    assert len(seen) == len(set(seen)) > 300
    database = await open_database(path, now=0)
    done = await rebuild(database)
    await database.close()
    assert (done.learners >= 24, done.repaired) == (True, 0)


async def set_room(world: World, pages: int) -> None:
    """Let the file hold so many pages more than it does."""

    async def journey(tx: Tx) -> None:
        row = await tx.one("pragma page_count")
        assert row is not None
        await tx.run(f"pragma max_page_count = {row[0] + pages}")

    await world.app.database.write(journey)


async def fill(world: World) -> None:
    """Leave no room for one more key in the table that every press writes to first."""
    await set_room(world, pages=0)

    async def journey(tx: Tx) -> None:
        await tx.run("insert into handled (key, handled_at) values (hex(randomblob(3)), 0)")

    refused = 0
    while refused < 20:  # a page of the key's index may be full before the table is
        try:
            await world.app.database.write(journey)
        except DiskFull:
            refused += 1


async def test_a_full_disk_is_told_and_the_same_press_works_once_there_is_room(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        await world.press("sam", "Study")
        card = (await world.channel.press("sam", world.with_button("sam", "Show answer").id, "Show answer"))[-1]
        await fill(world)
        before = await world.rows("select * from reviews")
        said = await world.press("sam", "4 Well", on=card)
        assert "There is no room left to save that, so nothing has changed." in said
        assert await world.rows("select * from reviews") == before
        assert "Rivers of Europe" in await world.says("sam", "/decks")  # reading goes on
        await set_room(world, pages=1_000)
        assert "Saved: 4 Well" in await world.press("sam", "4 Well", on=card)
        assert (await rebuild(world.app.database)).repaired == 0
