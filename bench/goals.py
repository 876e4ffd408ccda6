"""What goals.toml says: scenes, each a function, and the rows of the table that its figures fill."""

import importlib
import tomllib
from collections.abc import Awaitable, Callable
from math import isnan
from pathlib import Path
from typing import cast

import msgspec

from .measure import Figures

GOALS = Path(__file__).with_name("goals.toml")

Measure = Callable[..., Awaitable[Figures]]


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A line of the table. With neither `at_least` nor `at_most` it is printed only."""

    name: str
    figure: str
    unit: str
    control: str
    at_least: float | None = None
    at_most: float | None = None

    @property
    def goal(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:g}"
        return f"at most {self.at_most:g}" if self.at_most is not None else ""

    def holds(self, figure: float | None) -> bool:
        """A figure that is missing holds nowhere; one that was skipped fails nowhere."""
        if figure is None or isnan(figure):
            return figure is not None
        return (self.at_least is None or figure >= self.at_least) and (self.at_most is None or figure <= self.at_most)


class Scene(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`measure` names a function of this folder, `file.function`; `sizes` are its arguments."""

    measure: str
    sizes: dict[str, int]
    rows: tuple[Row, ...] = msgspec.field(name="row")

    @property
    def function(self) -> Measure:
        """Raises ImportError or AttributeError where there is no such function."""
        file, _, name = self.measure.partition(".")
        return cast(Measure, getattr(importlib.import_module(f"{__package__}.{file}"), name))


def read(path: Path = GOALS) -> list[Scene]:
    return msgspec.convert(tomllib.loads(path.read_text())["scene"], list[Scene])
