"""Slack as an adapter: Bolt listens, the core decides, modals and messages show."""

from collections.abc import Mapping

from bot.adapter import Act, Adapter, Media, Now, how_to_install, no_media
from bot.errors import ConfigError


def open_adapter(section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> Adapter:
    """The adapter for `[slack]`. Raises `ConfigError`, also where the packages for Slack are not installed."""
    try:
        from .app import Slack
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
    return Slack(section, act, now, media)


def not_installed(error: ModuleNotFoundError) -> Exception:
    """The error as a sentence, where it is of the packages for Slack."""
    if (error.name or "").split(".")[0] not in ("slack_bolt", "slack_sdk", "cryptography"):
        return error
    return ConfigError("The packages for Slack are not installed.", how_to_install("slack"))
