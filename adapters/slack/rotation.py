"""Tokens that run out after some hours, where an app has token rotation: each is renewed in time, by Slack itself."""

from dataclasses import replace

from slack_sdk.errors import SlackApiError

from bot.adapter import Now, SendFailed, Trouble

from . import failures
from .settings import Secrets
from .workspaces import Clients, Workspace

NOT_RENEWED = (
    "Slack does not renew my token for this workspace ({word}). Install me there again; nothing that was saved is lost."
)


class Renewal:
    """Asks Slack for the next token of an installation; the last one's refresh token counts once."""

    def __init__(self, clients: Clients, secrets: Secrets, now: Now) -> None:
        self._clients = clients
        self._secrets = secrets
        self._now = now

    async def __call__(self, workspace: Workspace) -> Workspace:
        """The installation with its next token. Raises `SendFailed`."""
        try:
            said = await self._clients.posting("").oauth_v2_access(
                client_id=self._secrets.client_id,
                client_secret=self._secrets.client_secret,
                grant_type="refresh_token",
                refresh_token=workspace.refresh_token,
            )
        except (SlackApiError, *failures.CUT_LINE) as error:
            raise _not_renewed(error) from error
        lasts_s = int(said.get("expires_in") or 0)
        return replace(
            workspace,
            token=str(said["access_token"]),
            refresh_token=str(said.get("refresh_token") or ""),
            expires_at=self._now() + lasts_s * 1000 if lasts_s else 0,
        )


def _not_renewed(error: Exception) -> SendFailed:
    """What Slack refuses, a person must mend; anything else may be over soon."""
    failed = failures.as_send_failed(error, sending=False)
    if failed.trouble is Trouble.RATE_LIMITED or not (word := failures.code(error)):
        return failed
    return SendFailed(NOT_RENEWED.format(word=word), Trouble.NOT_ALLOWED)
