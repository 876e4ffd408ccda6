"""What a person does and sees: press, type, react, fill in a form, look."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import components, modals, options, reading
from .interactions import answered
from .words import Answered, Asked, Channel, Interaction, Payload, Posted, User

if TYPE_CHECKING:
    from .server import DiscordDouble

KEYCAPS = {digit: f"{digit}\ufe0f\u20e3" for digit in range(1, 6)}


@dataclass(slots=True)
class Person:
    """A member in a channel (or in direct messages) of the double."""

    discord: "DiscordDouble"
    user: User
    channel: Channel

    @property
    def id(self) -> str:
        return self.user.id

    # ---- hands; each begins an interaction and waits for its answer

    async def press(self, label: str, on: Posted | None = None, times: int = 1) -> Interaction:
        """Press the newest button with this label that this person sees, or the one on that message."""
        return await answered(self.begin_press(label, on, times))

    def begin_press(self, label: str, on: Posted | None = None, times: int = 1) -> Interaction:
        for posted in [on] if on else reversed(self.seen()):
            found = components.button(posted.payload["components"], label)
            if found and not found.get("disabled"):
                return self._press(posted, found["custom_id"], found["id"], times)
        raise LookupError(f"{self.user.name} sees no button {label!r} in: {self.text()}")

    async def press_id(self, custom_id: str, on: Posted | None = None) -> Interaction:
        """Press a button of an old message whose id is this."""
        return await answered(self.begin_press_id(custom_id, on))

    def begin_press_id(self, custom_id: str, on: Posted | None = None) -> Interaction:
        return self._press(on or self.seen()[-1], custom_id, 1, 1)

    def _press(self, posted: Posted, custom_id: str, id: int, times: int) -> Interaction:
        data = {"custom_id": custom_id, "component_type": components.BUTTON, "id": id}
        where = self.discord.room.channels.get(posted.channel_id, self.channel)
        return self.discord.interactions.begin(Asked.COMPONENT, self.user, where, data, posted, times)

    async def type(self, text: str, times: int = 1, file: tuple[str, bytes] | None = None) -> Interaction:
        """A slash command with its options in words; what the bot never registered is sent by its name alone."""
        return await answered(self.begin_type(text, times, file))

    def begin_type(self, text: str, times: int = 1, file: tuple[str, bytes] | None = None) -> Interaction:
        name, *words = text.removeprefix("/").split()
        definition = next((each for each in self.discord.commands if each["name"] == name), None)
        data: Payload = {"id": self.discord.bot.id, "name": name, "type": 1, "options": []}
        if definition:
            data |= {"id": definition["id"], "options": options.fill(definition, words)}
        if file and definition:
            self._attach(data, definition, file)
        return self.discord.interactions.begin(Asked.COMMAND, self.user, self.channel, data, times=times)

    def _attach(self, data: Payload, definition: Payload, file: tuple[str, bytes]) -> None:
        uploaded = self.discord.room.upload(*file) | {"ephemeral": True}
        inner, into = definition, data["options"]
        while into and into[0]["type"] in (options.SUBCOMMAND, options.GROUP):
            inner = next(each for each in inner["options"] if each["name"] == into[0]["name"])
            into = into[0]["options"]
        option = next(each for each in inner["options"] if each["type"] == options.ATTACHMENT)
        into.append({"type": options.ATTACHMENT, "name": option["name"], "value": uploaded["id"]})
        data["resolved"] = {"attachments": {uploaded["id"]: uploaded}}

    async def complete(self, command: str, option: str, text: str) -> list[str]:
        """The names that are offered while an option is typed."""
        return [each["name"] for each in (await answered(self.begin_complete(command, option, text))).data["choices"]]

    def begin_complete(self, command: str, option: str, text: str) -> Interaction:
        definition = next(each for each in self.discord.commands if each["name"] == command)
        typed = {"type": options.TEXT, "name": option, "value": text, "focused": True}
        data = {"id": definition["id"], "name": command, "type": 1, "options": [typed]}
        return self.discord.interactions.begin(Asked.AUTOCOMPLETE, self.user, self.channel, data)

    async def submit(
        self, form: Interaction, values: modals.Values, file: tuple[str, bytes] | None = None
    ) -> Interaction:
        """Fill in the form that an interaction was answered with, by the ids of its fields, and send it."""
        return await answered(self.begin_submit(form, values, file))

    def begin_submit(
        self, form: Interaction, values: modals.Values, file: tuple[str, bytes] | None = None, times: int = 1
    ) -> Interaction:
        data = modals.filled(form.data, values, file, self.discord.room.upload)
        return self.discord.interactions.begin(Asked.MODAL, self.user, self.channel, data, form.source, times)

    def react(self, posted: Posted, rating: int, added: bool = True, times: int = 1, emoji: str = "") -> None:
        """Press the keycap of this rating under a message, or take it back."""
        self.discord.room.react(posted, self.id, emoji or KEYCAPS[rating], added, times)

    # ---- eyes

    def seen(self) -> list[Posted]:
        """Everything in the channel and in direct messages that this person can see, oldest first."""
        direct = self.discord.room.direct(self.id).id
        found = [each for each in self.discord.room.messages.values() if each.channel_id in (self.channel.id, direct)]
        return [each for each in found if each.reader in ("", self.id)]

    def text(self) -> str:
        return "\n".join(reading.read(each).text for each in self.seen())


def shown(made: Interaction) -> str:
    """What an interaction showed, as its person reads it: messages, or a form."""
    if made.kind is Answered.MODAL:
        return modals.text(made.data)
    return "\n".join(reading.read(each).text for each in made.shown)
