"""Slack's double with a channel full of people who click, and who notice when something new is on their screen."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import partial

from aiohttp import web
from aiohttp.test_utils import unused_port

from adapters.slack.render import LOADING
from tests.adapters.slack.counterpart import CHANNEL
from tests.adapters.slack.double.hands import Hands
from tests.adapters.slack.double.server import Double
from tests.adapters.slack.double.state import Channel, Json
from tests.adapters.slack.double.web_api import WebApi
from tests.adapters.slack.reading import buttons_of

from .clicks import PATIENCE_S, Clicks, answers, by_all

STUDY, REVEAL, RATE, HOW = "Study", "Show answer", "4 Well", "How it works"
LEAD = "U0LEAD"


@dataclass
class Watched(WebApi):
    """Tells whoever waits that a person has something new on the screen."""

    waiting: "dict[str, asyncio.Future[None]]" = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)

    def _views_open(self, arguments: Json, request: web.Request) -> Json:
        user = self.state.triggers[arguments["trigger_id"]][0]
        answer = super()._views_open(arguments, request)
        self.owners[answer["view"]["id"]] = user
        return self._shown(user, answer)

    def _views_update(self, arguments: Json, request: web.Request) -> Json:
        return self._shown(self.owners[arguments["view_id"]], super()._views_update(arguments, request))

    def _shown(self, user: str, answer: Json) -> Json:
        waiting = self.waiting.get(user)
        if waiting is not None and not waiting.done() and LOADING not in str(answer["view"]["blocks"]):
            waiting.set_result(None)
        return answer


@dataclass
class Slack:
    """The double with its people, and where their clicks go."""

    mode: str
    members: int
    port: int = field(default_factory=unused_port)
    double: Double = field(default_factory=Double)
    clicked: Clicks = field(default_factory=Clicks)

    def __post_init__(self) -> None:
        self.api = self.double.api = Watched(self.double.state)
        self.hands = Hands(self.double)
        self.people = [f"U{number}" for number in range(self.members)]
        for person in (LEAD, *self.people):
            self.double.state.add_user(person, person, admin=person == LEAD)
        channel = Channel("general", {LEAD, *self.people, self.double.state.bot_user})
        self.double.state.channels[CHANNEL] = channel

    async def all_study(self, ts: str, cards: int) -> Clicks:
        """Everybody at once; who they are is asked for before, by another press that counts for nothing."""
        await by_all(self.people, lambda person: self.click(person, self.press(person, HOW, ts)))
        self.clicked.took.clear()
        before = self.drawn()
        await by_all(self.people, partial(self._study, ts, cards))
        self.clicked.calls = self.drawn() - before
        return self.clicked

    async def _study(self, ts: str, cards: int, person: str) -> None:
        await self.click(person, self.press(person, STUDY, ts))
        for _ in range(cards):
            await self.click(person, self.press(person, REVEAL))
            await self.click(person, self.press(person, RATE))

    async def click(self, person: str, pressed: Coroutine[None, None, None]) -> None:
        shown = self.api.waiting[person] = asyncio.get_running_loop().create_future()
        async with self.clicked.timed(), asyncio.timeout(PATIENCE_S):
            await pressed
            await shown

    def press(self, person: str, label: str, ts: str = "") -> Coroutine[None, None, None]:
        """In what this person has on the screen, or on the message of this ts; what is not there is pressed in vain."""
        blocks = self.double.state.message(CHANNEL, ts)["blocks"] if ts else self.screen(person)["blocks"]
        button = next(button for found, button in buttons_of(blocks) if found == label)
        if ts:
            return self.hands.press(person, CHANNEL, ts, button)
        return self.hands.press_view(person, button)

    def screen(self, person: str) -> Json:
        view = self.double.state.screen(person)
        assert view is not None
        return view

    def posts(self) -> list[str]:
        """The ts of each message in the channel."""
        return [ts for channel, ts in self.double.state.messages if channel == CHANNEL]

    def is_heard(self, sockets: int) -> bool:
        """Whether somebody listens: over so many sockets, or at the port."""
        return self.double.sockets >= sockets if self.mode == "socket" else answers(self.port)

    def drawn(self) -> int:
        return sum(method.startswith("views.") for method, _ in self.api.calls)


@asynccontextmanager
async def opened(mode: str, members: int) -> AsyncIterator[Slack]:
    there = Slack(mode, members)
    await there.double.start()
    if mode == "http":
        there.double.request_url = f"http://127.0.0.1:{there.port}/slack/events"
    try:
        yield there
    finally:
        await there.double.stop()
