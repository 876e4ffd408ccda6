"""What the page says, as an action with its circumstances."""

from typing import Annotated

import msgspec

from bot.actions import Action, Request
from bot.model import Account, Place, Rating

from .words import Member

Key = Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
Id = Annotated[str, msgspec.Meta(max_length=80)]
Words = Annotated[str, msgspec.Meta(max_length=400)]


class Press(msgspec.Struct, frozen=True, tag="press"):
    """A button, by its id."""

    key: Key
    message: Id
    button: Id


class Say(msgspec.Struct, frozen=True, tag="command"):
    """What was typed; `direct`: into the direct messages."""

    key: Key
    text: Words
    direct: bool = False


class Tap(msgspec.Struct, frozen=True, tag="react"):
    """A reaction, set or taken back."""

    key: Key
    message: Id
    rating: Rating
    added: bool = True


class Use(msgspec.Struct, frozen=True, tag="control"):
    """One of the demo's controls, by its name."""

    key: Key
    name: Id


class Earlier(msgspec.Struct, frozen=True, tag="earlier"):
    """The messages before this one."""

    before: Id


Frame = Press | Say | Tap | Use | Earlier
_frames: msgspec.json.Decoder[Frame] = msgspec.json.Decoder(Frame)


def frame(text: str) -> Frame | None:
    """What the page sent, or None for anything that our page would not send."""
    try:
        return _frames.decode(text)
    except (msgspec.MsgspecError, UnicodeEncodeError):
        return None


def request(action: Action, key: str, at: int, member: Member, place: Place, zone: str) -> Request:
    return Request(action, key, at, account(member, zone), place)


def account(member: Member, zone: str = "") -> Account:
    return Account("local", "", member.id, member.name, member.leads, zone)
