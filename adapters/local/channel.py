"""The channel in process: members press, type and react here, and see what they may see. No network, no page.

Tests and the demo drive it directly; the page's server drives it for a browser. What `act` answers is shown at once:
a message that `replaces` is drawn in place of the pressed one, where both have the same readers; all others are new. A
form lies over the channel and is no message of it: it is given back, without an id, and forgotten.
"""

import secrets
from collections.abc import Iterable, Sequence
from itertools import count

from bot import actions, buttons, commands, forms
from bot.actions import Action
from bot.adapter import Act, Media, Now, PrivateSurface
from bot.messages import Audience, Button, Buttons, CardSide, Message, Notice
from bot.model import MessageRef, Place, Rating

from . import parse, render
from .room import Room
from .settings import LocalSettings
from .transcript import transcript
from .words import Control, Member, RoomMessage


class Channel:
    """One channel with its members. `banner`, `hint` and `controls` are for whoever puts on a demo."""

    def __init__(self, settings: LocalSettings, act: Act, now: Now, media: Media) -> None:
        self.settings = settings
        self.room = Room(settings.file)
        self.banner = ""
        self.hint = ""
        self.controls: tuple[Control, ...] = ()
        self._act = act
        self.now = now
        self.media = media
        self._run = secrets.token_hex(6)  # keys must differ from those of the run before, whatever the clock says
        self._count = count(1)
        named = (Member(name.lower().replace(" ", "-"), name, leads=n == 0) for n, name in enumerate(settings.members))
        if settings.members:
            self.room.enter(named)

    # ---- what a member does; each gives the messages that this member is shown

    async def press(self, member_id: str, message_id: str, button: str, key: str | None = None) -> list[RoomMessage]:
        """Press a button, by its id or its label, on a message that this member sees. Raises `LookupError`."""
        pressed = self.room.message(message_id, reader=member_id)
        action = buttons.read(_button_id(pressed.message, button))
        return await self._do(member_id, action, key, pressed.direct, pressed)

    async def command(
        self, member_id: str, text: str, key: str | None = None, direct: bool = False
    ) -> list[RoomMessage]:
        """Type a slash command, into the channel or into the direct messages."""
        return await self._do(member_id, commands.read(text), key, direct)

    async def tap(
        self, member_id: str, message_id: str, rating: Rating, added: bool = True, key: str | None = None
    ) -> list[RoomMessage]:
        """Press a reaction under a message, or take it back."""
        pressed = self.room.message(message_id, reader=member_id)
        self.room.react(message_id, member_id, rating, added)
        ref = MessageRef(self.place(pressed.direct), message_id)
        return await self._do(member_id, actions.React(ref, rating, added), key, pressed.direct, pressed)

    async def drop(
        self, member_id: str, file_name: str, data: bytes, key: str | None = None, direct: bool = False
    ) -> list[RoomMessage]:
        """Bring a deck, into the channel or into the direct messages."""
        return await self._do(member_id, actions.ImportDeck(file_name, data), key, direct)

    async def fill(
        self,
        member_id: str,
        form_id: str,
        values: forms.Values,
        file: forms.File | None = None,
        on: str = "",
        key: str | None = None,
    ) -> list[RoomMessage]:
        """Send a form that was filled in, opened from the message `on`. The one channel is what every form is for."""
        pressed = next((message for message in self.seen_by(member_id) if message.id == on), None)
        return await self._do(member_id, forms.read(form_id, values, file), key, direct=False, pressed=pressed)

    # ---- what is here

    @property
    def members(self) -> tuple[Member, ...]:
        return self.room.members

    def enter(self, members: Iterable[Member]) -> None:
        self.room.enter(members)

    def seen_by(self, member_id: str) -> list[RoomMessage]:
        """What this member sees, oldest first."""
        return self.room.seen_by(self.room.member(member_id).id)

    def transcript(self, member_id: str | None = None, width: int = 80) -> str:
        """The channel as plain text, as one member sees it, or all of it with whatever is private marked as such."""
        shown: Sequence[RoomMessage] = self.room.everything() if member_id is None else self.seen_by(member_id)
        names = {member.id: member.name for member in self.members}
        return transcript(shown, names, self.settings.zone if member_id is None else self.zone(member_id), width)

    def say(self, member_id: str, message: Message) -> RoomMessage:
        """Show something to one member alone."""
        return self.room.post(message, self.now(), reader=member_id)

    def tell(self, messages: Iterable[RoomMessage], width: int = 80) -> str:
        """A few messages as plain text, without the day above them."""
        names = {member.id: member.name for member in self.members}
        return transcript(messages, names, self.settings.zone, width, days=False)

    def clear(self, before: int | None = None) -> None:
        """Forget every message, or those sent before an instant (UTC milliseconds)."""
        self.room.clear(before)

    def clock(self, member_id: str = "") -> str:
        """Date and time of the channel, for a member who reads other hours in that member's zone."""
        when = render.instant(self.now(), self.zone(member_id))
        return f"{when['date']}, {when['time']}"

    def zone(self, member_id: str = "") -> str:
        known = {member.id: member.zone for member in self.members}
        return known.get(member_id) or self.settings.zone

    def place(self, direct: bool = False) -> Place:
        """The channel, or the direct messages, which belong to no workspace."""
        return Place("local", "", "") if direct else Place("local", self.settings.workspace, self.settings.channel)

    # ---- within

    async def _do(
        self, member_id: str, action: Action, key: str | None, direct: bool, pressed: RoomMessage | None = None
    ) -> list[RoomMessage]:
        member = self.room.member(member_id)
        key = key or f"{self._run}-{next(self._count)}"
        place = self.place(direct)
        said = await self._act(parse.request(action, key, self.now(), member, place, self.zone(member_id)))
        return self._show(member, said, pressed, direct or self._in_direct)

    def _show(
        self, member: Member, said: Sequence[Message], pressed: RoomMessage | None, direct: bool
    ) -> list[RoomMessage]:
        shown: list[RoomMessage] = []
        for message in said:
            reader = member.id if message.audience is Audience.ONLY_YOU else ""
            if message.form:
                shown.append(RoomMessage("", self.now(), message, reader))
            elif message.replaces and pressed and pressed.reader == reader:
                shown.append(self.room.edit(pressed.id, message, self.now()))
                pressed = None
            else:
                shown.append(self.room.post(message, self.now(), reader, direct=bool(reader) and direct))
        return shown

    @property
    def _in_direct(self) -> bool:
        return self.settings.private_surface is PrivateSurface.DIRECT_MESSAGE


def _button_id(message: Message, button: str) -> str:
    """The id of the button with this label; what is no label is an id, of this message or of its past."""
    return next((each.id for each in _buttons(message) if each.label == button), button)


def _buttons(message: Message) -> Iterable[Button]:
    for part in message.parts:
        match part:
            case Buttons(row) | Notice(_, row):
                yield from row
            case CardSide(more=Button() as more):
                yield more
            case _:
                pass
