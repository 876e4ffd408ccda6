"""What can be set of a cohort: read from words, checked, and said again in words.

The configuration file and the commands of leads share these names and these checks. Every error names the setting, what
it was, and what it may be.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import fields, replace
from datetime import date, time
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, TypeVar

from .clock import check_zone, date_of, day_of, parse_time
from .errors import ConfigError
from .forms import LONGEST_NAME
from .labels import change
from .model import WEEKDAYS, AnswersAfter, InDoubt, PostStyle, RatingInput, SetUp

MOST_CARDS = 20
MOST_LATE_HOURS = 23
_ID = r"((?=[A-Za-z]*[0-9])[A-Za-z0-9]{1,32})"
_PING = re.compile(rf"{_ID}|<(?:@&|!subteam\^){_ID}(?:\|[^<>|\n]*)?>")
"""An id, or a mention of it as platforms write them; a word without a digit, such as `here`, is none."""
E_ = TypeVar("E_", bound=StrEnum)


def changed(before: SetUp, values: Iterable[tuple[str, str]]) -> SetUp:
    """The set-up with these settings (name, words), checked as a whole. Raises `ConfigError`."""
    after = before
    for name, words in values:
        after = _with(after, name, words)
    check(after)
    return after


def _with(before: SetUp, name: str, words: str) -> SetUp:
    name = name.strip().lower().replace("-", "_").replace(" ", "_")
    if name not in READERS:
        near = get_close_matches(name, READERS, n=1)
        hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(READERS)}."
        raise ConfigError(f"There is no setting `{name}`.", hint)
    try:
        value = READERS[name](words.strip())
    except ConfigError as error:
        raise ConfigError(f"`{name}`: {error.sentence}", error.hint) from error
    return _put(before, name, value)


def _put(set_up: SetUp, name: str, value: Any) -> SetUp:
    if name == "name":
        return replace(set_up, name=value)
    in_schedule = {"time": "local_time", "zone": "zone", "weekdays": "weekdays"}
    if name in in_schedule:
        return replace(set_up, schedule=replace(set_up.schedule, **{in_schedule[name]: value}))
    return replace(set_up, settings=replace(set_up.settings, **{name: value}))


def check(set_up: SetUp) -> None:
    """Whether the settings fit each other. Raises `ConfigError` that names the one to change."""
    settings = set_up.settings
    if not set_up.schedule.weekdays:
        raise ConfigError("`weekdays` is empty.", "Name at least one.")
    if not 1 <= settings.cards <= MOST_CARDS:
        raise ConfigError(f"`cards` is {settings.cards}.", f"A post has 1 to {MOST_CARDS} cards.")
    if not 0 <= settings.new <= settings.cards:
        raise ConfigError(f"`new` is {settings.new}.", f"It may be 0 to {settings.cards}, the number of cards.")
    if not 0 <= settings.late_hours <= MOST_LATE_HOURS:
        raise ConfigError(f"`late_hours` is {settings.late_hours}.", f"It may be 0 to {MOST_LATE_HOURS}.")
    if settings.rating_input is not RatingInput.BUTTONS and settings.style is not PostStyle.CARDS:
        raise ConfigError(
            f'`rating_input` is "{settings.rating_input}", and a reaction belongs to one card.',
            'Set `style` to "cards" (a message for each card), or `rating_input` to "buttons".',
        )


def said(set_up: SetUp) -> list[tuple[str, str]]:
    """Every setting with its value in words, as `changed` reads them."""
    schedule, settings = set_up.schedule, set_up.settings
    named: list[tuple[str, str]] = [
        ("name", set_up.name),
        ("weekdays", ", ".join(WEEKDAYS[day] for day in sorted(schedule.weekdays))),
        ("time", f"{schedule.local_time:%H:%M}"),
        ("zone", schedule.zone),
    ]
    return named + [(field.name, _words(getattr(settings, field.name))) for field in fields(settings)]


def differences(before: SetUp, after: SetUp) -> list[str]:
    """What changed, a line a setting: `Time: 18:00 (was 09:00)`."""
    return [
        change(name, old, new) for (name, old), (_, new) in zip(said(before), said(after), strict=True) if old != new
    ]


def _words(value: object) -> str:
    match value:
        case time():
            return f"{value:%H:%M}"
        case tuple():
            return ", ".join(date_of(day).isoformat() for day in value)
        case _:
            return str(value)


# ---- reading words ---------------------------------------------------------------------------------------------------


def weekdays(words: str) -> frozenset[int]:
    """`monday, thursday`, `mon-fri`, `weekdays`, `every day`."""
    everyday = {"every day": range(7), "daily": range(7), "weekdays": range(5)}
    if words.lower() in everyday:
        return frozenset(everyday[words.lower()])
    days: set[int] = set()
    for part in words.replace(",", " ").split():
        first, dash, last = part.partition("-")
        start, end = _weekday(first), _weekday(last if dash else first)
        days |= set(range(start, end + 1)) if start <= end else {*range(start, 7), *range(end + 1)}
    return frozenset(days)


def _weekday(word: str) -> int:
    found = [number for number, name in enumerate(WEEKDAYS) if len(word) >= 2 and name.startswith(word.lower())]
    if len(found) != 1:
        raise ConfigError(f'"{word}" is no weekday.', f"Use {', '.join(WEEKDAYS)}.")
    return found[0]


def a_date(words: str) -> int:
    """A day, from `2026-12-24`."""
    try:
        return day_of(date.fromisoformat(words))
    except ValueError as error:
        raise ConfigError(f'"{words}" is not a date.', "Write it as year-month-day, for example 2026-12-24.") from error


def dates(words: str) -> tuple[int, ...]:
    """Days, from `2026-12-24, 2026-12-25`; `none` and nothing mean no day."""
    if words.lower() in ("", "none"):
        return ()
    return tuple(sorted({a_date(word) for word in words.replace(",", " ").split()}))


def ping(words: str) -> str:
    """The id of a role or user group, from itself or from a mention of it; `none` and nothing mean nobody."""
    if words.lower() in ("", "none"):
        return ""
    found = _PING.fullmatch(words)
    if not found:
        raise ConfigError(
            f'"{words}" is neither a role nor a user group.', "Mention it, or give its id; `none` notifies nobody."
        )
    return found[1] or found[2]


def _name(words: str) -> str:
    if not 0 < len(words) <= LONGEST_NAME:
        raise ConfigError(f"A name of {len(words)} characters will not do.", f"It may have 1 to {LONGEST_NAME}.")
    return words


def _zone(words: str) -> str:
    check_zone(words)
    return words


def _number(words: str) -> int:
    if not (words.isascii() and words.isdecimal() and len(words) <= 4):
        raise ConfigError(f'"{words}" is not a whole number.', "Write it in digits, for example 5.")
    return int(words)


def _one_of(kind: type[E_]) -> Callable[[str], E_]:
    def read(words: str) -> E_:
        try:
            return kind(words.lower())
        except ValueError as error:
            *most, last = (f'"{value}"' for value in kind)
            raise ConfigError(f'"{words}" is not known.', f"It may be {', '.join(most)} or {last}.") from error

    return read


READERS: dict[str, Callable[[str], Any]] = {
    "name": _name,
    "weekdays": weekdays,
    "time": parse_time,
    "zone": _zone,
    "cards": _number,
    "new": _number,
    "style": _one_of(PostStyle),
    "rating_input": _one_of(RatingInput),
    "answers": _one_of(AnswersAfter),
    "late_hours": _number,
    "late_until": parse_time,
    "days_off": dates,
    "in_doubt": _one_of(InDoubt),
    "ping": ping,
}
