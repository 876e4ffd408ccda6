"""Numbers and days as people say them."""

from collections.abc import Iterable
from datetime import date

_NUMBERS = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine", "Ten")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def plural(count: int, one: str, many: str = "") -> str:
    """`3 cards`, `1 card`."""
    return f"{count} {one if count == 1 else many or one + 's'}"


def spelled(count: int) -> str:
    """`Four`, to begin a sentence with; figures above ten."""
    return _NUMBERS[count] if 0 <= count < len(_NUMBERS) else str(count)


def day_words(day: date) -> str:
    """`Thursday, 5 November`."""
    return f"{DAYS[day.weekday()]}, {day.day} {MONTHS[day.month - 1]}"


def weekdays_words(days: Iterable[int]) -> str:
    """`every day`, `Monday to Friday`, `Monday, Wednesday and Friday`; days count from Monday = 0."""
    first, *rest = sorted(days)
    if len(rest) == 6:
        return "every day"
    if len(rest) > 1 and rest == list(range(first + 1, first + 1 + len(rest))):
        return f"{DAYS[first]} to {DAYS[rest[-1]]}"
    *most, last = (DAYS[day] for day in (first, *rest))
    return f"{', '.join(most)} and {last}" if most else last


def when(days: int) -> str:
    """How far ahead, as people say it."""
    match days:
        case 0:
            return "today"
        case 1:
            return "tomorrow"
        case _ if days < 25:
            return f"in about {days} days"
        case _ if days < 345:
            return f"in about {plural(max(1, round(days / 30.4)), 'month')}"
        case _:
            return f"in about {plural(round(days / 365), 'year')}"


def ordinal(number: int) -> str:
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"
