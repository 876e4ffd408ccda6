"""What a journey may do with the store: four verbs, the same on every engine."""

from collections.abc import Callable, Coroutine, Iterator, Mapping, Sequence
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

Value = str | int | float | bytes | None


class Row(Protocol):
    """A row read by name or by number; it unpacks like a tuple and has a length."""

    def __getitem__(self, key: Any, /) -> Any: ...
    def __iter__(self) -> Iterator[Any]: ...
    def __len__(self) -> int: ...
    def keys(self) -> Any: ...


class Tx(Protocol):
    """One open transaction. Parameters are `:name` in the SQL and keywords in the call."""

    async def one(self, sql: str, /, **values: Value) -> Row | None:
        """The first row, or None."""
        ...

    async def all(self, sql: str, /, **values: Value) -> list[Row]:
        """Every row."""
        ...

    async def run(self, sql: str, /, **values: Value) -> int:
        """How many rows were changed. Statements with `returning` belong in `one` and `all`."""
        ...

    async def each(self, sql: str, rows: Sequence[Mapping[str, Value]], /) -> None:
        """Run a statement that changes something once with the parameters of each of these."""
        ...


Journey = Callable[[Tx], Coroutine[Any, Any, T]]


class JourneyWaited(Exception):  # named for what happened, like the errors of bot/errors.py
    """A journey may wait on its transaction only."""

    def __init__(self, what: str = "") -> None:
        """`what` names what the journey waited on, where that is known."""
        super().__init__(f"{type(self).__doc__}{what and ' This one waited on '}{what}")
