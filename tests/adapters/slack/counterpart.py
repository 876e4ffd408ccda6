"""Slack as the adapter contract sees it: the double, and the real libraries between it and the adapter."""

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from adapters.slack.app import Slack
from adapters.slack.parse import REACTIONS
from bot.app import App, open_app
from bot.model import Place, Rating
from bot.testing.counterpart import LEAD, MEMBER, STRANGER, Counterpart, Setting, Values
from bot.testing.world import StillClock

from .double.hands import Hands
from .double.server import Double
from .double.state import Channel, Json, State
from .double.web_api import reacted
from .reading import buttons_of, fallback, pings_of, text_of, text_of_view

CHANNEL = "C0GENERAL"
IDS = {LEAD: "U0MAYA", MEMBER: "U0SAM", STRANGER: "U0LIN"}
SOCKET, HTTP = "socket", "http"


def environment(state: State) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": state.bot_token,
        "SLACK_APP_TOKEN": state.app_token,
        "SLACK_SIGNING_SECRET": state.signing_secret,
    }


def furnish(state: State, names: dict[str, str] | None = None) -> None:
    """Three people in one channel, of whom the first leads."""
    for who, name in (names or {LEAD: "Maya", MEMBER: "Sam", STRANGER: "Lin"}).items():
        state.add_user(IDS[who], name, admin=who == LEAD)
    state.channels.setdefault(CHANNEL, Channel("general", {*IDS.values(), state.bot_user}))


