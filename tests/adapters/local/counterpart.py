"""The local platform as the adapter contract sees it: text is read off what the page is handed."""

import secrets
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from adapters.local import render
from adapters.local.app import Local, Member, RoomMessage
from adapters.local.room import Room
from adapters.local.server import PAGE
from bot.adapter import PrivateSurface
from bot.app import App, open_app
from bot.forms import File
from bot.model import Place, Rating
from bot.testing.counterpart import LEAD, Counterpart, Setting, Values
from bot.testing.world import StillClock

OURS = {"p", "br", "strong", "em", "code", "pre", "ol", "ul", "li", "s", "blockquote"}
LINES = {"p", "br", "li", "pre", "ol", "ul", "blockquote"}
CUT = "This is longer than a message can be."


class Reader(HTMLParser):
    """The text of some HTML, and every element or attribute that is more than the looks of text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.text, self.more, self.pictures = "", list[str](), list[tuple[str, str]]()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.text += "\n" * (tag in LINES)
        if tag == "img":
            found = dict(attrs)
            self.pictures.append((found["alt"] or "", found["src"] or ""))
        self.more += [tag] * (tag not in OURS) + [f"{tag} {name}" for name, _ in attrs if name != "start"]

    def handle_data(self, data: str) -> None:
        self.text += data


class LocalCounterpart:
    """Keeps its room in the group's folder, so that it is still there after a restart."""

    def __init__(self, surface: PrivateSurface) -> None:
        self._surface = surface
        self._local: Local | None = None
        self._path = Path()
        self._forms: dict[str, dict[str, Any]] = {}

    @property
    def place(self) -> Place:
        return Place("local", "local", "flashcards")

    @property
    def nowhere(self) -> Place:
        return Place("local", "local", "attic")

    @asynccontextmanager
    async def open(self, setting: Setting, clock: StillClock) -> AsyncIterator[App]:
        self._path = setting.folder / "room.jsonl"
        section = {"path": str(self._path), "private_surface": self._surface, "members": []}
        async with open_app(setting.config(self.place, section), clock) as app:
            local = app.adapters["local"]
            assert isinstance(local, Local)
            local.enter(Member(who, name, leads=who == LEAD) for who, name in setting.names.items())
            self._local = local
            await local.begin_anew()
            try:
                yield app
            finally:
                await local.close()

    # ---- hands

    async def press(self, who: str, label: str, delivered: int = 1) -> str:
        message, button = self._button(who, label)
        return await self._press(who, message, button, delivered)

    async def press_id(self, who: str, button_id: str) -> str:
        return await self._press(who, self._room.seen_by(who)[-1].id, button_id, 1)

    async def _press(self, who: str, message_id: str, button_id: str, delivered: int) -> str:
        key = secrets.token_hex(8)
        shown = [await self._room.press(who, message_id, button_id, key) for _ in range(delivered)]
        return self._text(shown[-1])

    async def type(self, who: str, command: str, delivered: int = 1) -> str:
        key = secrets.token_hex(8)
        shown = [await self._room.command(who, command, key) for _ in range(delivered)]
        return self._text(shown[-1])

    async def fill(
        self,
        who: str,
        values: Values,
        file: tuple[str, bytes] | None = None,
        delivered: int = 1,
    ) -> str:
        key, form = secrets.token_hex(8), self._forms[who]
        given = {each["name"]: _chosen(each, values.get(each["name"])) for each in form["fields"]}
        upload = File(*file) if file else None
        shown = [await self._room.fill(who, form["id"], given, upload, key=key) for _ in range(delivered)]
        return self._text(shown[-1])

    async def react(self, who: str, rating: Rating, added: bool = True, delivered: int = 1) -> None:
        key = secrets.token_hex(8)
        for _ in range(delivered):
            await self._room.tap(who, self._public()[-1].id, rating, added, key)

    async def react_unseen(self, who: str, rating: Rating, added: bool = True) -> None:
        room = Room(self._path)
        room.react([message for message in room.everything() if not message.reader][-1].id, who, rating, added)
        room.close()

    # ---- eyes

    def sees(self, who: str) -> str:
        return self._text(self._room.seen_by(who))

    async def pictures(self, who: str) -> list[tuple[str, bytes]]:
        drawn = [part.get("html", "") for seen in self._room.seen_by(who) for part in self._drawn(seen)["parts"]]
        found = [picture for html in drawn for picture in Reader(html).pictures]
        return [(alt, await self._room.media(src.removeprefix("/media/")) or b"") for alt, src in found]

    def public(self) -> list[str]:
        return [self._text([message]) for message in self._public()]

    def notifications(self) -> list[str]:
        return [str(self._drawn(message)["summary"]) for message in self._public()]

    def reactions(self) -> dict[Rating, int]:
        return {Rating(chip["rating"]): chip["count"] for chip in self._drawn(self._public()[-1])["chips"]}

    def pings(self) -> list[str]:
        return [more for message in self._room.room.everything() for more in _read(self._drawn(message))[1]]

    # ---- within

    @property
    def _room(self) -> Local:
        assert self._local is not None
        return self._local

    def _public(self) -> list[RoomMessage]:
        return [message for message in self._room.room.everything() if not message.reader]

    def _button(self, who: str, label: str) -> tuple[str, str]:
        """The newest message with this button, and the button's id, by what the page is handed."""
        for seen in reversed(self._room.seen_by(who)):
            for part in self._drawn(seen)["parts"]:
                for button in part.get("buttons", ()):
                    if button["label"] == label:
                        return seen.id, button["id"]
        raise LookupError(f"{who} sees no button {label!r}")

    def _drawn(self, message: RoomMessage) -> dict[str, Any]:
        return render.message(message, message.reader, message.reader, "Europe/Berlin")

    def _text(self, messages: Sequence[RoomMessage]) -> str:
        for form in (message for message in messages if message.message.form):
            self._forms[form.reader] = self._drawn(form)["parts"][0]
        return "\n".join(_read(self._drawn(message))[0] for message in messages)


def _read(drawn: dict[str, Any]) -> tuple[str, list[str]]:
    """The text of a message with its buttons, and what is more than text in it."""
    text, more = "", list[str]()
    for part in drawn["parts"]:
        html = [part.get("html", ""), *(item["html"] for item in part.get("items", ()))]
        for read in map(Reader, html):
            text, more = f"{text}\n{read.text.strip()}", more + read.more
        if part["kind"] == "instant":
            text += f"\n{' '.join(part['said'][:2])}{part['said'][2]}"
        if part["kind"] == "form":
            lines = (f"{each['label']}: {', '.join(each['values'])}".rstrip() for each in part["fields"])
            text += "\n".join([part["title"], *lines])
        if part.get("cut"):
            assert CUT in (PAGE / "draw.js").read_text(encoding="utf-8")
            text += f"\n{CUT}"
        text += "".join(f" [{button['label']}]" for button in part.get("buttons", ()))
    return text, more


def _chosen(field: dict[str, Any], given: str | Sequence[str] | None) -> Sequence[str]:
    said = field["values"] if given is None else (given,) if isinstance(given, str) else given
    assert not field["options"] or set(said) <= {option["value"] for option in field["options"]}
    return tuple(said)


_: type[Counterpart] = LocalCounterpart  # the checker proves that nothing is missing
