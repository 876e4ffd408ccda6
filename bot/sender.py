"""What is to be sent is sent: claimed, looked for if it was tried before, handed to its platform, recorded.

Rules of this file:
- only this file calls an adapter's `send`, `edit`, `react` and `find`;
- one failing delivery never stops another, and a slow platform never holds up another one;
- what is claimed again is looked for first: a message whose sending was never recorded is not sent twice.
"""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from . import screens
from .adapter import Adapter, Now, SendFailed, Trouble
from .journeys import daily_post, reminding, troubles
from .messages import Message
from .model import MessageRef, Rating
from .pace import Pace
from .store import deliveries, posts
from .store.database import Database
from .store.deliveries import Delivery, DeliveryKind

log = logging.getLogger("flashmob.sender")
AT_ONCE = 4
TIMEOUT_S = 30.0
"""Half of a lease, so that whoever waits too long still records it."""


@dataclass(slots=True)
class Sender:
    """`adapters` are named by platform; `owner` names this process in the leases it takes."""

    database: Database
    adapters: Mapping[str, Adapter]
    owner: str
    now: Now
    _paces: dict[str, Pace] = field(default_factory=dict)
    _held_until: dict[str, int] = field(default_factory=dict)

    async def send_all(self) -> None:
        """Send everything whose time has come."""
        workers = (self._work(name, adapter) for name, adapter in self.adapters.items() for _ in range(AT_ONCE))
        await asyncio.gather(*workers)

    async def _work(self, platform: str, adapter: Adapter) -> None:
        """One delivery after the other, until there is none or the platform wants a rest."""
        pace = self._paces.setdefault(platform, Pace(adapter.capabilities.sends_per_second))
        try:
            while self._held_until.get(platform, 0) <= self.now():
                claimed = await self._claim(platform)
                if claimed is None:
                    return
                await pace.turn()
                await self._deliver(adapter, claimed)
        except Exception:
            log.exception("sending on %s stopped; the next tick goes on", platform)

    async def _claim(self, platform: str) -> Delivery | None:
        return await self.database.write(
            partial(deliveries.claim, owner=self.owner, platform=platform, now=self.now()), background=True
        )

    async def _deliver(self, adapter: Adapter, delivery: Delivery) -> None:
        try:
            message_id = await self._hand_over(adapter, delivery)
        except SendFailed as error:
            await self._failed(delivery, error)
        except Exception as error:  # a bug, in an adapter or here
            log.exception("delivery %s failed", delivery.key)
            await self._failed(delivery, SendFailed(f"unexpected: {error or type(error).__name__}"))
        else:
            await self.database.write(
                partial(daily_post.record, delivery=delivery, owner=self.owner, message_id=message_id, now=self.now()),
                background=True,
            )

    async def _failed(self, delivery: Delivery, error: SendFailed) -> None:
        log.warning("delivery %s was not sent: %s", delivery.key, error.reason)
        if error.trouble is Trouble.RATE_LIMITED:
            self._held_until[delivery.place.platform] = self.now() + int(error.retry_after_s * 1000)
        await self.database.write(
            partial(troubles.failed, delivery=delivery, owner=self.owner, error=error, now=self.now()), background=True
        )

    async def _hand_over(self, adapter: Adapter, delivery: Delivery) -> str | None:
        """Send, draw anew or seed; returns the id of a new message, None where there is none."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                match delivery.kind:
                    case DeliveryKind.POST:
                        return await self._post(adapter, delivery)
                    case DeliveryKind.NOTICE:
                        return await self._words(adapter, delivery, screens.notice(delivery.body))
                    case DeliveryKind.REMINDER:
                        return await self._remind(adapter, delivery)
                    case DeliveryKind.SEED:
                        await _seed(adapter, _message_of(delivery))
                    case DeliveryKind.CLOSE | DeliveryKind.COUNT:
                        await self._draw_anew(adapter, delivery)
        except TimeoutError as error:
            raise SendFailed(f"{delivery.place.platform} did not answer within {TIMEOUT_S:g} s") from error
        return None

    async def _post(self, adapter: Adapter, delivery: Delivery) -> str | None:
        """A message of a post, unless it is too late to begin it."""
        late = await self.database.write(
            partial(daily_post.give_up_if_late, delivery=delivery, now=self.now()), background=True
        )
        if late or delivery.post_id is None:
            return None
        post = await self.database.read(partial(posts.state, post_id=delivery.post_id, now=self.now()))
        return await self._words(adapter, delivery, screens.post_message(post, delivery.part))

    async def _words(self, adapter: Adapter, delivery: Delivery, message: Message) -> str:
        """Send it, unless it is there already."""
        there = await adapter.find(delivery.place, delivery.key) if delivery.attempts > 1 else None
        ref = there or await adapter.send(delivery.place, message, delivery.key)
        return ref.message_id

    async def _remind(self, adapter: Adapter, delivery: Delivery) -> str | None:
        message = await self.database.read(partial(reminding.compose, delivery=delivery, now=self.now()))
        return await self._words(adapter, delivery, message) if message else None

    async def _draw_anew(self, adapter: Adapter, delivery: Delivery) -> None:
        if delivery.post_id is not None and adapter.capabilities.edits:
            post = await self.database.read(partial(posts.state, post_id=delivery.post_id))
            await adapter.edit(_message_of(delivery), screens.post_message(post, delivery.part))


def _message_of(delivery: Delivery) -> MessageRef:
    if delivery.message is None:
        raise SendFailed("its message was never sent", Trouble.UNFIT)
    return delivery.message


async def _seed(adapter: Adapter, message: MessageRef) -> None:
    """The five reactions in order, one by one, so that they stand in order."""
    if adapter.capabilities.reactions:
        for rating in Rating:
            await adapter.react(message, rating)
