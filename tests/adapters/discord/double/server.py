"""The double itself: one server with REST, the gateway and files, and who is there."""

import asyncio
import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

from aiohttp import web

from . import contracts, payloads
from .calls import PREFIX, Call, read
from .faults import Fault, Faults
from .gateway import Gateway
from .interactions import Interactions
from .room import Room
from .routes import Routes
from .sockets import Session
from .words import Channel, Guild, Payload, Permission, Refused, Snowflakes, User

TOKEN = "a-token.of-the.double"
WITHOUT_TOKEN = ("/interactions", "/webhooks")
INVALID = (401, 403, 429)


def wall_clock() -> int:
    return time.time_ns() // 1_000_000


class DiscordDouble:
    """Use it as `async with DiscordDouble() as discord`. `now` is UTC milliseconds; tokens age by it."""

    def __init__(self, now: Callable[[], int] = wall_clock, token: str = TOKEN) -> None:
        ids = Snowflakes(now)
        self.token = token
        self.bot = User(ids.next(), "Flashmob", bot=True)
        self.gateway = Gateway(token, self._ready, self._guilds)
        self.room = Room(now, self.gateway.tell, ids, self.bot)
        self.room.users[self.bot.id] = self.bot
        self.interactions = Interactions(self.room, self.gateway.tell)
        self.faults = Faults()
        self.calls: list[Call] = []
        self.away: set[str] = set()  # servers in an outage
        self.problems: list[str] = []
        self.routes = Routes(self.room, self.interactions, lambda: self.gateway_url)
        self._runner: web.AppRunner | None = None

    # ---- the server

    async def start(self) -> "DiscordDouble":
        app = web.Application(client_max_size=32 * 1024 * 1024)
        app.router.add_get("/gateway", self.gateway.listen)
        app.router.add_get("/files/{id}/{name}", self._file)
        app.router.add_route("*", PREFIX + "/{rest:.*}", self._rest)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.room.address = f"http://{host}:{port}"
        return self

    async def stop(self) -> None:
        self.gateway.cut()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> "DiscordDouble":
        return await self.start()

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    @property
    def api_base(self) -> str:
        return self.room.address + PREFIX

    @property
    def gateway_url(self) -> str:
        return f"ws://{urlsplit(self.room.address).netloc}/gateway"

    # ---- what a test looks at

    @property
    def commands(self) -> list[Payload]:
        """What the bot registered."""
        return self.routes.commands

    def all_problems(self) -> list[str]:
        """Every body, sent or answered, that does not fit Discord's own description."""
        return self.problems + self.gateway.problems

    def called(self, method: str, path: str) -> list[Call]:
        """The calls of this method whose path ends so; `*` is one part of it."""
        wanted = path.split("/")
        found = []
        for call in self.calls:
            parts = call.path.split("/")[-len(wanted) :]
            same = len(parts) == len(wanted) and all(a in ("*", b) for a, b in zip(wanted, parts, strict=True))
            found += [call] if same and call.method == method else []
        return found

    def bodies(self) -> list[tuple[Call, Payload]]:
        """Each message that was sent, wherever it stands in its call."""
        sent = [call for call in self.calls if call.method in ("POST", "PATCH") and call.payload]
        data = [(call, call.payload.get("data") if "/callback" in call.path else call.payload) for call in sent]
        return [(call, body) for call, body in data if body and {"content", "components", "embeds"} & set(body)]

    @property
    def invalid_requests(self) -> int:
        """What counts towards the ban after 10,000 in ten minutes."""
        return sum(call.status in INVALID for call in self.calls)

    # ---- what happens to places

    def deny(self, channel: Channel, *permissions: Permission) -> None:
        """Take these permissions from the bot in this channel, or give all back."""
        channel.denied = Permission(0)
        for each in permissions:
            channel.denied |= each
        self.gateway.tell("CHANNEL_UPDATE", payloads.channel(channel, self.bot))

    def delete_channel(self, channel: Channel) -> None:
        del self.room.channels[channel.id]
        self.room.guilds[channel.guild_id].channels.remove(channel.id)
        self.gateway.tell("CHANNEL_DELETE", payloads.channel(channel, self.bot))

    def lose(self, guild: Guild) -> None:
        """An outage: the guild is there, and cannot be reached."""
        self.gateway.tell("GUILD_DELETE", {"id": guild.id, "unavailable": True})

    def regain(self, guild: Guild) -> None:
        self.gateway.tell("GUILD_CREATE", self.room.guild_payload(guild))

    def remove_bot(self, guild: Guild) -> None:
        del self.room.guilds[guild.id]
        for each in guild.channels:
            del self.room.channels[each]
        self.gateway.tell("GUILD_DELETE", {"id": guild.id})

    def invite_bot(self, guild: Guild, *channels: Channel) -> None:
        """Add the bot to a server that it was removed from; its channels are there again."""
        self.room.guilds[guild.id] = guild
        self.room.channels |= {each.id: each for each in channels}
        joined = self.room.guild_payload(guild)
        del joined["unavailable"]  # it is said of servers that were there before, alone
        self.gateway.tell("GUILD_CREATE", joined)

    # ---- the gateway

    def _ready(self, session: Session) -> Payload:
        away = [{"id": each, "unavailable": True} for each in self.room.guilds]
        return {
            "v": 10,
            "user": payloads.me(self.bot),
            "guilds": [each for each in away if session.wants("GUILD", each)],
            "session_id": session.id,
            "resume_gateway_url": self.gateway_url,
            "application": {"id": self.bot.id, "flags": 0, "flags_new": "0"},
            "session_type": "normal",
            "private_channels": [],
            "presences": [],
            "relationships": [],
            "shard": list(session.shard),
        }

    def _guilds(self) -> list[Payload]:
        return [self.room.guild_payload(guild) for guild in self.room.guilds.values() if guild.id not in self.away]

    # ---- REST

    async def _file(self, request: web.Request) -> web.Response:
        return web.Response(body=self.room.files[request.match_info["id"]])

    async def _rest(self, request: web.Request) -> web.StreamResponse:
        call = await read(request)
        self.calls.append(call)
        fault = self.faults.take(call.method, call.path)
        if fault:
            await asyncio.sleep(fault.delay_s)
            if fault.cut and request.transport is not None and not fault.landed:
                request.transport.abort()
        if fault and fault.status and not fault.landed:
            return self._faulty(call, fault)
        status, body = self._answer(call)
        if fault and fault.cut and request.transport is not None:
            request.transport.abort()
        if fault and fault.status:
            return self._faulty(call, fault)
        call.status = status
        return _response(status, body, self._limits(call))

    def _faulty(self, call: Call, fault: Fault) -> web.Response:
        call.status = fault.status
        return _response(fault.status, fault.body(), fault.headers())

    def _answer(self, call: Call) -> tuple[int, object]:
        try:
            self._check(call)
            found = self.routes.table.find(call)
            if found is None:
                raise Refused(404, 0, f"404: Not Found ({call.method} {call.path} is not in the double)")
            handler, arguments = found
            body = handler(call, **arguments)
        except Refused as refused:
            return refused.status, refused.body
        status = 204 if body is None else 200
        if body is not None:
            self._note(call, "answer", contracts.answer(call.method, call.path, status, body))
        return status, body

    def _check(self, call: Call) -> None:
        if not call.path.startswith(WITHOUT_TOKEN) and call.headers.get("Authorization") != f"Bot {self.token}":
            raise Refused(401, 0, "401: Unauthorized")
        if call.body is not None:
            problems = contracts.request(call.method, call.path, call.body)
            self._note(call, "request", problems)
            if problems:
                raise Refused(400, 50035, "Invalid Form Body", errors={"_errors": problems})

    def _note(self, call: Call, what: str, problems: list[str]) -> None:
        self.problems += [f"{what} of {call.method} {call.path}: {each}" for each in problems]

    def _limits(self, call: Call) -> dict[str, str]:
        bucket = f"{call.method}{len(call.path.split('/'))}{call.path.split('/')[1]}"
        return {
            "X-RateLimit-Limit": "5",
            "X-RateLimit-Remaining": "4",
            "X-RateLimit-Reset": f"{self.room.now() / 1000 + 1:.3f}",
            "X-RateLimit-Reset-After": "1.000",
            "X-RateLimit-Bucket": bucket.encode().hex(),
        }


def _response(status: int, body: object, headers: dict[str, str]) -> web.Response:
    """Exactly `application/json`: with a charset behind it discord.py would hand over a string."""
    if body is None:
        return web.Response(status=status, headers=headers)
    return web.Response(
        status=status, body=json.dumps(body).encode(), headers={**headers, "Content-Type": "application/json"}
    )
