"""The connection: what Discord tells of is handed to `Ears`, and nothing of it is kept.

Rules of this file:
- no privileged intents: servers and reactions are all that is listened to;
- no command tree and no kept views: every interaction goes through `on_interaction`;
- READY may come many times. What must happen once happens in `setup_hook`, before the first.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any, Protocol

import discord

from . import commands, limits
from .invalid import Budget
from .parse import Interaction

log = logging.getLogger("flashmob.discord")
_WITH_KEY = ("raw_reaction_add", "raw_reaction_remove", "guild_join", "guild_remove")
"""What has no id of its own."""


class Ears(Protocol):
    """Who is told. Nothing of this may raise."""

    async def heard(self, interaction: Interaction) -> None: ...

    async def reacted(self, payload: discord.RawReactionActionEvent, key: str) -> None: ...

    async def came_and_went(self, *, connected: bool) -> None: ...

    async def began_anew(self, session: str, guild_ids: Sequence[int]) -> None:
        """With a new session, so that something may have been missed; these are all the servers there are."""
        ...

    async def joined(self, guild_id: int, key: str) -> None: ...

    async def left(self, guild_id: int, key: str) -> None:
        """Flashmob was removed from a server; an outage does not count."""
        ...


def intents() -> discord.Intents:
    return discord.Intents(guilds=True, guild_reactions=True)


class Client(discord.Client):
    """One life of the connection; a new one is made where it ended."""

    def __init__(self, ears: Ears, budget: Budget) -> None:
        super().__init__(
            intents=intents(),
            allowed_mentions=discord.AllowedMentions.none(),
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            max_ratelimit_timeout=limits.LONGEST_WAIT_S,
            http_trace=budget.trace(),
            guild_ready_timeout=limits.LAST_GUILD_S,
        )
        self._ears = ears

    async def setup_hook(self) -> None:
        """Tell Discord of the commands, where it knows others. Without them, buttons still work."""
        assert self.application_id is not None
        wanted = commands.payloads()
        try:
            there = await self.http.get_global_commands(self.application_id)
            if not commands.same(wanted, there):
                await self.http.bulk_upsert_global_commands(self.application_id, wanted)
                log.info("the commands were changed on Discord")
        except (discord.HTTPException, discord.RateLimited):
            log.exception("the commands could not be compared with Discord's; the next start tries again")

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        """Some events have no id of their own: their place in the session names them, and comes along."""
        extra = (self._event_key(),) if event in _WITH_KEY else ()
        super().dispatch(event, *args, *extra, **kwargs)

    def _event_key(self) -> str:
        """Never fails, since what fails here ends the connection: without a session it is a name of its own."""
        session, number = getattr(self.ws, "session_id", None), getattr(self.ws, "sequence", None)
        return f"discord:{session}:{number}" if session and number is not None else f"discord:{secrets.token_hex(8)}"

    # ---- what Discord tells of

    async def on_interaction(self, interaction: Interaction) -> None:
        await self._ears.heard(interaction)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent, key: str) -> None:
        await self._ears.reacted(payload, key)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent, key: str) -> None:
        await self._ears.reacted(payload, key)

    async def on_connect(self) -> None:
        """The session is there, and its servers follow: nothing that is sent needs to wait for them."""
        await self._ears.came_and_went(connected=True)

    async def on_ready(self) -> None:
        session = str(getattr(self.ws, "session_id", None) or secrets.token_hex(8))
        await self._ears.began_anew(session, [guild.id for guild in self.guilds])

    async def on_resumed(self) -> None:
        await self._ears.came_and_went(connected=True)

    async def on_disconnect(self) -> None:
        await self._ears.came_and_went(connected=False)

    async def on_guild_join(self, guild: discord.Guild, key: str) -> None:
        await self._ears.joined(guild.id, key)

    async def on_guild_remove(self, guild: discord.Guild, key: str) -> None:
        await self._ears.left(guild.id, key)

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("a handler of %s failed", event)
