"""The configuration file: TOML in, a frozen `Config` out. Secrets never stand in it; they come from the environment.

Every setting stands in config.example.toml with its default and one line of why.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from .clock import check_zone, parse_time
from .errors import ConfigError
from .model import Place, PostStyle, RatingInput, Schedule, Settings

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class CohortConfig(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A group that is kept in the file: made at start, or changed to what stands here."""

    name: str
    platform: str = "local"
    workspace: str = "local"
    channel: str
    decks: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = WEEKDAYS[:5]
    time: str = "09:00"
    zone: str = "UTC"
    cards: int = 5
    new: int = 2
    style: PostStyle = PostStyle.DIGEST
    rating_input: RatingInput = RatingInput.BUTTONS

    @property
    def place(self) -> Place:
        return Place(self.platform, self.workspace, self.channel)

    @property
    def schedule(self) -> Schedule:
        return Schedule(frozenset(map(WEEKDAYS.index, self.weekdays)), parse_time(self.time), self.zone)

    @property
    def settings(self) -> Settings:
        return Settings(self.cards, self.new, self.style, self.rating_input)


class Core(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What belongs to no platform: the folder of the database, and how often the clock is looked at."""

    data: str = "data"
    tick_seconds: float = 15.0


class Config(msgspec.Struct, frozen=True):
    """Everything that is set; `adapters` are the sections of the platforms, each read by its own adapter."""

    core: Core
    cohorts: tuple[CohortConfig, ...]
    adapters: dict[str, dict[str, Any]]
    folder: Path

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
        text = path.read_bytes().decode()
    except FileNotFoundError as error:
        raise ConfigError(
            f"{path}: there is no such file.", "Copy config.example.toml to it and change what you need."
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: it cannot be read ({error}).") from error
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
    core = _read(found.pop("flashmob", {}), Core, "[flashmob]")
    cohorts = _read(found.pop("cohort", []), tuple[CohortConfig, ...], "[[cohort]]")
    for number, cohort in enumerate(cohorts, 1):
        _check(cohort, f"[[cohort]] number {number} ({cohort.name})")
    for name, section in found.items():
        if not isinstance(section, dict) or not isinstance(section.get("enabled", False), bool):
            raise ConfigError(f"[{name}] is no section with `enabled = true` or `false`.", "Is it spelled right?")
    return Config(core, cohorts, found, folder)


def _read(value: object, kind: Any, where: str) -> Any:
    """msgspec says what is wrong and at which setting; this says in which section."""
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_in_words(str(error))}.") from error


def _in_words(text: str) -> str:
    """`Expected `int`, got `str` - at `$.cards`` as `cards: expected `int`, got `str``."""
    what, _, path = text.partition(" - at `$")
    setting = path.rstrip("`").lstrip(".")
    return f"`{setting}`: {what[0].lower()}{what[1:]}" if setting else what


def _check(cohort: CohortConfig, where: str) -> None:
    try:
        check_zone(cohort.zone)
        parse_time(cohort.time)
    except ConfigError as error:
        raise ConfigError(f"{where}: {error.sentence}", error.hint) from error
    for day in cohort.weekdays:
        if day not in WEEKDAYS:
            raise ConfigError(f"{where}: `{day}` is no weekday.", f"Use {', '.join(WEEKDAYS)}.")
    if cohort.rating_input is not RatingInput.BUTTONS and cohort.style is not PostStyle.CARDS:
        raise ConfigError(
            f'{where}: `rating_input` is "{cohort.rating_input}", and a reaction belongs to one card.',
            'Set `style = "cards"`, or `rating_input = "buttons"`.',
        )
    if not cohort.weekdays:
        raise ConfigError(f"{where}: `weekdays` is empty.", "Name at least one, or remove the group.")
    if not 1 <= cohort.cards <= 20:
        raise ConfigError(f"{where}: `cards` is {cohort.cards}.", "A post has 1 to 20 cards.")
    if not 0 <= cohort.new <= cohort.cards:
        raise ConfigError(f"{where}: `new` is {cohort.new}.", f"It may be 0 to {cohort.cards}, the number of cards.")
