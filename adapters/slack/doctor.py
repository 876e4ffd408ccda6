"""What is wrong with the set-up on Slack, in sentences: tokens, scopes, channels, clock. Nothing here listens."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from pathlib import Path

from slack_sdk.errors import SlackApiError

from bot.adapter import Now
from bot.errors import StoreError
from bot.model import Place

from . import failures
from .installs import Installs
from .scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES
from .settings import Mode, Secrets, SlackSettings
from .workspaces import Clients, Workspace, look_at

log = logging.getLogger("flashmob.slack")
LARGEST_SKEW_S = 60
"""Slack refuses requests that are five minutes off; beyond one, times that people are told are visibly wrong."""
RUNS_OUT = "xoxe."
"""So begins a token of an app that has token rotation."""
NO_ROTATION = (
    "It cannot be switched off, so make the app anew from the manifest; or let workspaces install it by OAuth."
)
INVITE = f"Type /invite @{failures.BOT} there."


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what was seen, and what to do where it is not `good`."""

    good: bool
    text: str
    hint: str = ""


async def doctor(settings: SlackSettings, secrets: Secrets, places: Sequence[Place], now: Now) -> list[Finding]:
    """Look at the tokens, the scopes, the clock, and each of the groups' channels. Never raises."""
    clients = Clients(settings.api_base)
    try:
        if settings.mode is Mode.HTTP and secrets.many_workspaces:
            return await _of_many(clients, settings, secrets, places, now)
        return await _of_one(clients, settings, secrets, places, now)
    except StoreError as error:
        return [Finding(False, error.sentence, error.hint)]
    finally:
        await clients.close()


async def _of_one(
    clients: Clients, settings: SlackSettings, secrets: Secrets, places: Sequence[Place], now: Now
) -> list[Finding]:
    found = await _workspace(clients, secrets.bot_token, "SLACK_BOT_TOKEN", places, now)
    if secrets.bot_token.startswith(RUNS_OUT):
        found.append(Finding(False, "SLACK_BOT_TOKEN runs out within twelve hours: token rotation is on.", NO_ROTATION))
    if settings.mode is Mode.HTTP:
        return [*found, Finding(True, "The signing secret is there; only a request of Slack's shows if it is right.")]
    return [*found, await _app_token(clients, secrets)]


async def _of_many(
    clients: Clients, settings: SlackSettings, secrets: Secrets, places: Sequence[Place], now: Now
) -> list[Finding]:
    """Each workspace that a group is posted in, with the token that its own installation gave."""
    installs = Installs(Path(settings.installations), secrets.encryption_key, now)
    found = [Finding(True, "The secrets are there. Each workspace has a token of its own.")]
    for team in dict.fromkeys(place.workspace for place in places):
        installed = await installs.find(team)
        if installed is None:
            found.append(Finding(False, f"I am not installed in workspace {team}.", "Install me at /slack/install."))
        else:
            there = [place for place in places if place.workspace == team]
            found += await _workspace(clients, installed.token, f"the token of workspace {team}", there, now)
    return found


async def _workspace(clients: Clients, token: str, called: str, places: Sequence[Place], now: Now) -> list[Finding]:
    """One workspace by its token, which is `called` so: whose it is, the scopes, the clock and the channels."""
    try:
        workspace = await look_at(clients, token)
        found = [
            Finding(True, f"The bot token is accepted: it belongs to {workspace.name or workspace.team}."),
            *_scopes(workspace),
            await _clock(clients, workspace, now),
        ]
        return found + [await channel(clients, workspace, place) for place in places]
    except SlackApiError as error:
        text = f"Slack does not take {called}: {failures.code(error) or 'it answered with an error'}."
        return [Finding(False, text, "Copy it from the app's settings, OAuth & Permissions, or install the app again.")]
    except failures.CUT_LINE as error:
        return [Finding(False, f"Slack cannot be reached: {error or type(error).__name__}.", "Try again in a minute.")]


