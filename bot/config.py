"""The configuration file: TOML in, a frozen `Config` out. Secrets never stand in it; they come from the environment.

Every setting stands in config.example.toml with its default and one line of why.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

import msgspec

from .clock import check_zone, parse_time
from .errors import ConfigError
from .model import Place, PostStyle, RatingInput, Schedule, Settings

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
LONGEST_TICK_S = 3600
_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list",
    "object": "a section",
}

T = TypeVar("T")


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
    return Config(core, _cohorts(found.pop("cohort", [])), found, folder)


# ---- one section -----------------------------------------------------------------------------------------------------


def read_section(section: object, kind: type[T], where: str) -> T:
    """A section as these settings (a dataclass or a Struct), for the bot's own and for those of an adapter.

    Raises `ConfigError` that names `where` and the setting.
    """
    known = kind.__annotations__
    for name in section if isinstance(section, dict) else ():
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f"Did you mean `{near[0]}`?" if near else f"There are: {', '.join(known)}."
            raise ConfigError(f"{where}: there is no setting `{name}`.", hint)
    try:
        return msgspec.convert(section, kind)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{where}: {_in_words(str(error), kind)}.") from error


def _in_words(text: str, kind: type[Any]) -> str:
    """What msgspec says (Expected `int`, got `str` - at `$.cards`) as a sentence that begins with the setting."""
    what, _, path = text.partition(" - at `$.")
    setting = re.split(r"[.`\[]", path)[0]
    names = re.findall("`(.*?)`", what)
    if what.startswith("Expected"):
        wanted, *given = (_KINDS.get(name, name) for name in names)
        return f"{f'`{setting}`' if setting else 'it'} must be {wanted}{''.join(f', not {each}' for each in given)}"
    if what.startswith("Object missing"):
        return f"`{names[0]}` is missing"
    if what.startswith("Invalid enum"):
        return f"`{setting}` {_one_of(get_type_hints(kind)[setting])}, not{what.removeprefix('Invalid enum value')}"
    return f"`{setting}`: {what[0].lower()}{what[1:]}"


def _one_of(kind: Any) -> str:
    *most, last = (f'"{value}"' for value in kind)
    return f"must be {', '.join(most)} or {last}"


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
    """A name is unique in its workspace, and a channel serves one group."""
    for other in others:
        if (other.platform, other.workspace) == (cohort.platform, cohort.workspace):
            if other.name == cohort.name:
                raise ConfigError(f'{where}: `name` is "{cohort.name}", as in a group above.', "Give each its own.")
            if other.channel == cohort.channel:
                raise ConfigError(
                    f'{where}: `channel` is "{cohort.channel}", as in a group above.', "Give each its own."
                )


def _check(cohort: CohortConfig, where: str) -> None:
    _said_where(f"{where}: `zone`: ", check_zone, cohort.zone)
    _said_where(f"{where}: `time`: ", parse_time, cohort.time)
    for day in cohort.weekdays:
        if day not in WEEKDAYS:
            raise ConfigError(f"{where}: `weekdays`: `{day}` is no weekday.", f"Use {', '.join(WEEKDAYS)}.")
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


def _said_where(where: str, check: Callable[[str], object], value: str) -> None:
    try:
        check(value)
    except ConfigError as error:
        raise ConfigError(f"{where}{error.sentence}", error.hint) from error
