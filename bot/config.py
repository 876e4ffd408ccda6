"""The configuration file: TOML in, a frozen `Config` out. Secrets never stand in it; they come from the environment.

Every setting stands in config.example.toml with its default and one line of why.
"""

import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from .clock import check_zone, parse_time
from .errors import ConfigError
from .model import WEEKDAYS, AnswersAfter, InDoubt, Place, PostStyle, RatingInput, Schedule, Settings, SetUp
from .sections import read_section
from .settings import check, dates, ping

LONGEST_TICK_S = 3600

T = TypeVar("T")


class PlaceConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A channel on a platform."""

    platform: str = "local"
    workspace: str = "local"
    channel: str

    @property
    def place(self) -> Place:
        return Place(self.platform, self.workspace, self.channel)


class CohortConfig(PlaceConfig, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group that is kept in the file: made at start, or changed to what stands here. `also` are further places."""

    name: str
    also: tuple[PlaceConfig, ...] = ()
    decks: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = WEEKDAYS[:5]
    time: str = "09:00"
    zone: str = "UTC"
    cards: int = 5
    new: int = 2
    style: PostStyle = PostStyle.DIGEST
    rating_input: RatingInput = RatingInput.BUTTONS
    answers: AnswersAfter = AnswersAfter.PRIVATE
    late_hours: int = 6
    late_until: str = "21:00"
    days_off: tuple[str, ...] = ()
    in_doubt: InDoubt = InDoubt.LEAVE_OUT
    ping: str = ""

    @property
    def places(self) -> tuple[Place, ...]:
        """Where it is posted. The workspace of the first one owns the group and its decks."""
        return (self.place, *(other.place for other in self.also))

    @property
    def set_up(self) -> SetUp:
        schedule = Schedule(frozenset(map(WEEKDAYS.index, self.weekdays)), parse_time(self.time), self.zone)
        settings = Settings(
            cards=self.cards,
            new=self.new,
            style=self.style,
            rating_input=self.rating_input,
            answers=self.answers,
            late_hours=self.late_hours,
            late_until=parse_time(self.late_until),
            days_off=dates(" ".join(self.days_off)),
            in_doubt=self.in_doubt,
            ping=ping(self.ping),
        )
        return SetUp(schedule, settings, self.name)


class Core(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What belongs to no platform: the folder of the database, and how often the clock is looked at."""

    data: str = "data"
    tick_seconds: float = 15.0


class Config(msgspec.Struct, frozen=True):
    """Everything that is set; `adapters` are the sections of the platforms, each read by its own adapter.

    `from_file`: somebody wrote it, and would have to write down there what shall stay.
    """

    core: Core
    cohorts: tuple[CohortConfig, ...]
    adapters: dict[str, dict[str, Any]]
    folder: Path
    from_file: bool = False

    @property
    def database(self) -> Path:
        return self.folder / self.core.data / "flashmob.db"

    def enabled(self) -> dict[str, Mapping[str, Any]]:
        """The sections of the platforms to start, without the word that enables them."""
        return {
            name: {key: value for key, value in section.items() if key != "enabled"}
            for name, section in self.adapters.items()
            if section.get("enabled", False)
        }


def load(path: Path) -> Config:
    """Read a configuration file. Raises `ConfigError`, naming the file, the setting and what it may be."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: there is no such file.", "Copy config.example.toml to it and change what you need."
        ) from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{path}: this is not UTF-8 text.", "Save it as UTF-8.") from error
    except OSError as error:
        raise ConfigError(f"{path}: it cannot be read ({error.strerror}).") from error
    try:
        return parse(text, path.parent)
    except ConfigError as error:
        raise ConfigError(f"{path}: {error.sentence}", error.hint) from error


def parse(text: str, folder: Path) -> Config:
    """The configuration in this text; its relative paths count from `folder`."""
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"this is not TOML: {error}.") from error
    core = read_section(found.pop("flashmob", {}), Core, "[flashmob]")
    if not 0 < core.tick_seconds <= LONGEST_TICK_S:
        raise ConfigError(
            f"[flashmob]: `tick_seconds` is {core.tick_seconds:g}.",
            f"It may be anything above 0 and up to {LONGEST_TICK_S}.",
        )
    for name, section in found.items():
        if name != "cohort" and not (isinstance(section, dict) and isinstance(section.get("enabled"), bool)):
            raise ConfigError(
                f"[{name}] is no section that says `enabled = true` or `enabled = false`.",
                "Beside the platforms there are [flashmob] and [[cohort]]. Is it spelled right?",
            )
    return Config(core, _cohorts(found.pop("cohort", [])), found, folder, from_file=True)


# ---- the groups ------------------------------------------------------------------------------------------------------


def _cohorts(found: object) -> tuple[CohortConfig, ...]:
    if not isinstance(found, list):
        raise ConfigError("[cohort] is one group of several.", "Write [[cohort]], in two pairs of brackets.")
    cohorts: list[CohortConfig] = []
    for number, section in enumerate(found, 1):
        name = section.get("name") if isinstance(section, dict) else None
        where = f"[[cohort]] number {number}" + (f" ({name})" if name else "")
        cohort = read_section(section, CohortConfig, where)
        _check(cohort, where)
        _check_apart(cohort, cohorts, where)
        cohorts.append(cohort)
    return tuple(cohorts)


def _check_apart(cohort: CohortConfig, others: Sequence[CohortConfig], where: str) -> None:
    """A name is unique in its workspace, and a channel serves one group, once."""
    for other in others:
        same_workspace = (other.platform, other.workspace) == (cohort.platform, cohort.workspace)
        if same_workspace and other.name == cohort.name:
            raise ConfigError(f'{where}: `name` is "{cohort.name}", as in a group above.', "Give each its own.")
    taken = [place for other in others for place in other.places]
    for place in cohort.places:
        if place in taken:
            raise ConfigError(f'{where}: `channel` is "{place.channel}", as in a place above.', "Give each its own.")
        taken.append(place)


def _check(cohort: CohortConfig, where: str) -> None:
    _said_where(f"{where}: `zone`: ", check_zone, cohort.zone)
    _said_where(f"{where}: `time`: ", parse_time, cohort.time)
    _said_where(f"{where}: `late_until`: ", parse_time, cohort.late_until)
    _said_where(f"{where}: `days_off`: ", dates, " ".join(cohort.days_off))
    _said_where(f"{where}: `ping`: ", ping, cohort.ping)
    for day in cohort.weekdays:
        if day not in WEEKDAYS:
            raise ConfigError(f"{where}: `weekdays`: `{day}` is no weekday.", f"Use {', '.join(WEEKDAYS)}.")
    _said_where(f"{where}: ", check, cohort.set_up)


def _said_where(where: str, check: Callable[[T], object], value: T) -> None:
    try:
        check(value)
    except ConfigError as error:
        raise ConfigError(f"{where}{error.sentence}", error.hint) from error
