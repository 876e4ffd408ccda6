"""Discord as the adapter contract sees it: the loopback double, and people in its channel."""

import asyncio
import os
import re
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager

from bot.app import App, open_app
from bot.model import Place, Rating
from bot.store.tx import Tx
from bot.testing.counterpart import LEAD, Counterpart, Setting
from bot.testing.world import StillClock

from .double import DiscordDouble, Person
from .double.hands import KEYCAPS, shown
from .double.modals import Values
from .double.reading import notification, pictures, read
from .double.words import Answered, Channel, Guild, Interaction, Posted
from .wire import settled

TOKEN = "DISCORD_TOKEN"
INSTANT = re.compile(r"<t:\d{10}:F>")


@contextmanager
def in_environment(token: str) -> Iterator[None]:
    """The token is where a secret is, for as long as the adapter is made."""
    before = os.environ.get(TOKEN)
    os.environ[TOKEN] = token
    try:
        yield
    finally:
        os.environ.pop(TOKEN)
        if before is not None:
            os.environ[TOKEN] = before


class DiscordCounterpart:
    """Lasts as long as a test; the app comes and goes."""

    def __init__(self) -> None:
        self.there = DiscordDouble()
        self.guild: Guild = self.there.room.guild("Rivers")
        self.channel: Channel = self.there.room.channel("flashcards", self.guild)
        self.token = self.there.token
        self._people: dict[str, Person] = {}
        self._forms: dict[str, Interaction] = {}

    @property
    def place(self) -> Place:
        return Place("discord", self.guild.id, self.channel.id)

    @property
    def nowhere(self) -> Place:
        return Place("discord", self.guild.id, "123456789012345678")

    @asynccontextmanager
    async def open(self, setting: Setting, clock: StillClock) -> AsyncIterator[App]:
        section = await self.prepared(setting, clock)
        with in_environment(self.token):
            async with open_app(setting.config(self.place, section), clock) as app, self.listening(app):
                yield app

    async def prepared(self, setting: Setting, clock: StillClock) -> dict[str, str]:
        """The settings by which an adapter finds the double, which is there from now on."""
        self.there.room.now = self.there.room.ids.now = clock
        if not self._people:
            await self.there.start()
            self._arrive(setting)
        return {"api_base": self.there.api_base, "gateway_url": self.there.gateway_url}

    @asynccontextmanager
    async def listening(self, app: App) -> AsyncIterator[None]:
        adapter = app.adapters["discord"]
        before = await _sessions_told(app)
        running = asyncio.create_task(adapter.run())
        connected = asyncio.create_task(self.there.gateway.until(lambda: self.there.gateway.connected))
        await asyncio.wait([running, connected], return_when=asyncio.FIRST_COMPLETED)
        async with asyncio.timeout(10):
            while not running.done() and await _sessions_told(app) == before:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        await self.settled()
        try:
            yield
        finally:
            await adapter.close()
            await running

    def _arrive(self, setting: Setting) -> None:
        for who, name in setting.names.items():
            self._people[who] = self.person(name, leads=who == LEAD)

    def person(self, name: str, leads: bool = False) -> Person:
        """Somebody new in the channel."""
        user = self.there.room.user(name)
        self.guild.members.append(user.id)
        self.guild.leads += [user.id] * leads
        return Person(self.there, user, self.channel)

    def of(self, who: str) -> Person:
        return self._people[who]

    async def settled(self) -> None:
        await settled(self.there)

    # ---- hands

    async def press(self, who: str, label: str, delivered: int = 1) -> str:
        return await self._shown(self.of(who).begin_press(label, times=delivered), who)

    async def press_id(self, who: str, button_id: str) -> str:
        return await self._shown(self.of(who).begin_press_id(button_id), who)

    async def type(self, who: str, command: str, delivered: int = 1) -> str:
        return await self._shown(self.of(who).begin_type(command, times=delivered), who)

    async def fill(self, who: str, values: Values, file: tuple[str, bytes] | None = None, delivered: int = 1) -> str:
        return await self._shown(self.of(who).begin_submit(self._forms[who], values, file, delivered), who)

    async def _shown(self, made: Interaction, who: str) -> str:
        await self.settled()
        if made.kind is Answered.MODAL:
            self._forms[who] = made
        return shown(made)

    async def react(self, who: str, rating: Rating, added: bool = True, delivered: int = 1) -> None:
        self.of(who).react(self._public()[-1], int(rating), added, delivered)
        await self.settled()

    async def react_unseen(self, who: str, rating: Rating, added: bool = True) -> None:
        self.of(who).react(self._public()[-1], int(rating), added, times=0)

    # ---- eyes

    def sees(self, who: str) -> str:
        return self.of(who).text()

    async def pictures(self, who: str) -> list[tuple[str, bytes]]:
        return [found for posted in self.of(who).seen() for found in pictures(posted, self.there.room.files)]

    def public(self) -> list[str]:
        return [read(posted).text for posted in self._public()]

    def notifications(self) -> list[str]:
        return [notification(posted) for posted in self._public()]

    def reactions(self) -> dict[Rating, int]:
        found = self._public()[-1].reactions
        bot = self.there.bot.id
        return {rating: len(set(found[KEYCAPS[rating]]) - {bot}) for rating in Rating if KEYCAPS[rating] in found}

    def pings(self) -> list[str]:
        """An instant of ours is drawn by Discord, in each reader's own zone, and pings nobody."""
        found = [more for posted in self.there.room.messages.values() for more in read(posted).more]
        return [more for more in found if not INSTANT.fullmatch(more)]

    def _public(self) -> Sequence[Posted]:
        return self.there.room.history(self.channel.id)


_: type[Counterpart] = DiscordCounterpart  # the checker proves that nothing is missing


async def _sessions_told(app: App) -> int:
    """How many sessions have begun of which the app knows all servers."""

    async def story(tx: Tx) -> int:
        return len(await tx.all("select 1 from handled where key like 'discord:%:began'"))

    return await app.database.read(story)
