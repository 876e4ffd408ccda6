"""The gateway: HELLO, IDENTIFY, READY, what is told, heartbeats, RESUME with replay."""

import asyncio
import json
from collections.abc import Callable
from functools import partial

from aiohttp import WSMessage, WSMsgType, web

from . import contracts
from .sockets import PRIVILEGED, Session, Socket
from .words import Payload

CLEAN = (1000, 1001)
"""Closed so by the client, a session is over."""


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
