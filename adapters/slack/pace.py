"""Not faster than a channel takes: a few posts at once, then one a second."""

import asyncio
from collections import OrderedDict

from . import limits

MOST_CHANNELS = 1_000


class Paces:
    """By channel; seconds of the event loop's own clock."""

    def __init__(self, burst: int = limits.POSTS_AT_ONCE, per_second: float = limits.POSTS_PER_SECOND) -> None:
        self._gap_s = 1 / per_second
        self._slack_s = (burst - 1) / per_second
        self._next: OrderedDict[str, float] = OrderedDict()

    async def turn(self, channel: str) -> None:
        """Come back when a post may go into this channel, in the order in which they are asked for."""
        now = asyncio.get_running_loop().time()
        mine = max(now - self._slack_s, self._next.pop(channel, 0.0))
        self._next[channel] = mine + self._gap_s
        if len(self._next) > MOST_CHANNELS:
            self._next.popitem(last=False)
        if mine > now:
            await asyncio.sleep(mine - now)