class SlackCounterpart:
    """The double outlives the app; `mode` is how it delivers."""

    def __init__(self, mode: str = SOCKET) -> None:
        self.double = Double()
        self.hands = Hands(self.double)
        self.mode = mode
        self._slack: Slack | None = None

    @property
    def state(self) -> State:
        return self.double.state

    @property
    def slack(self) -> Slack:
        assert self._slack is not None
        return self._slack

    @property
    def place(self) -> Place:
        return Place("slack", self.state.team, CHANNEL)

    @property
    def nowhere(self) -> Place:
        return Place("slack", self.state.team, "C0ATTIC")

    @asynccontextmanager
    async def open(self, setting: Setting, clock: StillClock, **section: Any) -> AsyncIterator[App]:
        base = await self.prepared(setting)
        async with open_app(setting.config(self.place, {**base, **section}), clock) as app, self.listening(app):
            yield app

    async def prepared(self, setting: Setting) -> Json:
        """The settings by which an adapter finds the double, which is there from now on."""
        if not self.double.port:
            await self.double.start()
        furnish(self.state, dict(setting.names))
        os.environ.update(environment(self.state))
        return {"api_base": self.double.api_base, "mode": self.mode, "host": "127.0.0.1", "port": 0}

    @asynccontextmanager
    async def listening(self, app: App) -> AsyncIterator[None]:
        slack = app.adapters["slack"]
        assert isinstance(slack, Slack)
        self._slack = slack
        running = asyncio.create_task(slack.run())
        starting = asyncio.create_task(slack.started())
        await asyncio.wait({running, starting}, return_when=asyncio.FIRST_COMPLETED)
        self.double.request_url = slack.address
        try:
            yield
        finally:
            starting.cancel()
            await slack.close()
            await running

    async def close(self) -> None:
        await self.double.stop()
        for name in environment(self.state):
            os.environ.pop(name, None)
        assert self.double.api.problems == []

    # ---- hands

    async def press(self, who: str, label: str, delivered: int = 1) -> str:
        """In the modal on top, else under the newest message that has such a button."""
        user = IDS[who]
        view = self.state.screen(user)
        for found, button in buttons_of(view["blocks"]) if view else ():
            if found == label:
                return await self._shown(user, self.hands.press_view(user, button, delivered))
        for channel, message in reversed(self._messages(user)):
            for found, button in buttons_of(message["blocks"]):
                if found == label:
                    return await self._shown(user, self.hands.press(user, channel, message["ts"], button, delivered))
        raise LookupError(f"{who} sees no button {label!r}")

    async def press_id(self, who: str, button_id: str) -> str:
        channel, message = self._messages(IDS[who])[-1]
        return await self._shown(IDS[who], self.hands.press(IDS[who], channel, message["ts"], button_id))

    async def type(self, who: str, command: str, delivered: int = 1) -> str:
        """On Slack everything stands behind one command."""
        words = command.removeprefix("/").removeprefix("quiz-").removeprefix("quiz").strip()
        return await self._shown(IDS[who], self.hands.type(IDS[who], CHANNEL, words, delivered=delivered))

    async def fill(self, who: str, values: Values, file: tuple[str, bytes] | None = None, delivered: int = 1) -> str:
        return await self._shown(IDS[who], self.hands.submit(IDS[who], values, file, delivered))

    async def react(self, who: str, rating: Rating, added: bool = True, delivered: int = 1) -> None:
        name = next(name for name, each in REACTIONS.items() if each is rating)
        channel, message = self._public()[-1]
        await self.hands.react(IDS[who], channel, message["ts"], name, added, delivered)

    async def react_unseen(self, who: str, rating: Rating, added: bool = True) -> None:
        name = next(name for name, each in REACTIONS.items() if each is rating)
        users = reacted(self._public()[-1][1], name)
        if added:
            users.append(IDS[who])
        else:
            users.remove(IDS[who])

    async def _shown(self, user: str, deed: Any) -> str:
        await deed
        await self.slack.listening.settle()
        view = self.state.screen(user)
        return text_of_view(view) if view else ""

    # ---- eyes

    def sees(self, who: str) -> str:
        user = IDS[who]
        messages = [text_of(message["blocks"]) for _, message in self._messages(user)]
        views = [text_of_view(self.state.views[shown]) for shown in self.state.stacks.get(user, [])]
        whispers = [text_of(message["blocks"]) for to, message in self.state.ephemerals if to == user]
        home = [text_of_view(self.state.homes[user])] if user in self.state.homes else []
        return "\n".join([*messages, *whispers, *home, *views])

    async def pictures(self, who: str) -> list[tuple[str, bytes]]:
        user = IDS[who]
        blocks = [block for _, message in self._messages(user) for block in message["blocks"]]
        blocks += [block for shown in self.state.stacks.get(user, []) for block in self.state.views[shown]["blocks"]]
        return [
            (each["alt_text"], self.state.files[each["slack_file"]["id"]]) for each in blocks if "slack_file" in each
        ]

    def public(self) -> list[str]:
        return [text_of(message["blocks"]) for _, message in self._public()]

    def notifications(self) -> list[str]:
        return [fallback(message) for _, message in self._public()]

    def reactions(self) -> dict[Rating, int]:
        _, message = self._public()[-1]
        bot = self.state.bot_user
        return {
            REACTIONS[each["name"]]: len([user for user in each["users"] if user != bot])
            for each in message["reactions"]
        }

    def pings(self) -> list[str]:
        messages = [*self.state.messages.values(), *(message for _, message in self.state.ephemerals)]
        found = [ping for message in messages for ping in pings_of(message["blocks"], message["text"])]
        views = [*self.state.views.values(), *self.state.homes.values()]
        return found + [ping for view in views for ping in pings_of(view["blocks"])]

    # ---- within

    def _public(self) -> list[tuple[str, Json]]:
        return [(channel, message) for (channel, _), message in self.state.messages.items() if channel == CHANNEL]

    def _messages(self, user: str) -> list[tuple[str, Json]]:
        """What this person sees in channels and direct messages, oldest first."""
        return [
            (channel, message)
            for (channel, _), message in self.state.messages.items()
            if user in self.state.channels[channel].members
        ]


_: type[Counterpart] = SlackCounterpart  # the checker proves that nothing is missing
