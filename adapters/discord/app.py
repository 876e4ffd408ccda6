"""Discord as an adapter: listen, answer, send. No id, view or session is kept that a restart would lose."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

import discord

from bot.actions import BeganAnew, WorkspaceBack, WorkspaceLeft, WorkspacesAre, told_by
from bot.adapter import (
    Act,
    CannotTell,
    Capabilities,
    Media,
    Now,
    PrivateSurface,
    RatedBy,
    SendFailed,
    no_media,
)
from bot.messages import Message
from bot.model import MessageRef, Place, Rating
from bot.states import Health

from . import (
    answering,
    briefly,
    failures,
    life,
    limits,
    marks,
    mentions,
    parse,
    permissions,
    reactions,
    render,
    settings,
)
from .client import Client
from .invalid import Budget
from .parse import Interaction
from .screen import Screen

log = logging.getLogger("flashmob.discord")
LAST_ANSWERS_S = 5.0
"""How long a shutdown waits for the answers that are under way."""


class Discord:
    """The adapter."""

    def __init__(self, section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> None:
        """`section` is `[discord]` of the configuration file; the token is `DISCORD_TOKEN`. Raises `ConfigError`."""
        self._settings = settings.read(section)
        self._secrets = settings.secrets()
        self._act = act
        self._now = now
        self._media = media
        self._budget = Budget(now)
        self._client: Client | None = None
        self._closing = asyncio.Event()
        self._connected = asyncio.Event()
        self._under_way: dict[int, asyncio.Task[None]] = {}
        self._health = Health.CONNECTING

    @property
    def platform(self) -> str:
        return parse.PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(
            PrivateSurface.EPHEMERAL,
            limits.TEXT,
            limits.LABEL,
            limits.BUTTONS,
            reactions=True,
            edits=True,
            sends_per_second=limits.SENDS_PER_SECOND,
        )

    # ---- life

    @property
    def health(self) -> Health:
        return self._health

    async def run(self) -> None:
        """Stay connected until `close`. Raises `ConfigError` where a person has to mend something."""
        await life.stay(self._live, self._closing)

    async def started(self) -> None:
        """Wait until Discord has said that all is there."""
        await self._connected.wait()

    def new_client(self) -> Client:
        """The next life of the connection, which from now on sends what is to be sent."""
        life.use_addresses(self._settings)
        self._client = Client(self, self._budget)
        return self._client

    async def _live(self) -> None:
        """One life of the connection. Between two of them, what is to be sent waits."""
        try:
            await self._live_once()
        finally:
            self._connected.clear()

    async def _live_once(self) -> None:
        async with self.new_client() as client, briefly.answers(self._budget):
            living = asyncio.ensure_future(client.start(self._secrets.token))
            closing = asyncio.ensure_future(self._closing.wait())
            await asyncio.wait([living, closing], return_when=asyncio.FIRST_COMPLETED)
            closing.cancel()
            if not living.done():
                await client.close()
                living.cancel()
            await asyncio.gather(living, return_exceptions=self._closing.is_set())

    async def close(self) -> None:
        """Answer what was asked already, then hang up."""
        if self._under_way:
            await asyncio.wait(list(self._under_way.values()), timeout=LAST_ANSWERS_S)
        self._closing.set()
        self._connected.clear()
        self._health = Health.CLOSED
        if self._client is not None:
            await self._client.close()

    # ---- what Discord tells of

    async def heard(self, interaction: Interaction) -> None:
        """Answer it, unless it is being answered already: Discord may tell of the same press twice."""
        task = asyncio.current_task()
        if task is None or interaction.id in self._under_way:
            return
        self._under_way[interaction.id] = task
        try:
            await answering.answer(interaction, self._act, self._media)
        finally:
            del self._under_way[interaction.id]

    async def reacted(self, payload: discord.RawReactionActionEvent, key: str) -> None:
        bot_id = self._client.user.id if self._client and self._client.user else 0
        request = parse.reaction(payload, bot_id, key, self._now())
        if request is not None:
            await self._act(request)

    async def came_and_went(self, there: int, of: int) -> None:
        """What is sent needs no shard of its own, so it waits for the first one alone."""
        if self._closing.is_set():
            return
        if there:
            self._connected.set()
        if there == of:
            self._health = Health.CONNECTED
        elif self._health is not Health.CONNECTING:
            self._health = Health.AWAY

    async def began_anew(self, session: str, guild_ids: Sequence[int]) -> None:
        """All of Discord's servers are there; what happened since the last session ended, nobody tells.

        A server in an outage is among them.
        """
        there = WorkspacesAre(tuple(map(str, guild_ids)))
        await self._act(told_by(self.platform, there, f"discord:{session}:servers", self._now()))
        await self._act(told_by(self.platform, BeganAnew(), f"discord:{session}:began", self._now()))

    async def joined(self, guild_id: int, key: str) -> None:
        await self._act(told_by(self.platform, WorkspaceBack(), key, self._now(), str(guild_id)))

    async def left(self, guild_id: int, key: str) -> None:
        log.warning("Flashmob was removed from the server %s", guild_id)
        await self._act(told_by(self.platform, WorkspaceLeft(), key, self._now(), str(guild_id)))

    # ---- what is sent

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        client = await self._ready()
        permissions.check(client, place, permissions.TO_SEND)
        try:
            channel = await _channel(client, place)
            role = mentions.role(message, place)
            screen = await self._drawn(client, place, message, marks.ids(key), role)
            sent = await channel.send(**screen.parts, nonce=marks.nonce(key), allowed_mentions=mentions.allowed(role))
        except failures.KNOWN as error:
            raise failures.send_failed(error) from error
        return MessageRef(place, str(sent.id))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        client = await self._ready()
        try:
            screen = await self._drawn(client, ref.place, message)
            sent = await _message(client, ref)
            await sent.edit(**screen.edits, allowed_mentions=mentions.allowed())
        except failures.KNOWN as error:
            raise failures.send_failed(error) from error

    async def _drawn(
        self, client: Client, place: Place, message: Message, ids: Sequence[int] = (), role: int = 0
    ) -> Screen:
        """Where no files may go, a message is words alone, which is better than no message."""
        if permissions.lacking_at(client, place, permissions.TO_ATTACH):
            return render.screen(message, ids, role=role)
        return await render.drawn(message, self._media, ids, role)

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        client = await self._ready()
        permissions.check(client, ref.place, permissions.TO_REACT)
        try:
            await (await _message(client, ref)).add_reaction(parse.EMOJI[rating])
        except failures.KNOWN as error:
            raise failures.send_failed(error, "Read Message History and Add Reactions") from error

    async def find(self, place: Place, key: str) -> MessageRef | None:
        """Look through the newest messages; None as well where the channel is not there."""
        client = await self._ready()
        if missing := permissions.lacking_at(client, place, permissions.TO_LOOK):
            raise CannotTell(f"To look, I would need {' and '.join(missing)} there.")
        try:
            channel = await _channel(client, place)
            async for message in channel.history(limit=limits.LOOK_BACK):
                if client.user and message.author.id == client.user.id and marks.has(message, key):
                    return MessageRef(place, str(message.id))
        except discord.NotFound:
            return None
        except discord.Forbidden as error:
            raise CannotTell("Discord does not let me look there.") from error
        except failures.KNOWN as error:
            raise failures.send_failed(error) from error
        return None

    async def ratings(self, ref: MessageRef) -> RatedBy:
        client = await self._ready()
        try:
            return await reactions.rated_by(await _message(client, ref), client.user.id if client.user else 0)
        except failures.KNOWN as error:
            raise failures.send_failed(error, "Read Message History") from error

    async def _ready(self) -> Client:
        """The connection, once there is one. Raises `SendFailed`."""
        self._budget.check()
        try:
            async with asyncio.timeout(limits.CONNECTED_WITHIN_S):
                await self._connected.wait()
        except TimeoutError as error:
            raise SendFailed("there is no connection to Discord") from error
        assert self._client is not None
        return self._client


async def _channel(client: Client, place: Place) -> discord.abc.Messageable:
    if place.person:
        return await client.create_dm(discord.Object(int(place.person)))
    return client.get_partial_messageable(int(place.channel))


async def _message(client: Client, ref: MessageRef) -> discord.PartialMessage:
    channel = await _channel(client, ref.place)
    assert isinstance(channel, discord.PartialMessageable | discord.DMChannel)
    return channel.get_partial_message(int(ref.message_id))
