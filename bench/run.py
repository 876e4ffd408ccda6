"""`make bench`: measure what goals.toml names, print the table, keep it in build/bench.json.

`python -m bench.run NAME...` measures single rows. The exit code is 1 where a row is missing or a goal does not hold.
"""

import asyncio
import sys
import traceback
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from math import isnan
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter

import msgspec
from rich.console import Console
from rich.table import Column, Table

from bot.app import make_ready

from . import goals
from .goals import Row, Scene
from .measure import say

BUILD = Path("build/bench.json")
CAPTION = "What each row is measured against stands in bench/goals.toml."


class Line(msgspec.Struct, frozen=True):
    """A row with its figure; None where it could not be measured, `SKIPPED` where this computer cannot."""

    name: str
    figure: float | None
    unit: str
    goal: str
    holds: bool


def main(names: Sequence[str], source: Path = goals.GOALS, build: Path = BUILD) -> int:
    """Measure the rows of these names, or all; returns the exit code."""
    scenes = goals.read(source)
    known = [row.name for scene in scenes for row in scene.rows]
    if unknown := [name for name in names if name not in known]:
        print(f"There is no row {unknown[0]}. There are: {', '.join(known)}.", file=sys.stderr)
        return 1
    measured = [(row, figure) for scene in scenes for row, figure in _measure(scene, set(names or known))]
    lines = [Line(row.name, figure, row.unit, row.goal, row.holds(figure)) for row, figure in measured]
    _keep(lines, build)
    Console().print(_table(lines))
    return 0 if all(line.holds for line in lines) else 1


def _measure(scene: Scene, names: set[str]) -> list[tuple[Row, float | None]]:
    """The wanted rows of a scene; one scene that fails leaves its rows empty and the others as they are."""
    rows = [row for row in scene.rows if row.name in names]
    if not rows:
        return []
    say(f"{scene.measure}: {', '.join(row.name for row in rows)}")
    began = perf_counter()
    figures: dict[str, float] = {}
    try:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            figures = alone.submit(_figures, scene).result()
    except Exception:
        say(traceback.format_exc())
    say(f"  {perf_counter() - began:.0f} s")
    return [(row, figures.get(row.figure)) for row in rows]


def _figures(scene: Scene) -> dict[str, float]:
    """Measure a scene: in a process of its own, so that none inherits what another left in memory, and that is made
    ready as the bot makes its own: how often Python looks for garbage is a part of what is measured, on both sides.
    """
    make_ready()

    async def measured() -> dict[str, float]:
        return await scene.function(**scene.sizes)

    return asyncio.run(measured())


def _keep(lines: list[Line], build: Path) -> None:
    build.parent.mkdir(parents=True, exist_ok=True)
    build.write_bytes(msgspec.json.format(msgspec.json.encode(lines)) + b"\n")


def _table(lines: list[Line]) -> Table:
    table = Table("row", Column("figure", justify="right"), "unit", "goal", "", caption=CAPTION, caption_justify="left")
    for line in lines:
        figure = "missing" if line.figure is None else "skipped" if isnan(line.figure) else f"{line.figure:,.4g}"
        mark = "FAILS" if not line.holds else "holds" if line.goal and figure != "skipped" else ""
        table.add_row(line.name, figure, line.unit, line.goal, mark)
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
