"""The people of a storm: groups are set up, somebody in each answers now and then, and leads resume what was paused."""

import asyncio
from dataclasses import dataclass, field
from datetime import time

from bot import actions
from bot.actions import Action, Request
from bot.adapter import Now
from bot.engine import Engine
from bot.errors import StoreError
from bot.importing import import_deck
from bot.model import (
    Account,
    Card,
    Deck,
    Place,
    PostStyle,
    Rating,
    RatingInput,
    Schedule,
    Settings,
    SetUp,
    Source,
    SourceKind,
)
from bot.store import cohorts
from bot.store.database import Database
from bot.store.tx import Row, Tx

from .plan import Platform, Storm

CARDS, A_POST = 60, 3
ANSWERED_EVERY = 3
"""A group that leaves five posts unanswered is paused, so some are answered."""
LOOK_EVERY_S = 0.2


# ---- before it -------------------------------------------------------------------------------------------------------


def place_of(number: int) -> Place:
    return Place(list(Platform)[number % 2].value, "storm", f"channel{number}")


def second_place_of(number: int) -> Place:
    """Every seventh group is in two channels."""
    return Place(list(Platform)[number % 2].value, "storm", f"second{number}")


def set_up_of(storm: Storm, number: int) -> SetUp:
    """Every third group has a message a card, with reactions under it."""
    apart = number % 3 == 0
    settings = Settings(
        cards=A_POST,
        style=PostStyle.CARDS if apart else PostStyle.DIGEST,
        rating_input=RatingInput.BOTH if apart else RatingInput.BUTTONS,
    )
    hours, minutes = divmod(storm.minute_of_post(number), 60)
    return SetUp(Schedule(frozenset(range(7)), time(hours, minutes), "UTC"), settings, f"group{number}")


async def gather(storm: Storm, database: Database, now: int) -> None:
    """Make the groups, each with the deck of its platform."""
    decks: dict[str, int] = {}
    for number in range(storm.cohorts):
        place = place_of(number)

        async def story(tx: Tx, place: Place = place, number: int = number) -> int:
            set_up = set_up_of(storm, number)
            cohort = await cohorts.set_up(tx, place, set_up, "the storm", now)
            if number % 7 == 0:
                await cohorts.set_up(tx, second_place_of(number), set_up, "the storm", now)
            if place.platform in decks:
                await tx.run(
                    "insert into cohort_decks (cohort_id, deck_id, position) values (:cohort, :deck, 0)",
                    cohort=cohort.id,
                    deck=decks[place.platform],
                )
            return cohort.id

        cohort_id = await database.write(story)
        if place.platform not in decks:
            decks[place.platform] = await _bring_deck(database, cohort_id, now)


async def _bring_deck(database: Database, cohort_id: int, now: int) -> int:
    cards = tuple(Card(f"card{n:04}", f"What is {n}?", f"It is {n}.") for n in range(CARDS))
    cohort = await database.read(lambda tx: cohorts.by_id(tx, cohort_id))
    await import_deck(database, cohort, Deck("storm", "The storm", "native", cards, licence="CC0-1.0"), now)
    row = await database.read(lambda tx: tx.one("select deck_id from cohort_decks where cohort_id = :id", id=cohort_id))
    assert row is not None
    return int(row["deck_id"])


# ---- during it -------------------------------------------------------------------------------------------------------

UNANSWERED = """
select p.id, w.platform, pl.foreign_id as channel from posts p
join cohort_places cp on cp.cohort_id = p.cohort_id join places pl on pl.id = cp.place_id
join workspaces w on w.id = pl.workspace_id
where p.opened_at is not null and p.state = 'open' and (p.day + p.cohort_id) % :every = 0
  and not exists (select 1 from reviews r where r.post_id = p.id)
"""
PAUSED = """
select w.platform, pl.foreign_id as channel from schedules s
join cohort_places cp on cp.cohort_id = s.cohort_id join places pl on pl.id = cp.place_id
join workspaces w on w.id = pl.workspace_id where s.run_at is null
"""


@dataclass(slots=True)
class People:
    """Whoever acts meanwhile: from a process of its own, as a worker would let them."""

    database: Database
    now: Now
    resumed: int = 0
    answered: int = 0
    _asked: int = field(default=0)

    async def act(self) -> None:
        """Answer and resume until cancelled."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            for row in await self._rows(UNANSWERED, every=ANSWERED_EVERY):
                await self._answer(row)
            for row in await self._rows(PAUSED):
                await self._ask(row, actions.ResumePosts())
                self.resumed += 1

    async def _answer(self, row: Row) -> None:
        source = Source(SourceKind.POST, row["id"])
        await self._ask(row, actions.RevealAnswer(source, 0))
        await self._ask(row, actions.RateCard(source, 0, 1, Rating.WELL))
        self.answered += 1

    async def _ask(self, row: Row, action: Action) -> None:
        self._asked += 1
        channel = row["channel"]
        who = Account(row["platform"], "storm", f"lead of {channel}", "Maya", leads=True)
        place = Place(row["platform"], "storm", channel)
        now = self.now()
        await Engine(self.database).handle(Request(action, f"storm-{now}-{self._asked}", now, who, place), now)

    async def _rows(self, sql: str, **values: int) -> list[Row]:
        """What there is to do; nothing while the database is busy."""

        async def story(tx: Tx) -> list[Row]:
            return await tx.all(sql, **values)

        try:
            return await self.database.read(story)
        except StoreError:
            return []
