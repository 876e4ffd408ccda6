"""How long a package of Anki takes to come in, against Anki's own backend, and what that does to those who rate."""

import re
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bot.engine import Engine

from .against_anki import environment
from .against_anki.notes import package_of
from .against_anki.ours import import_package
from .group import opened, revealed, set_up
from .measure import SKIPPED, Beside, Figures, interleaved, looked_at, ratio

OURS = ("-m", "bench.against_anki.ours")
THEIRS = str(Path(__file__).parent / "against_anki" / "backend.py")
RATERS, RATER_CARDS = 100, 10
RATING_EVERY_S = 0.010
_MOST_MEMORY = re.compile(r"VmHWM:\s*(\d+) kB")


@dataclass(frozen=True, slots=True)
class Imported:
    """What it took: `megabytes` is the most memory that the process had."""

    seconds: float
    megabytes: float


async def import_of_a_package(*, notes: int, runs: int) -> Figures:
    """A package of so many notes, from its file to a new database, each side in processes of its own."""
    with TemporaryDirectory() as folder:
        package = Path(folder) / "rivers.apkg"
        package.write_bytes(package_of(notes))
        kinds: dict[str, Callable[[], Awaitable[Imported]]] = {"ours": lambda: _import(sys.executable, *OURS, package)}
        if (python := environment.python()) is not None:
            kinds["anki"] = lambda: _import(python, THEIRS, package)
        found = await interleaved(runs, **kinds)
    return Figures(_figures("", found["ours"]) | _compared(found["ours"], found.get("anki", ())))


def _compared(ours: Sequence[Imported], theirs: Sequence[Imported]) -> dict[str, float]:
    if not theirs:
        return dict.fromkeys(("of_anki", "anki_seconds", "anki_megabytes"), SKIPPED)
    of_anki = ratio([one.seconds for one in ours], [one.seconds for one in theirs])
    return {"of_anki": of_anki, **_figures("anki_", theirs)}


def _figures(prefix: str, found: Sequence[Imported]) -> dict[str, float]:
    return {f"{prefix}{name}": median(getattr(one, name) for one in found) for name in ("seconds", "megabytes")}


async def _import(*command: str | Path) -> Imported:
    """Run a side, which says its seconds and then waits, so that its memory can be looked at."""
    with TemporaryDirectory() as folder:
        child = await create_subprocess_exec(*command, folder, stdin=PIPE, stdout=PIPE)
        assert child.stdin is not None
        assert child.stdout is not None
        said = await child.stdout.readline()
        megabytes = _most_memory(child.pid)
        child.stdin.close()
        assert await child.wait() == 0, f"{command[1]} failed"
    return Imported(float(said), megabytes)


def _most_memory(process: int) -> float:
    """As Linux counts it, in megabytes."""
    status = Path(f"/proc/{process}/status")
    found = _MOST_MEMORY.search(status.read_text()) if status.exists() else None
    return int(found[1]) / 1024 if found else SKIPPED


async def package_beside_ratings(*, notes: int, runs: int) -> Figures:
    """The same package, read and imported while the members of another cohort rate their cards."""
    data = package_of(notes)
    found = await interleaved(runs, import_of_a_package=lambda: _beside(data))
    return Figures(
        {
            "stall": median(max(beside.stalls) for beside in found["import_of_a_package"]),
            "wait": median(max(beside.waits) for beside in found["import_of_a_package"]),
        }
    )


async def _beside(data: bytes) -> Beside:
    with TemporaryDirectory() as folder:
        package = Path(folder) / "rivers.apkg"
        package.write_bytes(data)
        async with opened(Path(folder) / "import.db") as database:
            raters = await revealed(database, RATERS, RATER_CARDS)
            cohort = await set_up(database, "importing")
            async with looked_at(Engine(database), raters.ratings_for_ever(), RATING_EVERY_S) as beside:
                await import_package(database, cohort, package)
    return beside
