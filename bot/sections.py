"""A section of the configuration file as settings, with errors that name the setting. Used by adapters too."""

import re
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

import msgspec

from .errors import ConfigError

_KINDS = {
    "int": "a whole number",
    "float": "a number",
    "str": "text in quotes",
    "bool": "true or false",
    "array": "a list",
    "object": "a section",
}

T = TypeVar("T")


def read_section(section: object, kind: type[T], where: str) -> T:
    """A section as these settings (a dataclass or a Struct), for the bot's own and for those of an adapter.

    Raises `ConfigError` that names `where` and the setting.
    """
    known = get_type_hints(kind)
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
