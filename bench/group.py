"""A study group to measure on: a real database, a deck, a post, and learners with answers in front of them."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date, time
from itertools import count, cycle
from pathlib import Path

from bot import actions
from bot.actions import Action, Request
from bot.choosing import candidates
from bot.clock import day_of, instant
from bot.engine import Engine
from bot.importing import import_deck
from bot.journeys import daily_post
from bot.model import Account, Card, Cohort, Deck, Place, Rating, Schedule, Settings, SetUp, Source, SourceKind
from bot.store import cohorts, posts
from bot.store.database import Database, open_database
from bot.store.posts import PickedCard
from bot.store.tx import Tx

ZONE = "UTC"
TODAY = day_of(date(2026, 11, 2))
NOW = instant(TODAY, time(9, 10), ZONE)
POSTED_AT = instant(TODAY, time(9), ZONE)
EVERY_DAY = Schedule(frozenset(range(7)), time(9), ZONE)
CLIENTS = 64


def place(channel: str) -> Place:
    return Place("bench", "bench", channel)


def account(number: int) -> Account:
    return Account("bench", "", f"learner{number}", f"Learner {number}")


def request(action: Action, key: str, who: Account, channel: str = "") -> Request:
    return Request(action, key, NOW, who, place(channel))


def deck_of(cards: int, key: str) -> Deck:
    made = (
        Card(f"card{n:06}", f"What is number {n} of {key}?", f"It is {n}.", why="It follows.") for n in range(cards)
    )
    return Deck(key, f"The deck {key}", "native", tuple(made), licence="CC0-1.0")


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    """The database in this file, closed whatever happens: its threads would keep the bench from ending."""
    database = await open_database(path, now=POSTED_AT)
    try:
        yield database
    finally:
        await database.close()


async def set_up(database: Database, name: str) -> Cohort:
    """A cohort without a deck, in a channel of its own."""

    async def story(tx: Tx) -> Cohort:
        return await cohorts.set_up(tx, place(name), SetUp(EVERY_DAY, Settings(), name), "the bench", POSTED_AT)

    return await database.write(story)


@dataclass(frozen=True, slots=True)
class Revealed:
    """Learners who have `cards` answers each before them, not yet rated."""

    sessions: tuple[tuple[int, Account], ...]
    cards: int

    def ratings(self) -> Iterator[Request]:
        """Every first rating: each learner's first card, then each one's second, ..."""
        ratings = cycle(Rating)
        for position in range(self.cards):
            for session_id, who in self.sessions:
                yield self._rating(session_id, who, position, next(ratings), "first")

    def ratings_for_ever(self) -> Iterator[Request]:
        """Every first rating, and then the same cards again and again, rated differently each time."""
        yield from self.ratings()
        for again in count(1):
            for position in range(self.cards):
                for session_id, who in self.sessions:
                    yield self._rating(session_id, who, position, Rating(again % 5 + 1), f"again{again}")

    def _rating(self, session_id: int, who: Account, position: int, rating: Rating, key: str) -> Request:
        action = actions.RateCard(Source(SourceKind.SESSION, session_id), position, 1, rating)
        return request(action, f"rating-{key}-{session_id}-{position}", who)


async def rated(database: Database) -> int:
    """How many of these ratings were saved: an engine answers errors too."""

    async def story(tx: Tx) -> int:
        row = await tx.one("select count(*) as ratings from handled where key >= 'rating-' and key < 'rating.'")
        assert row is not None
        return int(row["ratings"])

    return await database.read(story)


async def revealed(database: Database, learners: int, cards: int, name: str = "raters") -> Revealed:
    """A cohort of learners who study its post of so many cards, and have looked at every answer."""
    cohort = await set_up(database, name)
    await import_deck(database, cohort, deck_of(cards, name), POSTED_AT)
    post_id = await _post_everything(database, cohort)
    engine = Engine(database)
    people = [account(n) for n in range(learners)]
    await _ask_all(engine, (request(actions.Study(post_id), f"study-{who.foreign_id}", who) for who in people))
    sessions = await _sessions(database, cohort)
    await _ask_all(engine, _reveals(sessions, cards))
    return Revealed(tuple(sessions), cards)


async def _post_everything(database: Database, cohort: Cohort) -> int:
    """The post of today, with every card of the cohort."""

    async def story(tx: Tx) -> int:
        post_id = await posts.plan(tx, cohort, TODAY, POSTED_AT, POSTED_AT)
        assert post_id is not None
        found = await candidates(tx, cohort.id, TODAY)
        picked = [PickedCard(card_id, "new to everyone") for card_id in found.card_ids]
        await daily_post.fill(tx, post_id, cohort.id, picked, POSTED_AT)
        return post_id

    return await database.write(story)


def _reveals(sessions: list[tuple[int, Account]], cards: int) -> Iterator[Request]:
    for session_id, who in sessions:
        for position in range(cards):
            action = actions.RevealAnswer(Source(SourceKind.SESSION, session_id), position)
            yield request(action, f"reveal-{session_id}-{position}", who)


async def _sessions(database: Database, cohort: Cohort) -> list[tuple[int, Account]]:
    async def story(tx: Tx) -> list[tuple[int, Account]]:
        rows = await tx.all(
            """select s.id, a.foreign_id, m.name from sessions s join accounts a on a.learner_id = s.learner_id
               join memberships m on m.learner_id = s.learner_id and m.cohort_id = s.cohort_id
               where s.cohort_id = :cohort and s.ended_at is null order by s.id""",
            cohort=cohort.id,
        )
        return [(row["id"], Account("bench", "", row["foreign_id"], row["name"])) for row in rows]

    return await database.read(story)


async def _ask_all(engine: Engine, requests: Iterator[Request]) -> None:
    async def client() -> None:
        for asked in requests:
            await engine.handle(asked, NOW)

    await asyncio.gather(*(client() for _ in range(CLIENTS)))
