"""How many requests Discord has refused lately: ten thousand in ten minutes, and it bans the whole address."""

from collections import deque

import aiohttp

from bot.adapter import Now, SendFailed, Trouble

from . import limits

REFUSED = (401, 403, 429)


class Budget:
    """Counts answers of 401, 403 and 429; those of a limit that is shared with others do not count."""

    def __init__(self, now: Now) -> None:
        self._now = now
        self._at: deque[int] = deque()

    def note(self, status: int, scope: str = "") -> None:
        if status in REFUSED and scope != "shared":
            self._at.append(self._now())

    def check(self) -> None:
        """Raises `SendFailed` with the time to wait, once half of the budget is used."""
        now = self._now()
        while self._at and self._at[0] <= now - limits.INVALID_WINDOW_MS:
            self._at.popleft()
        if len(self._at) >= limits.INVALID_REQUESTS * limits.INVALID_SHARE:
            wait_ms = self._at[0] + limits.INVALID_WINDOW_MS - now
            raise SendFailed("Discord refuses too much, so Flashmob waits", Trouble.RATE_LIMITED, wait_ms / 1000)

    async def seen(self, response: aiohttp.ClientResponse) -> None:
        """Count it, if it refuses: what a session of our own calls with every answer."""
        self.note(response.status, response.headers.get("X-RateLimit-Scope", ""))

    def trace(self) -> aiohttp.TraceConfig:
        """What tells of every answer in a session that the library makes."""
        made = aiohttp.TraceConfig()
        made.on_request_end.append(self._traced)
        return made

    async def _traced(self, session: object, context: object, end: aiohttp.TraceRequestEndParams) -> None:
        await self.seen(end.response)
