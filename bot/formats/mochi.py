"""Reads Mochi's packages: a zip file with `data.json` (Transit) or `data.edn`, and pictures beside it.

1. A line `---` parts the sides of a card; what follows the first side is the answer. A card with `{{gaps}}` and
   one side is a cloze text.
2. A template is filled with the fields of its card, by their names.
3. A deck in a deck is a section. Cards in the trash are left out and counted; reviews are personal and left out.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from bot.errors import DeckError
from bot.model import Card, Deck

from . import lisp
from .archive import Archive, holds
from .gathering import Gap, Gathering
from .html import clean
from .problems import Kind
from .text import collapse, stem, tidy

JSON, EDN = "data.json", "data.edn"
MOST_DATA = 20_000_000
MOST_PICTURE = 10 * 2**20
MOST_FILLED = 40_000_000
"""Characters of all cards together, once templates are filled."""
MOST_LEVELS = 20
_SIDES = re.compile(r"^---[ \t]*$", re.M)
_GAP = re.compile(r"\{\{(?:(?P<number>[1-9][0-9]{0,2})::)?(?P<text>[^{}]+)\}\}")
_FIELD = re.compile(r"<<\s*(?P<name>[^<>\n]{1,200}?)\s*>>")
_MEDIA = re.compile(r"(!\[[^\[\]\n]{0,1000}\]\()@media/")


@dataclass(frozen=True, slots=True)
class Template:
    """`fields` gives the name of each field by its id."""

    content: str
    fields: Mapping[str, str]


def recognise(data: bytes) -> bool:
    return holds(data, (JSON, EDN))


def media(data: bytes, names: Collection[str]) -> dict[str, bytes]:
    """The pictures of a package by name, as far as it holds them."""
    archive = Archive(data, "")
    held = _held(archive)
    return {name: bytes(archive.read(held[name], MOST_PICTURE)) for name in names if name in held}


def read(data: bytes, file_name: str) -> Deck:
    """The deck of a package; the line of a card is its number. Raises DeckError where the package is damaged."""
    archive = Archive(data, file_name)
    gathering = Gathering(held=_held(archive), source="mochi")
    content = _content(archive)
    decks = {_name(deck.get("id")): deck for deck in _maps(content.get("decks"))}
    templates = {_name(one.get("id")): _template(one) for one in _maps(content.get("templates"))}
    trash, left = 0, MOST_FILLED
    for number, card in enumerate(_cards(content, decks), 1):
        if card.get("trashed?"):
            trash += 1
            continue
        text = _filled(card, templates.get(_name(card.get("template-id"))), left)
        left -= len(text)
        if left <= 0:
            gathering.say(number, str(number), Kind.TOO_LARGE, "From here on this deck is too large, so it ends here.")
            break
        _add(card, text, number, _path(decks, _name(card.get("deck-id"))), gathering)
    if trash:
        gathering.say(1, "", Kind.SKIPPED, f"Cards in the trash were left out: {trash}.")
    roots = [_text(deck.get("name")) for deck in decks.values() if _name(deck.get("parent-id")) not in decks]
    title = collapse(roots[0]) if len(roots) == 1 else ""
    return gathering.deck(title or stem(file_name), "mochi")


def _held(archive: Archive) -> dict[str, str]:
    """Entries by the plain names that cards use; what lies in folders that mean something else is no picture."""
    plain = {name.removeprefix("media/"): name for name in archive.names}
    return {short: name for short, name in plain.items() if "/" not in short and "\\" not in short}


def _content(archive: Archive) -> dict[str, Any]:
    name = JSON if JSON in archive else EDN
    try:
        text = archive.read(name, MOST_DATA).decode()
        content = lisp.read_transit(text) if name == JSON else lisp.read_edn(text)
    except UnicodeDecodeError:
        raise archive.damaged() from None
    except lisp.NotReadable as error:
        raise DeckError(f"{archive.file_name}: {name} cannot be read: {error}.", "Export the deck anew.") from None
    if not isinstance(content, dict):
        raise archive.damaged()
    return content


def _cards(content: dict[str, Any], decks: dict[str, dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Cards stand in their decks, or beside them and name their deck."""
    for key, deck in decks.items():
        yield from ({**card, "deck-id": key} for card in _maps(deck.get("cards")))
    yield from _maps(content.get("cards"))


