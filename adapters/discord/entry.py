"""The way in: the adapter, or a clear sentence where Discord's library is not installed."""

from collections.abc import Mapping

from bot.adapter import Act, Adapter, Media, Now, no_media
from bot.errors import ConfigError

from .settings import PIP


def open_adapter(section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> Adapter:
    """`section` is `[discord]` of the configuration file. Raises `ConfigError`."""
    try:
        from .app import Discord
    except ModuleNotFoundError as error:
        if error.name != "discord":
            raise
        raise ConfigError("[discord] is enabled, and Discord's library is not installed.", f"Run: {PIP}") from error
    return Discord(section, act, now, media)
