"""What is to be sent is sent: claimed, looked for if it was tried before, handed to its platform, recorded.

Rules of this file:
- only this file calls an adapter's `send`, `edit`, `react`, `ratings` and `find`;
- one failing delivery never stops another, and a slow platform never holds up another one, nor what is to be planned;
- what may have arrived is looked for first: a message whose sending was never recorded is not sent twice. Where
  nobody can look, the group has chosen: rather left out than twice, or not;
- of one message there is one drawing under way at a time, so that none arrives after a newer one;
- whoever's lease went to somebody else (the machine slept) sends nothing, and what is still in hand here is left there.
"""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from weakref import WeakValueDictionary

from . import screens
from .adapter import Adapter, CannotTell, Now, RatedBy, SendFailed, Trouble
from .journeys import daily_post, rating, reminding, troubles
from .messages import Message
from .model import Account, MessageRef, Rating
from .pace import Pace
from .store import leases, posts
from .store.database import Database
from .store.deliveries import Delivery, DeliveryKind

log = logging.getLogger("flashmob.sender")
USUAL_ANSWER_S = 0.4
"""A platform may take so long to answer at its stated rate: enough are under way at once to make no difference."""
LEAST_AT_ONCE, MOST_AT_ONCE = 4, 32
TIMEOUT_S = 30.0
"""Half of a lease, so that whoever waits too long still records it."""
PATIENCE_S = 5.0
"""How long a tick waits for what is being sent; it is sent to the end all the same."""
PEOPLE_AT_ONCE = 25
"""Whose reactions are kept in one transaction."""


class _LeftAlone(Exception):
    """It is not sent from here: somebody else took it over, or it was given up."""


