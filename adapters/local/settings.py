"""What can be set in the `[local]` section of the configuration file."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.adapter import PrivateSurface
from bot.errors import ConfigError
from bot.sections import read_section


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
    made = read_section(dict(settings), LocalSettings, "[local]")
    if made.private_surface is PrivateSurface.MODAL:
        raise ConfigError('[local]: private_surface is "ephemeral" or "direct message".')
    if not 0 <= made.port <= 65535:
        raise ConfigError(f"[local]: `port` is {made.port}.", "It may be 0 (any free one) to 65535.")
    try:
        ZoneInfo(made.zone)
    except (KeyError, ValueError, OSError) as error:
        raise ConfigError(f'[local]: there is no time zone "{made.zone}".', 'Write it like "Europe/Paris".') from error
    return made
