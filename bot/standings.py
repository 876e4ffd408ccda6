"""Points, ranks and streaks: rules under which an honest 1 costs nothing and pressing more earns nothing."""

from bisect import bisect_left
from collections.abc import Collection, Sequence

DAILY_CAP = 10
"""The most points of a day: a newcomer can reach it, and nobody gets past it by volume."""

FORGIVEN_WITHIN = 7
"""One missed post in any so many days leaves a streak whole."""


def points(cards: int, bonus: int = 0) -> int:
    """The points of one learner's day.

    `cards` counts the different scheduled cards that were rated, whatever the rating; `bonus` counts those whose recall
    was checked (typed or chosen) and right, a day or more after the last time. The cap holds for the sum.
    """
    return min(cards + bonus, DAILY_CAP)


def streak(active_days: Collection[int], post_days: Collection[int], today: int) -> int:
    """On how many posts in a row a learner was there, up to today, in the learner's local days.

    One card makes a day. Days without a post count for nothing: they neither break a streak nor lengthen it. One missed
    post in any 7 days is forgiven, and today breaks nothing before it is over.
    """
    active, count, last_missed = set(active_days), 0, today + FORGIVEN_WITHIN
    for day in sorted({day for day in post_days if day <= today}, reverse=True):
        if day in active:
            count += 1
        elif day < today:
            if last_missed - day < FORGIVEN_WITHIN:
                break
            last_missed = day
    return count


def ranks(points: Sequence[int]) -> list[int]:
    """The rank of each total, in the order given; equal totals share a rank (1, 2, 2, 4)."""
    ordered = sorted(-total for total in points)
    return [1 + bisect_left(ordered, -total) for total in points]
