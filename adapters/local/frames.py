"""What the server tells a page, one dictionary a frame; `type` says which.

hello      everything, on connecting and after the room was cleared
message, edit, reactions   one message as it now is, for those who see it
members, clock, control    what stands beside the channel
earlier    older messages that were asked for
done       the answer to what came with this key: the ids of what it showed, a form, and a sentence where it failed
says       a sentence, to whoever sent what could not be read
"""

from typing import TYPE_CHECKING, Any

from bot import commands
from bot.adapter import PrivateSurface
from bot.messages import FieldKind, Form

from . import render
from .room import Change, ChangeKind
from .words import Control, RoomMessage

if TYPE_CHECKING:
    from .channel import Channel

Told = dict[str, Any]
AT_FIRST = 120
_TYPES = {ChangeKind.POSTED: "message", ChangeKind.EDITED: "edit", ChangeKind.REACTED: "reactions"}


def hello(channel: "Channel", member: str, busy: str) -> Told:
    seen = channel.room.seen_by(member)
    return {
        "type": "hello",
        "you": member,
        "name": channel.settings.name,
        "channel": channel.settings.channel,
        "direct": channel.settings.private_surface is PrivateSurface.DIRECT_MESSAGE,
        "banner": channel.banner,
        "hint": channel.hint,
        "members": _members(channel),
        "clock": _clock(channel, member),
        "controls": [_control(each) for each in channel.controls],
        "busy": busy,
        "commands": [{"name": each.name, "usage": each.usage, "says": each.says} for each in commands.COMMANDS],
        "messages": [_message(channel, member, each) for each in seen[-AT_FIRST:]],
        "more": len(seen) > AT_FIRST,
    }


def earlier(channel: "Channel", member: str, before: str) -> Told:
    seen = channel.room.seen_by(member)
    at = next((index for index, message in enumerate(seen) if message.id == before), 0)
    some = seen[max(0, at - AT_FIRST) : at]
    return {
        "type": "earlier",
        "messages": [_message(channel, member, each) for each in some],
        "more": at > AT_FIRST,
    }


def change(channel: "Channel", member: str, change: Change, busy: str) -> Told | None:
    """What a member's page is told of a change, or None where it is not for that member."""
    if change.kind is ChangeKind.CLEARED:
        return hello(channel, member, busy)
    if change.message is None:
        return {"type": "members", "members": _members(channel)}
    if not change.message.is_seen_by(member):
        return None
    return {"type": _TYPES[change.kind], "message": _message(channel, member, change.message)}


def clock(channel: "Channel", member: str) -> Told:
    return {"type": "clock", "clock": _clock(channel, member), "banner": channel.banner, "hint": channel.hint}


def control(control: Control, busy: bool) -> Told:
    return {"type": "control", "name": control.name, "busy": busy, "veil": control.veil}


def done(channel: "Channel", key: str, shown: list[RoomMessage], says: str) -> Told:
    form = next((message.message.form for message in shown if message.message.form), None)
    ids = [message.id for message in shown if message.id]
    return {"type": "done", "key": key, "shown": ids, "says": says, "form": _form(channel, form) if form else None}


def says(text: str) -> Told:
    return {"type": "says", "text": text}


def _message(channel: "Channel", member: str, message: RoomMessage) -> Told:
    names = {each.id: each.name for each in channel.members}
    return render.message(message, member, names.get(message.reader, message.reader), channel.zone(member))


def _form(channel: "Channel", form: Form) -> Told:
    """There is one channel here, so that one is all there is to choose from."""
    here = {
        "kind": FieldKind.ONE_OF.value,
        "options": [{"value": channel.settings.channel, "label": f"# {channel.settings.channel}"}],
    }
    drawn = render.form(form)
    fields = [{**each, **here} if each["kind"] == FieldKind.CHANNEL else each for each in drawn["fields"]]
    return {**drawn, "fields": fields}


def _members(channel: "Channel") -> list[Told]:
    return [{"id": each.id, "name": each.name, "leads": each.leads} for each in channel.members]


def _clock(channel: "Channel", member: str) -> Told:
    return {**render.instant(channel.now(), channel.zone(member)), "says": channel.clock(member)}


def _control(control: Control) -> Told:
    return {"name": control.name, "label": control.label, "says": control.says}
