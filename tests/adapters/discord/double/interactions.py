"""Interactions and their tokens: answered once within 3 s, then good for 15 minutes."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from . import modals, payloads
from .calls import Call
from .room import Room
from .words import (
    EPHEMERAL,
    LOADING,
    Answered,
    Asked,
    Channel,
    Interaction,
    Payload,
    Posted,
    Refused,
    User,
)

FIRST_ANSWER_MS = 3_000
TOKEN_MS = 15 * 60_000
SIZE_LIMIT = 10 * 1024 * 1024


@dataclass(slots=True)
class Interactions:
    room: Room
    tell: Callable[[str, Payload, int], None]
    _by_token: dict[str, Interaction] = field(default_factory=dict)

    # ---- a person asks

    def begin(
        self, type: Asked, user: User, channel: Channel, data: Payload, source: Posted | None = None, times: int = 1
    ) -> Interaction:
        """Tell the bot of it, `times` times."""
        number = self.room.ids.next()
        made = Interaction(number, f"token{number}", type, user, channel.id, self.room.now(), source)
        self._by_token[made.token] = made
        self.tell("INTERACTION_CREATE", self._payload(made, channel, data), times)
        return made

    def _payload(self, made: Interaction, channel: Channel, data: Payload) -> Payload:
        guild = self.room.guilds.get(channel.guild_id)
        app_may = int(payloads.permissions(self.room.bot.id, guild)) if guild else 0
        found: Payload = {
            "id": made.id,
            "application_id": self.room.bot.id,
            "type": int(made.type),
            "token": made.token,
            "version": 1,
            "data": data,
            "channel_id": channel.id,
            "channel": payloads.channel(channel, self.room.bot),
            "app_permissions": str(app_may & ~int(channel.denied)),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": channel.guild_id or "0"},
            "context": 0 if guild else 1,
            "attachment_size_limit": SIZE_LIMIT,
        }
        if guild:
            member = payloads.member(made.user, guild)
            member["permissions"] = str(int(payloads.permissions(made.user.id, guild)))
            found |= {"guild_id": guild.id, "guild_locale": "en-US", "member": member}
            found |= {"guild": {"id": guild.id, "locale": "en-US", "features": []}}
        else:
            found["user"] = payloads.user(made.user)
        return found | ({"message": self.room.shown(made.source)} if made.source else {})

    # ---- the bot answers

    def first(self, call: Call, id: str, token: str) -> Payload | None:
        """The first answer. Whoever answers too late, or twice, is refused."""
        made = self._by_token.get(token)
        if made is None or made.id != id:
            raise Refused(404, 10062, "Unknown interaction")
        try:
            self._may_answer(made)
            found = self._answered(made, call)
        except Refused as refused:
            made.refused.append(refused)
            raise
        if call.query.get("with_response") not in ("1", "true", "True"):
            return None
        return found

    def _may_answer(self, made: Interaction) -> None:
        if made.answer is not None:
            raise Refused(400, 40060, "Interaction has already been acknowledged.")
        if self.room.now() - made.at > FIRST_ANSWER_MS:
            raise Refused(404, 10062, "Unknown interaction")

    def _answered(self, made: Interaction, call: Call) -> Payload:
        body, data = call.payload, call.payload.get("data") or {}
        match Answered(body["type"]):
            case Answered.MESSAGE:
                made.original = self._say(made, data, call.files, data.get("flags") or 0)
                made.shown.append(made.original)
            case Answered.WAIT:
                made.original = self._say(made, {}, {}, (data.get("flags") or 0) | LOADING)
            case Answered.WAIT_UPDATE:
                made.original = made.source
            case Answered.MODAL:
                if made.type is Asked.MODAL:
                    raise Refused(400, 50035, "A form cannot be answered with a form")
                modals.check(data)
            case Answered.UPDATE:
                assert made.source is not None, "an update needs a pressed message"
                made.original = self.room.edit(made.source, data, call.files)
                made.shown.append(made.original)
        made.answer = body
        if Answered(body["type"]) not in (Answered.WAIT, Answered.WAIT_UPDATE):
            made.done.set()
        return self._said(made, Answered(body["type"]))

    def _said(self, made: Interaction, kind: Answered) -> Payload:
        about = {
            "id": made.id,
            "type": int(made.type),
            "response_message_loading": kind is Answered.WAIT,
            "response_message_ephemeral": bool(made.original and made.original.reader),
        }
        if made.original is None:
            return {"interaction": about}
        about["response_message_id"] = made.original.id
        if kind in (Answered.WAIT, Answered.WAIT_UPDATE):
            return {"interaction": about}
        return {"interaction": about, "resource": {"type": int(kind), "message": self.room.shown(made.original)}}

    def _say(self, made: Interaction, data: Payload, files: dict[str, bytes], flags: int) -> Posted:
        channel = self.room.channels[made.channel_id]
        loading = bool(flags & LOADING)
        reader = made.user.id if flags & EPHEMERAL else ""
        posted = self.room.post(channel, {**data, "flags": flags}, files, reader=reader, loading=loading)
        posted.asked = data
        posted.payload |= {"application_id": self.room.bot.id, "webhook_id": self.room.bot.id}
        return posted

    # ---- and goes on by the token

    def _open(self, token: str) -> Interaction:
        made = self._by_token.get(token)
        if made is None or self.room.now() - made.at > TOKEN_MS:
            raise Refused(401, 50027, "Invalid Webhook Token")
        if made.answer is None:
            raise Refused(404, 10015, "Unknown Webhook")
        return made

    def follow_up(self, call: Call, app: str, token: str) -> Payload:
        made = self._open(token)
        if made.kind is Answered.WAIT and made.original and made.original.payload["flags"] & LOADING:
            return self._fill(made, made.original, call)  # the first one takes the place of what was waited for
        posted = self._say(made, call.payload, call.files, call.payload.get("flags") or 0)
        made.shown.append(posted)
        made.done.set()
        return self.room.shown(posted)

    def change(self, call: Call, app: str, token: str, message: str) -> Payload:
        made = self._open(token)
        return self._fill(made, self._message(made, message), call)

    def fetch(self, call: Call, app: str, token: str, message: str) -> Payload:
        return self.room.shown(self._message(self._open(token), message))

    def remove(self, call: Call, app: str, token: str, message: str) -> None:
        made = self._open(token)
        posted = self._message(made, message)
        made.shown = [each for each in made.shown if each is not posted]
        self.room.delete(posted)
        made.done.set()

    def _message(self, made: Interaction, message: str) -> Posted:
        posted = made.original if message == "@original" else self.room.messages.get(message)
        if posted is None or posted.id not in self.room.messages:
            raise Refused(404, 10008, "Unknown Message")
        return posted

    def _fill(self, made: Interaction, posted: Posted, call: Call) -> Payload:
        posted.payload["flags"] &= ~LOADING
        self.room.edit(posted, call.payload, call.files)
        if posted not in made.shown:
            made.shown.append(posted)
        made.done.set()
        return self.room.shown(posted)


async def answered(made: Interaction, within_s: float = 10.0) -> Interaction:
    """Wait until the person sees something. Raises `TimeoutError`."""
    async with asyncio.timeout(within_s):
        await made.done.wait()
    return made
