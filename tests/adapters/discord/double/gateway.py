"""The gateway: HELLO, IDENTIFY, READY, events by intents, heartbeats, RESUME with replay, compressed or not."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import zstandard
from aiohttp import WSMessage, WSMsgType, web

from . import contracts
from .words import Payload

GUILDS, MESSAGES, REACTIONS, DIRECT_MESSAGES, DIRECT_REACTIONS = 1, 1 << 9, 1 << 10, 1 << 12, 1 << 13
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
CLEAN = (1000, 1001)
Compress = Callable[[bytes], bytes]


def intent_of(event: str, direct: bool) -> int:
    """The intent without which this event does not come; 0 for what always comes."""
    if event.startswith("MESSAGE_REACTION"):
        return DIRECT_REACTIONS if direct else REACTIONS
    if event.startswith("MESSAGE"):
        return DIRECT_MESSAGES if direct else MESSAGES
    return GUILDS if event.startswith(("GUILD", "CHANNEL", "THREAD")) else 0


@dataclass(slots=True, eq=False)
class Session:
    """Outlives its socket until the client closes it cleanly; what was sent is kept to be sent again."""

    id: str
    intents: int
    shard: tuple[int, int] = (0, 1)
    seq: int = 0
    frames: list[Payload] = field(default_factory=list)
    socket: "Socket | None" = None

    def wants(self, event: str, data: Payload) -> bool:
        guild = data.get("guild_id") or (data["id"] if event.startswith("GUILD") else "")
        if guild and (int(guild) >> 22) % self.shard[1] != self.shard[0]:
            return False
        wanted = intent_of(event, direct=not guild)
        return not wanted or bool(self.intents & wanted)

    def tell(self, event: str, data: object) -> None:
        self.seq += 1
        frame = {"op": 0, "t": event, "s": self.seq, "d": data}
        self.frames.append(frame)
        if self.socket:
            self.socket.put(frame)


def _compressor(kind: str | None) -> Compress | None:
    """One stream for each socket; every frame ends with a flush."""
    if kind == "zlib-stream":
        deflate = zlib.compressobj()
        return lambda raw: deflate.compress(raw) + deflate.flush(zlib.Z_SYNC_FLUSH)
    if kind == "zstd-stream":
        zstd = zstandard.ZstdCompressor().compressobj()
        return lambda raw: zstd.compress(raw) + zstd.flush(zstandard.COMPRESSOBJ_FLUSH_BLOCK)
    return None


class Socket:
    """One connection; frames go out in the order in which they were put."""

    def __init__(self, ws: web.WebSocketResponse, request: web.Request) -> None:
        self.ws = ws
        self.session: Session | None = None
        self.heard = 0
        self._compress = _compressor(request.query.get("compress"))
        self._transport = request.transport
        self._waiting: asyncio.Queue[Payload] = asyncio.Queue()
        self._writer = asyncio.create_task(self._write())

    def took(self, seq: int) -> bool:
        """Has the client taken everything up to this? Whoever is gone takes nothing more."""
        return self.heard >= seq or self.ws.closed

    def put(self, frame: Payload) -> None:
        self._waiting.put_nowait(frame)

    async def _write(self) -> None:
        while not self.ws.closed:
            raw = json.dumps(await self._waiting.get())
            try:
                await (self.ws.send_bytes(self._compress(raw.encode())) if self._compress else self.ws.send_str(raw))
            except (ConnectionError, RuntimeError):
                return

    def cut(self) -> None:
        """The line is dead, without a word."""
        if self._transport is not None:
            self._transport.abort()

    def end(self) -> None:
        self._writer.cancel()
        if self.session and self.session.socket is self:
            self.session.socket = None


class Gateway:
    """`ready` and `guilds` give what READY and the events after it say; `problems` gathers what does not fit."""

    def __init__(self, token: str, ready: Callable[[Session], Payload], guilds: Callable[[], list[Payload]]) -> None:
        self.heartbeat_ms = 41_250
        self.compression: list[str | None] = []
        self.identified: list[Payload] = []
        self.resumed = 0
        self.answers_heartbeats = True
        self.sessions: dict[str, Session] = {}
        self.problems: list[str] = []
        self._token, self._ready, self._guilds = token, ready, guilds
        self._sockets: list[Socket] = []
        self._changed = asyncio.Condition()

    # ---- what the double tells

    def tell(self, event: str, data: Payload, times: int = 1) -> None:
        """Tell every session that asked for it, now or once it resumes."""
        self.problems += [f"{event}: {each}" for each in contracts.event(event, data)]
        for session in [each for each in self.sessions.values() if each.wants(event, data)]:
            for _ in range(times):
                session.tell(event, data)

    async def settled(self) -> None:
        """Wait until the client has taken everything that it was told: a heartbeat says what it saw last."""
        for session in [each for each in self.sessions.values() if each.socket]:
            socket = session.socket
            assert socket is not None
            socket.put({"op": 1, "d": None})
            await self.until(partial(socket.took, session.seq))

    async def until(self, true: Callable[[], bool]) -> None:
        """Wait for something that a client does."""
        async with self._changed:
            await self._changed.wait_for(true)

    # ---- what goes wrong

    async def close(self, code: int = 4000) -> None:
        for socket in self._open():
            await socket.ws.close(code=code)

    def cut(self) -> None:
        for socket in self._open():
            socket.cut()

    def ask_to_reconnect(self) -> None:
        for socket in self._open():
            socket.put({"op": 7, "d": None})

    def invalidate(self, resumable: bool = False) -> None:
        for socket in self._open():
            if not resumable and socket.session:
                self.sessions.pop(socket.session.id, None)
            socket.put({"op": 9, "d": resumable})

    def _open(self) -> list[Socket]:
        return [socket for socket in self._sockets if not socket.ws.closed]

    @property
    def connected(self) -> bool:
        return any(session.socket for session in self.sessions.values())

    # ---- what a client says

    async def listen(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=0)
        await ws.prepare(request)
        socket = Socket(ws, request)
        self._sockets.append(socket)
        self.compression.append(request.query.get("compress"))
        socket.put({"op": 10, "d": {"heartbeat_interval": self.heartbeat_ms, "_trace": []}, "s": None, "t": None})
        try:
            async for message in ws:
                await self._heard(socket, message)
                await self._notify()
        finally:
            self._left(socket)
            await self._notify()
        return ws

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    def _left(self, socket: Socket) -> None:
        if socket.session and socket.ws.close_code in CLEAN:
            self.sessions.pop(socket.session.id, None)
        socket.end()

    async def _heard(self, socket: Socket, message: WSMessage) -> None:
        if message.type is not WSMsgType.TEXT:
            return
        said: Payload = json.loads(message.data)
        match said["op"]:
            case 1:
                socket.heard = max(socket.heard, said["d"] or 0)
                if self.answers_heartbeats:
                    socket.put({"op": 11})
            case 2:
                await self._identify(socket, said["d"])
            case 6:
                self._resume(socket, said["d"])

    async def _identify(self, socket: Socket, said: Payload) -> None:
        if said["token"] != self._token:
            await socket.ws.close(code=4004, message=b"Authentication failed.")
        elif said["intents"] & PRIVILEGED:
            await socket.ws.close(code=4014, message=b"Disallowed intent(s).")
        else:
            self.identified.append(said)
            first, many = said.get("shard", [0, 1])
            name = f"session{len(self.identified)}"
            self._open_session(socket, Session(name, said["intents"], (first, many), socket=socket))

    def _open_session(self, socket: Socket, session: Session) -> None:
        self.sessions[session.id] = socket.session = session
        ready = self._ready(session)
        self.problems += [f"READY: {each}" for each in contracts.event("READY", ready)]
        session.tell("READY", ready)
        for guild in self._guilds():
            if session.wants("GUILD_CREATE", guild):
                self.problems += [f"GUILD_CREATE: {each}" for each in contracts.event("GUILD_CREATE", guild)]
                session.tell("GUILD_CREATE", guild)

    def _resume(self, socket: Socket, said: Payload) -> None:
        session = self.sessions.get(said["session_id"])
        if session is None or said["token"] != self._token:
            socket.put({"op": 9, "d": False})
            return
        session.socket, socket.session = socket, session
        self.resumed += 1
        for frame in session.frames[said["seq"] :]:
            socket.put(frame)
        session.tell("RESUMED", {"_trace": []})


def shard_of(session: Session) -> dict[str, Any]:
    return {"shard": list(session.shard)}
