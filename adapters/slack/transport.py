"""How Slack reaches us: two sockets that we open, or a small server that takes signed requests."""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.errors import ConfigError

from . import failures, limits
from .workspaces import Clients

log = logging.getLogger("flashmob.slack")
PATH = "/slack/events"
PING_S = 10.0
PATIENCE = 3
"""So many looks, one every PING_S, before a connection is made anew."""
CONNECT_S = 25.0
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
WRONG_TOKEN = ("invalid_auth", "not_authed", "not_allowed_token_type", "missing_scope", "account_inactive")


BeganAnew = Callable[[], Awaitable[None]]


class Transport(Protocol):
    @property
    def is_open(self) -> bool:
        """Whether Slack's messages arrive now."""
        ...

    async def open(self) -> None:
        """Come back as soon as Slack's messages arrive. Raises `ConfigError` for what only a person can mend."""
        ...

    async def stay(self) -> None:
        """Keep it so, until cancelled. Raises `ConfigError` likewise."""
        ...

    async def close(self) -> None: ...


class Sockets:
    """Socket Mode. Slack renews a connection every few hours; while one is renewed, the other one listens.

    The SDK connects again by itself, but tries an address for ever that Slack has forgotten meanwhile, and a token that
    was revoked. So each connection is watched, and made anew, with an address of its own, where it does not come back.

    `began_anew` is told of every connection that begins: there is no knowing how long nobody listened on the other one.
    """

    def __init__(self, app: AsyncApp, app_token: str, clients: Clients, began_anew: BeganAnew) -> None:
        self._app = app
        self._token = app_token
        self._clients = clients
        self._began_anew = began_anew
        self._handlers: dict[int, AsyncSocketModeHandler] = {}

    @property
    def is_open(self) -> bool:
        return any(_is_open(handler.client) for handler in self._handlers.values())

    async def open(self) -> None:
        for number in range(limits.CONNECTIONS):
            await self._connect(number)

    async def stay(self) -> None:
        shut: Counter[int] = Counter()
        while True:
            await asyncio.sleep(PING_S)
            for number, handler in list(self._handlers.items()):
                shut[number] = 0 if _is_open(handler.client) else shut[number] + 1
                if shut[number] >= PATIENCE:
                    log.warning("a connection to Slack did not come back, and is made anew")
                    await self._connect(number)

    async def _connect(self, number: int) -> None:
        """Open this connection, in the place of one that may be there."""
        while True:
            if number in self._handlers:
                await _closed(self._handlers[number])
            handler = self._handlers[number] = self._handler()
            handler.client.wss_uri = await self._address(handler)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(CONNECT_S):
                    return await _connected(handler)
            log.warning("Slack opened no connection within %g s; again with another address", CONNECT_S)

    def _handler(self) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(
            self._app, self._token, web_client=self._clients.talking(self._token), ping_interval=PING_S
        )
        handler.client.message_listeners.append(self._heard)
        return handler

    async def _heard(self, client: object, frame: Mapping[str, object], raw: str | None) -> None:
        if frame.get("type") == "hello":
            await self._began_anew()

    async def _address(self, handler: AsyncSocketModeHandler) -> str:
        """Where to connect; asked until Slack answers, since the SDK would try a wrong token for ever."""
        wait = FIRST_WAIT_S
        while True:
            try:
                return str(await handler.client.issue_new_wss_url())
            except SlackApiError as error:
                if failures.code(error) in WRONG_TOKEN:
                    raise ConfigError(
                        f"Slack does not take the token in SLACK_APP_TOKEN ({failures.code(error)}).",
                        "Make one with the scope connections:write in the app's settings: Basic Information.",
                    ) from error
                log.warning("Slack gave no connection (%s); again in %g s", failures.code(error), wait)
            except failures.CUT_LINE as error:
                log.warning("Slack cannot be reached (%s); again in %g s", error or type(error).__name__, wait)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT_S)

    async def close(self) -> None:
        for handler in self._handlers.values():
            await _closed(handler)
        self._handlers.clear()


def _is_open(client: SocketModeClient) -> bool:
    return client.current_session is not None and not client.current_session.closed and not client.stale


async def _connected(handler: AsyncSocketModeHandler) -> None:
    connect: Any = handler.client.connect
    await connect()


async def _closed(handler: AsyncSocketModeHandler) -> None:
    close: Any = handler.client.close
    await close()


class Server:
    """HTTP mode. `port` 0 takes any free one; `address` says which."""

    def __init__(self, app: AsyncApp, host: str, port: int, began_anew: BeganAnew) -> None:
        self._host = host
        self._port = port
        self._began_anew = began_anew
        self._runner = web.AppRunner(AsyncSlackAppServer(port, PATH, app, host).web_app, access_log=None)
        self.address = ""

    async def open(self) -> None:
        await self._runner.setup()
        try:
            await web.TCPSite(self._runner, self._host, self._port).start()
        except OSError as error:
            raise ConfigError(
                f"Slack's requests cannot be taken on {self._host}, port {self._port}: {error.strerror}.",
                "Another port can be set in [slack], for example port = 3001.",
            ) from error
        host, port = self._runner.addresses[0][:2]
        self.address = f"http://{host}:{port}{PATH}"
        log.info("Slack's requests are taken at %s", self.address)
        await self._began_anew()

    @property
    def is_open(self) -> bool:
        return bool(self.address)

    async def stay(self) -> None:
        """Slack comes to us: there is nothing to keep open."""
        await asyncio.Event().wait()

    async def close(self) -> None:
        await self._runner.cleanup()
