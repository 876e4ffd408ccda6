"""The workspaces that the app is installed in, each with its token: one from the environment, or many by OAuth."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Protocol

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import SendFailed
from bot.errors import StoreError

from . import failures

TIMEOUT_S = 20.0
There = Callable[[str], Awaitable[None]]
"""Told the workspace that the app is in."""
log = logging.getLogger("flashmob.slack")
_quiet = logging.getLogger("flashmob.slack.sdk")
_quiet.setLevel(logging.WARNING)  # what the SDK says below this holds tokens and people's words


@dataclass(frozen=True, slots=True)
class Workspace:
    """One installation. `scopes` are those that were granted, empty while they are not known.

    `expires_at` is when the token runs out, 0 for never; `refresh_token` is what the next one is asked for with.
    """

    team: str
    enterprise: str
    token: str = field(repr=False)
    bot_user: str
    bot: str
    scopes: frozenset[str]
    name: str = ""
    refresh_token: str = field(default="", repr=False)
    expires_at: int = 0

    @property
    def realm(self) -> str:
        """What its people's ids are unique in: the enterprise where there is one, else the workspace."""
        return self.enterprise or self.team

    def lacks(self, *scopes: str) -> list[str]:
        return [scope for scope in scopes if self.scopes and scope not in self.scopes]


class Clients:
    """Slack's Web API by token, over one pool of connections."""

    def __init__(self, api_base: str) -> None:
        self._base = api_base
        self._session: aiohttp.ClientSession | None = None

    def posting(self, token: str) -> AsyncWebClient:
        """For what is sent by the core, which decides itself what is tried again, and when: nothing is, here."""
        return self._client(token, [])

    def talking(self, token: str) -> AsyncWebClient:
        """For answers to a person, which are harmless twice."""
        return self._client(token, [AsyncRateLimitErrorRetryHandler(max_retry_count=1)])

    async def answer(self, response_url: str, body: dict[str, object]) -> None:
        """To the address that came with a press: it works where the bot is no member, five times in half an hour."""
        async with self._pool().post(response_url, json=body) as response:
            if response.status != 200:
                log.info("an answer was not taken (status %s)", response.status)

    async def fetch(self, token: str, address: str, most: int) -> bytes | None:
        """A file of Slack's, or None: without the right to it Slack sends a page of HTML, and says that all is well."""
        async with self._pool().get(address, headers={"Authorization": f"Bearer {token}"}) as response:
            if response.status != 200 or response.content_type == "text/html":
                return None
            read = bytearray()
            async for piece in response.content.iter_chunked(64 * 1024):
                read += piece
                if len(read) > most:
                    return None
            return bytes(read)

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    def _client(self, token: str, retries: list[AsyncRateLimitErrorRetryHandler]) -> AsyncWebClient:
        return AsyncWebClient(
            token=token, base_url=self._base, session=self._pool(), logger=_quiet, retry_handlers=list(retries)
        )

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT_S))
        return self._session


class Workspaces(Protocol):
    """Who the app is in a workspace; asked for every event and for every post."""

    @property
    def known(self) -> Workspace | None:
        """The only workspace there is, once it was looked at."""
        ...

    async def find(self, *realms: str) -> Workspace | None:
        """By the workspace's id, else by its enterprise's. Raises `SendFailed` for a token that cannot be renewed."""
        ...

    async def removed(self, realm: str, at: int) -> list[str]:
        """The app was uninstalled there, or its token revoked, at this instant (UTC milliseconds).

        Returns the workspaces that it is not in any more; none where the news is older than the installation.
        """
        ...

    def forget(self) -> None:
        """Look at what is kept, or ask Slack, the next time."""
        ...


async def look_at(clients: Clients, token: str) -> Workspace:
    """Ask Slack whose token this is. Raises what the SDK raises."""
    said = await clients.talking(token).auth_test()
    granted = {name.lower(): value for name, value in (said.headers or {}).items()}.get("x-oauth-scopes", "")
    return Workspace(
        team=str(said.get("team_id") or ""),
        enterprise=str(said.get("enterprise_id") or ""),
        token=token,
        bot_user=str(said.get("user_id") or ""),
        bot=str(said.get("bot_id") or ""),
        scopes=frozenset(scope.strip() for scope in granted.split(",") if scope.strip()),
        name=str(said.get("team") or ""),
    )


class OneWorkspace:
    """The workspace of the token in the environment, looked up once, when it is first needed."""

    def __init__(self, clients: Clients, token: str, there: There) -> None:
        """`there` hears of the workspace whenever Slack has said that the token works."""
        self._clients = clients
        self._token = token
        self._there = there
        self._known: Workspace | None = None
        self._asking = asyncio.Lock()

    @property
    def known(self) -> Workspace | None:
        return self._known

    async def mine(self) -> Workspace:
        async with self._asking:
            if self._known is None:
                self._known = await look_at(self._clients, self._token)
                await self._there(self._known.team)
            return self._known

    async def find(self, *realms: str) -> Workspace | None:
        mine = await self.mine()
        named = set(filter(None, realms))
        return mine if not named or named & {mine.team, mine.enterprise} else None

    async def removed(self, realm: str, at: int) -> list[str]:
        """The token tells: where it works still, the news is of one before it."""
        team = self._known.team if self._known else realm
        return [team] if await looks_gone(self, self._clients, realm) else []

    def forget(self) -> None:
        self._known = None


async def workspace_of(workspaces: Workspaces, *realms: str) -> Workspace:
    """Raises `SendFailed` where the app is not, or where Slack does not answer."""
    try:
        found = await workspaces.find(*realms)
    except SlackApiError as error:
        raise failures.as_send_failed(error, sending=False) from error
    except failures.CUT_LINE as error:
        reason = f"Slack cannot be reached: {error or type(error).__name__}."
        raise SendFailed(reason, may_have_arrived=False) from error
    except StoreError as error:
        raise SendFailed(str(error), may_have_arrived=False) from error
    if found is None:
        raise failures.Removed("I am not installed in that workspace. Install me there.")
    return found


async def looks_gone(workspaces: Workspaces, clients: Clients, realm: str) -> bool:
    """Whether the app is really not there: its token may have been renewed meanwhile, by another process too."""
    workspaces.forget()
    try:
        found = await workspaces.find(realm)
        return found is None or not await look_at(clients, found.token)
    except SlackApiError as error:
        return failures.code(error) in failures.REMOVED
    except (SendFailed, StoreError, *failures.CUT_LINE):
        return False
