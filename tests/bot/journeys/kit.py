"""What the tests of the journeys share: buttons by their ids, a group in `cards` style, and a platform that fails."""

from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from bot import buttons
from bot.adapter import CannotTell, RatedBy, SendFailed
from bot.messages import Buttons, Message, Notice
from bot.model import MessageRef, Place, PostStyle, Rating, RatingInput, Schedule, Settings, SetUp
from bot.states import Health
from bot.store import cohorts
from bot.store.tx import Tx
from bot.testing.world import POST_TIME, World, open_world

USUAL = Settings()


def button_id(message: Message, label: str) -> str:
    """The id behind a label: what a platform sends when somebody presses it."""
    rows = [part.row for part in message.parts if isinstance(part, Buttons)]
    notices = [part.buttons for part in message.parts if isinstance(part, Notice)]
    return next(each.id for row in (*rows, *notices) for each in row if each.label == label)


def id_with(text: str, **changes: Any) -> str:
    """A button's id with some of its numbers changed."""
    return buttons.write(replace(buttons.read(text), **changes))


async def on_the_post(world: World, who: str, id: str, key: str | None = None) -> str:
    """Press a button by its id; it stands on the newest public message, as far as the platform is concerned."""
    return world.text(await world.channel.press(who, world.newest_post().id, id, key=key))


def cards_world(
    folder: Path, rating_input: RatingInput = RatingInput.BUTTONS, **more: Any
) -> AbstractAsyncContextManager[World]:
    return open_world(folder, style=PostStyle.CARDS, rating_input=rating_input, **more)


async def tap(world: World, who: str, part: int, rating: int, *, added: bool = True) -> None:
    """React to one message of the newest post, counted from 0."""
    public = [seen for seen in world.channel.room.everything() if not seen.reader][-5:]
    assert await world.channel.tap(who, public[part].id, Rating(rating), added) == []


async def points(world: World, who: str = "") -> int:
    """All points there are, or those of the member of this name."""
    rows = await world.rows(
        """select coalesce(sum(s.points), 0) as points from standings s
           join memberships m on m.learner_id = s.learner_id and m.cohort_id = s.cohort_id
           where s.period = 'all' and (:who = '' or m.name = :who)""",
        who=who,
    )
    return int(rows[0]["points"])


async def other_cohort(world: World, name: str, place: Place, settings: Settings = USUAL) -> int:
    """A second group with the same schedule and the first group's decks, at a place of its own."""
    wanted = SetUp(Schedule(frozenset(range(7)), POST_TIME, world.zone), settings, name)

    async def story(tx: Tx) -> int:
        made = await cohorts.set_up(tx, place, wanted, "a test", world.clock())
        await tx.run(
            """insert into cohort_decks
               select distinct :new, deck_id, position from cohort_decks where cohort_id <> :new""",
            new=made.id,
        )
        return made.id

    return await world.app.database.write(story)


async def behind(world: World, sql: str, **values: Any) -> int:
    """Change the database behind everybody's back."""

    async def story(tx: Tx) -> int:
        return await tx.run(sql, **values)

    return await world.app.database.write(story)


@dataclass(slots=True)
class Flaky:
    """The local platform behind a bad line: each of `failures` is raised once, in order, before a message goes out.

    `lost`: so many messages arrive, and the answer that they did does not. `closed`: why nothing goes into the channel,
    while people are reached in private all the same. `blind`: nobody can look whether a message arrived.
    """

    channel: Any
    failures: list[Exception] = field(default_factory=list)
    down: bool = False
    lost: int = 0
    closed: SendFailed | None = None
    tries: int = 0
    blind: bool = False

    @classmethod
    def of(cls, world: World, **how: Any) -> "Flaky":
        flaky = cls(world.channel, **how)
        adapters: Any = world.app.adapters
        adapters["local"] = flaky
        return flaky

    @property
    def capabilities(self) -> Any:
        return self.channel.capabilities

    @property
    def health(self) -> Health:
        return Health.AWAY if self.down else Health.CONNECTED

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        self.tries += 1
        if self.failures:
            raise self.failures.pop(0)
        if self.down:
            raise SendFailed("the platform is down")
        if self.closed and not place.person:
            raise self.closed
        sent: MessageRef = await self.channel.send(place, message, key)
        if self.lost:
            self.lost -= 1
            raise ConnectionError("the answer was lost")
        return sent

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self.channel.edit(ref, message)

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        await self.channel.react(ref, rating)

    async def ratings(self, ref: MessageRef) -> RatedBy:
        if self.down:
            raise SendFailed("the platform is down")
        if self.blind:
            raise CannotTell("I may not look.")
        found: RatedBy = await self.channel.ratings(ref)
        return found

    async def find(self, place: Place, key: str) -> MessageRef | None:
        if self.blind:
            raise CannotTell("I may not look.")
        found: MessageRef | None = await self.channel.find(place, key)
        return found

    async def close(self) -> None:
        await self.channel.close()
