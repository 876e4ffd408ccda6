"""Staying connected: begun again after each end, waiting longer each time; given up where a person is needed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import discord
import yarl
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.errors import ConfigError

from . import limits
from .settings import TOKEN, DiscordSettings

log = logging.getLogger("flashmob.discord")
API_BASE, GATEWAY = Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
"""Discord's own addresses, as the library knows them."""
BAD_TOKEN, BAD_INTENTS = 4004, (4013, 4014)
HOPELESS = (4010, 4011, 4012)


class NoMoreSessions(Exception):
    """Discord lets no more sessions begin for now: a thousand a day, and then it resets the token."""

    def __init__(self, wait_s: float) -> None:
        self.wait_s = wait_s
        super().__init__(f"Discord lets no more sessions begin for {wait_s:.0f} s")


def use_addresses(settings: DiscordSettings) -> None:
    """Where Discord is; the library keeps this in its classes, so it holds for the whole process."""
    Route.BASE = settings.api_base.rstrip("/") or API_BASE
    DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(settings.gateway_url) if settings.gateway_url else GATEWAY


async def stay(connect: Callable[[], Awaitable[None]], closing: asyncio.Event) -> None:
    """Connect, and again whenever the connection ends, until `closing`. Raises `ConfigError` where that is useless."""
    rest_s = limits.FIRST_REST_S
    loop = asyncio.get_running_loop()
    while not closing.is_set():
        begun = loop.time()
        try:
            await connect()
        except NoMoreSessions as error:
            log.error("%s; the next attempt follows then", error)
            await _rest(closing, error.wait_s)
        except Exception as error:
            if sentence := hopeless(error):
                raise sentence from error
            log.exception("the connection to Discord ended; the next attempt follows in %g s", rest_s)
        if closing.is_set():
            return
        if loop.time() - begun > limits.LONGEST_REST_S:
            rest_s = limits.FIRST_REST_S
        await _rest(closing, rest_s)
        rest_s = min(2 * rest_s, limits.LONGEST_REST_S)


async def _rest(closing: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await closing.wait()
    except TimeoutError:
        pass


def hopeless(error: Exception) -> ConfigError | None:
    """The sentence for whoever runs Flashmob, where trying again cannot help."""
    code = error.code if isinstance(error, discord.ConnectionClosed) else 0
    if isinstance(error, discord.LoginFailure) or code == BAD_TOKEN:
        return ConfigError(
            "Discord does not accept the token.",
            f"Copy it again from Discord's developer portal (Bot, Reset Token) into {TOKEN}.",
        )
    if isinstance(error, discord.PrivilegedIntentsRequired) or code in BAD_INTENTS:
        return ConfigError("Discord refuses what Flashmob listens to.", "Update Flashmob: it asks for no such intents.")
    if code in HOPELESS:
        return ConfigError(f"Discord ended the connection for good (code {code}).", "Update Flashmob.")
    return None
