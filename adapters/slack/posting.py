"""What is sent to Slack: posts that carry the key of their delivery, edits, reactions, and finding a post again.

Rules of this file:
- a post is tried once: after a cut line nobody knows whether it arrived, so it is looked for before it is sent again;
- whatever Slack answers becomes a `SendFailed` with what there is to do about it.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.adapter import CannotTell, RatedBy, SendFailed, Trouble
from bot.messages import Message
from bot.model import Account, MessageRef, Place, Rating

from . import commands, failures, limits, parse, render
from .pace import Paces
from .people import People
from .uploads import Uploads
from .workspaces import Clients, Workspace, Workspaces, workspace_of

log = logging.getLogger("flashmob.slack")
EVENT_TYPE = "flashmob_post"
HISTORY_SCOPES = {"C": "channels:history", "G": "groups:history"}
UNREAD = "I do not read direct messages."
RECENT = 1_000
REACTION_NAMES = {rating: name for name, rating in parse.REACTIONS.items()}


class Posting:
    """`command` is how the slash command is called here."""

    def __init__(
        self, workspaces: Workspaces, clients: Clients, people: People, uploads: Uploads, command: str
    ) -> None:
        self._workspaces = workspaces
        self._clients = clients
        self._people = people
        self._uploads = uploads
        self._command = command
        self._paces = Paces()
        self._sent: OrderedDict[str, MessageRef] = OrderedDict()

    async def send(self, place: Place, message: Message, key: str) -> MessageRef:
        """Post into a channel, or to a person. The key goes along as metadata, by which `find` knows it again."""
        there = self._sent.get(key)
        if there is not None:
            return there
        workspace = await workspace_of(self._workspaces, place.workspace)
        spoken = commands.spoken(message, self._command)
        await self._paces.turn(place.person or place.channel)
        client = self._clients.posting(workspace.token)
        post = partial(
            client.chat_postMessage,
            channel=place.person or place.channel,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
            unfurl_links=False,
            unfurl_media=False,
            link_names=False,
        )
        answer = await self._with_pictures(workspace, spoken, post, render.ping(spoken.ping))
        return self._remember(key, _ref(place, answer))

    async def _with_pictures(
        self, workspace: Workspace, message: Message, call: Callable[..., Any], above: Sequence[Any] = ()
    ) -> Any:
        """What Slack answers to the message with its pictures or, where it does not take them, without."""
        held = await self._uploads.bring(workspace, [message])
        async for pictures in self._uploads.tries(workspace, held):
            try:
                drawn = [*above, *render.blocks(message, pictures)]
                return await _said(call(text=render.fallback(message), blocks=drawn))
            except SendFailed as error:
                if error.trouble is not Trouble.UNFIT or pictures is None:
                    raise
                log.warning("a message was not taken with its pictures: %s", error.reason)
        raise AssertionError("the last try is without pictures")

    async def edit(self, ref: MessageRef, message: Message) -> None:
        workspace = await workspace_of(self._workspaces, ref.place.workspace)
        channel, ts = _address(ref)
        spoken = commands.spoken(message, self._command)
        client = self._clients.posting(workspace.token)
        await self._with_pictures(workspace, spoken, partial(client.chat_update, channel=channel, ts=ts))

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

    async def ratings(self, ref: MessageRef) -> RatedBy:
        """Who reacted, by `reactions.get`, where that was granted."""
        workspace = await workspace_of(self._workspaces, ref.place.workspace)
        if workspace.lacks("reactions:read"):
            raise CannotTell("I lack the scope reactions:read.")
        channel, ts = _address(ref)
        client = self._clients.posting(workspace.token)
        answer = await _said(client.reactions_get(channel=channel, timestamp=ts, full=True))
        found: dict[Rating, list[Account]] = {}
        for each in (answer.get("message") or {}).get("reactions") or []:
            rating, users = parse.REACTIONS.get(each.get("name", "")), each.get("users") or []
            if rating and len(users) < int(each.get("count") or 0):
                raise CannotTell("Slack names fewer people than it counts.")
            if rating:
                found[rating] = [account for who in users if (account := await self._person(workspace, who))]
        return found

    async def _person(self, workspace: Workspace, id: str) -> Account | None:
        if id == workspace.bot_user:
            return None
        person = await self._people.who(workspace, id, "")
        return Account(parse.PLATFORM, workspace.realm, id, person.name)

    async def find(self, place: Place, key: str) -> MessageRef | None:
        """The message of this key: remembered, or among the channel's latest where a history scope was granted."""
        there = self._sent.get(key)
        if there is not None:
            return there
        if place.person:
            raise CannotTell(UNREAD)
        workspace = await workspace_of(self._workspaces, place.workspace)
        scope = HISTORY_SCOPES.get(place.channel[:1], "channels:history")
        if scope not in workspace.scopes:
            raise CannotTell(f"To look, I would need the scope {scope}.")
        client = self._clients.posting(workspace.token)
        try:
            answer = await _said(
                client.conversations_history(channel=place.channel, limit=limits.HISTORY, include_all_metadata=True)
            )
        except SendFailed as error:
            match error.trouble:
                case Trouble.GONE:
                    return None
                case Trouble.NOT_ALLOWED:
                    raise CannotTell(error.reason) from error
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
