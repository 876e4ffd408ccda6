"""A group while its app is open on some platform: its clock, its database, and what others see of a member's deeds."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from msgspec.structs import replace

from .. import buttons
from ..actions import ImportDeck, Request
from ..adapter import Adapter
from ..app import App
from ..clock import instant
from ..messages import Buttons
from ..model import Account
from ..store.tx import Row, Tx
from .counterpart import LEAD, STRANGER, Counterpart
from .world import MINUTE_MS, MONDAY, POST_TIME, StillClock

REREADING = "select 1 from deliveries where kind = 'reread' and state = 'pending'"


@dataclass(slots=True)
class Group:
    """The group while its app is open."""

    there: Counterpart
    app: App
    clock: StillClock
    zone: str

    @property
    def adapter(self) -> Adapter:
        return self.app.adapters[self.there.place.platform]

    async def morning(self) -> None:
        """Monday's post goes out."""
        self.clock.at = max(self.clock.at, instant(MONDAY, POST_TIME, self.zone) + 1_000)
        await self.app.scheduler.tick()

    async def later(self, minutes: float) -> None:
        """Time passes, and what was planned for it happens."""
        self.clock.at += int(minutes * MINUTE_MS)
        await self.app.scheduler.tick()

    async def reread(self) -> None:
        """The adapter has told that its session began anew, and what follows from it happens."""
        async with asyncio.timeout(10):
            while not await self.rows(REREADING):  # noqa: ASYNC110  (the adapter's session has no event of ours)
                await asyncio.sleep(0.01)
        await self.later(1)

    async def bring(self, file_name: str, data: bytes) -> None:
        """Whoever leads brings a deck; one with the key of a deck that is here takes its place."""
        place = self.there.place
        lead = Account(place.platform, place.workspace, LEAD, "Maya", leads=True)
        asked = Request(ImportDeck(file_name, data), f"bring:{file_name}", self.clock(), lead, place)
        (offered,) = await self.app.act(asked)
        rows = (part.row for part in offered.parts if isinstance(part, Buttons))
        apply = next(buttons.read(button.id) for row in rows for button in row if button.label == "Import")
        await self.app.act(replace(asked, action=apply, key=f"{asked.key}:import"))

    async def rows(self, sql: str) -> list[Row]:
        async def journey(tx: Tx) -> list[Row]:
            return await tx.all(sql)

        return await self.app.database.read(journey)

    async def run(self, sql: str) -> None:
        async def journey(tx: Tx) -> None:
            await tx.run(sql)

        await self.app.database.write(journey)

    async def count(self, table: str) -> int:
        return int((await self.rows(f"select count(*) from {table}"))[0][0])

    def others_see(self) -> str:
        """All that can be seen by everybody but the member who acts, notifications included."""
        there = self.there
        return "\n".join([there.sees(LEAD), there.sees(STRANGER), *there.public(), *there.notifications()])


Open = Callable[..., AbstractAsyncContextManager[Group]]
"""Opens the group of a `Setting`; its fields may be given."""