def _path(decks: dict[str, dict[str, Any]], key: str) -> str:
    """The names of a deck and those above it, but for the outermost."""
    names: list[str] = []
    while key in decks and len(names) < MOST_LEVELS:
        names.append(collapse(_text(decks[key].get("name"))))
        key = _name(decks[key].get("parent-id"))
    return " / ".join(reversed([name for name in names[:-1] if name]))


def _template(said: dict[str, Any]) -> Template:
    fields = said.get("fields")
    listed = fields.values() if isinstance(fields, dict) else fields
    names = {_name(one.get("id")): _text(one.get("name")) for one in _maps(list(listed or []))}
    return Template(_text(said.get("content")), names)


# ---- one card --------------------------------------------------------------------------------------------------------


def _add(said: dict[str, Any], text: str, number: int, section: str, gathering: Gathering) -> None:
    text = _MEDIA.sub(r"\1", text)
    tags = tuple(dict.fromkeys(_text(tag).replace(" ", "-") for tag in _list(said.get("tags")) if _text(tag)))
    front, *back = (tidy(side).strip() for side in _SIDES.split(text))
    answer = "\n\n---\n\n".join(side for side in back if side)
    card = Card("", "", "", tags=tags, section=section, line=number)
    given = _name(said.get("id"))
    if _GAP.search(front):
        gathering.add_gaps(_pieces(front), replace(card, why=answer), str(number), given)
        return
    gathering.add(replace(card, prompt=front, answer=answer), str(number), given)
    if said.get("review-reverse?") and front and answer:
        turned = replace(card, prompt=answer, answer=front)
        gathering.add(turned, str(number), f"{given}-r" if given else "")


def _filled(said: dict[str, Any], template: Template | None, most: int) -> str:
    """The text of a card: its own, or that of its template with its fields; not much longer than `most`."""
    own = _text(said.get("content"))
    fields = said.get("fields")
    if template is None or not template.content or not isinstance(fields, dict):
        return own or _text(said.get("name"))
    values = {
        template.fields.get(_name(key), _name(key)): _text(one.get("value") if isinstance(one, dict) else one)
        for key, one in fields.items()
    }
    values.setdefault("Content", own)
    pieces: list[str] = []
    at = size = 0
    for found in _FIELD.finditer(template.content):
        pieces += [template.content[at : found.start()], values.get(found["name"].rpartition(":")[2].strip(), "")]
        size += len(pieces[-1]) + len(pieces[-2])
        at = found.end()
        if size > most:
            break
    return "".join([*pieces, template.content[at:]])


def _pieces(text: str) -> list[str | Gap]:
    """A text and its gaps; those without a number of their own are numbered on."""
    found = list(_GAP.finditer(text))
    used = {int(one["number"]) for one in found if one["number"]}
    free = (number for number in range(1, len(found) + len(used) + 2) if number not in used)
    pieces: list[str | Gap] = []
    at = 0
    for one in found:
        pieces += [text[at : one.start()], Gap(one["text"], int(one["number"]) if one["number"] else next(free))]
        at = one.end()
    return [*pieces, text[at:]]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _maps(value: Any) -> list[dict[str, Any]]:
    return [one for one in _list(value) if isinstance(one, dict)]


def _name(value: Any) -> str:
    """An id, with or without the colon of a keyword."""
    return _text(value).removeprefix(":")


def _text(value: Any) -> str:
    if isinstance(value, str):
        return clean(value)
    return "" if value is None or isinstance(value, list | dict) else str(value)
