"""What each call of the API does, as far as discord.py and the adapter ask for it."""

from collections.abc import Callable

from . import payloads
from .calls import Call, Table
from .interactions import Interactions
from .room import Room
from .words import Guild, Payload, Permission, Posted, Refused, User

REACTIONS = "/channels/{channel}/messages/{message}/reactions/{emoji}"
TOKEN = "/webhooks/{app}/{token}"


class Routes:
    """`commands` are what was registered last; `shards` and `starts_left` what a bot is told of its sessions."""

    def __init__(self, room: Room, interactions: Interactions, gateway_url: Callable[[], str]) -> None:
        self.room = room
        self.commands: list[Payload] = []
        self.shards, self.starts_left = 1, 999
        self._gateway_url = gateway_url
        self.table = Table()
        self._add_bot()
        self._add_messages()
        self._add_interactions(interactions)

    def _add_bot(self) -> None:
        add = self.table.add
        add("GET", "/users/@me", lambda call: payloads.me(self.room.bot))
        add("GET", "/users/@me/guilds", self._guilds)
        add("POST", "/users/@me/channels", self._open_direct)
        add("GET", "/oauth2/applications/@me", self._application)
        add("GET", "/applications/@me", self._application)
        add("GET", "/gateway", lambda call: {"url": self._gateway_url()})
        add("GET", "/gateway/bot", self._gateway_bot)
        add("PUT", "/applications/{app}/commands", self._set_commands)
        add("GET", "/applications/{app}/commands", lambda call, app: self.commands)

    def _add_messages(self) -> None:
        add = self.table.add
        add("GET", "/guilds/{guild}", self._guild)
        add("GET", "/guilds/{guild}/members/{member}", self._member)
        add("GET", "/channels/{channel}", self._channel)
        add("GET", "/channels/{channel}/messages", self._history)
        add("POST", "/channels/{channel}/messages", self._post)
        add("GET", "/channels/{channel}/messages/{message}", self._fetch)
        add("PATCH", "/channels/{channel}/messages/{message}", self._edit)
        add("DELETE", "/channels/{channel}/messages/{message}", self._delete)
        add("PUT", REACTIONS + "/@me", self._react)
        add("DELETE", REACTIONS + "/@me", self._unreact)
        add("GET", REACTIONS, self._who_reacted)

    def _add_interactions(self, interactions: Interactions) -> None:
        add = self.table.add
        add("POST", "/interactions/{id}/{token}/callback", interactions.first)
        add("POST", TOKEN, interactions.follow_up)
        add("PATCH", TOKEN + "/messages/{message}", interactions.change)
        add("GET", TOKEN + "/messages/{message}", interactions.fetch)
        add("DELETE", TOKEN + "/messages/{message}", interactions.remove)

    # ---- the bot

    def _application(self, call: Call) -> Payload:
        return payloads.application(self.room.bot.id, self.room.bot, User(self.room.bot.id, "The owner"))

    def _guilds(self, call: Call) -> list[Payload]:
        """The guilds that the bot is in, in short."""
        return [
            {
                "id": each.id,
                "name": each.name,
                "icon": None,
                "banner": None,
                "owner": False,
                "permissions": str(int(payloads.permissions(self.room.bot.id, each))),
                "features": [],
            }
            for each in self.room.guilds.values()
        ]

    def _gateway_bot(self, call: Call) -> Payload:
        limit = {"total": 1_000, "remaining": self.starts_left, "reset_after": 60_000, "max_concurrency": 1}
        return {"url": self._gateway_url(), "shards": self.shards, "session_start_limit": limit}

    def _set_commands(self, call: Call, app: str) -> list[Payload]:
        made = {
            "application_id": self.room.bot.id,
            "default_member_permissions": None,
            "dm_permission": True,
            "contexts": None,
            "integration_types": [0],
            "nsfw": False,
            "description": "",
            "type": 1,
        }
        numbers = ({"id": self.room.ids.next(), "version": self.room.ids.next()} for _ in call.body)
        said = ({key: value for key, value in each.items() if value is not None} for each in call.body)
        self.commands = [made | number | each for number, each in zip(numbers, said, strict=True)]
        for each in self.commands:  # asked for as a number, answered as text
            held = each["default_member_permissions"]
            each["default_member_permissions"] = None if held is None else str(held)
        return self.commands

    def _open_direct(self, call: Call) -> Payload:
        there = self.room.direct(call.payload["recipient_id"])
        who = self.room.users[there.recipient]
        return {"id": there.id, "type": 1, "last_message_id": None, "flags": 0, "recipients": [payloads.user(who)]}

    # ---- channels and messages

    def _guild(self, call: Call, guild: str) -> Payload:
        return self.room.guild_payload(self._known(guild))

    def _member(self, call: Call, guild: str, member: str) -> Payload:
        return payloads.member(self.room.users[member], self._known(guild))

    def _known(self, guild: str) -> Guild:
        if guild not in self.room.guilds:
            raise Refused(404, 10004, "Unknown Guild")
        return self.room.guilds[guild]

    def _channel(self, call: Call, channel: str) -> Payload:
        return payloads.channel(self.room.allowed(channel), self.room.bot)

    def _history(self, call: Call, channel: str) -> list[Payload]:
        self.room.allowed(channel, Permission.READ_MESSAGE_HISTORY)
        found = self.room.history(channel)
        found = [each for each in found if int(each.id) < int(call.query.get("before") or 1 << 63)]
        found = [each for each in found if int(each.id) > int(call.query.get("after") or 0)]
        most = int(call.query.get("limit", 50))
        chosen = found[:most] if "after" in call.query else found[-most:]
        return [self.room.shown(each) for each in reversed(chosen)]

    def _post(self, call: Call, channel: str) -> Payload:
        needed = [Permission.ATTACH_FILES] if call.files else []
        there = self.room.allowed(channel, Permission.SEND_MESSAGES, *needed)
        posted = self.room.post(there, call.payload, call.files)
        return self.room.shown(posted) | ({"nonce": posted.nonce} if posted.nonce else {})

    def _fetch(self, call: Call, channel: str, message: str) -> Payload:
        self.room.allowed(channel, Permission.READ_MESSAGE_HISTORY)
        return self.room.shown(self.room.message(channel, message))

    def _edit(self, call: Call, channel: str, message: str) -> Payload:
        self.room.allowed(channel)
        return self.room.shown(self.room.edit(self.room.message(channel, message), call.payload, call.files))

    def _delete(self, call: Call, channel: str, message: str) -> None:
        self.room.allowed(channel)
        self.room.delete(self.room.message(channel, message))

    def _react(self, call: Call, channel: str, message: str, emoji: str) -> None:
        posted = self._reacted(channel, message)
        if not posted.reactions.get(emoji):
            self.room.allowed(channel, Permission.ADD_REACTIONS)
        self.room.react(posted, self.room.bot.id, emoji)

    def _unreact(self, call: Call, channel: str, message: str, emoji: str) -> None:
        self.room.react(self._reacted(channel, message), self.room.bot.id, emoji, added=False)

    def _who_reacted(self, call: Call, channel: str, message: str, emoji: str) -> list[Payload]:
        users = sorted(self._reacted(channel, message).reactions.get(emoji, []), key=int)
        users = [each for each in users if int(each) > int(call.query.get("after") or 0)]
        return [payloads.user(self.room.users[each]) for each in users[: int(call.query.get("limit", 25))]]

    def _reacted(self, channel: str, message: str) -> Posted:
        self.room.allowed(channel, Permission.READ_MESSAGE_HISTORY)
        return self.room.message(channel, message)
