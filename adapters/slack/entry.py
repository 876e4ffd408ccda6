"""Slack as an adapter: Bolt listens, the core decides, modals and messages show."""

from collections.abc import Mapping

from bot.adapter import Act, Adapter, Media, Now, no_media
from bot.errors import ConfigError


def open_adapter(section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> Adapter:
    """The adapter for `[slack]`. Raises `ConfigError`, also where the packages for Slack are not installed."""
    try:
        from .app import Slack
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] not in ("slack_bolt", "slack_sdk", "cryptography"):
            raise
        raise ConfigError(
            "The packages for Slack are not installed.", "Install them: pip install 'flashmob[slack]'"
        ) from error
    return Slack(section, act, now, media)
