"""What `flashmob setup discord` and `flashmob doctor` ask of Discord. The SDK loads when it is used."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.adapter import Now, how_to_install
from bot.errors import ConfigError
from bot.model import Place

from . import settings

TOKEN = settings.TOKEN
WHERE_TOKENS_ARE = "Discord's developer portal: your application, Bot, Reset Token"


async def introduce(token: str) -> tuple[str, str]:
    """Whose token it is, and the link by which it is invited. Raises `ConfigError`."""
    found = await _setup().look(token)
    return found.name, found.invite


async def doctor(section: Mapping[str, object], places: Sequence[Place], now: Now) -> Sequence[Any]:
    """Findings (good, text, hint) on the token, the clock and the permissions in each channel."""
    secrets = settings.secrets()
    found: Sequence[Any] = await _setup().doctor(secrets.token, settings.read(section), places, now)
    return found


def _setup() -> Any:
    try:
        from . import setup
    except ModuleNotFoundError as error:
        if error.name != "discord":
            raise
        raise ConfigError("Discord's library is not installed.", how_to_install("discord")) from error
    return setup
