"""Not faster than a platform allows: turns at even distances."""

import asyncio


class Pace:
    """`per_second` turns, in the order in which they are asked for; seconds of the event loop's own clock."""

    def __init__(self, per_second: float) -> None:
        self._gap_s = 1 / per_second
        self._next = 0.0

    async def turn(self) -> None:
        """Come back when it is this caller's turn."""
        now = asyncio.get_running_loop().time()
        mine = max(now, self._next)
        self._next = mine + self._gap_s
        if mine > now:
            await asyncio.sleep(mine - now)
