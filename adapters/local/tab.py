"""One tab of a browser: frames are put without waiting, and written in order by a task of its own."""

import asyncio

import msgspec
from aiohttp import web

MOST_WAITING = 2000


class Tab:
    """A tab, of one member. One that does not read is closed; it connects again and gets everything anew."""

    def __init__(self, ws: web.WebSocketResponse, member: str) -> None:
        self.member = member
        self._ws = ws
        self._waiting: asyncio.Queue[bytes] = asyncio.Queue(MOST_WAITING)
        self._writer = asyncio.ensure_future(self._write())

    def put(self, frame: dict[str, object]) -> None:
        try:
            self._waiting.put_nowait(msgspec.json.encode(frame))
        except asyncio.QueueFull:
            self._writer.cancel()

    async def close(self) -> None:
        self._writer.cancel()
        await asyncio.wait([self._writer])

    async def _write(self) -> None:
        try:
            while True:
                await self._ws.send_str((await self._waiting.get()).decode())
        except ConnectionError:
            return
        finally:
            if not self._ws.closed:
                await self._ws.close()
