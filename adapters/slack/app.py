"""Sending to Slack, and the life of the connection. What comes in is heard in listening.py."""

import asyncio
import contextlib
import logging
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapter import Act, Capabilities, Now, PrivateSurface, SendFailed, Trouble
from bot.errors import ConfigError
from bot.messages import Message
from bot.model import MessageRef, Place, Rating

from . import commands, failures, limits, oauth, parse, render, settings
from .installs import Installs
from .listening import Listening
from .oauth import Authorizing
from .pace import Paces
from .people import People
from .settings import Mode
from .showing import Shower
from .transport import Server, Sockets, Transport
from .workspaces import Clients, OneWorkspace, Workspace, Workspaces, workspace_of

EVENT_TYPE = "flashmob_post"
HISTORY_SCOPES = {"C": "channels:history", "G": "groups:history", "D": "im:history"}
RECENT = 1_000
REACTION_NAMES = {rating: name for name, rating in parse.REACTIONS.items()}
SETTLE_S = 5.0

log = logging.getLogger("flashmob.slack")
_bolt_log = logging.getLogger("flashmob.slack.bolt")
_bolt_log.setLevel(logging.ERROR)


class Slack:
    """The adapter. `started` comes back once Slack's messages arrive."""

    def __init__(self, section: Mapping[str, object], act: Act, now: Now) -> None:
        """`section` is `[slack]` of the configuration file (see settings.py). Raises `ConfigError`."""
        self._settings = settings.read(section)
        self._secrets = settings.secrets(self._settings)
        self._clients = Clients(self._settings.api_base)
        self._one = OneWorkspace(self._clients, self._secrets.bot_token)
        self._many = self._installs(now)
        self._workspaces: Workspaces = self._many or self._one
        shower = Shower(self._clients, self.send, self._settings.command)
        people = People(self._clients, now)
        self.listening = Listening(act, now, self._workspaces, self._clients, people, shower)
        self._paces = Paces()
        self._sent: OrderedDict[str, MessageRef] = OrderedDict()
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
    def address(self) -> str:
        """Where requests are taken in HTTP mode, once `started`."""
        return self._transport.address if isinstance(self._transport, Server) else ""

    # ---- life

    async def run(self) -> None:
        """Listen until `close`. Raises `ConfigError` for a token that Slack does not take."""
        try:
            await self._check_token()
            self._transport = self._make_transport()
            await self._transport.open()
            self._open.set()
            await self._closing.wait()
        finally:
            if self._transport is not None:
                await self._transport.close()
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.listening.settle(), SETTLE_S)
            await self._clients.close()

    async def started(self) -> None:
        await self._open.wait()

    async def close(self) -> None:
        self._closing.set()

    def _installs(self, now: Now) -> Installs | None:
        """Many workspaces: where the app can be installed by OAuth, which needs an address."""
        if self._settings.mode is Mode.SOCKET or not self._secrets.many_workspaces:
            return None
        return Installs(Path(self._settings.installations), self._secrets.encryption_key, now)

    async def _check_token(self) -> None:
        """A wrong token is said at once; a cut line is waited out, by whoever needs the workspace."""
        if self._many is not None:
            return
        try:
            await self._one.mine()
        except SlackApiError as error:
            if failures.code(error) in failures.REMOVED:
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
            client=client,
            signing_secret=self._secrets.signing_secret,
            authorize=authorizing,
            oauth_flow=oauth.flow(self._settings, self._secrets, many, client) if many else None,
            process_before_response=True,  # an event is acknowledged by what its listener returns
            logger=_bolt_log,
        )
        self.listening.listen(app)
        if self._settings.mode is Mode.SOCKET:
            return Sockets(app, self._secrets.app_token, self._clients)
        return Server(app, self._settings.host, self._settings.port)

    # ---- sending

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        """Post into a channel, or to a person. The key goes along as metadata, by which `find` knows it again."""
        there = self._sent.get(key)
        if there is not None:
            return there
        workspace = await workspace_of(self._workspaces, place.workspace)
        spoken = commands.spoken(message, self._settings.command)
        await self._paces.turn(place.person or place.channel)
        try:
            answer = await self._post(workspace, place, spoken, key, pictures=True)
        except SendFailed as error:
            if error.trouble is not Trouble.UNFIT:
                raise
            log.warning("posted again without pictures: %s", error.reason)
            answer = await self._post(workspace, place, spoken, key, pictures=False)
        return self._remember(key, _ref(place, answer))

    async def _post(self, workspace: Workspace, place: Place, message: Message, key: str, *, pictures: bool) -> Any:
        return await _said(
            self._clients.posting(workspace.token).chat_postMessage(
                channel=place.person or place.channel,
                text=render.fallback(message),
                blocks=render.blocks(message, pictures=pictures),
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                unfurl_links=False,
                unfurl_media=False,
                link_names=False,
            )
        )

    async def edit(self, ref: MessageRef, message: Message) -> None:
        workspace = await workspace_of(self._workspaces, ref.place.workspace)
        channel, ts = _address(ref)
        spoken = commands.spoken(message, self._settings.command)
        client = self._clients.talking(workspace.token)
        await _said(
            client.chat_update(channel=channel, ts=ts, text=render.fallback(spoken), blocks=render.blocks(spoken))
        )

    async def react(self, ref: MessageRef, rating: Rating) -> None:
        workspace = await workspace_of(self._workspaces, ref.place.workspace)
        channel, ts = _address(ref)
        try:
            await self._clients.posting(workspace.token).reactions_add(
                channel=channel, timestamp=ts, name=REACTION_NAMES[rating]
            )
        except SlackApiError as error:
            if failures.code(error) not in failures.HARMLESS:
                raise failures.as_send_failed(error) from error
        except failures.CUT_LINE as error:
            raise failures.as_send_failed(error) from error

    async def find(self, place: Place, key: str) -> MessageRef | None:
        """The message of this key: remembered, or among the channel's latest where a history scope was granted."""
        there = self._sent.get(key)
        if there is not None or place.person:
            return there
        workspace = await workspace_of(self._workspaces, place.workspace)
        if HISTORY_SCOPES.get(place.channel[:1], "channels:history") not in workspace.scopes:
            return None
        client = self._clients.talking(workspace.token)
        try:
            answer = await _said(
                client.conversations_history(channel=place.channel, limit=limits.HISTORY, include_all_metadata=True)
            )
        except SendFailed as error:
            if error.trouble in (Trouble.GONE, Trouble.NOT_ALLOWED):
                return None
            raise
        for message in answer.get("messages") or []:
            if _key_of(message) == key:
                return self._remember(key, MessageRef(place, str(message["ts"])))
        return None

    def _remember(self, key: str, ref: MessageRef) -> MessageRef:
        """For a while: a help against sending twice, on which nothing depends."""
        self._sent[key] = ref
        if len(self._sent) > RECENT:
            self._sent.popitem(last=False)
        return ref


async def _said(call: Any) -> Any:
    """What Slack answers. Raises `SendFailed`."""
    try:
        return await call
    except (SlackApiError, *failures.CUT_LINE) as error:
        raise failures.as_send_failed(error) from error


def _ref(place: Place, answer: Any) -> MessageRef:
    """A person's direct messages are a channel that only the answer names."""
    ts = str(answer["ts"])
    return MessageRef(place, f"{answer['channel']}:{ts}" if place.person else ts)


def _address(ref: MessageRef) -> tuple[str, str]:
    channel, colon, ts = ref.message_id.partition(":")
    return (channel, ts) if colon else (ref.place.channel, ref.message_id)


def _key_of(message: Any) -> str:
    metadata = message.get("metadata") or {} if isinstance(message, dict) else {}
    return str((metadata.get("event_payload") or {}).get("key", "")) if metadata.get("event_type") == EVENT_TYPE else ""
