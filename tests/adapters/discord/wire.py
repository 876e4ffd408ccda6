"""discord.py pointed at the double, and waited for."""

import asyncio
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import discord
import yarl
from discord.gateway import DiscordWebSocket

from .double import DiscordDouble

HANDLERS = ("discord.py: ", "CommandTree-invoker", "discord-ui-")


@contextmanager
def pointed_at(there: DiscordDouble) -> Iterator[None]:
    """For a bare client; the adapter has settings for it."""
    before = discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY
    discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = there.api_base, yarl.URL(there.gateway_url)
    try:
        yield
    finally:
        discord.http.Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = before


async def settled(there: DiscordDouble) -> None:
    """Wait until a client in this process has been told everything, and every handler of it has ended."""
    await there.gateway.settled()
    while True:
        handling = [task for task in asyncio.all_tasks() if task.get_name().startswith(HANDLERS)]
        if not handling:
            return
        await asyncio.wait(handling)


class Inflate:
    """What discord.py reads compressed frames with where `zstandard` is not installed (discord/utils.py)."""

    COMPRESSION_TYPE = "zlib-stream"

    def __init__(self) -> None:
        self._read = zlib.decompressobj()

    def decompress(self, data: bytes) -> str:
        assert data.endswith(b"\x00\x00\xff\xff"), "each frame ends with a flush"
        return self._read.decompress(data).decode()
