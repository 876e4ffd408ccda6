"""The connection: what Discord tells of is handed to `Ears`, and nothing of it is kept.

Rules of this file:
- no privileged intents: servers and reactions are all that is listened to;
- no command tree and no kept views: every interaction goes through `on_interaction`;
- READY may come many times. What must happen once happens in `setup_hook`, before the first;
- there are as many shards as Discord advises, each with a session of its own, and direct messages come on the first.
"""

import logging
import secrets
from collections.abc import Sequence
from typing import Any, Protocol

import discord

from . import commands, life, limits
from .invalid import Budget
from .parse import Interaction

log = logging.getLogger("flashmob.discord")
_WITH_KEY = ("raw_reaction_add", "raw_reaction_remove", "guild_join", "guild_remove")
"""What has no id of its own."""


class Ears(Protocol):
    """Who is told. Nothing of this may raise."""

    async def heard(self, interaction: Interaction) -> None: ...

    async def reacted(self, payload: discord.RawReactionActionEvent, key: str) -> None: ...

    async def came_and_went(self, there: int, of: int) -> None:
        """So many of the connection's shards are there."""
        ...

    async def began_anew(self, session: str, guild_ids: Sequence[int]) -> None:
        """With a new session, so that something may have been missed; these are all the servers there are."""
        ...

    async def joined(self, guild_id: int, key: str) -> None: ...

    async def left(self, guild_id: int, key: str) -> None:
        """Flashmob was removed from a server; an outage does not count."""
        ...


def intents() -> discord.Intents:
    return discord.Intents(guilds=True, guild_reactions=True)


def _guild_id(told: Any) -> int | None:
    """Whose server an event is about."""
    return told.id if isinstance(told, discord.Guild) else told.guild_id


class Client(discord.AutoShardedClient):
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
        self._there: set[int] = set()
        self._complete: set[int] = set()

    async def launch_shards(self) -> None:
        """Begin as many sessions as Discord advises. Raises `NoMoreSessions` where it allows fewer for now."""
        self.shard_count, _, limit = await self.http.get_bot_gateway()
        if limit["remaining"] < self.shard_count:
            raise life.NoMoreSessions(limit["reset_after"] / 1000)
        await super().launch_shards()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        self._forget_servers(shard_id or 0)
        await super().before_identify_hook(shard_id, initial=initial)

    def _forget_servers(self, shard_id: int) -> None:
        """A new session tells of its servers anew, and the library would keep those that are gone."""
        self._complete.discard(shard_id)
        for guild in [each for each in self.guilds if each.shard_id == shard_id]:
            self._connection._remove_guild(guild)

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
        """Some events have no id of their own: their place in their shard's session names them, and comes along."""
        extra = (self._event_key(_guild_id(args[0])),) if event in _WITH_KEY else ()
        super().dispatch(event, *args, *extra, **kwargs)

    def _event_key(self, guild_id: int | None) -> str:
        """Never fails, since what fails here ends the connection: without a session it is a name of its own."""
        socket = self._socket((guild_id >> 22) % (self.shard_count or 1) if guild_id else 0)
        session, number = getattr(socket, "session_id", None), getattr(socket, "sequence", None)
        return f"discord:{session}:{number}" if session and number is not None else f"discord:{secrets.token_hex(8)}"

    def _socket(self, shard_id: int) -> object:
        try:
            return self._get_websocket(shard_id=shard_id)
        except (KeyError, AttributeError):
            return None

    # ---- what Discord tells of

    async def on_interaction(self, interaction: Interaction) -> None:
        await self._ears.heard(interaction)

    async def on_raw_reaction_add(self, payload: discord.RawReactionActionEvent, key: str) -> None:
        await self._ears.reacted(payload, key)

    async def on_raw_reaction_remove(self, payload: discord.RawReactionActionEvent, key: str) -> None:
        await self._ears.reacted(payload, key)

    async def on_shard_connect(self, shard_id: int) -> None:
        """The session is there, and its servers follow: nothing that is sent needs to wait for them."""
        await self._came(shard_id)

    async def on_shard_resumed(self, shard_id: int) -> None:
        await self._came(shard_id)

    async def on_shard_ready(self, shard_id: int) -> None:
        """All servers are known once every shard has told of its own."""
        self._complete.add(shard_id)
        if len(self._complete) == self.shard_count:
            session = str(getattr(self._socket(shard_id), "session_id", None) or secrets.token_hex(8))
            await self._ears.began_anew(session, [guild.id for guild in self.guilds])

    async def on_shard_disconnect(self, shard_id: int) -> None:
        self._there.discard(shard_id)
        await self._tell_how_many()

    async def _came(self, shard_id: int) -> None:
        self._there.add(shard_id)
        await self._tell_how_many()

    async def _tell_how_many(self) -> None:
        await self._ears.came_and_went(len(self._there), self.shard_count or 1)

    async def on_guild_join(self, guild: discord.Guild, key: str) -> None:
        await self._ears.joined(guild.id, key)

    async def on_guild_remove(self, guild: discord.Guild, key: str) -> None:
        await self._ears.left(guild.id, key)

    async def on_error(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        log.exception("a handler of %s failed", event)
