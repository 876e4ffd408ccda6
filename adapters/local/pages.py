"""The open tabs: what each asks for, and what each is told.

Rules of this file:
- a tab belongs to one member and is only ever handed what `seen_by` would show that member;
- every press carries a key; the same key again, after a reconnect, gets the answer of the first and does nothing more;
- no exception leaves: what was not foreseen is logged and said in one sentence.
"""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import QuizError

from . import frames, parse
from .parse import Earlier, Press, Say, Tap, Use
from .room import Change
from .tab import Tab
from .words import RoomMessage

if TYPE_CHECKING:
    from .channel import Channel

log = logging.getLogger(__name__)

KEPT_KEYS = 1000
UNFORESEEN = "Something went wrong here, and nothing was saved. Press again; twice is harmless."
GONE = "That message is no longer here. Nothing was changed."
UNREADABLE = "That could not be read. Load the page again."

Deed = Callable[[], Awaitable[list[RoomMessage]]]


class Pages:
    """Every open tab of one channel."""

    def __init__(self, channel: "Channel") -> None:
        self._channel = channel
        self._tabs: set[Tab] = set()
        self._answers: OrderedDict[str, asyncio.Future[list[RoomMessage]]] = OrderedDict()
        self._tasks: set[asyncio.Future[None]] = set()
        self._busy = ""
        channel.room.listen(self._changed)

    def open(self, tab: Tab) -> None:
        self._tabs.add(tab)
        tab.put(frames.hello(self._channel, tab.member, self._busy))

    async def shut(self, tab: Tab) -> None:
        self._tabs.discard(tab)
        await tab.close()

    async def close(self) -> None:
        for task in list(self._tasks):
            task.cancel()
        for answer in self._answers.values():
            answer.cancel()
        for tab in list(self._tabs):
            await self.shut(tab)

    # ---- what a tab asks for

    def hear(self, tab: Tab, text: str) -> None:
        """Begin what a frame asks for, without waiting: a slow answer holds nobody up."""
        task = asyncio.ensure_future(self._obey(tab, text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _obey(self, tab: Tab, text: str) -> None:
        channel, member = self._channel, tab.member
        match parse.frame(text):
            case Press(key, message, button):
                await self._answer(tab, key, partial(channel.press, member, message, button, f"{member}-{key}"))
            case Say(key, words, direct):
                await self._answer(tab, key, partial(channel.command, member, words, f"{member}-{key}", direct))
            case Tap(key, message, rating, added):
                deed = partial(channel.tap, member, message, rating, added, f"{member}-{key}")
                await self._answer(tab, key, deed)
            case Use(key, name):
                await self._answer(tab, key, partial(self._use, member, name))
            case Earlier(before):
                tab.put(frames.earlier(channel, member, before))
            case None:
                tab.put(frames.says(UNREADABLE))

    async def _answer(self, tab: Tab, key: str, deed: Deed) -> None:
        shown, says = await self.attempt(f"{tab.member}-{key}", deed)
        tab.put(frames.done(self._channel, key, shown, says))

    async def attempt(self, key: str, deed: Deed) -> tuple[list[RoomMessage], str]:
        """Do it, once for each key: what it showed, and what went wrong as a sentence, or an empty one."""
        self._channel.hint = ""  # whoever does anything has found the way
        try:
            return await self._once(key, deed), ""
        except QuizError as error:
            return [], str(error)
        except LookupError:
            return [], GONE
        except Exception:
            log.exception("What a page asked for failed", extra={"action": "local_page_failed"})
            return [], UNFORESEEN

    async def _once(self, key: str, deed: Deed) -> list[RoomMessage]:
        answer = self._answers.get(key)
        if answer is None:
            answer = self._answers[key] = asyncio.ensure_future(deed())
            while len(self._answers) > KEPT_KEYS:
                self._answers.popitem(last=False)
        return await asyncio.shield(answer)

    async def _use(self, member: str, name: str) -> list[RoomMessage]:
        """Run a control, one at a time, with every tab showing that it is under way."""
        control = next((each for each in self._channel.controls if each.name == name), None)
        if control is None or self._busy:
            return []
        self._busy = name
        self._tell(frames.control(control, busy=True))
        try:
            await control.run(member)
        finally:
            self._busy = ""
            self.tell_time()
            self._tell(frames.control(control, busy=False))
        return []

    # ---- what the tabs are told

    def tell_time(self) -> None:
        for tab in self._tabs:
            tab.put(frames.clock(self._channel, tab.member))

    def _changed(self, change: Change) -> None:
        for tab in self._tabs:
            told = frames.change(self._channel, tab.member, change, self._busy)
            if told is not None:
                tab.put(told)

    def _tell(self, frame: frames.Told) -> None:
        for tab in self._tabs:
            tab.put(frame)
