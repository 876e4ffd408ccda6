"""Commands for the platforms: set one up, look whether all is well, print what a platform wants to be told.

A platform offers its tools by an entry point in the group `flashmob.tools`: a module with `doctor`, and whatever else
its own command asks for.
"""

import argparse
import getpass
import os
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from .app import system_clock
from .config import Config, load
from .errors import ConfigError
from .model import Place
from .store import places
from .store.database import open_database

CONFIG = Path("config.toml")
NEW_CONFIG = "# Flashmob's settings; config.example.toml tells of every one.\n"


def add_setup(commands: Any) -> None:
    setup = commands.add_parser("setup", help="set a platform up: check its token, print the invite link")
    setup.add_argument("platform", choices=["discord"])
    _add_config(setup)
    setup.set_defaults(command=_setup)


def add_doctor(commands: Any) -> None:
    doctor = commands.add_parser("doctor", help="look at tokens, permissions and the clock, and say what is wrong")
    _add_config(doctor)
    doctor.set_defaults(command=_doctor)


def add_slack(commands: Any) -> None:
    slack = commands.add_parser("slack", help="what Slack wants to be told")
    of_slack = slack.add_subparsers(title="slack commands", required=True, metavar="COMMAND")
    manifest = of_slack.add_parser("manifest", help="print the manifest of the app, to paste at Slack")
    manifest.add_argument("--mode", choices=["socket", "http"], default="socket", help="socket needs no public address")
    manifest.add_argument("--name", default="/quiz", metavar="/COMMAND", help="the slash command (/quiz)")
    manifest.add_argument("--address", default="", metavar="URL", help="the public https address, for --mode http")
    manifest.add_argument("--required-only", action="store_true", help="ask for no optional scope")
    manifest.set_defaults(command=_manifest)


def _add_config(command: argparse.ArgumentParser) -> None:
    command.add_argument("--config", type=Path, default=CONFIG, metavar="FILE", help="the configuration (config.toml)")


def _tools(platform: str) -> Any:
    for entry in entry_points(group="flashmob.tools"):
        if entry.name == platform:
            return entry.load()
    return None


async def _setup(options: argparse.Namespace) -> None:
    tools = _tools(options.platform)
    token = os.environ.get(tools.TOKEN) or getpass.getpass(f"Token ({tools.WHERE_TOKENS_ARE}; it is not shown): ")
    name, invite = await tools.introduce(token.strip())
    print(f"The token is accepted: it belongs to {name}.")
    print(f"Invite it to your server with this link:\n  {invite}")
    _enable(options.config, options.platform)
    print(f"Then: export {tools.TOKEN}=... and flashmob run --config {options.config}")


def _enable(path: Path, platform: str) -> None:
    """Put the platform into the file, unless it is there; nothing else in the file is touched."""
    text = path.read_text() if path.exists() else NEW_CONFIG
    if f"[{platform}]" in text:
        print(f"{path} has a [{platform}] section already; set `enabled = true` in it.")
        return
    path.write_text(f"{text.rstrip()}\n\n[{platform}]\nenabled = true\n")
    print(f"{path}: [{platform}] is enabled.")


async def _doctor(options: argparse.Namespace) -> int:
    config = load(options.config)
    sick = 0
    for platform, section in config.enabled().items():
        for finding in await _findings(config, platform, section):
            sick += not finding.good
            print(f"{'ok' if finding.good else 'PROBLEM'}  {platform}: {finding.text} {finding.hint}".rstrip())
    return 1 if sick else 0


async def _findings(config: Config, platform: str, section: Any) -> Any:
    tools = _tools(platform)
    if not hasattr(tools, "doctor"):
        return []
    return await tools.doctor(section, await _places(config, platform), system_clock)


async def _places(config: Config, platform: str) -> list[Place]:
    """Where groups are posted: those of the file, and those that were set up in a channel."""
    found = [place for cohort in config.cohorts for place in cohort.places if place.platform == platform]
    if config.database.exists():
        database = await open_database(config.database, now=system_clock())
        try:
            found += await database.read(partial(places.on_platform, platform=platform))
        finally:
            await database.close()
    return list(dict.fromkeys(found))


def _manifest(options: argparse.Namespace) -> None:
    tools = _tools("slack")
    if tools is None:
        raise ConfigError("The adapter for Slack is not installed.")
    section = {"mode": options.mode, "command": options.name}
    print(tools.manifest_text(section, options.address, optional=not options.required_only))
