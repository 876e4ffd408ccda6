"""A lead sets a study group up, three mornings go by, and on the fourth she and her group are looked at."""

from collections.abc import Mapping, Sequence
from datetime import date
from random import Random
from typing import Protocol

from bot import wording
from bot.clock import day_of
from bot.demo.cast import CAST
from bot.model import WEEKDAYS, Rating

CHANNEL = "flashcards"
DECK = "Machine learning on AWS"
ZONE = "Europe/Berlin"
FORM = {
    "name": "Machine learning",
    "weekdays": WEEKDAYS[:5],
    "time": "09:00",
    "zone": ZONE,
}
"""What the lead fills in."""
MONDAY = day_of(date(2026, 11, 2))
MORNINGS = 3
PEOPLE = CAST[:6]
LEAD = PEOPLE[0]
EARLY = PEOPLE[1:4]
HERS = (Rating.WELL, Rating.PERFECTLY, Rating.WITH_EFFORT, Rating.BARELY, Rating.WELL)
"""How the lead rates the five cards while she is looked at."""


class Stage(Protocol):
    """A platform with the group's people on it. They press what they see, and it can be photographed."""

    async def morning(self, day: int) -> None:
        """The post of this day (days since 1970-01-01) goes out."""
        ...

    async def later(self, minutes: int) -> None:
        """Time passes, and what was planned for it happens."""
        ...

    async def press(self, who: str, label: str) -> None:
        """Press a button of what they were shown last, else of the newest post."""
        ...

    async def type(self, who: str, command: str) -> None: ...

    async def set(self, who: str, name: str, value: str) -> None:
        """Change a setting of the group."""
        ...

    async def fill(self, who: str, values: Mapping[str, str | Sequence[str]]) -> None:
        """Send the form that they were shown, for the group's channel."""
        ...

    def labels(self, who: str) -> list[str]:
        """The buttons of what they were shown last."""
        ...

    async def photograph(self, name: str, who: str = "") -> None:
        """What this person was shown last; without anybody, the newest post."""
        ...


async def play(stage: Stage) -> None:
    await _set_up(stage, LEAD.id)
    chance = Random(5)
    for day in range(MONDAY, MONDAY + MORNINGS):
        await stage.morning(day)
        for each in PEOPLE:
            if each is LEAD or chance.random() < each.studies:
                await _study(stage, each.id, chance, each.knows)
    await stage.morning(MONDAY + MORNINGS)
    for each in EARLY:
        await _study(stage, each.id, chance, each.knows)
    await stage.later(minutes=2)
    await _look(stage, LEAD.id)
    await _by_reactions(stage, LEAD.id)


async def _by_reactions(stage: Stage, who: str) -> None:
    """On the fifth morning there is a message for each card."""
    await stage.set(who, "style", "cards")
    await stage.set(who, "rating_input", "both")
    await stage.morning(MONDAY + MORNINGS + 1)
    await stage.photograph("card")


async def _set_up(stage: Stage, who: str) -> None:
    await stage.type(who, "/quiz-admin setup")
    await stage.photograph("form", who)
    await stage.fill(who, FORM)
    await stage.photograph("set-up", who)
    await stage.press(who, DECK)
    await stage.photograph("deck", who)
    await stage.press(who, "Import")
    await stage.photograph("imported", who)
    await stage.press(who, "Test post to me only")
    await stage.photograph("test-post", who)
    await stage.press(who, "Done")


async def _study(stage: Stage, who: str, chance: Random, knows: float) -> None:
    """Go through the open post until there is no question left."""
    await stage.press(who, "Study")
    while "Show answer" in stage.labels(who):
        await stage.press(who, "Show answer")
        remembered = (Rating.WITH_EFFORT, Rating.WELL, Rating.PERFECTLY)
        await _rate(stage, who, chance.choice(remembered) if chance.random() < knows else Rating.BARELY)


async def _rate(stage: Stage, who: str, rating: Rating) -> None:
    await stage.press(who, wording.rating(rating))


async def _look(stage: Stage, who: str) -> None:
    """The lead studies today's post, and asks for what can be asked for."""
    await stage.photograph("digest")
    await stage.press(who, "Study")
    await stage.photograph("question", who)
    for number, rating in enumerate(HERS):
        await stage.press(who, "Show answer")
        if number == 0:
            await stage.photograph("reveal", who)
        await _rate(stage, who, rating)
        if number == 0:
            await stage.photograph("saved", who)
    await stage.photograph("summary", who)
    await stage.type(who, "/leaderboard")
    await stage.photograph("leaderboard", who)
    await stage.type(who, "/quiz-admin status")
    await stage.photograph("status", who)
