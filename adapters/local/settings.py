"""What can be set in the `[local]` section of the configuration file."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from bot.adapter import PrivateSurface
from bot.errors import ConfigError


@dataclass(frozen=True, slots=True)
class LocalSettings:
    """The room and its page.

    `port` 0 takes any free one. `hosts` are names beside localhost by which the page may be asked for. `members` are
    names; the first one leads. With an empty `path` the room is forgotten when Flashmob stops.
    """

    name: str = "Study group"
    channel: str = "flashcards"
    workspace: str = "local"
    zone: str = "UTC"
    members: tuple[str, ...] = ()
    path: str = ""
    host: str = "127.0.0.1"
    port: int = 8765
    hosts: tuple[str, ...] = ()
    private_surface: PrivateSurface = PrivateSurface.EPHEMERAL

    @property
    def file(self) -> Path | None:
        return Path(self.path) if self.path else None


def read(settings: Mapping[str, object]) -> LocalSettings:
    """Raises `ConfigError` that names the setting."""
    known = LocalSettings.__dataclass_fields__
    for name in settings:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            hint = f'Did you mean "{near[0]}"?' if near else f"There are: {', '.join(known)}."
            raise ConfigError(f'[local]: there is no setting "{name}".', hint)
    try:
        made = msgspec.convert(dict(settings), LocalSettings)
    except msgspec.ValidationError as error:
        raise ConfigError(f"[local]: {error}.") from error
    if made.private_surface is PrivateSurface.MODAL:
        raise ConfigError('[local]: private_surface is "ephemeral" or "direct message".')
    try:
        ZoneInfo(made.zone)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f'[local]: there is no time zone "{made.zone}".', 'Write it like "Europe/Paris".') from error
    return made
