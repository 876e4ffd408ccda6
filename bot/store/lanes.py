"""Two lanes before the writer: people first, background work when nobody waits.

Rules of this file:
- `put`, `len` and `close` are called by the event loop's thread, everything else by the writer's;
- both threads rely on `deque` and `SimpleQueue` being atomic, so there is no lock to wait for;
- the bell holds a token whenever something was put since the lanes were last seen empty.
"""

from collections import deque
from queue import SimpleQueue
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Lanes(Generic[Item]):
    """A queue with a fast lane."""

    __slots__ = ("_background", "_bell", "_people", "closed")

    def __init__(self) -> None:
        self._people: deque[Item] = deque()
        self._background: deque[Item] = deque()
        self._bell: SimpleQueue[None] = SimpleQueue()
        self.closed = False

    def waiting(self, *, background: bool) -> int:
        """How many wait in a lane."""
        return len(self._background if background else self._people)

    def put(self, item: Item, *, background: bool) -> None:
        """Stand at the end of a lane."""
        (self._background if background else self._people).append(item)
        self._ring()

    def close(self) -> None:
        """Let `wait` end once both lanes are empty."""
        self.closed = True
        self._ring()

    def wait(self) -> bool:
        """Block until somebody waits (True), or until the lanes are closed and empty (False)."""
        while not (self._people or self._background):
            if self.closed:
                return False
            self._bell.get()
        return True

    def first(self) -> Item | None:
        """The next to be served: a person; where none waits, background work."""
        if (person := self.person()) is not None:
            return person
        return _take(self._background)

    def person(self) -> Item | None:
        """The next person, if one waits."""
        return _take(self._people)

    def everyone(self) -> list[Item]:
        """Empty both lanes."""
        taken = []
        while (item := self.first()) is not None:
            taken.append(item)
        return taken

    def _ring(self) -> None:
        if self._bell.empty():  # one token is enough, and tokens that nobody takes would pile up
            self._bell.put(None)


def _take(lane: deque[Item]) -> Item | None:
    try:
        return lane.popleft()
    except IndexError:
        return None
