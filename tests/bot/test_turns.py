"""How long a thread keeps the interpreter."""

import sys
from collections.abc import Iterator

import pytest

from bot import turns


@pytest.fixture(autouse=True)
def as_it_was() -> Iterator[None]:
    before = sys.getswitchinterval()
    yield
    sys.setswitchinterval(before)


def test_turns_are_short_until_the_last_of_several_imports_is_through() -> None:
    with turns.short():
        with turns.short():
            pass
        assert sys.getswitchinterval() == pytest.approx(turns.SHORT_S)
    assert sys.getswitchinterval() == pytest.approx(turns.USUAL_S)


def test_turns_are_as_usual_again_after_an_import_that_failed() -> None:
    with pytest.raises(ZeroDivisionError), turns.short():
        1 / 0  # noqa: B018
    assert sys.getswitchinterval() == pytest.approx(turns.USUAL_S)
