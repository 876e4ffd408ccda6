"""Bolt's way of installing the app in many workspaces, on our own store."""

import logging
from logging import Logger
from typing import Any

from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.installation_store.async_installation_store import AsyncInstallationStore
from slack_sdk.oauth.state_store.async_state_store import AsyncOAuthStateStore
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import SendFailed

from .installs import Installs
from .scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES
from .settings import Secrets, SlackSettings
from .workspaces import Workspace, Workspaces, workspace_of

log = logging.getLogger("flashmob.slack")


def flow(settings: SlackSettings, secrets: Secrets, installs: Installs, client: AsyncWebClient) -> AsyncOAuthFlow:
    """`/slack/install` sends people to Slack, and `/slack/oauth_redirect` takes them back."""
    return AsyncOAuthFlow(
        client=client,
        settings=AsyncOAuthSettings(
            client_id=secrets.client_id,
            client_secret=secrets.client_secret,
            scopes=[*REQUIRED_SCOPES, *OPTIONAL_SCOPES],
            user_scopes=[],
            authorization_url=settings.authorize_url,
            installation_store=_Store(installs),
            state_store=_States(installs),
        ),
    )


class Authorizing(AsyncAuthorize):
    """Who the app is where an event comes from, so that Bolt knows its own deeds again.

    Where that cannot be said the event is let through: Bolt would acknowledge it, and nobody would tell it again. What
    listens asks once more, and says what is wrong.
    """

    def __init__(self, workspaces: Workspaces) -> None:
        self._workspaces = workspaces

    async def __call__(self, *, enterprise_id: str | None, team_id: str | None, **others: Any) -> AuthorizeResult:
        try:
            found = await workspace_of(self._workspaces, team_id or "", enterprise_id or "")
        except SendFailed:
            return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)
        return AuthorizeResult(
            enterprise_id=found.enterprise or None,
            team_id=found.team,
            bot_user_id=found.bot_user,
            bot_id=found.bot,
            bot_token=found.token,
        )


class _Store(AsyncInstallationStore):
    def __init__(self, installs: Installs) -> None:
        self._installs = installs

    @property
    def logger(self) -> Logger:
        return log

    async def async_save(self, installation: Installation) -> None:
        workspace = Workspace(
            team=installation.team_id or "",
            enterprise=installation.enterprise_id or "",
            token=installation.bot_token or "",
            bot_user=installation.bot_user_id or "",
            bot=installation.bot_id or "",
            scopes=frozenset(installation.bot_scopes or ()),
            name=installation.team_name or installation.enterprise_name or "",
            refresh_token=installation.bot_refresh_token or "",
            expires_at=(installation.bot_token_expires_at or 0) * 1000,
        )
        await self._installs.save(workspace)
        log.info("installed in workspace %s", workspace.team or workspace.enterprise)


class _States(AsyncOAuthStateStore):
    def __init__(self, installs: Installs) -> None:
        self._installs = installs

    @property
    def logger(self) -> Logger:
        return log

    async def async_issue(self, *args: Any, **more: Any) -> str:
        return await self._installs.issue_state()

    async def async_consume(self, state: str) -> bool:
        return await self._installs.consume_state(state)
