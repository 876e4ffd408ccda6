"""`make simulate`: do the cards that Flashmob chooses for a group teach it more than simpler rules would?

Thirty members follow one list a day for 120 days, out of 400 cards, 10 a day of which at most 3 new, and nothing else.
Some join late, all answer on some days only, and some cards and heads are harder than the memory model believes: true
recall is the model's, raised to a power that belongs to the card and the member. Every rule meets the same members on
the same days. A member knows as many cards as the sum of their true recall on the day after the last.
"""

from collections.abc import Callable
from functools import partial
from statistics import fmean
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from bot import memory
from bot.memory import FIRST_RATINGS, Grade
from bot.model import MemoryState
from bot.selection import ACTIVE_WINDOW, Tally, choose_best, member_weight

SEEDS = (1, 2, 3)
MEMBERS, CARDS, DAYS = 30, 400, 120
POST_CARDS, POST_NEW = 10, 3

ATTENDANCE = (0.1, 0.9)
"""Each member answers on a share of the days between these."""

LATE, LAST_JOIN = 0.4, 60
"""The share of members who join later than the first day, and until when."""

HARDNESS_OF_CARDS, HARDNESS_OF_MEMBERS = 0.8, 0.4
"""How far cards and members stray from the model: the standard deviations of the power's logarithm."""

PASSING = (0.224, 0.631, 0.145)
"""How often a remembered card is hard, good and easy: the defaults of the simulator in fsrs-rs, as `FIRST_RATINGS`."""

Array = np.ndarray[Any, np.dtype[Any]]


class Group:
    """What everyone remembers, as arrays of (members, cards), and what was posted and answered."""

    def __init__(self, luck: np.random.Generator) -> None:
        shape = MEMBERS, CARDS
        self.met = np.zeros(shape, dtype=bool)
        self.stability, self.difficulty = np.ones(shape), np.ones(shape)
        self.last_day, self.due_day = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        self.last_posted = np.full(CARDS, -1)
        self.joined = np.where(luck.random(MEMBERS) < LATE, luck.integers(0, LAST_JOIN, MEMBERS), 0)
        attendance = luck.uniform(*ATTENDANCE, MEMBERS)
        here = np.arange(DAYS) >= self.joined[:, None]
        self.present = here & (luck.random((MEMBERS, DAYS)) < attendance[:, None])
        of_members = luck.lognormal(0, HARDNESS_OF_MEMBERS, (MEMBERS, 1))
        self.hardness = of_members * luck.lognormal(0, HARDNESS_OF_CARDS, (1, CARDS))

    @property
    def posted(self) -> Array:
        return self.last_posted >= 0

    def recall(self, day: int) -> Array:
        """Each member's recall of each card, as the memory model believes; 0 for a card not met."""
        return np.where(self.met, memory.recall(day - self.last_day, self.stability), 0.0)

    def state(self, member: int, card: int) -> MemoryState | None:
        if not self.met[member, card]:
            return None
        at = member, card
        return MemoryState(
            float(self.stability[at]), float(self.difficulty[at]), int(self.last_day[at]), int(self.due_day[at]), 1, 0
        )

    def keep(self, member: int, card: int, state: MemoryState) -> None:
        at = member, card
        self.met[at] = True
        self.stability[at], self.difficulty[at] = state.stability, state.difficulty
        self.last_day[at], self.due_day[at] = state.last_day, state.due_day


# ---- the rules that compete ------------------------------------------------------------------------------------------

Rule = Callable[[Group, int, np.random.Generator], list[int]]
Worth = Callable[[Group, int, np.random.Generator], Array]


def expected_gain(group: Group, day: int, luck: np.random.Generator) -> list[int]:
    """The project's own choice."""
    tally = Tally(range(CARDS), range(CARDS), group.posted.tolist(), day)
    for member in np.flatnonzero(group.joined <= day).tolist():
        lately = group.present[member, max(0, day - ACTIVE_WINDOW) : day]
        weight = member_weight(int(lately.sum()), day - int(group.joined[member]))
        at = member, np.flatnonzero(group.met[member])
        tally.add_member(weight)
        tally.add_rows(at[1], group.stability[at], group.difficulty[at], group.last_day[at], group.due_day[at], weight)
    return [chosen.card_id for chosen in tally.choose(POST_CARDS, POST_NEW)]


