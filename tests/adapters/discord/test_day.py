"""A whole day with the real program, as two groups of one server live it; in its middle the program is killed."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path

import pytest

from bot.clock import instant
from bot.testing.world import DECK, MONDAY

from .double import DiscordDouble, Person
from .double.hands import shown
from .double.reading import read
from .double.words import Channel, Posted
from .program import Program, until

ZONE = "Europe/Berlin"
MEMBERS, CARDS = 10, 5
LABELS = ("1 Not at all", "2 Barely", "3 With effort", "4 Well", "5 Perfectly")
KILLED_AFTER = 20
GROUP = """
[[cohort]]
name = "{name}"
platform = "discord"
workspace = "{guild}"
channel = "{channel}"
decks = ["{deck}.deck.md"]
weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
zone = "Europe/Berlin"
style = "{style}"
rating_input = "{rating_input}"
"""
RATED = """select a.foreign_id, cards.key, r.rating from reviews r join accounts a on a.learner_id = r.learner_id
           join cards on cards.id = r.card_id where r.input = '{}' and r.rating is not null"""


@dataclass(slots=True)
class Server:
    """A Discord server with a channel for each way of rating; the first of its people leads."""

    there: DiscordDouble
    folder: Path
    digest: Channel = field(init=False)
    cards: Channel = field(init=False)
    people: list[Person] = field(init=False)
    killed: asyncio.Event = field(default_factory=asyncio.Event)
    up: asyncio.Event = field(default_factory=asyncio.Event)
    pressed: dict[tuple[str, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        guild = self.there.room.guild("Evening school")
        self.digest, self.cards = (self.there.room.channel(name, guild) for name in ("rivers", "hills"))
        users = [self.there.room.user(f"Learner {number}") for number in range(1, MEMBERS + 1)]
        guild.members += [user.id for user in users]
        guild.leads.append(users[0].id)
        self.people = [Person(self.there, user, self.digest) for user in users]
        (self.folder / "rivers.deck.md").write_text(DECK)
        (self.folder / "hills.deck.md").write_text(DECK.replace("rivers", "hills").replace("Rivers", "Hills"))
        common = {"guild": guild.id}
        digest = {"channel": self.digest.id, "deck": "rivers", "style": "digest", "rating_input": "buttons"}
        cards = {"channel": self.cards.id, "deck": "hills", "style": "cards", "rating_input": "reactions"}
        settings = (
            f'[flashmob]\ndata = "."\ntick_seconds = 0.2\n[discord]\nenabled = true\n'
            f'api_base = "{self.there.api_base}"\ngateway_url = "{self.there.gateway_url}"\n'
            + GROUP.format(name="Rivers", **common, **digest)
            + GROUP.format(name="Hills", **common, **cards)
        )
        (self.folder / "config.toml").write_text(settings)

    def posts(self, channel: Channel) -> list[Posted]:
        return self.there.room.history(channel.id)

    # ---- what a learner does

    async def press(self, person: Person, label: str) -> str:
        """Press until it is answered: nobody answers while the program is dead, but what was on its way arrives."""
        while True:
            made = person.begin_press(label)
            answered, died = asyncio.ensure_future(made.done.wait()), asyncio.ensure_future(self.killed.wait())
            await asyncio.wait([answered, died], return_when=asyncio.FIRST_COMPLETED)
            answered.cancel()
            died.cancel()
            await self.up.wait()
            if made.done.is_set():
                return shown(made)

    async def study(self, person: Person, number: int) -> None:
        """Today's cards, each with its own rating; nothing is shown to anybody else."""
        said = await self.press(person, "Study")
        for position in range(CARDS):
            asked = int(said.split("Question ")[-1].split("?")[0])
            rating = 3 + (number + position) % 3
            said = await self.press(person, "Show answer")
            assert f"Answer {asked}" in said
            said = await self.press(person, LABELS[rating - 1])
            self.pressed[person.id, f"card{asked:04}"] = rating

    def react(self, person: Person, number: int) -> dict[tuple[str, str], int]:
        """A keycap under each card, chosen once and changed once."""
        chosen = {}
        for position, posted in enumerate(self.posts(self.cards)):
            rating = 1 + (number + position) % 5
            person.react(posted, 1 + rating % 5)
            person.react(posted, 1 + rating % 5, added=False)
            person.react(posted, rating)
            asked = int(read(posted).text.split("Question ")[-1].split("?")[0])
            chosen[person.id, f"card{asked:04}"] = rating
        return chosen


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    async with DiscordDouble() as there:
        yield Server(there, tmp_path)
        assert there.all_problems() == []


@pytest.fixture
async def program(server: Server) -> AsyncIterator[Program]:
    made = Program(server.folder, server.there)
    yield made
    await made.stop()


def kept(program: Program, by: str) -> dict[tuple[str, str], int]:
    rows = program.rows(RATED.format(by))
    found = {(who, card): rating for who, card, rating in rows}
    assert len(found) == len(rows)
    return found


@pytest.mark.timeout(120)  # three starts of the program
async def test_a_day_with_a_kill_in_it_ends_with_exactly_the_ratings_that_were_given(
    server: Server, program: Program
) -> None:
    monday, tuesday = (instant(MONDAY + day, time(9), ZONE) for day in (0, 1))
    await program.start(monday - 3_600_000)
    lead = server.people[0]
    for channel in (server.digest, server.cards):
        lead.channel = channel
        await lead.type("/quiz-admin post")
    await until(lambda: server.posts(server.digest))
    await until(lambda: len(server.posts(server.cards)) == CARDS)
    lead.channel = server.digest

    reacted: dict[tuple[str, str], int] = {}
    for number, person in enumerate(server.people):
        reacted |= server.react(person, number)
    await until(lambda: kept(program, "reaction") == reacted)

    server.up.set()
    learning = [asyncio.create_task(server.study(person, number)) for number, person in enumerate(server.people)]
    await until(lambda: len(server.pressed) >= KILLED_AFTER)
    server.up.clear()
    server.killed.set()
    await program.kill()
    assert len(server.pressed) < MEMBERS * CARDS
    server.killed.clear()
    await program.start(monday - 3_000_000)
    server.up.set()
    await asyncio.gather(*learning)

    assert len(server.pressed) == MEMBERS * CARDS
    assert kept(program, "button") == server.pressed
    assert "Nothing is due" in shown(await lead.type("/quiz"))
    board = shown(await lead.type("/leaderboard"))
    assert all(person.user.name in board for person in server.people)
    assert await program.stop() == 0

    await program.start(tuesday + 1_000)
    await until(lambda: len(server.posts(server.digest)) == 2)
    await until(lambda: "10 people studied" in read(server.posts(server.digest)[0]).text)
    assert "[Study]" in read(server.posts(server.digest)[1]).text
    assert "Question" in shown(await lead.type("/quiz 3"))
    assert kept(program, "button") == server.pressed
    assert kept(program, "reaction") == reacted
    assert await program.stop() == 0
    assert not [posted for posted in server.posts(server.digest) if "Answer" in read(posted).text]
    said = "".join(program.said)
    assert "Traceback" not in said, said
    assert server.there.token not in said
    assert server.there.invalid_requests == 0
