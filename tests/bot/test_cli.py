"""The command line: what each command prints, and errors as one sentence with a hint."""

import asyncio
import os
import pty
import re
import sqlite3
import stat
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import pytest

from bot.cli import main
from bot.testing.world import DECK, MONDAY, World, open_world

from .child import DECK as OTHER_DECK

AS_NOBODY = """
import concurrent.futures.thread, os, sys  # whatever is imported later may be closed to nobody
from bot.cli import main
if os.geteuid() == 0:
    os.seteuid(65534)
sys.exit(main(sys.argv[1:]))
"""

Out = pytest.CaptureFixture[str]
ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A database in which Sam rated three cards and Lin one."""
    folder = tmp_path / "kept"
    folder.mkdir()
    asyncio.run(play(folder))
    return folder


async def play(folder: Path) -> None:
    async with open_world(folder) as world:
        await world.morning(MONDAY)
        await rate(world, "sam", 3)
        await rate(world, "lin", 1)


async def rate(world: World, who: str, cards: int) -> None:
    await world.press(who, "Study")
    for _ in range(cards):
        await world.press(who, "Show answer")
        await world.press(who, "4 Well")


def failed(out: Out, *words: str | Path) -> str:
    """The one sentence that a command ends with."""
    assert main([str(word) for word in words]) == 1
    said = out.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert "Traceback" not in said.err
    assert said.err.startswith("flashmob: ")
    return said.err.removeprefix("flashmob: ").strip()


def printed(out: Out, *words: str | Path) -> str:
    assert main([str(word) for word in words]) == 0
    return out.readouterr().out


def child(*words: str | Path, folder: Path) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(list(map(str, words)), cwd=folder, capture_output=True, text=True, timeout=20)


# ---- the command itself ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", [[sys.executable, "-m", "bot"], [Path(sys.executable).with_name("flashmob")]])
def test_it_says_its_version_however_it_is_called(tmp_path: Path, command: list[str]) -> None:
    done = child(*command, "--version", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert re.fullmatch(r"flashmob \d+\.\d+\.\d+\n", done.stdout)


@pytest.mark.parametrize("words", [["rnu"], [], ["deck"], ["run", "--port", "1"], ["demo", "--port", "high"]])
def test_words_that_are_no_command_are_refused_with_the_usage(out: Out, words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    said = out.readouterr()
    assert said.err.startswith("usage: flashmob")
    assert re.search(r"\nflashmob[a-z ]*: error: .+\n\Z", said.err)


@pytest.mark.parametrize("command", ["run", "demo", "deck", "leaderboard", "rebuild"])
def test_every_command_explains_itself(out: Out, command: str) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert out.readouterr().out.startswith(f"usage: flashmob {command}")


@pytest.fixture
def out(capsys: Out) -> Out:
    return capsys


def test_a_mistake_is_one_sentence_with_a_hint(tmp_path: Path) -> None:
    done = child(sys.executable, "-m", "bot", "run", folder=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "flashmob: config.toml: there is no such file. Copy config.example.toml to it and change what you need.\n"
    )


def test_verbose_shows_where_it_came_from(tmp_path: Path) -> None:
    done = child(sys.executable, "-m", "bot", "--verbose", "run", folder=tmp_path)
    assert done.returncode == 1
    assert "Traceback" in done.stderr
    assert done.stderr.splitlines()[-1].startswith("flashmob: config.toml: there is no such file.")


def test_a_configuration_that_enables_nothing_says_so(tmp_path: Path, out: Out) -> None:
    (tmp_path / "config.toml").write_text("[local]\nenabled = false\n")
    assert failed(out, "run", "--config", tmp_path / "config.toml").endswith(
        "enables no platform. Set `enabled = true` in [local]."
    )


def test_a_deck_of_the_demo_that_is_not_there_is_named(tmp_path: Path, out: Out) -> None:
    said = failed(out, "demo", "--once", "--deck", tmp_path / "nothing.md")
    assert said == f"{tmp_path / 'nothing.md'}: there is no such file. Is the path spelled right?"


# ---- on a database ---------------------------------------------------------------------------------------------------


def test_a_deck_is_imported_and_then_brought_up_to_date(folder: Path, out: Out) -> None:
    file = folder / "lakes.deck.md"
    file.write_text(OTHER_DECK)
    command = ("deck", "import", file, "--yes", "--data", folder)
    assert printed(out, *command) == "lakes is in: 2 cards added.\n\n"
    file.write_text(OTHER_DECK.replace("The Danube", "Danube").partition("Q: And")[0])
    assert printed(out, *command) == "lakes is in: 1 card changed, 1 retired.\n\n"
    assert printed(out, *command) == "lakes is in: 1 card kept.\n\n"


def test_in_a_pipe_an_import_is_shown_and_not_made(folder: Path, out: Out) -> None:
    (folder / "lakes.deck.md").write_text("Q: Which lake?\n\n" + OTHER_DECK)
    command = ("deck", "import", folder / "lakes.deck.md", "--data", folder)
    assert main([str(word) for word in command]) == 1
    shown = out.readouterr()
    assert "• 2 cards are new" in shown.out
    assert "Nobody can be asked here, so nothing was imported. Pass --yes" in shown.err
    said = printed(out, *command, "--yes")
    assert said == "lakes is in: 2 cards added.\n1 thing in the file needs a look.\n\n"


@pytest.mark.parametrize(("answer", "said"), [("y\n", "lakes is in: 2 cards added."), ("\n", "Nothing was imported.")])
def test_in_a_terminal_the_preview_is_shown_and_then_asked_about(folder: Path, answer: str, said: str) -> None:
    (folder / "lakes.deck.md").write_text(OTHER_DECK)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "bot", "deck", "import", str(folder / "lakes.deck.md"), "--data", str(folder)]
    with subprocess.Popen(command, stdin=theirs, stdout=subprocess.PIPE, text=True, cwd=ROOT) as child:
        os.write(ours, answer.encode())
        shown, _ = child.communicate()
    os.close(theirs)
    os.close(ours)
    assert "Import lakes?" in shown
    assert "2 cards are new" in shown
    assert "Answer: The Danube" in shown
    assert said in shown


def test_a_deck_without_cards_is_not_imported(folder: Path, out: Out) -> None:
    (folder / "empty.deck.md").write_text("Nothing here.\n")
    assert "empty.deck.md" in failed(out, "deck", "import", folder / "empty.deck.md", "--data", folder)


def test_the_leaderboard_is_printed(folder: Path, out: Out) -> None:
    said = printed(out, "leaderboard", "--window", "all", "--data", folder)
    assert said.splitlines() == [
        "Rivers. All time",
        "  1. Sam, 3 points",
        "  2. Lin, 1 point",
        "Together: 2 people, 4 cards.",
    ]


def test_a_leaderboard_without_points_says_so(folder: Path, out: Out) -> None:
    assert "Nobody has points for this time yet." in printed(out, "leaderboard", "--data", folder)  # this week: ours


def test_rebuilding_finds_no_difference_and_then_repairs_one(folder: Path, out: Out) -> None:
    said = "Derived again for 2 learners: 4 memory states, 2 days, 6 standings.\n"
    assert printed(out, "rebuild", "--data", folder) == f"{said}No difference.\n"
    with closing(sqlite3.connect(folder / "flashmob.db", isolation_level=None)) as con:
        con.execute("update memory_states set stability = 99, due_day = due_day + 90")
        con.execute("delete from days")
        con.execute("update standings set points = 7 where period = 'all'")
    assert printed(out, "rebuild", "--data", folder) == f"{said}8 differences found and repaired.\n"
    assert printed(out, "rebuild", "--data", folder) == f"{said}No difference.\n"


def test_the_configuration_names_the_database_too(folder: Path, out: Out) -> None:
    (folder / "config.toml").write_text('[flashmob]\ndata = "."\n')
    said = printed(out, "leaderboard", "--window", "all", "--config", folder / "config.toml")
    assert "1. Sam, 3 points" in said


def test_a_group_that_is_not_there_is_refused_with_those_that_are(folder: Path, out: Out) -> None:
    said = failed(out, "leaderboard", "--cohort", "Lakes", "--data", folder)
    assert said == 'Which group? There are "Rivers". Name one with --cohort.'


async def test_commands_work_beside_the_running_bot(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await world.morning(MONDAY)
        await rate(world, "sam", 1)
        assert await asyncio.to_thread(main, ["rebuild", "--data", str(tmp_path)]) == 0
        assert "Saved: 4 Well" in await press_on(world)


async def press_on(world: World) -> str:
    await world.press("sam", "Show answer")
    return await world.press("sam", "4 Well")


# ---- a database that cannot be used ----------------------------------------------------------------------------------


def test_no_database_is_made_by_these_commands(tmp_path: Path, out: Out) -> None:
    said = failed(out, "rebuild", "--data", tmp_path)
    assert said.endswith("flashmob.db: there is no database yet. Start with `flashmob run`, which makes it.")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """A database of the newest schema, with nothing in it."""
    (tmp_path / "empty.deck.md").write_text(DECK)
    path = tmp_path / "flashmob.db"
    asyncio.run(make(path))
    return path


async def make(path: Path) -> None:
    from bot.store.database import open_database

    await (await open_database(path, now=0)).close()


def test_a_database_newer_than_the_program_is_refused(kept: Path, out: Out) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as con:
        con.execute("insert into schema_version values (9999, 'x', 0)")
    said = failed(out, "leaderboard", "--data", kept.parent)
    assert f"{kept} has schema 9999, and this Flashmob knows schemas up to " in said
    assert "Update Flashmob" in said


def test_a_database_that_another_program_holds_is_refused(kept: Path, out: Out) -> None:
    with closing(sqlite3.connect(kept, isolation_level=None)) as other:
        other.execute("begin exclusive")
        said = failed(out, "leaderboard", "--data", kept.parent)
    assert said == (
        f"{kept} is held by another program, so Flashmob cannot open it. Stop that program and start again."
    )


def test_what_is_no_database_is_refused_and_left_alone(kept: Path, out: Out) -> None:
    kept.write_bytes(b"These are notes, and no database at all. " * 40)
    before = kept.read_bytes()
    assert failed(out, "rebuild", "--data", kept.parent) == (
        f"{kept} is not a database. Give another path, or restore a copy."
    )
    assert kept.read_bytes() == before


def test_a_database_of_another_program_is_refused(kept: Path, out: Out) -> None:
    kept.unlink()
    with closing(sqlite3.connect(kept)) as con:
        con.execute("create table bookmarks (url text)")
    assert "belongs to another program: it has a table bookmarks." in failed(out, "rebuild", "--data", kept.parent)


def test_a_database_that_may_only_be_read_is_refused(kept: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:  # the folder of the other tests is closed to others than its owner
        path = Path(folder) / "flashmob.db"
        path.write_bytes(kept.read_bytes())
        path.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
        Path(folder).chmod(0o555)
        done = child(sys.executable, "-c", AS_NOBODY, "leaderboard", "--data", folder, folder=Path(folder))
        Path(folder).chmod(0o755)
    assert (done.returncode, done.stderr) == (
        1, f"flashmob: {path} cannot be written to. Let Flashmob write to the file and its folder.\n"
    )  # fmt: skip
