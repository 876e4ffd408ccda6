"""The way in: the adapter, or a clear sentence where Discord's library is not installed."""

from collections.abc import Mapping

from bot.adapter import Act, Adapter, Media, Now, how_to_install, no_media
from bot.errors import ConfigError


def open_adapter(section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> Adapter:
    """`section` is `[discord]` of the configuration file. Raises `ConfigError`."""
    try:
        from .app import Discord
    except ModuleNotFoundError as error:
        if error.name != "discord":
            raise
        sentence = "[discord] is enabled, and Discord's library is not installed."
        raise ConfigError(sentence, how_to_install("discord")) from error
    return Discord(section, act, now, media)
