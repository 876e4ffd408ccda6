from hypothesis import given
from hypothesis import strategies as st

from bot.store.ids import new_id

from .helpers import NOW

INSTANTS = st.integers(min_value=0, max_value=2**42 - 1)


def test_a_million_ids_of_one_millisecond_differ() -> None:
    assert len({new_id(NOW) for _ in range(1_000_000)}) == 1_000_000


@given(INSTANTS)
def test_an_id_has_at_most_sixty_three_bits(now: int) -> None:
    assert 0 <= new_id(now) < 2**63


@given(INSTANTS, INSTANTS)
def test_ids_of_different_instants_sort_by_time(one: int, other: int) -> None:
    if one < other:
        assert new_id(one) < new_id(other)


@given(INSTANTS)
def test_an_id_remembers_its_instant(now: int) -> None:
    assert new_id(now) >> 21 == now
