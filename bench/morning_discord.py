"""A morning on Discord: the posts of many groups that are due at the same minute, sent by the real program."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from adapters.discord.limits import SENDS_PER_SECOND
from tests.adapters.discord.double import DiscordDouble, contracts

from .clicks_discord import configured, running
from .measure import Figures

PREPARED_S = 75
"""For which the program has time to start and to make its groups, before their minute comes."""
LONGEST_S = 600
COHORT = """
[[cohort]]
name = "Group {number}"
platform = "discord"
workspace = "{guild}"
channel = "{channel}"
decks = ["rivers.deck.md"]
weekdays = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
time = "{time}"
late_until = "23:59"
style = "cards"
cards = {cards}
"""


async def at_the_stated_rate(*, cohorts: int, cards: int) -> Figures:
    """From the first message to the last, against the time that so many take at the rate that Flashmob keeps to."""
    contracts.MISSING = "holding every body against Discord's description is what tests do"
    async with DiscordDouble() as discord:
        with TemporaryDirectory() as folder:
            config = configured(Path(folder), discord, _groups(discord, cohorts, cards))
            async with running(discord, "-m", "bot", "run", "--config", config):
                await _all_posted(discord, cohorts * cards)
        sent = [posted.sent_at for posted in discord.room.messages.values()]
    seconds = (max(sent) - min(sent)) / 1000
    return Figures({"of_ideal": seconds / ((cohorts * cards - 1) / SENDS_PER_SECOND), "seconds": seconds})


def _groups(discord: DiscordDouble, cohorts: int, cards: int) -> str:
    soon = datetime.now(UTC) + timedelta(seconds=PREPARED_S + 60)
    guild = discord.room.guild("Rivers")
    channels = [discord.room.channel(f"channel-{number}", guild) for number in range(cohorts)]
    return "".join(
        COHORT.format(number=number, guild=guild.id, channel=channel.id, time=f"{soon:%H:%M}", cards=cards)
        for number, channel in enumerate(channels)
    )


async def _all_posted(discord: DiscordDouble, messages: int) -> None:
    async with asyncio.timeout(LONGEST_S):
        while len(discord.room.messages) < messages:  # noqa: ASYNC110  (another process posts them)
            await asyncio.sleep(0.2)
