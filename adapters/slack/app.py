"""Slack as an adapter: the life of the connection. listening.py hears what comes in, posting.py sends what goes out."""

import asyncio
import contextlib
import logging
import secrets
from collections.abc import Awaitable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.actions import BeganAnew, WorkspaceBack, told_by
from bot.adapter import Act, Capabilities, Media, Now, PrivateSurface, RatedBy, no_media
from bot.errors import ConfigError
from bot.messages import Message
from bot.model import MessageRef, Place, Rating
from bot.states import Health

from . import failures, limits, oauth, parse, settings
from .installs import Installs
from .listening import Listening
from .oauth import Authorizing
from .people import People
from .posting import Posting
from .rotation import Renewal
from .settings import Mode
from .showing import Shower
from .transport import Server, Sockets, Transport
from .uploads import Uploads
from .workspaces import Clients, OneWorkspace, Workspaces, looks_gone

SETTLE_S = 5.0
T = TypeVar("T")

log = logging.getLogger("flashmob.slack")
_bolt_log = logging.getLogger("flashmob.slack.bolt")
_bolt_log.setLevel(logging.ERROR)


class Slack:
    """The adapter. `started` comes back once Slack's messages arrive."""

    def __init__(self, section: Mapping[str, object], act: Act, now: Now, media: Media = no_media) -> None:
        """`section` is `[slack]` of the configuration file (see settings.py). Raises `ConfigError`."""
        self._settings = settings.read(section)
        self._secrets = settings.secrets(self._settings)
        self._clients = Clients(self._settings.api_base)
        self._one = OneWorkspace(self._clients, self._secrets.bot_token, self._is_there)
        self._many = self._installs(now)
        self._workspaces: Workspaces = self._many or self._one
        uploads = Uploads(self._clients, media)
        people = People(self._clients, now)
        self._posting = Posting(self._workspaces, self._clients, people, uploads, self._settings.command)
        shower = Shower(self._clients, uploads, self._posting.send, self._settings.command)
        self._act = act
        self._now = now
        self.listening = Listening(act, now, self._workspaces, self._clients, people, shower)
        self._transport: Transport | None = None
        self._open = asyncio.Event()
        self._closing = asyncio.Event()

    @property
    def platform(self) -> str:
        return parse.PLATFORM

    @property
    def capabilities(self) -> Capabilities:
        known = self._workspaces.known
        return Capabilities(
            PrivateSurface.MODAL,
            message_limit=limits.PAYLOAD,
            button_label_limit=limits.BUTTON_LABEL,
            buttons_in_message=limits.BUTTONS_IN_ROW,
            reactions=known is None or not known.lacks("reactions:read", "reactions:write"),
            edits=True,
            sends_per_second=limits.SENDS_PER_SECOND,
        )

    @property
    def health(self) -> Health:
        if self._closing.is_set():
            return Health.CLOSED
        if self._transport is None or not self._open.is_set():
            return Health.CONNECTING
        return Health.CONNECTED if self._transport.is_open else Health.AWAY

    @property
    def address(self) -> str:
        """Where requests are taken in HTTP mode, once `started`."""
        return self._transport.address if isinstance(self._transport, Server) else ""

    # ---- life

    async def run(self) -> None:
        """Listen until `close`, reached or not. Raises `ConfigError` for a token that Slack does not take."""
        listening, closing = asyncio.ensure_future(self._listen()), asyncio.ensure_future(self._closing.wait())
        try:
            await asyncio.wait([listening, closing], return_when=asyncio.FIRST_COMPLETED)
            if listening.done():
                await listening
        finally:
            for task in (listening, closing):
                task.cancel()
            await asyncio.wait([listening, closing])
            if self._transport is not None:
                await self._transport.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.listening.settle(), SETTLE_S)
            if self._many is not None:
                await self._many.settle()
            await self._clients.close()

    async def _listen(self) -> None:
        await self._check_token()
        self._transport = self._make_transport()
        await self._transport.open()
        self._open.set()
        await self._transport.stay()

    async def started(self) -> None:
        await self._open.wait()

    async def close(self) -> None:
        self._closing.set()

    async def _began_anew(self) -> None:
        """Slack's messages arrive again: what happened before may have been told to nobody."""
        key = f"{parse.PLATFORM}:began:{secrets.token_hex(8)}"
        await self._act(told_by(self.platform, BeganAnew(), key, self._now()))

    async def _is_there(self, team: str) -> None:
        """The app is installed there, perhaps again."""
        key = f"{parse.PLATFORM}:there:{secrets.token_hex(8)}"
        await self._act(told_by(self.platform, WorkspaceBack(), key, self._now(), team))

    def _installs(self, now: Now) -> Installs | None:
        """Many workspaces: where the app can be installed by OAuth, which needs an address."""
        if self._settings.mode is Mode.SOCKET or not self._secrets.many_workspaces:
            return None
        renewal = Renewal(self._clients, self._secrets, now)
        path = Path(self._settings.installations)
        return Installs(path, self._secrets.encryption_key, now, renewal, self._is_there)

    async def _check_token(self) -> None:
        """A wrong token is said at once; a cut line is waited out, by whoever needs the workspace."""
        if self._many is not None:
            return
        try:
            await self._one.mine()
        except SlackApiError as error:
            if failures.code(error) in (*failures.REMOVED, failures.RUN_OUT):
                raise ConfigError(
                    f"Slack does not take the token in SLACK_BOT_TOKEN ({failures.code(error)}).",
                    "Copy it from the app's settings, OAuth & Permissions; reinstall the app if it was removed.",
                ) from error
            log.warning("Slack did not say who I am: %s", failures.as_send_failed(error).reason)
        except failures.CUT_LINE as error:
            log.warning("Slack cannot be reached: %s", error or type(error).__name__)

    def _make_transport(self) -> Transport:
        client = AsyncWebClient(base_url=self._settings.api_base, logger=_bolt_log)
        many = self._many
        authorizing: Any = Authorizing(self._workspaces)  # Bolt takes one, though its types do not say so
        app = AsyncApp(
            name="bolt",  # its loggers' name, which Bolt would look for in all the sources on the stack
            client=client,
            signing_secret=self._secrets.signing_secret,
            authorize=authorizing,
            oauth_flow=oauth.flow(self._settings, self._secrets, many, client) if many else None,
            process_before_response=True,  # an event is acknowledged by what its listener returns
            logger=_bolt_log,
        )
        self.listening.listen(app)
        if self._settings.mode is Mode.SOCKET:
            return Sockets(app, self._secrets.app_token, self._clients, self._began_anew)
        return Server(app, self._settings.host, self._settings.port, self._began_anew)

    # ---- sending

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        return await self._watched(place, self._posting.send(place, message, key))

    async def edit(self, ref: MessageRef, message: Message) -> None:
        await self._watched(ref.place, self._posting.edit(ref, message))

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        await self._watched(ref.place, self._posting.react(ref, rating))

    async def ratings(self, ref: MessageRef) -> RatedBy:
        return await self._watched(ref.place, self._posting.ratings(ref))

    async def find(self, place: Place, key: str) -> MessageRef | None:
        return await self._watched(place, self._posting.find(place, key))

    async def _watched(self, place: Place, asked: Awaitable[T]) -> T:
        """A removal that no event told of shows in the first thing that Slack does not take any more."""
        try:
            return await asked
        except failures.Removed:
            if await looks_gone(self._workspaces, self._clients, place.workspace):
                await self.listening.gone(place.workspace, self._now(), f"refused:{secrets.token_hex(8)}")
            raise
