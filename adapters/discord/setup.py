"""Setting Flashmob up on Discord: what the token is for, the link that invites it, and what is wrong, in sentences.

Nothing here listens: a look is a handful of requests, and no connection to the gateway.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import aiohttp
import discord

from bot.adapter import Now
from bot.errors import ConfigError
from bot.model import Place

from . import client, failures, life, permissions
from .settings import DiscordSettings

SCOPES = ("bot", "applications.commands")
LARGEST_SKEW_S = 60
"""Beyond this, times that people are told would be visibly wrong."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was seen, and what to do where it is not `good`."""

    good: bool
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Bot:
    """Who the token belongs to, and the link by which it is invited with just the permissions that it needs."""

    name: str
    application_id: int
    public: bool
    invite: str


def invite_link(application_id: int) -> str:
    """Never asks for Administrator."""
    return discord.utils.oauth_url(application_id, permissions=permissions.asked_for(), scopes=SCOPES)


async def look(token: str, settings: DiscordSettings | None = None) -> Bot:
    """Whose token this is. Raises `ConfigError` where Discord does not accept it or cannot be reached."""
    async with _logged_in(token, settings or DiscordSettings(), _Clock(lambda: 0)) as found:
        return await _bot(found)


async def doctor(token: str, settings: DiscordSettings, places: Sequence[Place], now: Now) -> list[Finding]:
    """Look at the token, the clock, and the permissions in each of the groups' channels. Never raises."""
    clock = _Clock(now)
    try:
        async with _logged_in(token, settings, clock) as found:
            bot = await _bot(found)
            there = [await _place(found, place) for place in places]
    except ConfigError as error:
        return [Finding(False, error.sentence, error.hint)]
    good = f"The token is accepted: it belongs to {bot.name}."
    intents = "No privileged intents are needed, and none are asked for."
    return [Finding(True, good), Finding(True, intents), clock.finding(), *there]


@asynccontextmanager
async def _logged_in(token: str, settings: DiscordSettings, clock: "_Clock") -> AsyncIterator[discord.Client]:
    life.use_addresses(settings)
    found = discord.Client(intents=client.intents(), max_messages=None, http_trace=clock.trace())
    try:
        await found.login(token)
        yield found
    except (*failures.KNOWN, RuntimeError) as error:
        raise life.hopeless(error) or ConfigError(
            f"Discord cannot be asked: {failures.send_failed(error).reason}.", "Try again in a minute."
        ) from error
    finally:
        await found.close()


async def _bot(found: discord.Client) -> Bot:
    about = await found.application_info()
    return Bot(about.name, about.id, about.bot_public, invite_link(about.id))


async def _place(found: discord.Client, place: Place) -> Finding:
    """Whether all that is needed is allowed there."""
    assert found.user is not None
    try:
        guild = await found.fetch_guild(int(place.workspace), with_counts=False)
        channel = await guild.fetch_channel(int(place.channel))
        me = await guild.fetch_member(found.user.id)
    except (discord.NotFound, discord.Forbidden, discord.InvalidData, ValueError):
        where = f"server {place.workspace}, channel {place.channel}"
        link = invite_link(found.application_id or 0)
        return Finding(False, f"I cannot see {where}.", f"Invite me with {link}, and let me see the channel.")
    if isinstance(channel, discord.Thread):
        return Finding(False, f"#{channel.name} is a thread, and threads are archived.", "Choose a channel.")
    missing = permissions.lacking(channel, tuple(permissions.NAMES), me)
    where = f"#{channel.name} in {guild.name}"
    if missing:
        return Finding(False, f"In {where} I lack {_listed(missing)}.", "Give them to my role there, then look again.")
    return Finding(True, f"In {where} I may do all that I need.")


def _listed(names: Sequence[str]) -> str:
    return " and ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])


class _Clock:
    """How far this computer's clock is from Discord's, by the date of an answer."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._ahead_s: float | None = None

    def trace(self) -> aiohttp.TraceConfig:
        made = aiohttp.TraceConfig()
        made.on_request_end.append(self._seen)
        return made

    async def _seen(self, session: object, context: object, end: aiohttp.TraceRequestEndParams) -> None:
        try:
            theirs = parsedate_to_datetime(end.response.headers["Date"])
        except (KeyError, ValueError):
            return
        self._ahead_s = self._now() / 1000 - theirs.timestamp()

    def finding(self) -> Finding:
        if self._ahead_s is None:
            return Finding(True, "Discord did not say what time it is.")
        if abs(self._ahead_s) <= LARGEST_SKEW_S:
            return Finding(True, "The clock agrees with Discord's.")
        way = "ahead of" if self._ahead_s > 0 else "behind"
        text = f"The clock of this computer is {abs(self._ahead_s):.0f} s {way} Discord's."
        return Finding(False, text, "Turn on the time synchronisation of this computer: posts go out by its clock.")
