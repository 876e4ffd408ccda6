"""A Slack on this machine: the Web API, Socket Mode and signed HTTP delivery, for the real libraries to talk to."""

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
import urllib.parse
import uuid
from dataclasses import dataclass, field

import aiohttp
from aiohttp import WSMsgType, web

from .state import Json, State
from .web_api import WebApi

FORM = "application/x-www-form-urlencoded"


class NotAcknowledged(Exception):
    """The bot did not take it, however often it was told."""


@dataclass
class Delivery:
    """One attempt; `status` is 200 for an acknowledgement, 0 for none."""

    kind: str
    attempt: int
    status: int = 0
    took_s: float = 0.0


@dataclass
class Double:
    """`request_url` is where HTTP mode delivers to, empty for Socket Mode. `attempts` is how often an event is told."""

    state: State = field(default_factory=State)
    request_url: str = ""
    ack_timeout_s: float = 3.0
    attempts: int = 3
    wait_for_socket_s: float = 10.0
    api: WebApi = field(init=False)
    deliveries: list[Delivery] = field(default_factory=list)
    said_to_urls: list[Json] = field(default_factory=list)
    connections: int = 0
    shut: bool = False
    _used: set[str] = field(default_factory=set)
    _sockets: list[web.WebSocketResponse] = field(default_factory=list)
    _waiting: "dict[str, asyncio.Future[Json | None]]" = field(default_factory=dict)
    _runner: web.AppRunner | None = None
    port: int = 0

    def __post_init__(self) -> None:
        self.api = WebApi(self.state)

    # ---- life

    async def start(self) -> None:
        app = web.Application()
        app.router.add_route("*", "/api/{method}", self.api.handle)
        app.router.add_get("/link", self._link)
        app.router.add_post("/response/{user}/{channel}/{number}", self._response)
        app.router.add_get("/files/{name}", self._file)
        app.router.add_post("/upload/{name}", self._upload)
        self._runner = web.AppRunner(app, shutdown_timeout=0.2, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self.port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        for socket in list(self._sockets):
            with contextlib.suppress(Exception):
                await socket.close()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self.port}/api/"

    def response_url(self, user: str, channel: str) -> str:
        return f"http://127.0.0.1:{self.port}/response/{user}/{channel}/{self.state.number()}"

    async def _response(self, request: web.Request) -> web.Response:
        """Five uses in half an hour; an ephemeral unless it says otherwise."""
        body = await request.json()
        self.said_to_urls.append(body)
        message = {
            "text": body.get("text", ""),
            "blocks": self.state.named(body.get("blocks") or []),
            "ts": self.state.ts(),
        }
        self.state.ephemerals.append((request.match_info["user"], message))
        return web.Response(text="ok")

    async def _file(self, request: web.Request) -> web.Response:
        """A file is given out to the app's token; anybody else gets a page of HTML, with status 200."""
        token = request.headers.get("Authorization", "")
        if token != f"Bearer {self.state.bot_token}" or "files:read" not in self.state.scopes:
            return web.Response(text="<html>Sign in to Slack</html>", content_type="text/html")
        return web.Response(body=self.state.files[request.match_info["name"]])

    async def _upload(self, request: web.Request) -> web.Response:
        name, data = request.match_info["name"], await request.read()
        if self.state.promised.pop(name, None) != len(data):
            return web.Response(status=400, text="not what was promised")
        self.state.files[name] = data
        return web.Response(text="OK")

    # ---- Socket Mode

    @property
    def sockets(self) -> int:
        return len(self._sockets)

    async def _link(self, request: web.Request) -> web.WebSocketResponse:
        """An address works once; while the door is `shut`, none does."""
        ticket = request.query["ticket"]
        if self.shut or ticket in self._used:
            self._used.add(ticket)
            raise web.HTTPForbidden
        self._used.add(ticket)
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self._sockets.append(socket)
        self.connections += 1
        info = {"app_id": self.state.app}
        await socket.send_json({"type": "hello", "num_connections": len(self._sockets), "connection_info": info})
        try:
            async for frame in socket:
                if frame.type is WSMsgType.TEXT:
                    self._acknowledged(json.loads(frame.data))
        finally:
            self._sockets.remove(socket)
        return socket

    def _acknowledged(self, frame: Json) -> None:
        waiting = self._waiting.pop(frame.get("envelope_id", ""), None)
        if waiting is not None and not waiting.done():
            waiting.set_result(frame.get("payload"))

    async def refresh(self, which: int = 0) -> None:
        """Tell one connection that it will be closed, as Slack does every few hours."""
        await self._sockets[which].send_json({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}})

    async def cut(self) -> None:
        """Every connection breaks without a word."""
        for socket in list(self._sockets):
            if socket._req is not None and socket._req.transport is not None:
                socket._req.transport.abort()

    # ---- telling

    async def tell(self, kind: str, payload: Json, attempts: int | None = None) -> Json | None:
        """Deliver, and again until it is acknowledged (events) or once (presses, which Slack never repeats)."""
        for attempt in range(attempts or (self.attempts if kind == "events_api" else 1)):
            delivery = Delivery(kind, attempt)
            self.deliveries.append(delivery)
            started = time.monotonic()
            with contextlib.suppress(TimeoutError, aiohttp.ClientError):
                over = self._over_http if self.request_url else self._over_socket
                answer = await asyncio.wait_for(over(kind, payload, attempt, delivery), self.ack_timeout_s)
                delivery.took_s = time.monotonic() - started
                if delivery.status == 200:
                    return answer
        raise NotAcknowledged(kind)

    async def _over_socket(self, kind: str, payload: Json, attempt: int, delivery: Delivery) -> Json | None:
        socket = await self._open_socket()
        envelope = str(uuid.uuid4())
        self._waiting[envelope] = asyncio.get_running_loop().create_future()
        frame = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        retry = {"retry_attempt": attempt, "retry_reason": "timeout" if attempt else ""}
        await socket.send_json({**frame, **(retry if kind == "events_api" else {})})
        answer = await self._waiting[envelope]
        delivery.status = 200
        return answer

    async def _open_socket(self) -> web.WebSocketResponse:
        """Any one of the open connections."""
        while True:
            there = [socket for socket in self._sockets if not socket.closed]
            if there:
                return there[self.state.number() % len(there)]
            await asyncio.sleep(0.01)

    async def _over_http(self, kind: str, payload: Json, attempt: int, delivery: Delivery) -> Json | None:
        body, content_type = encoded(kind, payload)
        headers = {**self.signed(body), "Content-Type": content_type}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": "http_timeout"}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self.request_url, data=body, headers=headers) as said,
        ):
            text = await said.text()
            delivery.status = said.status
            return json.loads(text) if text.startswith("{") else None

    def signed(self, body: str, at: int | None = None, secret: str = "") -> dict[str, str]:
        """The headers that prove that it is Slack who speaks."""
        stamp = str(at if at is not None else int(time.time()))
        key = (secret or self.state.signing_secret).encode()
        signature = hmac.new(key, f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": f"v0={signature}"}


def encoded(kind: str, payload: Json) -> tuple[str, str]:
    """The body as Slack writes it, and its content type."""
    if kind == "events_api":
        return json.dumps(payload), "application/json"
    if kind == "slash_commands":
        return urllib.parse.urlencode(payload), FORM
    return urllib.parse.urlencode({"payload": json.dumps(payload)}), FORM
