"""What is wrong with the set-up on Slack, in sentences: tokens, scopes, channels, clock. Nothing here listens."""

from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from slack_sdk.errors import SlackApiError

from bot.adapter import Now
from bot.model import Place

from . import failures
from .scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES
from .settings import Mode, Secrets, SlackSettings
from .workspaces import Clients, Workspace, look_at

LARGEST_SKEW_S = 60
"""Slack refuses requests that are five minutes off; beyond one, times that people are told are visibly wrong."""
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
        workspace = await look_at(clients, secrets.bot_token)
        found = [
            Finding(True, f"The bot token is accepted: it belongs to {workspace.name or workspace.team}."),
            *_scopes(workspace),
            await _clock(clients, workspace, now),
            *([await _app_token(clients, secrets)] if settings.mode is Mode.SOCKET else []),
        ]
        return found + [await channel(clients, workspace, place) for place in places]
    except SlackApiError as error:
        text = f"Slack does not take SLACK_BOT_TOKEN: {failures.code(error) or 'it answered with an error'}."
        return [Finding(False, text, "Copy it from the app's settings: OAuth & Permissions.")]
    except failures.CUT_LINE as error:
        return [Finding(False, f"Slack cannot be reached: {error or type(error).__name__}.", "Try again in a minute.")]
    finally:
        await clients.close()


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
