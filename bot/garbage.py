"""When Python looks through its objects for circles, which nothing else frees: seldom, and at all of them by the hour.

A look at all of them holds up whoever waits for an answer, by 10 to 50 ms with some hundred presses under way, and
finds next to nothing: what a press makes is gone by itself. So that look is kept for a moment at which nobody waits.
"""

import gc
from time import monotonic

YOUNG = 200_000
"""So many more objects than before are there when the youngest are looked at: at most some 20 MB of circles."""
MIDDLE = 10
NEVER = 2**31 - 1
EVERY_S = 3_600.0


def look_seldom() -> None:
    """What is there by now stays for good and is not looked at again; the rest in full only when that is asked for."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, MIDDLE, NEVER)


class FullLook:
    """At all objects, once an hour."""

    def __init__(self) -> None:
        self._last = monotonic()

    def if_due(self) -> None:
        """To be called while nobody waits."""
        if monotonic() - self._last >= EVERY_S:
            self._last = monotonic()
            gc.collect()
