"""What happens by itself: posts are planned, their cards chosen, messages sent and recorded.

Rules of this file:
- one failing cohort, place or delivery never stops another: each is tried on its own, and what failed is logged;
- arithmetic runs in a worker thread, never on the event loop and never in the writer;
- only this file calls `adapter.send`, `edit` and `react`; what was sent is recorded before the next is claimed.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

from . import screens
from .adapter import Adapter, SendFailed
from .journeys import daily_post
from .journeys.daily_post import Candidates
from .model import MessageRef, PostState, Rating
from .selection import Tally
from .store import deliveries, keys, posts
from .store.database import Database
from .store.deliveries import Delivery, DeliveryKind
from .store.posts import PickedCard
from .store.tx import Row

log = logging.getLogger("flashmob.scheduler")
CARDS_AT_ONCE = 500  # with 1,000 and more, rows pile up until Python looks at all its objects: 10 ms and more a time
SOONEST_RETRY_S = 1.0
"""Some platforms say "at once", which would be within the same tick, for ever."""


@dataclass(slots=True)
class Scheduler:
    """`adapters` are named by platform; `owner` names this process in the leases it takes."""

    database: Database
    adapters: Mapping[str, Adapter]
    owner: str

    async def tick(self, now: int) -> None:
        """Do all that is to be done at `now` (UTC milliseconds)."""
        for cohort_id in await self.database.read(partial(daily_post.to_plan, now=now)):
            with _alone(f"planning for cohort {cohort_id}"):
                await self.database.write(partial(daily_post.plan, cohort_id=cohort_id, now=now), background=True)
        for post_id, cohort_id, day in await self.database.read(posts.to_choose):
            with _alone(f"choosing cards for post {post_id} of cohort {cohort_id}"):
                await self._choose(post_id, cohort_id, day, now)
        await self.deliver(now)
        await self.database.write(partial(keys.forget_old, now=now), background=True)

    # ---- choosing ----------------------------------------------------------------------------------------------------

    async def _choose(self, post_id: int, cohort_id: int, day: int, now: int) -> None:
        picked = await choose_cards(self.database, cohort_id, day)
        await self.database.write(
            partial(daily_post.fill, post_id=post_id, cohort_id=cohort_id, day=day, cards=picked, now=now),
            background=True,
        )

    # ---- sending -----------------------------------------------------------------------------------------------------

    async def deliver(self, now: int) -> None:
        """Send everything whose time has come."""
        while True:
            claimed = await self.database.write(partial(deliveries.claim, owner=self.owner, now=now), background=True)
            if claimed is None:
                return
            await self._deliver(claimed, now)

    async def _deliver(self, delivery: Delivery, now: int) -> None:
        try:
            post = await self.database.read(partial(posts.state, post_id=delivery.post_id))
            message_id = await self._send(delivery, post)
        except SendFailed as error:
            await self._failed(delivery, error.reason, error.retry_after_s, now)
        except Exception as error:  # a bug, in an adapter or here, must not stop the other cohorts
            log.exception("delivery %s failed", delivery.key)
            await self._failed(delivery, str(error) or type(error).__name__, 60.0, now)
        else:
            await self.database.write(
                partial(deliveries.sent, delivery_id=delivery.id, owner=self.owner, message_id=message_id),
                background=True,
            )

    async def _failed(self, delivery: Delivery, reason: str, retry_after_s: float | None, now: int) -> None:
        log.warning("delivery %s was not sent: %s", delivery.key, reason)
        again_at = None if retry_after_s is None else now + int(max(SOONEST_RETRY_S, retry_after_s) * 1000)
        await self.database.write(
            partial(deliveries.failed, delivery_id=delivery.id, owner=self.owner, reason=reason, again_at=again_at),
            background=True,
        )

    async def _send(self, delivery: Delivery, post: PostState) -> str | None:
        """Hand it to its platform; returns the id of a new message."""
        adapter = self.adapters.get(delivery.place.platform)
        if adapter is None:
            raise SendFailed(f"{delivery.place.platform} is not enabled", retry_after_s=600.0)
        if delivery.kind is DeliveryKind.POST:
            return await self._post(adapter, delivery, post)
        if delivery.message is None:
            raise SendFailed("its message was never sent", retry_after_s=None)
        if delivery.kind is DeliveryKind.SEED:
            await _seed(adapter, delivery.message)
        elif adapter.capabilities.edits:
            await adapter.edit(delivery.message, screens.post_message(post, delivery.part))
        return None

    async def _post(self, adapter: Adapter, delivery: Delivery, post: PostState) -> str:
        """Send a message of a post; one that was claimed before is looked for first."""
        there = await adapter.find(delivery.place, delivery.key) if delivery.attempts > 1 else None
        ref = there or await adapter.send(delivery.place, screens.post_message(post, delivery.part), delivery.key)
        return ref.message_id


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """Whatever fails in here is logged, and stops nothing else."""
    try:
        yield
    except Exception:
        log.exception("%s failed; the next tick tries again", what)


async def _seed(adapter: Adapter, message: MessageRef) -> None:
    """The five reactions in order, one by one, so that they stand in order."""
    if adapter.capabilities.reactions:
        for rating in Rating:
            await adapter.react(message, rating)


async def choose_cards(database: Database, cohort_id: int, day: int) -> list[PickedCard]:
    """The cards of the cohort's post on this day, in deck order, each with its reason.

    What each member remembers is read in slices, and added up in a worker thread.
    """
    found = await database.read(partial(daily_post.candidates, cohort_id=cohort_id, today=day))
    tally = Tally(found.card_ids, found.siblings, found.posted, day)
    slices = _slices(sorted(found.card_ids))
    index = {card_id: i for i, card_id in enumerate(found.card_ids)}
    for learner_id, weight in found.members:
        tally.add_member(weight)
        for first, last in slices:
            rows = await database.read(partial(daily_post.memory_rows, learner_id=learner_id, first=first, last=last))
            if rows:
                await asyncio.to_thread(_add_rows, tally, index, rows, weight)
    return await asyncio.to_thread(_pick, tally, found, index)


def _slices(card_ids: list[int]) -> list[tuple[int, int]]:
    """Ranges of ids that hold at most CARDS_AT_ONCE of these cards."""
    starts = range(0, len(card_ids), CARDS_AT_ONCE)
    return [(card_ids[start], card_ids[start : start + CARDS_AT_ONCE][-1]) for start in starts]


def _add_rows(tally: Tally, index: dict[int, int], rows: list[Row], weight: float) -> None:
    import numpy as np

    known = [tuple(row) for row in rows if row[0] in index]
    if not known:
        return
    cards, stability, difficulty, last_day, due_day = zip(*known, strict=True)
    tally.add_rows(
        np.array([index[card] for card in cards]),
        np.array(stability, dtype=np.float32),
        np.array(difficulty, dtype=np.float32),
        np.array(last_day),
        np.array(due_day),
        weight,
    )


def _pick(tally: Tally, found: Candidates, index: dict[int, int]) -> list[PickedCard]:
    settings = found.cohort.settings
    chosen = tally.choose(settings.cards, settings.new)
    return [PickedCard(card.card_id, card.reason) for card in sorted(chosen, key=lambda card: index[card.card_id])]
