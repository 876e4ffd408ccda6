"""What can be set in the `[slack]` section of the configuration file, and the secrets of the environment."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.errors import ConfigError
from bot.sections import read_section

from . import limits


class Mode(StrEnum):
    """How Slack reaches us: over a socket that we open, or by HTTP to a public address."""

    SOCKET = "socket"
    HTTP = "http"


@dataclass(frozen=True, slots=True)
class SlackSettings:
    """`host` and `port` are where HTTP mode listens; `command` is the slash command, since any app may own a name.

    `installations` is the file of the workspaces that installed the app by OAuth, counted from the working folder.
    """

    mode: Mode = Mode.SOCKET
    api_base: str = "https://slack.com/api/"
    authorize_url: str = "https://slack.com/oauth/v2/authorize"
    host: str = "0.0.0.0"
    port: int = 3000
    command: str = "/quiz"
    installations: str = "data/slack.db"


@dataclass(frozen=True, slots=True)
class Secrets:
    """From the environment alone; they never show in a log."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    encryption_key: str = field(default="", repr=False)

    @property
    def many_workspaces(self) -> bool:
        """Whether workspaces install the app by OAuth, instead of one that its token names."""
        return bool(self.client_id and self.client_secret)


def read(section: Mapping[str, object]) -> SlackSettings:
    """Raises `ConfigError` that names the setting."""
    made = read_section(dict(section), SlackSettings, "[slack]")
    if not 0 <= made.port <= 65535:
        raise ConfigError(f"[slack]: `port` is {made.port}.", "It may be 0 (any free one) to 65535.")
    name = made.command.removeprefix("/")
    if not made.command.startswith("/") or not name or " " in name or len(made.command) > limits.COMMAND:
        raise ConfigError(
            f'[slack]: `command` is "{made.command}".',
            f'Write it like "/quiz": a slash and one word, {limits.COMMAND} characters at most.',
        )
    return made


def secrets(settings: SlackSettings, environment: Mapping[str, str] = os.environ) -> Secrets:
    """Raises `ConfigError` that names what is missing and where to find it."""
    found = Secrets(
        bot_token=environment.get("SLACK_BOT_TOKEN", ""),
        app_token=environment.get("SLACK_APP_TOKEN", ""),
        signing_secret=environment.get("SLACK_SIGNING_SECRET", ""),
        client_id=environment.get("SLACK_CLIENT_ID", ""),
        client_secret=environment.get("SLACK_CLIENT_SECRET", ""),
        encryption_key=environment.get("FLASHMOB_ENCRYPTION_KEY", ""),
    )
    if settings.mode is Mode.SOCKET:
        _need(found.app_token, "SLACK_APP_TOKEN", "Basic Information, App-Level Tokens; it begins with xapp-")
    else:
        _need(found.signing_secret, "SLACK_SIGNING_SECRET", "Basic Information, Signing Secret")
    if not (settings.mode is Mode.HTTP and found.many_workspaces):
        _need(found.bot_token, "SLACK_BOT_TOKEN", "OAuth & Permissions; it begins with xoxb-")
    elif not found.encryption_key:
        raise ConfigError(
            "Slack needs FLASHMOB_ENCRYPTION_KEY in the environment, to keep the workspaces' tokens encrypted.",
            "Make one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
        )
    return found


def _need(value: str, name: str, where: str) -> None:
    if not value:
        raise ConfigError(
            f"Slack needs {name} in the environment.", f"You find it in the app's settings at Slack: {where}."
        )
