"""What can be set in the `[discord]` section of the configuration file; the token comes from the environment alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import ConfigError
from bot.sections import read_section

TOKEN = "DISCORD_TOKEN"


@dataclass(frozen=True, slots=True)
class DiscordSettings:
    """Both addresses are Discord's own where they are empty; a proxy or a test gives others."""

    api_base: str = ""
    gateway_url: str = ""


@dataclass(frozen=True, slots=True)
class Secrets:
    """Never printed, whatever prints this."""

    token: str = field(repr=False)


def read(section: Mapping[str, object]) -> DiscordSettings:
    """Raises `ConfigError` that names the setting."""
    made = read_section(dict(section), DiscordSettings, "[discord]")
    _check("api_base", made.api_base, ("https://", "http://"), "https://discord.com/api/v10")
    _check("gateway_url", made.gateway_url, ("wss://", "ws://"), "wss://gateway.discord.gg/")
    return made


def _check(name: str, address: str, beginnings: tuple[str, ...], example: str) -> None:
    if address and not address.startswith(beginnings):
        raise ConfigError(f'[discord]: `{name}` is "{address}".', f"Write it like {example}, or leave it out.")


def secrets(environment: Mapping[str, str] | None = None) -> Secrets:
    """Raises `ConfigError` where there is no token."""
    token = (os.environ if environment is None else environment).get(TOKEN, "").strip().removeprefix("Bot ")
    if not token:
        raise ConfigError(
            f"[discord] is enabled, and there is no {TOKEN} in the environment.",
            "Copy the token from Discord's developer portal (Bot, Reset Token), or run `flashmob setup discord`.",
        )
    return Secrets(token)
