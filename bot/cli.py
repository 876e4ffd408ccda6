"""The command line: `flashmob run`, `demo`, `deck ...`, `status`, `leaderboard`, `rebuild`.

Every error is one sentence with a hint and a non-zero exit; `--verbose` shows where it came from.
"""

import argparse
import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from . import cli_backup, cli_database, cli_deck, cli_export, cli_import, cli_platforms
from .app import open_app
from .config import load
from .data import read_deck_file
from .demo.live import DemoSettings, run_demo
from .demo.once import play_once
from .errors import QuizError

log = logging.getLogger("flashmob.cli")
CONFIG = Path("config.toml")
STOPPED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns the exit code."""
    options = _parser().parse_args(arguments)
    _log(verbose=options.verbose)
    try:
        return _run(options.command, options)
    except QuizError as error:
        log.debug("it came from here", exc_info=True)
        print(f"flashmob: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return STOPPED
    except BrokenPipeError:  # the reader of a pipe, such as `head`, has seen enough
        sys.stderr.close()
        return 0


def _run(command: Callable[[argparse.Namespace], Any], options: argparse.Namespace) -> int:
    done = command(options)
    if isinstance(done, Coroutine):
        done = asyncio.run(done)
    return int(done or 0)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="flashmob", description="The quiz bot that study groups keep.")
    parser.add_argument("--version", action="version", version=f"flashmob {version('flashmob')}")
    parser.add_argument("--verbose", action="store_true", help="say more, and show where an error came from")
    commands = parser.add_subparsers(title="commands", required=True, metavar="COMMAND")
    _add_run(commands)
    _add_demo(commands)
    decks = cli_deck.add_deck_commands(commands)
    cli_export.add_export(decks)
    cli_export.add_diff(decks)
    cli_import.add_import(decks)
    cli_database.add_status(commands)
    cli_database.add_leaderboard(commands)
    cli_database.add_rebuild(commands)
    cli_backup.add_backup(commands)
    cli_platforms.add_setup(commands)
    cli_platforms.add_doctor(commands)
    cli_platforms.add_slack(commands)
    return parser


def _add_run(commands: Any) -> None:
    run = commands.add_parser("run", help="start the bot with a configuration file")
    run.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help="the configuration (config.toml)")
    run.set_defaults(command=_start)


def _add_demo(commands: Any) -> None:
    demo = commands.add_parser("demo", help="show a made-up study group in the browser; needs no tokens")
    demo.add_argument("--deck", type=Path, action="append", default=[], metavar="FILE", help="learn from this deck")
    demo.add_argument("--port", type=int, default=8765, metavar="N", help="where the page is served (8765; 0: any)")
    demo.add_argument("--data", type=Path, metavar="DIR", help="keep the demo in this folder")
    demo.add_argument("--no-browser", action="store_true", help="do not open the browser")
    demo.add_argument("--once", action="store_true", help="play three days as text in the terminal, and end")
    demo.set_defaults(command=_demo)


async def _start(options: argparse.Namespace) -> None:
    config = load(options.config)
    if not config.enabled():
        raise QuizError(f"{options.config} enables no platform.", "Set `enabled = true` in [local].")
    async with open_app(config) as app:
        log.info("running: %s", ", ".join(app.adapters))
        await app.run()


async def _demo(options: argparse.Namespace) -> None:
    for deck in options.deck:
        read_deck_file(deck)  # a mistake in its path is better said before anything is made
    from tzlocal import get_localzone_name

    zone = get_localzone_name() or "UTC"
    settings = DemoSettings(options.deck, options.port, options.data, browser=not options.no_browser, zone=zone)
    await (play_once(settings, _say) if options.once else run_demo(settings, _say))


def _say(text: str) -> None:
    print(text, flush=True)


def _log(*, verbose: bool) -> None:
    logging.basicConfig(
        level=logging.DEBUG if verbose else logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    for noisy in ("apscheduler", "aiosqlite", "asyncio", "markdown_it"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("discord.client").setLevel(logging.ERROR)  # it warns of voice, which nobody asked for
    logging.getLogger("flashmob").setLevel(logging.DEBUG if verbose else logging.INFO)
