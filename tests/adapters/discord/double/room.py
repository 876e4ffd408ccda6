"""What Discord keeps: guilds, channels, messages with their reactions. Everyone who may know is told of a change."""

import copy
import mimetypes
from collections.abc import Callable
from dataclasses import dataclass, field

from . import components, payloads
from .words import (
    COMPONENTS_V2,
    EPHEMERAL,
    Channel,
    Guild,
    Payload,
    Permission,
    Posted,
    Refused,
    Snowflakes,
    User,
)

MOST_FILES, MOST_FILE_BYTES, MOST_BYTES = 10, 10 * 2**20, 25 * 2**20
NONCE_WINDOW_MS = 120_000
MOST_REACTIONS = 20
Tell = Callable[[str, Payload], None]


@dataclass(slots=True)
class Room:
    """`now` is UTC milliseconds. `address` is where files are served."""

    now: Callable[[], int]
    tell: Tell
    ids: Snowflakes
    bot: User
    address: str = ""
    users: dict[str, User] = field(default_factory=dict)
    guilds: dict[str, Guild] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, Posted] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)

    # ---- people and places

    def user(self, name: str) -> User:
        who = User(self.ids.next(), name)
        self.users[who.id] = who
        return who

    def guild(self, name: str) -> Guild:
        there = Guild(self.ids.next(), name, self.ids.next(), self.ids.next(), [self.bot.id])
        self.guilds[there.id] = there
        return there

    def channel(self, name: str, guild: Guild) -> Channel:
        there = Channel(self.ids.next(), name, guild.id)
        self.channels[there.id] = there
        guild.channels.append(there.id)
        return there

    def thread(self, name: str, parent: Channel) -> Channel:
        there = Channel(self.ids.next(), name, parent.guild_id, parent=parent.id)
        self.channels[there.id] = there
        return there

    def direct(self, user_id: str) -> Channel:
        for there in self.channels.values():
            if there.recipient == user_id:
                return there
        there = Channel(self.ids.next(), "", recipient=user_id)
        self.channels[there.id] = there
        return there

    def guild_payload(self, guild: Guild) -> Payload:
        channels = [payloads.channel(self.channels[each], self.bot) for each in guild.channels]
        members = [payloads.member(self.users[each], guild) for each in guild.members]
        return payloads.guild(guild, channels, members)

    def allowed(self, channel_id: str, *needed: Permission) -> Channel:
        """The channel, if the bot may do this there."""
        there = self.channels.get(channel_id)
        if there is None:
            raise Refused(404, 10003, "Unknown Channel")
        if there.denied & Permission.VIEW_CHANNEL:
            raise Refused(403, 50001, "Missing Access")
        if any(there.denied & each for each in needed):
            raise Refused(403, 50013, "Missing Permissions")
        return there

    # ---- messages

    def post(self, channel: Channel, body: Payload, files: dict[str, bytes], **more: object) -> Posted:
        """Put a message there. An `author` other than the bot, or a `reader`, come in `more`."""
        again = self._same(channel, body)
        if again:
            return again
        components.check(body)
        if not (body.get("content") or body.get("components") or body.get("embeds") or files or more.get("loading")):
            raise Refused(400, 50006, "Cannot send an empty message")
        reader = str(more.get("reader") or "")
        payload = self._payload(channel, body, self._keep(body.get("attachments"), files))
        payload["flags"] |= EPHEMERAL if reader else 0
        posted = Posted(payload, channel.id, self.now(), body, reader, str(body.get("nonce") or ""))
        self.messages[posted.id] = posted
        if not reader:
            self.tell("MESSAGE_CREATE", self._event(posted) | self._nonce(posted))
        return posted

    def edit(self, posted: Posted, body: Payload, files: dict[str, bytes]) -> Posted:
        payload = posted.payload
        if "flags" in body and payload["flags"] & COMPONENTS_V2 and not (body["flags"] or 0) & COMPONENTS_V2:
            raise components.invalid("flags", "a message of components stays one")
        components.check(body, payload["flags"])
        if "attachments" in body or files:
            payload["attachments"] = self._keep(body.get("attachments"), files, payload["attachments"])
        if "components" in body:
            payload["components"] = components.kept(body["components"], payload["attachments"])
        if "content" in body:
            payload["content"] = body["content"] or ""
        if "embeds" in body:
            payload["embeds"] = body["embeds"] or []
        payload["flags"] |= (body.get("flags") or 0) & COMPONENTS_V2
        payload["edited_timestamp"] = payloads.instant(self.now())
        posted.asked = body
        if not posted.reader:
            self.tell("MESSAGE_UPDATE", self._event(posted))
        return posted

    def delete(self, posted: Posted) -> None:
        del self.messages[posted.id]
        if not posted.reader:
            gone = {"id": posted.id, "channel_id": posted.channel_id}
            self.tell("MESSAGE_DELETE", gone | self._guild_id(posted.channel_id))

    def message(self, channel_id: str, message_id: str) -> Posted:
        """A message that everybody there sees."""
        found = self.messages.get(message_id)
        if found is None or found.channel_id != channel_id or found.reader:
            raise Refused(404, 10008, "Unknown Message")
        return found

    def history(self, channel_id: str) -> list[Posted]:
        """What everybody there sees, oldest first."""
        return [each for each in self.messages.values() if each.channel_id == channel_id and not each.reader]

    def shown(self, posted: Posted) -> Payload:
        """The message as it is fetched: nonces are forgotten, reactions are counted."""
        counted = [
            {
                "emoji": {"id": None, "name": emoji},
                "count": len(users),
                "count_details": {"burst": 0, "normal": len(users)},
                "burst_colors": [],
                "me": self.bot.id in users,
                "me_burst": False,
            }
            for emoji, users in posted.reactions.items()
            if users
        ]
        return copy.deepcopy(posted.payload) | ({"reactions": counted} if counted else {})

    # ---- reactions

    def react(self, posted: Posted, user_id: str, emoji: str, added: bool = True, times: int = 1) -> None:
        if len(posted.reactions) >= MOST_REACTIONS and emoji not in posted.reactions:
            raise Refused(400, 30010, "Maximum number of reactions reached (20)")
        users = posted.reactions.setdefault(emoji, [])
        if added and user_id not in users:
            users.append(user_id)
        if not added and user_id in users:
            users.remove(user_id)
        for _ in range(times):
            self.tell(f"MESSAGE_REACTION_{'ADD' if added else 'REMOVE'}", self.reaction(posted, user_id, emoji, added))

    def reaction(self, posted: Posted, user_id: str, emoji: str, added: bool) -> Payload:
        """What is told of it."""
        where = {"user_id": user_id, "channel_id": posted.channel_id, "message_id": posted.id}
        found: Payload = where | {"emoji": {"id": None, "name": emoji}, "burst": False, "type": 0}
        found |= self._guild_id(posted.channel_id)
        guild = self.guilds.get(found.get("guild_id", ""))
        if added and guild:
            found["member"] = payloads.member(self.users[user_id], guild)
        return found | ({"message_author_id": self.bot.id, "burst_colors": []} if added else {})

    # ---- within

    def _same(self, channel: Channel, body: Payload) -> Posted | None:
        if not (body.get("enforce_nonce") and body.get("nonce")):
            return None
        for each in self.messages.values():
            same = each.channel_id == channel.id and each.nonce == str(body["nonce"])
            if same and self.now() - each.sent_at < NONCE_WINDOW_MS:
                return each
        return None

    def _payload(self, channel: Channel, body: Payload, attachments: list[Payload]) -> Payload:
        return {
            "id": self.ids.next(),
            "channel_id": channel.id,
            "author": payloads.user(self.bot),
            "content": body.get("content") or "",
            "timestamp": payloads.instant(self.now()),
            "edited_timestamp": None,
            "tts": False,
            "mention_everyone": False,
            "mentions": [],
            "mention_roles": [],
            "attachments": attachments,
            "embeds": [{key: value for key, value in each.items() if value} for each in body.get("embeds") or []],
            "pinned": False,
            "type": 0,
            "flags": body.get("flags") or 0,
            "components": components.kept(body.get("components"), attachments),
        }

    def _keep(
        self, listed: list[Payload] | None, files: dict[str, bytes], before: list[Payload] | None = None
    ) -> list[Payload]:
        """The attachments that stay, by their ids, and those that came, by the numbers of their parts."""
        sizes = [len(data) for data in files.values()]
        if sum(sizes) > MOST_BYTES or max(sizes, default=0) > MOST_FILE_BYTES:
            raise Refused(413, 40005, "Request entity too large")
        stays = {each["id"]: each for each in before or []}
        if listed is None:
            listed = [*(before or []), *({"id": number} for number in range(len(files)))]
        if len(listed) > MOST_FILES:
            raise components.invalid("attachments", f"there are at most {MOST_FILES}")
        return [stays[str(each["id"])] if str(each["id"]) in stays else self._file(each, files) for each in listed]

    def _file(self, listed: Payload, files: dict[str, bytes]) -> Payload:
        name, data = list(files.items())[int(listed["id"])]
        return self.upload(listed.get("filename") or name, data) | (
            {"description": listed["description"]} if listed.get("description") else {}
        )

    def upload(self, name: str, data: bytes) -> Payload:
        """A file as Discord serves it."""
        number = self.ids.next()
        self.files[number] = data
        url = f"{self.address}/files/{number}/{name}"
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return {"id": number, "filename": name, "size": len(data), "url": url, "proxy_url": url, "content_type": kind}

    def _event(self, posted: Posted) -> Payload:
        found = copy.deepcopy(posted.payload) | self._guild_id(posted.channel_id)
        guild = self.guilds.get(found.get("guild_id", ""))
        if guild:
            member = payloads.member(self.bot, guild)
            del member["user"]
            found["member"] = member
        return found

    def _nonce(self, posted: Posted) -> Payload:
        return {"nonce": posted.nonce} if posted.nonce else {}

    def _guild_id(self, channel_id: str) -> Payload:
        there = self.channels[channel_id]
        return {"guild_id": there.guild_id} if there.guild_id else {}
