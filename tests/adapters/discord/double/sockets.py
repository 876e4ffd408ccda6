"""Sessions and the sockets that carry them: events by intents, frames in order, compressed or not."""

import asyncio
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field

import zstandard
from aiohttp import web

from .words import Payload

GUILDS, MESSAGES, REACTIONS, DIRECT_MESSAGES, DIRECT_REACTIONS = 1, 1 << 9, 1 << 10, 1 << 12, 1 << 13
PRIVILEGED = 1 << 1 | 1 << 8 | 1 << 15
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
        if (int(guild or 0) >> 22) % self.shard[1] != self.shard[0]:
            return False  # what belongs to no guild comes on the first shard
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
