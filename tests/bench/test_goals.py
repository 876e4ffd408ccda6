"""The bench itself: what goals.toml names is there, nothing is unnamed, and rows run, fail and are kept as told."""

import importlib
import inspect
import pkgutil
from pathlib import Path

import msgspec
import pytest

import bench
from bench import goals, run
from bench.goals import Row
from bench.measure import SKIPPED, Figures

SCENES = goals.read()

TINY = """
[[scene]]
measure = "queues.due"
sizes = { few = 30, many = 60, calls = 2, runs = 1 }

[[scene.row]]
name = "growth"
figure = "growth"
unit = "times the control"
control = "A shorter queue."
at_most = 1_000.0
"""

TINY_LIST = """
[[scene]]
measure = "lists.todays_list"
sizes = { members = 3, cards = 20, runs = 1 }
row = [
  { name = "seconds", figure = "seconds", unit = "s", control = "Nothing." },
  { name = "wait", figure = "wait", unit = "ms", control = "Nothing." },
]
"""

TINY_RATINGS = """
[[scene]]
measure = "ratings.many_clients"
sizes = { learners = 3, cards = 2, clients = 2, a_commit = 4, one_by_one = 2, runs = 1 }
row = [{ name = "rating", figure = "of_bare", unit = "times the control", control = "The bare loop." }]
"""


def scenes_in_the_folder() -> set[str]:
    """Every function of the bench that returns figures, as `file.function`."""
    found = set()
    for module in pkgutil.iter_modules(bench.__path__):
        loaded = importlib.import_module(f"bench.{module.name}")
        for name, function in inspect.getmembers(loaded, inspect.iscoroutinefunction):
            if function.__module__ == loaded.__name__ and function.__annotations__.get("return") is Figures:
                found.add(f"{module.name}.{name}")
    return found


def test_every_entry_has_its_function_and_every_function_its_entry() -> None:
    assert {scene.measure for scene in SCENES} == scenes_in_the_folder()


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.rows[0].name)
def test_the_sizes_of_an_entry_are_the_arguments_of_its_function(scene: goals.Scene) -> None:
    assert set(scene.sizes) == set(inspect.signature(scene.function).parameters)


def test_no_two_rows_have_one_name() -> None:
    names = [row.name for scene in SCENES for row in scene.rows]
    assert len(names) == len(set(names))


def test_every_row_says_what_it_is_measured_against() -> None:
    assert all(row.control and row.unit for scene in SCENES for row in scene.rows)


def measured(tmp_path: Path, source: str, *names: str) -> tuple[int, list[run.Line]]:
    """The exit code and the lines that were kept."""
    (tmp_path / "goals.toml").write_text(source)
    code = run.main(names, tmp_path / "goals.toml", tmp_path / "build" / "bench.json")
    return code, msgspec.json.decode((tmp_path / "build" / "bench.json").read_bytes(), type=list[run.Line])


@pytest.mark.parametrize("source", [TINY, TINY_LIST, TINY_RATINGS], ids=["queue", "list", "ratings"])
def test_a_scene_fills_its_rows(tmp_path: Path, source: str) -> None:
    code, lines = measured(tmp_path, source)
    assert code == 0
    assert lines
    assert all(line.figure is not None and line.figure > 0 for line in lines)


def test_a_row_can_be_measured_alone(tmp_path: Path) -> None:
    assert [line.name for line in measured(tmp_path, TINY + TINY_LIST, "growth")[1]] == ["growth"]


def test_a_goal_that_does_not_hold_fails_the_bench(tmp_path: Path) -> None:
    code, [line] = measured(tmp_path, TINY.replace("1_000.0", "0.0"))
    assert (code, line.holds, line.goal) == (1, False, "at most 0")


def test_a_figure_that_is_missing_fails_the_bench(tmp_path: Path) -> None:
    code, [line] = measured(tmp_path, TINY.replace('figure = "growth"', 'figure = "decline"'))
    assert (code, line.figure, line.holds) == (1, None, False)


def test_a_scene_that_breaks_leaves_the_others_their_figures(tmp_path: Path) -> None:
    code, lines = measured(tmp_path, TINY_LIST.replace("members = 3", "people = 3") + TINY)
    assert code == 1
    assert [line.figure is None for line in lines] == [True, True, False]


def test_a_name_that_no_row_has_is_said_with_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "goals.toml").write_text(TINY)
    assert run.main(["grwth"], tmp_path / "goals.toml", tmp_path / "bench.json") == 1
    assert capsys.readouterr().err == "There is no row grwth. There are: growth.\n"


def test_a_goal_holds_at_its_very_figure() -> None:
    assert Row(name="n", figure="f", unit="u", control="c", at_least=0.5).holds(0.5)
    assert Row(name="n", figure="f", unit="u", control="c", at_most=0.5).holds(0.5)
    assert not Row(name="n", figure="f", unit="u", control="c").holds(None)


def test_a_figure_that_was_skipped_fails_nothing() -> None:
    assert Row(name="n", figure="f", unit="u", control="c", at_most=0.5).holds(SKIPPED)
    assert Row(name="n", figure="f", unit="u", control="c", at_least=0.5).holds(SKIPPED)
