"""How much memory many servers on Discord take, beside a bare discord.py bot that is told of the same ones."""

import asyncio
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import psutil

from tests.adapters.discord.double import DiscordDouble, contracts

from .clicks_discord import command, configured, running
from .measure import Figures, interleaved, ratio

SETTLE_S = 2.0


async def resident_memory(*, guilds: int, channels: int, runs: int) -> Figures:
    """Both programs, once they have taken every server with its channels."""
    contracts.MISSING = "holding every body against Discord's description is what tests do"
    async with DiscordDouble() as discord:
        for number in range(guilds):
            guild = discord.room.guild(f"Server {number}")
            for each in range(channels):
                discord.room.channel(f"channel-{each}", guild)
        found = await interleaved(runs, ours=partial(_ours, discord), bare=partial(_bare, discord))
    return Figures({"of_bare": ratio(found["ours"], found["bare"]), **{who: median(mb) for who, mb in found.items()}})


async def _ours(discord: DiscordDouble) -> float:
    with TemporaryDirectory() as folder:
        return await _megabytes(discord, "-m", "bot", "run", "--config", configured(Path(folder), discord))


async def _bare(discord: DiscordDouble) -> float:
    return await _megabytes(discord, *command(discord))


async def _megabytes(discord: DiscordDouble, *program: str) -> float:
    async with running(discord, *program) as process_id:
        await discord.gateway.settled()
        await asyncio.sleep(SETTLE_S)
        megabytes: float = psutil.Process(process_id).memory_info().rss / (1 << 20)
    await discord.gateway.until(lambda: not discord.gateway.connected)
    discord.gateway.sessions.clear()
    return megabytes
