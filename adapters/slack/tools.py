"""What the command line offers for Slack: the manifest, and a look at whether all is well."""

from collections.abc import Mapping, Sequence

from bot.adapter import Now
from bot.errors import ConfigError
from bot.model import Place

from . import settings
from .doctor import Finding
from .doctor import doctor as look
from .manifest import as_text, manifest


async def doctor(section: Mapping[str, object], places: Sequence[Place], now: Now) -> list[Finding]:
    """Tokens, scopes, clock and channels, in sentences. Never raises for what Slack says."""
    made = settings.read(section)
    try:
        secrets = settings.secrets(made)
    except ConfigError as error:
        return [Finding(False, error.sentence, error.hint)]
    return await look(made, secrets, places, now)


def manifest_text(section: Mapping[str, object], address: str = "", *, optional: bool = True) -> str:
    """The manifest to paste at Slack. Raises `ConfigError` for a setting that is wrong."""
    return as_text(manifest(settings.read(section), address, optional=optional, many_workspaces=bool(address)))
