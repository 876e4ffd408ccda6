"""The adapter of the storm's platforms."""

import asyncio
from typing import Any

import aiohttp

from bot.adapter import Capabilities, Now, PrivateSurface, RatedBy, SendFailed, Trouble
from bot.messages import Message
from bot.model import MessageRef, Place, Rating
from bot.states import Health

from .plan import Platform

SENDS_PER_SECOND = 200.0


class StormAdapter:
    """One of the platforms behind `port`; what goes wrong there becomes a `SendFailed`."""

    def __init__(self, platform: Platform, port: int, now: Now) -> None:
        self._platform = platform
        self._address = f"http://127.0.0.1:{port}/{platform.value}"
        self._now = now
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        self._closing = asyncio.Event()

    @property
    def platform(self) -> str:
        return self._platform.value

    @property
    def capabilities(self) -> Capabilities:
        return Capabilities(PrivateSurface.EPHEMERAL, 2_000, 80, 25, True, True, SENDS_PER_SECOND)

    @property
    def health(self) -> Health:
        return Health.CLOSED if self._closing.is_set() else Health.CONNECTED

    async def run(self) -> None:
        await self._closing.wait()

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        answer = await self._ask("send", place, key=key)
        return MessageRef(place, answer["id"])

    async def find(self, place: Place, key: str) -> MessageRef | None:
        answer = await self._ask("find", place, key=key)
        return MessageRef(place, answer["id"]) if answer else None

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self._ask("edit", ref.place, key=ref.message_id, id=ref.message_id)

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        await self._ask("react", ref.place, key=f"{ref.message_id} {rating}", id=ref.message_id, rating=int(rating))

    async def ratings(self, ref: MessageRef) -> RatedBy:
        return {}

    async def close(self) -> None:
        self._closing.set()
        await self._session.close()

    async def _ask(self, what: str, place: Place, **asked: str | int) -> Any:
        """Everything stands in the first line of the request, so that it arrives whole or not at all."""
        asked |= {"channel": place.channel or place.person, "at": self._now()}
        try:
            async with self._session.post(f"{self._address}/{what}", params=asked) as answer:
                await _complain(answer)
                return await answer.json()
        except aiohttp.ClientError as error:
            raise SendFailed("The line was cut.") from error


async def _complain(answer: aiohttp.ClientResponse) -> None:
    """Raise for what is no answer."""
    match answer.status:
        case 403:
            raise SendFailed("Flashmob may not write there.", Trouble.NOT_ALLOWED)
        case 429:
            wait = (await answer.json())["retry_after"]
            raise SendFailed("The platform asks to wait.", Trouble.RATE_LIMITED, wait)
        case status if status >= 500:
            raise SendFailed(f"The platform answered {status}.")
