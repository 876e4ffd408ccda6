"""The platforms, as one server on the loopback: their messages outlive whoever sent them."""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from multiprocessing.connection import Connection

from aiohttp import web

from .plan import Fault, Faults, Platform, Storm

SLOW_S, LOOK_EVERY_S = 0.1, 0.01
LIMIT_S = 120
"""How long a platform that is asked too much asks for, in seconds of the made-up clock."""

Do = Callable[[], dict[str, str] | None]


@dataclass(slots=True)
class Kept:
    """A message that arrived; `number` counts all of them in the order of their arrival."""

    number: int
    platform: str
    channel: str
    key: str
    edits: int = 0
    reactions: list[int] = field(default_factory=list)
    too_late: bool = False
    """It arrived when whoever sent it had given up waiting, and perhaps given it up."""

    @property
    def id(self) -> str:
        return f"m{self.number}"


class Server:
    """Serves `POST /PLATFORM/WHAT` for the adapters and `GET /messages`, `/quiet` for whoever runs the storm."""

    def __init__(self, storm: Storm) -> None:
        self._storm = storm
        self._faults = Faults(storm, calm=False)
        self._messages: list[Kept] = []
        self._ids: dict[tuple[str, str, str], str] = {}
        self._arriving: Counter[str] = Counter()
        self._attempts: Counter[str] = Counter()
        self._happened: Counter[str] = Counter()
        self._under_way = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_get("/messages", self._show)
        app.router.add_get("/quiet", self._quiet)
        app.router.add_post("/calm", self._calm)
        app.router.add_post("/{platform}/{what}", self._handle)
        return app

    # ---- for whoever runs the storm

    async def _show(self, request: web.Request) -> web.Response:
        return web.json_response({"messages": [asdict(kept) for kept in self._messages], "faults": self._happened})

    async def _quiet(self, request: web.Request) -> web.Response:
        await _until(lambda: not self._under_way)
        return web.Response()

    async def _calm(self, request: web.Request) -> web.Response:
        self._faults = Faults(self._storm, calm=True)
        return web.Response()

    # ---- for the adapters

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        self._under_way += 1
        try:
            return await self._answer(request, Platform(request.match_info["platform"]), dict(request.query))
        finally:
            self._under_way -= 1

    async def _answer(self, request: web.Request, platform: Platform, asked: dict[str, str]) -> web.StreamResponse:
        what = request.match_info["what"]
        if self._faults.forbidden(asked["channel"], int(asked["at"])):
            self._happened["forbidden"] += 1
            return web.Response(status=403)
        key = f"{what} {asked['key']}"
        self._attempts[key] += 1
        fault = self._faults.of(platform, key, self._attempts[key])
        self._happened[fault.value] += 1
        match what:
            case "send":
                return await self._suffer(request, fault, lambda: self._send(platform, asked, fault))
            case "find":
                await _until(lambda: not self._arriving[asked["key"]])  # whoever looks sees all that came before
                return await self._suffer(request, fault, lambda: self._find(platform, asked))
            case "edit":
                return await self._suffer(request, fault, lambda: self._edit(asked))
            case _:
                return await self._suffer(request, fault, lambda: self._react(asked))

    async def _suffer(self, request: web.Request, fault: Fault, do: Do) -> web.StreamResponse:
        match fault:
            case Fault.DROPPED:
                return _cut(request)
            case Fault.BROKEN:
                return web.Response(status=503)
            case Fault.LIMITED:
                return web.json_response({"retry_after": LIMIT_S}, status=429)
            case Fault.SLOW:
                await self._arrive_slowly(request.query["key"])
            case Fault.TOO_LATE:
                await asyncio.sleep(self._storm.lease_s * 1.5)
            case Fault.NONE | Fault.UNANSWERED | Fault.LATE | Fault.HALF_BROKEN:
                pass
        answer = do()
        if fault is Fault.UNANSWERED:
            return _cut(request)
        if fault is Fault.LATE:
            await asyncio.sleep(self._storm.lease_s * 1.5)
        return web.json_response(answer, status=502 if fault is Fault.HALF_BROKEN else 200)

    async def _arrive_slowly(self, key: str) -> None:
        self._arriving[key] += 1
        await asyncio.sleep(SLOW_S)
        self._arriving[key] -= 1

    def _send(self, platform: Platform, asked: dict[str, str], fault: Fault) -> dict[str, str]:
        if platform is Platform.KNOWS_KEYS and (known := self._find(platform, asked)):
            return known
        number, too_late = len(self._messages), fault is Fault.TOO_LATE
        kept = Kept(number, platform.value, asked["channel"], asked["key"], too_late=too_late)
        self._messages.append(kept)
        self._ids[platform, kept.channel, kept.key] = kept.id
        return {"id": kept.id}

    def _find(self, platform: Platform, asked: dict[str, str]) -> dict[str, str] | None:
        found = self._ids.get((platform, asked["channel"], asked["key"]))
        return {"id": found} if found else None

    def _edit(self, asked: dict[str, str]) -> None:
        self._messages[int(asked["id"][1:])].edits += 1

    def _react(self, asked: dict[str, str]) -> None:
        rating, reactions = int(asked["rating"]), self._messages[int(asked["id"][1:])].reactions
        if rating not in reactions:
            reactions.append(rating)


async def _until(true: Callable[[], bool]) -> None:
    while True:
        if true():
            return
        await asyncio.sleep(LOOK_EVERY_S)


def _cut(request: web.Request) -> web.Response:
    """Close the line without a word."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


def serve(storm: Storm, tell: Connection) -> None:
    """Serve until killed; `tell` is told the port."""

    async def run() -> None:
        runner = web.AppRunner(Server(storm).app(), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        tell.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(run())