@dataclass(slots=True)
class Sender:
    """`adapters` are named by platform; `owner` names this process in the leases it takes."""

    database: Database
    adapters: Mapping[str, Adapter]
    owner: str
    now: Now
    _paces: dict[str, Pace] = field(default_factory=dict)
    _held: dict[str, tuple[int, int]] = field(default_factory=dict)
    _in_hand: set[int] = field(default_factory=set)
    _working: set["asyncio.Task[None]"] = field(default_factory=set)
    _busy: Counter[str] = field(default_factory=Counter)
    _drawing: "WeakValueDictionary[MessageRef, asyncio.Lock]" = field(default_factory=WeakValueDictionary)
    _closing: bool = False

    async def send_all(self) -> None:
        """Send everything whose time has come; what takes longer than PATIENCE_S goes on meanwhile."""
        self.begin()
        await self._until_done(PATIENCE_S)

    def begin(self) -> None:
        """Begin to send, and do not wait for it."""
        for platform, adapter in self.adapters.items():
            self._one_more(platform, adapter)

    async def close(self, within_s: float = 10.0) -> None:
        """Begin nothing more, and let what is under way end within this time; else it is left to whoever comes next."""
        self._closing = True
        await self._until_done(within_s)
        late = list(self._working)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _until_done(self, within_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._working:
                    await asyncio.wait(self._working)

    def _one_more(self, platform: str, adapter: Adapter) -> None:
        """Begin to work through this platform's deliveries, unless enough do: each that finds some calls the next."""
        if self._busy[platform] < at_once(adapter.capabilities.sends_per_second) and not self._closing:
            self._busy[platform] += 1
            task = asyncio.create_task(self._work(platform, adapter))
            self._working.add(task)
            task.add_done_callback(partial(self._one_less, platform))

    def _one_less(self, platform: str, task: "asyncio.Task[None]") -> None:
        self._busy[platform] -= 1
        self._working.discard(task)

    async def _work(self, platform: str, adapter: Adapter) -> None:
        """One delivery after the other, until there is none or the platform wants a rest."""
        pace = self._paces.setdefault(platform, Pace(adapter.capabilities.sends_per_second))
        try:
            while not self._closing and not self._is_held(platform):
                claimed = await self._claim(platform)
                if claimed is None:
                    return
                self._one_more(platform, adapter)
                if claimed.id not in self._in_hand:  # else its lease ended while it is under way here
                    await self._deliver(adapter, claimed, pace)
        except Exception:
            log.exception("sending on %s stopped; the next tick goes on", platform)

    async def _claim(self, platform: str) -> Delivery | None:
        return await self.database.write(
            partial(leases.claim, owner=self.owner, platform=platform, now=self.now()), background=True
        )

    def _is_held(self, platform: str) -> bool:
        """Whether the platform wants a rest; where the clock was set back, it has had it."""
        since, until = self._held.get(platform, (0, 0))
        return since <= self.now() < until

    async def _deliver(self, adapter: Adapter, delivery: Delivery, pace: Pace) -> None:
        """In its turn; meanwhile another may have heard that the platform wants a rest."""
        self._in_hand.add(delivery.id)
        try:
            await pace.turn()
            if self._is_held(delivery.place.platform):
                await self._put_back(delivery)
            else:
                await self._try(adapter, delivery)
        finally:
            self._in_hand.discard(delivery.id)

    async def _put_back(self, delivery: Delivery) -> None:
        await self.database.write(partial(leases.put_back, delivery_id=delivery.id, owner=self.owner), background=True)

    async def _try(self, adapter: Adapter, delivery: Delivery) -> None:
        try:
            message_id = await self._hand_over(adapter, delivery)
        except _LeftAlone:
            return
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
            self._held[delivery.place.platform] = (self.now(), self.now() + int(error.retry_after_s * 1000))
        await self.database.write(
            partial(troubles.failed, delivery=delivery, owner=self.owner, error=error, now=self.now()), background=True
        )

    async def _hand_over(self, adapter: Adapter, delivery: Delivery) -> str | None:
        """Send, draw anew, seed or read; returns the id of a new message, None where there is none."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                match delivery.kind:
                    case DeliveryKind.POST:
                        return await self._once(adapter, delivery, partial(self._post, delivery))
                    case DeliveryKind.NOTICE:
                        return await self._once(adapter, delivery, partial(self._notice, delivery))
                    case DeliveryKind.REMINDER:
                        return await self._once(adapter, delivery, partial(self._reminder, delivery))
                    case DeliveryKind.SEED:
                        await _seed(adapter, _message_of(delivery))
                    case DeliveryKind.REREAD:
                        await self._read_again(adapter, delivery)
                    case DeliveryKind.CLOSE | DeliveryKind.COUNT:
                        await self._draw_anew(adapter, delivery)
        except TimeoutError as error:
            raise SendFailed(f"{delivery.place.platform} did not answer within {TIMEOUT_S:g} s") from error
        return None

    async def _once(
        self, adapter: Adapter, delivery: Delivery, compose: Callable[[], Awaitable[Message | None]]
    ) -> str | None:
        """Send it, unless it is there already, or there is no use in it any more."""
        if delivery.in_doubt and (there := await self._look_for(adapter, delivery)):
            return there.message_id
        message = await compose()
        if message is None:
            await self.database.write(
                partial(leases.never, delivery_id=delivery.id, owner=self.owner, reason="", state="skipped"),
                background=True,
            )
            raise _LeftAlone
        asked_at = self.now()
        begins = await self.database.write(
            partial(daily_post.begin, delivery=delivery, owner=self.owner, now=self.now()), background=True
        )
        if not begins or not asked_at <= self.now() < asked_at + leases.LEASE_MS // 2:
            raise _LeftAlone  # or this process slept since: the lease may be somebody else's by now
        return (await adapter.send(delivery.place, message, delivery.key)).message_id

    async def _look_for(self, adapter: Adapter, delivery: Delivery) -> MessageRef | None:
        """What may have arrived; None where it is to be sent."""
        try:
            return await adapter.find(delivery.place, delivery.key)
        except CannotTell as unseen:
            again = partial(troubles.send_again, delivery=delivery, owner=self.owner, reason=unseen.reason)
            if not await self.database.write(partial(again, now=self.now()), background=True):
                raise _LeftAlone from unseen
            return None

    async def _post(self, delivery: Delivery) -> Message:
        assert delivery.post_id is not None
        post = await self.database.read(partial(posts.state, post_id=delivery.post_id, now=self.now()))
        return screens.post_message(post, delivery.part)

    async def _notice(self, delivery: Delivery) -> Message:
        return screens.notice(delivery.body)

    async def _reminder(self, delivery: Delivery) -> Message | None:
        return await self.database.read(partial(reminding.compose, delivery=delivery, now=self.now()))

    async def _draw_anew(self, adapter: Adapter, delivery: Delivery) -> None:
        if delivery.post_id is None or not adapter.capabilities.edits:
            return
        message = _message_of(delivery)
        async with self._drawing.setdefault(message, asyncio.Lock()):
            post = await self.database.read(partial(posts.state, post_id=delivery.post_id))
            await adapter.edit(message, screens.post_message(post, delivery.part))

    async def _read_again(self, adapter: Adapter, delivery: Delivery) -> None:
        """Ask who has put which rating there, and keep it, some people at a time so that nobody else waits."""
        if not adapter.capabilities.reactions:
            return
        try:
            rated = await adapter.ratings(_message_of(delivery))
        except CannotTell as error:
            log.info("delivery %s: who has reacted cannot be seen: %s", delivery.key, error.reason)
            return
        kept = await self.database.read(partial(rating.who_reacted, delivery=delivery))
        people = list(by_person(rated, kept).items())
        for first in range(0, len(people), PEOPLE_AT_ONCE):
            some = dict(people[first : first + PEOPLE_AT_ONCE])
            await self.database.write(
                partial(rating.read_again, delivery=delivery, found=some, now=self.now()), background=True
            )


def by_person(rated: RatedBy, kept: Iterable[Account]) -> dict[Account, frozenset[Rating]]:
    """What each person has put there, and those as well of whom something was kept and nothing is there any more."""
    there = [(account, value) for value, accounts in rated.items() for account in accounts]
    people = {(account.realm, account.foreign_id): account for account in (*kept, *(account for account, _ in there))}
    found: dict[Account, set[Rating]] = {account: set() for account in people.values()}
    for account, value in there:
        found[people[account.realm, account.foreign_id]].add(value)
    return {account: frozenset(values) for account, values in found.items()}


def at_once(sends_per_second: float) -> int:
    """How many deliveries of one platform may be under way at a time."""
    return max(LEAST_AT_ONCE, min(MOST_AT_ONCE, ceil(sends_per_second * USUAL_ANSWER_S)))


def _message_of(delivery: Delivery) -> MessageRef:
    if delivery.message is None:
        raise SendFailed("its message was never sent", Trouble.UNFIT)
    return delivery.message


async def _seed(adapter: Adapter, message: MessageRef) -> None:
    """The five reactions in order, one by one, so that they stand in order."""
    if adapter.capabilities.reactions:
        for rating in Rating:
            await adapter.react(message, rating)
