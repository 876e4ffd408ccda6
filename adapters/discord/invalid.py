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

    def trace(self) -> aiohttp.TraceConfig:
        """What tells of every answer, whichever part of the library asked."""
        made = aiohttp.TraceConfig()
        made.on_request_end.append(self._seen)
        return made

    async def _seen(self, session: object, context: object, end: aiohttp.TraceRequestEndParams) -> None:
        self.note(end.response.status, end.response.headers.get("X-RateLimit-Scope", ""))
