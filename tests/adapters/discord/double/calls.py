"""One call of the API: what it asks, and the paths that calls have."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from aiohttp import BodyPartReader, web

from .words import Payload

PREFIX = "/api/v10"


@dataclass(slots=True)
class Call:
    """What was asked, and with which status it was answered (0 until then)."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: Any = None
    files: dict[str, bytes] = field(default_factory=dict)
    status: int = 0

    @property
    def payload(self) -> Payload:
        return self.body if isinstance(self.body, dict) else {}


async def read(request: web.Request) -> Call:
    """JSON, or a form with `payload_json` and files."""
    path = unquote(request.raw_path.split("?")[0]).removeprefix(PREFIX)
    call = Call(request.method, path, dict(request.query), dict(request.headers))
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            assert isinstance(part, BodyPartReader)
            if part.name == "payload_json":
                call.body = await part.json()
            else:
                call.files[part.filename or ""] = bytes(await part.read())
    elif request.content_type == "application/json":
        raw = await request.read()
        call.body = json.loads(raw) if raw else None
    return call


Handler = Callable[..., object]


class Table:
    """Which handler answers a call; `{word}` in a path becomes an argument."""

    def __init__(self) -> None:
        self._rows: list[tuple[str, re.Pattern[str], Handler]] = []

    def add(self, method: str, path: str, handler: Handler) -> None:
        shape = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)
        self._rows.append((method, re.compile(shape + "$"), handler))

    def find(self, call: Call) -> tuple[Handler, dict[str, str]] | None:
        for method, shape, handler in self._rows:
            found = shape.match(call.path)
            if method == call.method and found:
                return handler, found.groupdict()
        return None
