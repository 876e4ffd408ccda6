"""Tokens that run out after some hours, where an app has token rotation: each is renewed in time, by Slack itself.

Rules of this file:
- a refresh token counts once, so an installation is renewed once, however many ask for it;
- renewing is a task of its own: whoever gives up waiting must not take what Slack gave out along.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial

from slack_sdk.errors import SlackApiError

from bot.adapter import Now, SendFailed, Trouble

from . import failures, limits
from .settings import Secrets
from .workspaces import Clients, Workspace

log = logging.getLogger("flashmob.slack")
Renew = Callable[[Workspace], Awaitable[Workspace]]
Load = Callable[[str], Awaitable[Workspace | None]]
Keep = Callable[[str, Workspace], Awaitable[None]]
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


class Renewals:
    """Installations with tokens that last. `load` and `keep` are asked by the name that an installation is kept by."""

    def __init__(self, renew: Renew, now: Now, load: Load, keep: Keep) -> None:
        self._renew = renew
        self._now = now
        self._load = load
        self._keep = keep
        self._under_way: dict[str, asyncio.Task[Workspace]] = {}

    async def lasting(self, found: Workspace) -> Workspace:
        """The installation with a token that holds for a while yet. Raises `SendFailed` where it ran out for good."""
        if not self._runs_out(found):
            return found
        renewing = self._being_renewed(found)
        if self._now() < found.expires_at:  # it holds still: nobody waits long for the next one
            await asyncio.wait({renewing}, timeout=limits.LOADING_AFTER_S)
            return renewing.result() if renewing.done() else found
        return await asyncio.shield(renewing)

    async def settle(self) -> None:
        """Wait for whatever is being renewed."""
        if self._under_way:
            await asyncio.wait(self._under_way.values())

    def _runs_out(self, workspace: Workspace) -> bool:
        return bool(workspace.expires_at) and self._now() >= workspace.expires_at - limits.RENEW_BEFORE_MS

    def _being_renewed(self, found: Workspace) -> "asyncio.Task[Workspace]":
        realm = found.team or found.enterprise
        if realm not in self._under_way:
            task = asyncio.get_running_loop().create_task(self._renewed(realm, found))
            self._under_way[realm] = task
            task.add_done_callback(partial(self._ended, realm))
        return self._under_way[realm]

    def _ended(self, realm: str, task: "asyncio.Task[Workspace]") -> None:
        """What failed is told to whoever waits, and to nobody else."""
        del self._under_way[realm]
        if not task.cancelled():
            task.exception()

    async def _renewed(self, realm: str, found: Workspace) -> Workspace:
        kept = await self._load(realm) or found
        if not self._runs_out(kept):
            return kept  # somebody else renewed it meanwhile
        try:
            renewed = await self._renew(kept)
        except SendFailed as error:
            if self._now() >= kept.expires_at:
                raise
            log.warning("the token of workspace %s was not renewed, and holds still: %s", realm, error.reason)
            return kept
        await self._keep(realm, renewed)
        return renewed