def _scopes(workspace: Workspace) -> list[Finding]:
    """What is required and lacks is wrong; what is optional and lacks is said with what it would give."""
    lacks = workspace.lacks(*REQUIRED_SCOPES)
    hint = "Add it in the app's settings, OAuth & Permissions, then reinstall the app."
    wrong = [Finding(False, f"The scope {scope} is missing: {REQUIRED_SCOPES[scope]}.", hint) for scope in lacks]
    without = [
        Finding(True, f"Without {scope} there is no way {why if why.startswith('to ') else f'to have {why}'}.")
        for scope, why in OPTIONAL_SCOPES.items()
        if workspace.lacks(scope)
    ]
    return [*(wrong or [Finding(True, "The required scopes are granted.")]), *without]


async def _app_token(clients: Clients, secrets: Secrets) -> Finding:
    try:
        await clients.talking(secrets.app_token).apps_connections_open(app_token=secrets.app_token)
    except SlackApiError as error:
        hint = "Make one with the scope connections:write in the app's settings: Basic Information."
        return Finding(False, f"Slack does not take SLACK_APP_TOKEN: {failures.code(error)}.", hint)
    except failures.CUT_LINE as error:
        return Finding(False, f"SLACK_APP_TOKEN was not looked at: {error or type(error).__name__}.", "Try again.")
    return Finding(True, "The app token is accepted.")


async def _clock(clients: Clients, workspace: Workspace, now: Now) -> Finding:
    said = await clients.talking(workspace.token).auth_test()
    date = {name.lower(): value for name, value in said.headers.items()}.get("date", "")
    try:
        ahead_s = now() / 1000 - parsedate_to_datetime(date).timestamp()
    except ValueError:
        return Finding(True, "Slack did not say what time it is.")
    if abs(ahead_s) <= LARGEST_SKEW_S:
        return Finding(True, "The clock agrees with Slack's.")
    text = f"The clock of this computer is {abs(ahead_s):.0f} s {'ahead of' if ahead_s > 0 else 'behind'} Slack's."
    return Finding(False, text, "Turn on the time synchronisation of this computer: posts go out by its clock.")


async def lacks(clients: Clients, workspace: Workspace, place: Place) -> tuple[str, ...]:
    """What is missing for posts in this channel, in words for a lead. Never raises: what cannot be seen is not said."""
    scopes = [f"the scope {scope}: {REQUIRED_SCOPES[scope]}" for scope in workspace.lacks(*REQUIRED_SCOPES)]
    try:
        found = await channel(clients, workspace, place)
    except failures.CUT_LINE as error:
        log.warning("the channel was not looked at: %s", error or type(error).__name__)
        return tuple(scopes)
    return tuple(scopes) if found.good else (*scopes, f"{found.text} {found.hint}".strip())


async def channel(clients: Clients, workspace: Workspace, place: Place) -> Finding:
    """Whether the bot is in a channel, where it may look. Raises what the SDK raises for a cut line."""
    if place.workspace not in (workspace.team, workspace.enterprise):
        text = f"The channel {place.channel} is in workspace {place.workspace}, and the token is for {workspace.team}."
        return Finding(False, text, "Give the workspace's id in the configuration file, or its token.")
    try:
        said = await clients.talking(workspace.token).conversations_info(channel=place.channel)
    except SlackApiError as error:
        if failures.code(error) == "missing_scope":
            return Finding(True, f"Whether I am in {place.channel} I cannot see. {INVITE}")
        return Finding(False, f"{place.channel}: {failures.as_send_failed(error).reason}", INVITE)
    about = said.get("channel") or {}
    name = f"#{about.get('name') or place.channel}"
    if about.get("is_archived"):
        return Finding(False, f"{name} is archived.", "Unarchive it, or choose another one.")
    if not about.get("is_member"):
        return Finding(False, f"I am not in {name}.", INVITE)
    return Finding(True, f"I am in {name}.")