def by_worth(worth: Worth, group: Group, day: int, luck: np.random.Generator) -> list[int]:
    """A simpler rule: new cards in deck order up to the quota, then old ones by their worth."""
    posted = group.posted
    ranked = np.where(posted, worth(group, day, luck), np.inf)
    new = max(POST_NEW, POST_CARDS - int(posted.sum()))
    return choose_best(ranked, posted.tolist(), range(CARDS), POST_CARDS, new)


def longest_ago(group: Group, day: int, luck: np.random.Generator) -> Array:
    return day - group.last_posted


def at_random(group: Group, day: int, luck: np.random.Generator) -> Array:
    return luck.random(CARDS)


def mean_forgetting(group: Group, day: int, luck: np.random.Generator) -> Array:
    """The mean of 1 - R over those who have met the card."""
    forgotten = np.where(group.met, 1 - group.recall(day), 0.0)
    return forgotten.sum(axis=0) / np.maximum(1, group.met.sum(axis=0))  # type: ignore[no-any-return]


def members_due(group: Group, day: int, luck: np.random.Generator) -> Array:
    return (group.met & (group.due_day <= day)).sum(axis=0)  # type: ignore[no-any-return]


OURS = "expected gain"
RULES: dict[str, Rule] = {
    OURS: expected_gain,
    "round robin": partial(by_worth, longest_ago),
    "random": partial(by_worth, at_random),
    "mean(1-R)": partial(by_worth, mean_forgetting),
    "most members due": partial(by_worth, members_due),
}


# ---- the days --------------------------------------------------------------------------------------------------------


def known_per_member(rule: Rule, seed: int, days: int = DAYS) -> float:
    """How many cards a member knows on the day after the last, on average."""
    luck = np.random.default_rng(seed)
    group = Group(luck)
    for day in range(days):
        cards = rule(group, day, luck)
        for member in np.flatnonzero(group.present[:, day]).tolist():
            study(group, member, cards, day, luck)
        group.last_posted[cards] = day
    return float((group.recall(days) ** group.hardness).sum() / MEMBERS)


def study(group: Group, member: int, cards: list[int], day: int, luck: np.random.Generator) -> None:
    for card in cards:
        state = group.state(member, card)
        grade = first_grade(luck) if state is None else later_grade(state, day, group.hardness[member, card], luck)
        group.keep(member, card, memory.next_state(state, grade, day))


def first_grade(luck: np.random.Generator) -> Grade:
    return Grade(int(luck.choice(4, p=FIRST_RATINGS)) + 1)


def later_grade(state: MemoryState, day: int, hardness: float, luck: np.random.Generator) -> Grade:
    if luck.random() >= memory.retrievability(state, day) ** hardness:
        return Grade.AGAIN
    return Grade(int(luck.choice(3, p=PASSING)) + 2)


def main() -> int:
    known = {name: fmean(known_per_member(rule, seed) for seed in SEEDS) for name, rule in RULES.items()}
    names = sorted(known, key=lambda name: -known[name])
    Console().print(table_of(known, names))
    print("Expected gain came first." if names[0] == OURS else f"Expected gain did NOT come first: {names[0]} did.")
    return 0 if names[0] == OURS else 1


def table_of(known: dict[str, float], names: list[str]) -> Table:
    table = Table(title=f"{MEMBERS} members, {CARDS} cards, {DAYS} days, {len(SEEDS)} times over")
    table.add_column(f"rule ({POST_CARDS} cards a day, at most {POST_NEW} new)")
    table.add_column("cards known per member", justify="right")
    for name in names:
        table.add_row(name, f"{known[name]:.1f}")
    return table


if __name__ == "__main__":
    raise SystemExit(main())
