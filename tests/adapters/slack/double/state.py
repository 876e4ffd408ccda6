"""What a workspace of Slack holds: people, channels, messages, and what each person has on the screen."""

import itertools
import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
ALL_SCOPES = frozenset(
    {
        "chat:write", "commands", "users:read", "reactions:read", "reactions:write",
        "channels:history", "channels:read", "files:read", "files:write",
    }
)  # fmt: skip
TRIGGER_S = 3.0


class SlackError(Exception):
    """Answered as `{"ok": false, "error": ...}`."""

    def __init__(self, word: str, *notes: str, **more: Any) -> None:
        self.word = word
        self.notes = notes
        self.more = more
        super().__init__(word)


@dataclass
class Channel:
    name: str
    members: set[str]
    archived: bool = False


@dataclass
class State:
    """`stacks` are each person's modals, the one on top last; `homes` their page of the app.

    With `rotates`, tokens that OAuth gives hold for twelve hours; `refresh_tokens` give the next one, once.

    `promised` holds the sizes of uploads that were begun, `uploaded` the names of files that are whole. Slack looks at
    a file first: the next `refusals_after_upload` messages that show one are refused.
    """

    team: str = "T0DOUBLE"
    enterprise: str = ""
    bot_user: str = "U0BOT"
    bot: str = "B0BOT"
    app: str = "A0APP"
    bot_token: str = field(default="xoxb-double", repr=False)
    other_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    refresh_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    rotates: bool = False
    app_token: str = field(default="xapp-double", repr=False)
    revoked: bool = False
    signing_secret: str = field(default="double-secret", repr=False)
    scopes: set[str] = field(default_factory=lambda: set(ALL_SCOPES))
    users: dict[str, Json] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[tuple[str, str], Json] = field(default_factory=dict)
    ephemerals: list[tuple[str, Json]] = field(default_factory=list)
    views: dict[str, Json] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    promised: dict[str, int] = field(default_factory=dict)
    uploaded: dict[str, str] = field(default_factory=dict)
    refusals_after_upload: int = 0
    shared: list[tuple[str, str]] = field(default_factory=list)
    stacks: dict[str, list[str]] = field(default_factory=dict)
    homes: dict[str, Json] = field(default_factory=dict)
    triggers: dict[str, tuple[str, float]] = field(default_factory=dict)
    spent_triggers: set[str] = field(default_factory=set)
    trigger_s: float = TRIGGER_S
    _count: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    # ---- people and channels

    def add_user(self, user: str, name: str, admin: bool = False) -> None:
        self.users[user] = {
            "id": user,
            "team_id": self.team,
            "name": user.lower(),
            "real_name": name,
            "profile": {"display_name": name, "real_name": name},
            "is_admin": admin,
            "is_owner": False,
            "is_bot": False,
            "tz": "Europe/Berlin",
        }

    def channel(self, id: str) -> Channel:
        """A channel that the bot may write into."""
        found = self.channels.get(id)
        if found is None:
            raise SlackError("channel_not_found")
        if found.archived:
            raise SlackError("is_archived")
        if self.bot_user not in found.members:
            raise SlackError("not_in_channel")
        return found

    def direct(self, user: str) -> str:
        """The channel of a person's direct messages with the app."""
        if user not in self.users:
            raise SlackError("channel_not_found")
        direct = f"D{user[1:]}"
        self.channels.setdefault(direct, Channel("", {user, self.bot_user}))
        return direct

    # ---- numbers

    def number(self) -> int:
        return next(self._count)

    def ts(self) -> str:
        return f"{int(time.time())}.{self.number():06d}"

    # ---- messages

    def message(self, channel: str, ts: str) -> Json:
        found = self.messages.get((channel, ts))
        if found is None:
            raise SlackError("message_not_found")
        return found

    def post(self, channel: str, text: str, blocks: list[Json] | None, metadata: Json | None) -> Json:
        message: Json = {
            "type": "message",
            "user": self.bot_user,
            "bot_id": self.bot,
            "app_id": self.app,
            "team": self.team,
            "text": text,
            "ts": self.ts(),
            "blocks": self.named(blocks or []),
            "reactions": [],
        }
        if metadata:
            message["metadata"] = metadata
        self.messages[(channel, message["ts"])] = message
        return message

    def named(self, blocks: list[Json]) -> list[Json]:
        """Slack gives every block an id."""
        return [{"block_id": f"b{self.number()}", **block} for block in blocks]

    # ---- views

    def trigger(self, user: str) -> str:
        made = f"{self.number()}.{int(time.time() * 1000)}.trigger"
        self.triggers[made] = (user, time.monotonic())
        return made

    def spend(self, id: str) -> str:
        """Whose trigger it is: it opens a view once, within three seconds."""
        if id in self.spent_triggers:
            raise SlackError("exchanged_trigger_id")
        if id not in self.triggers:
            raise SlackError("invalid_trigger_id")
        user, born = self.triggers.pop(id)
        self.spent_triggers.add(id)
        if time.monotonic() - born > self.trigger_s:
            raise SlackError("expired_trigger_id")
        return user

    def open_view(self, user: str, view: Json, *, on_top: bool) -> Json:
        stack = self.stacks.setdefault(user, [])
        if on_top and not stack:
            raise SlackError("not_found")
        if on_top and len(stack) >= 3:
            raise SlackError("push_limit_reached")
        made = f"V{self.number()}"
        root, previous = (stack[0], stack[-1]) if on_top else (made, None)
        self.views[made] = self._view(made, view, root, previous)
        self.stacks[user] = [*stack, made] if on_top else [made]
        return self.views[made]

    def update_view(self, id: str, hash: str, view: Json) -> Json:
        found = self.views.get(id)
        if found is None or not any(id in stack for stack in self.stacks.values()):
            raise SlackError("not_found")
        if hash and hash != found["hash"]:
            raise SlackError("hash_conflict")
        self.views[id] = self._view(id, view, found["root_view_id"], found["previous_view_id"])
        return self.views[id]

    def _view(self, id: str, view: Json, root: str, previous: str | None) -> Json:
        return {
            **view,
            "blocks": self.named(view["blocks"]),
            "id": id,
            "team_id": self.team,
            "app_installed_team_id": self.team,
            "app_id": self.app,
            "bot_id": self.bot,
            "hash": f"{int(time.time())}.{self.number()}",
            "root_view_id": root,
            "previous_view_id": previous,
            "state": {"values": {}},
        }

    def screen(self, user: str) -> Json | None:
        """The modal that this person looks at."""
        stack = self.stacks.get(user)
        return self.views[stack[-1]] if stack else None

    def close_screen(self, user: str) -> None:
        """Close the modal on top."""
        if self.stacks.get(user):
            self.stacks[user].pop()
