"""The page's server: one page, one websocket a tab, one door for deck files and one for forms.

Whatever changes anything comes over the websocket or by POST, and both are refused to any page but our own.
"""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web
from aiohttp.web_request import FileField
from multidict import MultiDictProxy

from bot.errors import ConfigError
from bot.forms import File
from bot.markdown import MEDIA_NAME

from . import frames
from .pages import UNREADABLE, Pages
from .tab import Tab
from .words import RoomMessage

if TYPE_CHECKING:
    from .channel import Channel

log = logging.getLogger("flashmob.local")
PAGE = Path(__file__).parent / "page"
FILES = {
    "/": ("index.html", "text/html"),
    "/page.css": ("page.css", "text/css"),
    "/page.js": ("page.js", "text/javascript"),
    "/draw.js": ("draw.js", "text/javascript"),
    "/form.js": ("form.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
MOST_BYTES = 20 * 1024 * 1024
TICK_S = 1.0
TOO_LARGE = "That file is larger than 20 MB, so it was not read. A deck without its pictures is usually far smaller."
EVERYWHERE = ("0.0.0.0", "::")
HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
FOR_GOOD = {**HEADERS, "Cache-Control": "private, max-age=31536000, immutable"}
PICTURES = {"png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Deed = Callable[..., Awaitable[list[RoomMessage]]]


class Server:
    """Serves one channel. `started` is set as soon as the page can be opened at `address`."""

    def __init__(self, channel: "Channel") -> None:
        self.address = ""
        self.started = asyncio.Event()
        self._channel = channel
        self._pages = Pages(channel)
        self._closing = asyncio.Event()

    async def run(self) -> None:
        """Serve until `close`. Raises `ConfigError` where the port is taken."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await self._listen(runner)
            await self._tick()
        finally:
            await self._pages.close()
            await runner.cleanup()

    async def close(self) -> None:
        self._closing.set()
        await self._pages.close()

    def _app(self) -> web.Application:
        app = web.Application(middlewares=[self._guard], client_max_size=MOST_BYTES)
        for path in FILES:
            app.router.add_get(path, self._file)
        app.router.add_get("/media/{name}", self._picture)
        app.router.add_get("/live", self._live)
        app.router.add_post("/deck", self._deck)
        app.router.add_post("/form", self._form)
        return app

    async def _listen(self, runner: web.AppRunner) -> None:
        settings = self._channel.settings
        try:
            await web.TCPSite(runner, settings.host, settings.port).start()
        except OSError as error:
            raise ConfigError(
                f"The page cannot be served on {settings.host}, port {settings.port}: {error.strerror}.",
                "Is Flashmob running already? Another port can be set in [local], for example port = 8766.",
            ) from error
        host, port = runner.addresses[0][:2]
        self.address = f"http://{'127.0.0.1' if host in EVERYWHERE else host}:{port}/"
        log.info("the channel is at %s", self.address)
        self.started.set()

    async def _tick(self) -> None:
        """Tell the tabs the time whenever it shows another minute, until closed."""
        told = ""
        while not self._closing.is_set():
            now = self._channel.clock()
            if told != now:
                told = now
                self._pages.tell_time()
            try:
                await asyncio.wait_for(self._closing.wait(), TICK_S)
            except TimeoutError:
                continue

    # ---- the doors

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Only our own page may come in; a host name that is not ours (a rebound one) is turned away too."""
        ours = {"localhost", "127.0.0.1", "::1", self._channel.settings.host, *self._channel.settings.hosts}
        if _hostname(request.host) not in ours:
            return _refuse("This page is served to this machine only. Other names can be set in [local], hosts.")
        changes = request.method != "GET" or request.path == "/live"
        if changes and request.headers.get("Origin") not in (f"http://{request.host}", f"https://{request.host}"):
            return _refuse("Only Flashmob's own page may do that.")
        return await handler(request)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name, kind = FILES[request.path]
        text = await asyncio.to_thread((PAGE / name).read_text, "utf-8")
        return web.Response(text=text, content_type=kind, charset="utf-8", headers=HEADERS)

    async def _picture(self, request: web.Request) -> web.StreamResponse:
        """A picture of a card. It is named by its content, so it never changes, and a browser may keep it for good."""
        name = request.match_info["name"]
        data = await self._channel.media(name) if MEDIA_NAME.fullmatch(name) else None
        if data is None:
            return web.Response(status=404, text="That picture is not here.", headers=HEADERS)
        return web.Response(body=data, content_type=PICTURES[name.rpartition(".")[2]], headers=FOR_GOOD)

    async def _deck(self, request: web.Request) -> web.StreamResponse:
        """The body is the file; its name and the key stand in the query, so that nothing has to be taken apart."""
        try:
            data = await request.read()
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"says": TOO_LARGE}, status=413)
        member, name = self._looks(request), request.query.get("name", "")[:200] or "deck"
        return await self._do(request, member, partial(self._channel.drop, member, name, data))

    async def _form(self, request: web.Request) -> web.StreamResponse:
        """A form that was filled in; its fields and its file are the parts of the body."""
        try:
            parts = await request.post()
        except web.HTTPRequestEntityTooLarge:
            return web.json_response({"says": TOO_LARGE}, status=413)
        except ValueError:
            return web.json_response({"says": UNREADABLE}, status=400)
        member, form, on = self._looks(request), request.query.get("form", ""), request.query.get("on", "")
        return await self._do(request, member, partial(self._channel.fill, member, form, *_filled(parts), on=on))

    async def _do(self, request: web.Request, member: str, deed: Deed) -> web.StreamResponse:
        key = f"{member}-{request.query.get('key', '')[:80] or secrets.token_hex(8)}"
        shown, says = await self._pages.attempt(key, partial(deed, key=key))
        return web.json_response(frames.done(self._channel, key, shown, says))

    async def _live(self, request: web.Request) -> web.StreamResponse:
        ws = web.WebSocketResponse(heartbeat=25, max_msg_size=64 * 1024)
        await ws.prepare(request)
        tab = Tab(ws, self._looks(request))
        self._pages.open(tab)
        try:
            async for message in ws:
                if message.type is WSMsgType.TEXT:
                    self._pages.hear(tab, message.data)
        finally:
            await self._pages.shut(tab)
        return ws

    def _looks(self, request: web.Request) -> str:
        """The member as whom this tab looks: the one it names, else the first."""
        known = [member.id for member in self._channel.members]
        wanted = request.query.get("as", "")
        return wanted if wanted in known else next(iter(known), "")


def _filled(parts: "MultiDictProxy[str | bytes | bytearray | FileField]") -> tuple[dict[str, list[str]], File | None]:
    """The values by the names of their fields, and the file, if one was chosen."""
    values = {name: [each for each in parts.getall(name) if isinstance(each, str)] for name in parts}
    files = (each for each in parts.values() if isinstance(each, FileField) and each.filename)
    file = next(files, None)
    return values, File(file.filename, file.file.read()) if file else None


def _refuse(why: str) -> web.Response:
    return web.Response(status=403, text=why, headers=HEADERS)


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""
