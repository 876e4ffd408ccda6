"""What happens by itself: posts are planned, their cards chosen, reminders put down, all of it sent, decks imported.

Rules of this file:
- one failing cohort never stops another: each is tried on its own, and what failed is logged and tried again;
- every step leaves a state from which the next tick, or another process, can go on.
"""

import asyncio
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from .adapter import Adapter, Now
from .choosing import choose_cards
from .importing import carry_on, forget
from .journeys import daily_post, reminding
from .sender import Sender
from .states import Health
from .store import connections, erasing, keys, posts, purging, staging
from .store.database import Database

log = logging.getLogger("flashmob.scheduler")
CHUNKS_A_TICK = 20
"""Of each import that was begun: posts are looked after in between."""
FIRST = (-1, 0)
"""Before whatever is due first."""
SAID_EVERY_MS = 60_000
"""How often it is kept how a connection is doing, while nothing changes."""
PIECES = 500
"""So much is erased in one tick at most."""
MISSED = 3
"""So many signs of life may be late before Flashmob counts as not running."""


@dataclass(slots=True)
class Scheduler:
    """`adapters` are named by platform; `owner` names this process in the leases it takes.

    `every_s`: how often it ticks. `version` is Flashmob's, for whoever looks from outside.
    """

    database: Database
    adapters: Mapping[str, Adapter]
    owner: str
    now: Now
    every_s: float = 15.0
    version: str = ""
    sender: Sender = field(init=False)
    _said: dict[str, tuple[Health, int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.sender = Sender(self.database, self.adapters, self.owner, self.now)

    async def tick(self) -> bool:
        """Do what is to be done now; True where there is more, and the next tick should come at once."""
        with _alone("keeping how the connections are doing"):
            await self.say_health()
        await self._plan_posts()
        await self._plan_reminders()
        await self.sender.send_all()
        await self.database.write(partial(keys.forget_old, now=self.now()), background=True)
        await self._erase()
        return await self._import()

    async def say_health(self) -> None:
        """Keep how each platform's connection is doing, where that has changed or was not said for a while."""
        now = self.now()
        for platform, adapter in self.adapters.items():
            health, (said, at) = adapter.health, self._said.get(platform, (None, 0))
            if health is said and abs(now - at) < SAID_EVERY_MS:
                continue
            awaited_at = now + MISSED * max(SAID_EVERY_MS, int(self.every_s * 1000))
            note = partial(connections.note, platform=platform, health=health, version=self.version)
            await self.database.write(partial(note, awaited_at=awaited_at, now=now), background=True)
            self._said[platform] = (health, now)

    async def close(self, within_s: float = 10.0) -> None:
        """Let what is being sent arrive, within this time."""
        await self.sender.close(within_s)

    async def _plan_posts(self) -> None:
        """Page by page, so that what was planned is chosen and on its way before the next page."""
        await self._choose_cards()
        last = FIRST
        while page := await self.database.read(partial(daily_post.to_plan, after=last, now=self.now())):
            await asyncio.gather(*(self._plan_post(cohort_id) for _, cohort_id in page))
            await self._choose_cards()
            self.sender.begin()
            last = page[-1]

    async def _plan_post(self, cohort_id: int) -> None:
        with _alone(f"planning for cohort {cohort_id}"):
            await self.database.write(partial(daily_post.plan, cohort_id=cohort_id, now=self.now()), background=True)

    async def _choose_cards(self) -> None:
        for post_id, cohort_id, day in await self.database.read(posts.to_choose):
            with _alone(f"choosing cards for post {post_id} of cohort {cohort_id}"):
                cards = await choose_cards(self.database, cohort_id, day)
                await self.database.write(
                    partial(daily_post.fill, post_id=post_id, cohort_id=cohort_id, cards=cards, now=self.now()),
                    background=True,
                )

    async def _erase(self) -> None:
        """Take away the rows of whoever asked for it, and what was kept for workspaces that were left: piece by piece,
        and not so many a tick that others would wait for the next one.
        """
        for _ in range(PIECES):
            erased = await self.database.write(erasing.erase_some, background=True)
            if not erased and not await self._purge():
                return

    async def _purge(self) -> bool:
        return await self.database.write(partial(purging.purge_some, now=self.now()), background=True)

    async def _import(self) -> bool:
        """Go on with the imports that were begun, and take away what is staged no longer."""
        more = False
        for staged_id in await self.database.read(staging.to_apply):
            with _alone(f"import {staged_id}"):
                more |= await carry_on(self.database, staged_id, self.now(), most=CHUNKS_A_TICK)
        for staged_id in await self.database.read(partial(staging.to_forget, now=self.now())):
            await forget(self.database, staged_id)
        return more

    async def _plan_reminders(self) -> None:
        last = FIRST
        while page := await self.database.read(partial(reminding.due, after=last, now=self.now())):
            for _, learner_id in page:
                with _alone(f"planning a reminder for learner {learner_id}"):
                    await self.database.write(
                        partial(reminding.plan, learner_id=learner_id, now=self.now()), background=True
                    )
            last = page[-1]


@contextmanager
def _alone(what: str) -> Iterator[None]:
    """Whatever fails in here is logged, and stops nothing else."""
    try:
        yield
    except Exception:
        log.exception("%s failed; the next tick tries again", what)
