"""What the command line offers for Slack: the manifest, and a look at whether all is well. The SDK loads when it is
used.
"""

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any

from bot.adapter import Now
from bot.errors import ConfigError
from bot.model import Place

from . import settings
from .entry import not_installed


async def doctor(section: Mapping[str, object], places: Sequence[Place], now: Now) -> Sequence[Any]:
    """Findings (good, text, hint) on tokens, scopes, clock and channels. Never raises for what Slack says."""
    made, its = settings.read(section), _loaded("doctor")
    try:
        secrets = settings.secrets(made)
    except ConfigError as error:
        return [its.Finding(False, error.sentence, error.hint)]
    found: Sequence[Any] = await its.doctor(made, secrets, places, now)
    return found


def manifest_text(section: Mapping[str, object], address: str = "", *, optional: bool = True) -> str:
    """The manifest to paste at Slack. Raises `ConfigError` for a setting that is wrong."""
    its = _loaded("manifest")
    made = its.manifest(settings.read(section), address, optional=optional, many_workspaces=bool(address))
    return str(its.as_text(made))


def _loaded(name: str) -> Any:
    """A file of this folder that needs Slack's packages. Raises `ConfigError` where they are not installed."""
    try:
        return import_module(f".{name}", __package__)
    except ModuleNotFoundError as error:
        raise not_installed(error) from error
