"""Python's interpreter is one for all threads: how long one keeps it once another asks.

Each turn that is given up costs some microseconds, so short turns are for when a thread reckons for long: each of a
rating's dozen statements then waits for one.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

USUAL_S = 0.001
SHORT_S = 0.000_1
_under_way: set[object] = set()


@contextmanager
def short() -> Iterator[None]:
    """While something reckons for long in other threads, so that people are served meanwhile."""
    one = object()
    _under_way.add(one)
    sys.setswitchinterval(SHORT_S)
    try:
        yield
    finally:
        _under_way.discard(one)
        if not _under_way:
            sys.setswitchinterval(USUAL_S)
