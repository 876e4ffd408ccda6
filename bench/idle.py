"""How much memory the bot takes when nothing happens, against Python with the same third-party modules."""

import asyncio
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.metadata import packages_distributions
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory, TemporaryFile

import aiohttp
import psutil
from aiohttp.test_utils import unused_port

from bot.data import data_file

from .measure import Figures, interleaved, ratio, say

PATIENCE_S = 30.0
SETTLE_S = 1.0
OURS = {"bot", "adapters"}
LISTED = "import time:"

BARE = """
import asyncio, contextlib, importlib, sys
from aiohttp import web
for name in sys.argv[2:]:
    with contextlib.suppress(ModuleNotFoundError):  # the listing names what was looked for in vain, too
        importlib.import_module(name)
async def page(request):
    return web.Response(text="ok")
async def serve():
    app = web.Application()
    app.router.add_get("/", page)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", int(sys.argv[1])).start()
    await asyncio.Event().wait()
asyncio.run(serve())
"""


async def resident_memory(*, runs: int) -> Figures:
    """The bot on the local platform as config.example.toml has it, once its page was served."""
    modules = await _third_party_modules()
    say(f"  the bot loads {len(modules)} third-party modules, of {', '.join(sorted(_packages(modules)))}")
    found = await interleaved(runs, bot=_of_bot, bare=lambda: _of_bare(modules))
    return Figures(
        {"of_bare": ratio(found["bot"], found["bare"]), "bot": median(found["bot"]), "bare": median(found["bare"])}
    )


def _packages(modules: Sequence[str]) -> set[str]:
    return {name.partition(".")[0] for name in modules}


async def _of_bot() -> float:
    async with _bot() as process:
        await asyncio.sleep(SETTLE_S)
        return _megabytes(process)


async def _of_bare(modules: Sequence[str]) -> float:
    port = unused_port()
    async with _child("-c", BARE, str(port), *modules, port=port) as process:
        await asyncio.sleep(SETTLE_S)
        return _megabytes(process)


def _megabytes(process: Process) -> float:
    return psutil.Process(process.pid).memory_info().rss / (1 << 20)


@asynccontextmanager
async def _bot(*options: str, stderr: int = DEVNULL) -> AsyncIterator[Process]:
    """`flashmob run`, with a folder and a port of its own."""
    port = unused_port()
    with TemporaryDirectory() as folder:
        config = Path(folder) / "config.toml"
        example = data_file("config.example.toml").read_text()
        config.write_text(example.replace("port = 8765", f"port = {port}"))
        command = (*options, "-m", "bot", "run", "--config", str(config))
        async with _child(*command, port=port, stderr=stderr) as process:
            yield process


@asynccontextmanager
async def _child(*command: str, port: int, stderr: int = DEVNULL) -> AsyncIterator[Process]:
    """A Python that has served its page, and is ended afterwards."""
    process = await asyncio.create_subprocess_exec(sys.executable, *command, stdout=DEVNULL, stderr=stderr)
    try:
        await _served(port)
        yield process
    finally:
        process.terminate()
        await process.wait()


async def _served(port: int) -> None:
    async with asyncio.timeout(PATIENCE_S), aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(f"http://127.0.0.1:{port}/") as page:
                    page.raise_for_status()
                    await page.read()
                    return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


async def _third_party_modules() -> list[str]:
    """What a running bot has imported that comes neither with Python nor with the bot."""
    with TemporaryFile("w+") as listing:
        async with _bot("-X", "importtime", stderr=listing.fileno()):
            await asyncio.sleep(SETTLE_S)
        listing.seek(0)
        found = [line.rpartition("|")[2].strip() for line in listing if line.startswith(LISTED)]
    return [name for name in found if name.partition(".")[0] in _third_party()]


def _third_party() -> set[str]:
    """The top-level names that installed distributions bring, without ours."""
    return set(packages_distributions()) - OURS
