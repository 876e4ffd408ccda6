"""The simulation itself still runs, and lets the rules compete on equal terms; `make simulate` runs it in full."""

import numpy as np
import pytest

from bench import simulate
from bench.simulate import Group


@pytest.mark.parametrize("rule", simulate.RULES.values(), ids=simulate.RULES)
def test_every_rule_keeps_to_the_size_of_a_post_and_teaches_something(rule: simulate.Rule) -> None:
    luck = np.random.default_rng(1)
    chosen = rule(Group(luck), 0, luck)
    assert len(set(chosen)) == simulate.POST_CARDS
    assert simulate.known_per_member(rule, seed=1, days=6) > 0


def test_every_rule_meets_the_same_members() -> None:
    one, other = (Group(np.random.default_rng(1)) for _ in range(2))
    assert np.array_equal(one.present, other.present)
    assert np.array_equal(one.hardness, other.hardness)


def test_expected_gain_teaches_more_than_showing_what_is_due_for_most() -> None:
    ours, obvious = (simulate.RULES[name] for name in (simulate.OURS, "most members due"))
    assert simulate.known_per_member(ours, seed=1, days=60) > simulate.known_per_member(obvious, seed=1, days=60)
