"""How interactions are answered: over a session of their own, and without having Discord send back what it was sent.

discord.py asks for the message that an answer makes and builds it anew from what comes, though Flashmob keeps none.
That, and tracing each request of the library's own session, was a seventh of what a press costs.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
from discord.http import MultipartParameters, Route
from discord.webhook.async_ import AsyncWebhookAdapter, async_context

from .invalid import Budget


class Briefly(AsyncWebhookAdapter):
    """What the library answers interactions with, on `session`."""

    def __init__(self, session: aiohttp.ClientSession) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._session = session

    async def request(self, route: Route, session: aiohttp.ClientSession, **what: Any) -> Any:
        return await super().request(route, self._session, **what)

    async def create_interaction_response(
        self,
        interaction_id: int,
        token: str,
        *,
        session: aiohttp.ClientSession,
        proxy: str | None = None,
        proxy_auth: aiohttp.BasicAuth | None = None,
        params: MultipartParameters,
    ) -> Any:
        """Returns the little that the library cannot do without."""
        ids: dict[str, Any] = {"webhook_id": interaction_id, "webhook_token": token}
        await self.request(
            Route("POST", "/interactions/{webhook_id}/{webhook_token}/callback", **ids),
            session,
            payload=params.payload,
            multipart=params.multipart,
            files=params.files,
            proxy=proxy,
            proxy_auth=proxy_auth,
        )
        return {"interaction": {"id": interaction_id}}


@asynccontextmanager
async def answers(budget: Budget) -> AsyncIterator[None]:
    """For this task and all that it begins; `budget` is told of every answer that Discord refuses."""
    async with aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar(), raise_for_status=budget.seen
    ) as session:
        async_context.set(Briefly(session))
        yield
