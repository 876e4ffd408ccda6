"""Anki packages made by hand, of the two newer generations; the oldest comes from genanki.

What stands here of Anki's files is what Anki itself writes: schema 11 with its note types as JSON, schema 18 with
tables and protobuf, packed with zstd, and in both the placeholder that asks to update Anki.
"""

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha1
from io import BytesIO

import zstandard

PLACEHOLDER = "Please update to the latest Anki version, then import the .apkg/.apkg file again."


@dataclass(frozen=True)
class Type:
    name: str
    fields: tuple[str, ...]
    templates: tuple[tuple[str, str], ...]
    cloze: bool = False


@dataclass(frozen=True)
class Made:
    """A note; `cards` are pairs of template and deck."""

    fields: tuple[str, ...]
    type: str = "Basic"
    guid: str = ""
    tags: str = ""
    cards: tuple[tuple[int, str], ...] = ((0, "Rivers"),)


BASIC = Type("Basic", ("Front", "Back"), (("{{Front}}", "{{FrontSide}}\n\n<hr id=answer>\n\n{{Back}}"),))
REVERSED = Type("Reversed", ("Front", "Back"), (*BASIC.templates, ("{{Back}}", "{{FrontSide}}<hr id=answer>{{Front}}")))
TYPED = Type("Typed", ("Front", "Back"), (("{{Front}}\n{{type:Back}}", "{{Front}}<hr id=answer>{{type:Back}}"),))
CLOZE = Type("Cloze", ("Text", "Back Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>\n{{Back Extra}}"),), cloze=True)
TYPES = (BASIC, REVERSED, TYPED, CLOZE)


def basic(*pairs: tuple[str, str]) -> list[Made]:
    return [Made(pair, guid=f"guid {number}") for number, pair in enumerate(pairs)]


# ---- packages --------------------------------------------------------------------------------------------------------


def latest(notes: Iterable[Made], media: Mapping[str, bytes] | None = None, types: Sequence[Type] = TYPES) -> bytes:
    """As Anki exports since 2022."""
    files = media or {}
    entries = b"".join(message(1, _entry(name, data)) for name, data in files.items())
    return zipped(
        {
            "meta": b"\x08\x03",
            "collection.anki21b": packed(hashed_collection(notes, types)),
            "collection.anki2": json_collection([Made((PLACEHOLDER, ""))], TYPES),
            **{str(place): packed(data) for place, data in enumerate(files.values())},
            "media": packed(entries),
        }
    )


def legacy(notes: Iterable[Made], media: Mapping[str, bytes] | None = None, types: Sequence[Type] = TYPES) -> bytes:
    """As Anki exports with "Support older Anki versions"."""
    files = media or {}
    return zipped(
        {
            "meta": b"\x08\x02",
            "collection.anki21": json_collection(notes, types),
            "collection.anki2": json_collection([Made((PLACEHOLDER, ""))], TYPES),
            **{str(place): data for place, data in enumerate(files.values())},
            "media": json.dumps({str(place): name for place, name in enumerate(files)}).encode(),
        }
    )


def zipped(entries: Mapping[str, bytes]) -> bytes:
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in entries.items():
            archive.writestr(name, data)
    return made.getvalue()


def packed(data: bytes) -> bytes:
    """In a stream that does not say its size, as Anki's are."""
    return zstandard.ZstdCompressor(write_content_size=False).compress(data)


# ---- collections -----------------------------------------------------------------------------------------------------

_NOTES = (
    "create table notes (id integer primary key, guid text not null, mid integer not null, mod integer not null,"
    " usn integer not null, tags text not null, flds text not null, sfld integer not null, csum integer not null,"
    " flags integer not null, data text not null)"
)
_CARDS = (
    "create table cards (id integer primary key, nid integer not null, did integer not null, ord integer not null,"
    " mod integer not null, usn integer not null, type integer not null, queue integer not null, due integer not null,"
    " ivl integer not null, factor integer not null, reps integer not null, lapses integer not null, left integer not"
    " null, odue integer not null, odid integer not null, flags integer not null, data text not null)"
)
_COL = (
    "create table col (id integer primary key, crt integer not null, mod integer not null, scm integer not null,"
    " ver integer not null, dty integer not null, usn integer not null, ls integer not null, conf text not null,"
    " models text not null, decks text not null, dconf text not null, tags text not null)"
)
_TABLES = (
    "create table notetypes (id integer not null primary key, name text not null collate unicase, mtime_secs integer"
    " not null, usn integer not null, config blob not null)",
    "create unique index idx_notetypes_name on notetypes (name)",
    "create table fields (ntid integer not null, ord integer not null, name text not null collate unicase, config blob"
    " not null, primary key (ntid, ord)) without rowid",
    "create unique index idx_fields_name_ntid on fields (name, ntid)",
    "create table templates (ntid integer not null, ord integer not null, name text not null collate unicase,"
    " mtime_secs integer not null, usn integer not null, config blob not null, primary key (ntid, ord)) without rowid",
    "create table decks (id integer primary key not null, name text not null collate unicase, mtime_secs integer not"
    " null, usn integer not null, common blob not null, kind blob not null)",
    "create unique index idx_decks_name on decks (name)",
    "create table deck_config (id integer primary key not null, name text not null collate unicase, mtime_secs integer"
    " not null, usn integer not null, config blob not null)",
    "create table tags (tag text not null primary key collate unicase, usn integer not null, collapsed boolean not"
    " null, config blob null) without rowid",
    "create table revlog (id integer primary key, cid integer not null, usn integer not null, ease integer not null,"
    " ivl integer not null, lastIvl integer not null, factor integer not null, time integer not null, type integer not"
    " null)",
    "create table graves (oid integer not null, type integer not null, usn integer not null, primary key (oid, type))"
    " without rowid",
    "create table config (KEY text not null primary key, usn integer not null, mtime_secs integer not null, val blob"
    " not null) without rowid",
)


def json_collection(notes: Iterable[Made], types: Sequence[Type], config: str = '{"nextPos": 1}') -> bytes:
    """Schema 11."""
    models = {
        str(place): {
            "id": place,
            "name": one.name,
            "type": int(one.cloze),
            "flds": [{"name": name, "ord": order} for order, name in enumerate(one.fields)],
            "tmpls": [
                {"name": f"Card {order + 1}", "ord": order, "qfmt": front, "afmt": back}
                for order, (front, back) in enumerate(one.templates)
            ],
        }
        for place, one in enumerate(types, 1)
    }
    database, decks = _filled(notes, types)
    named = {str(place): {"id": place, "name": name} for name, place in decks.items()}
    row = (config, json.dumps(models), json.dumps(named))
    database.execute("insert into col values (1, 0, 0, 0, 11, 0, 0, 0, ?, ?, ?, '{}', '{}')", row)
    return _bytes(database)


def hashed_collection(notes: Iterable[Made], types: Sequence[Type], config: Sequence[str] = ("nextPos",)) -> bytes:
    """Schema 18."""
    database, decks = _filled(notes, types)
    database.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    for table in _TABLES:
        database.execute(table)
    database.execute("insert into col values (1, 0, 0, 0, 18, 0, 0, 0, '', '', '', '', '')")
    for place, one in enumerate(types, 1):
        kind = number(1, 1) if one.cloze else b""
        database.execute("insert into notetypes values (?, ?, 0, 0, ?)", (place, one.name, kind))
        for order, name in enumerate(one.fields):
            database.execute("insert into fields values (?, ?, ?, x'')", (place, order, name))
        for order, (front, back) in enumerate(one.templates):
            sides = message(1, front.encode()) + message(2, back.encode())
            row = (place, order, f"Card {order + 1}", sides)
            database.execute("insert into templates values (?, ?, ?, 0, 0, ?)", row)
    for name, place in decks.items():
        named = (place, name.replace("::", "\x1f"), message(1, number(1, 1)))
        database.execute("insert into decks values (?, ?, 0, 0, x'', ?)", named)
    for key in config:
        database.execute("insert into config values (?, 0, 0, x'')", (key,))
    return _bytes(database)


def _filled(notes: Iterable[Made], types: Sequence[Type]) -> tuple[sqlite3.Connection, dict[str, int]]:
    database = sqlite3.connect(":memory:")
    for table in (_COL, _NOTES, _CARDS):
        database.execute(table)
    places = {one.name: place for place, one in enumerate(types, 1)}
    decks = {"Default": 1}
    for note_id, note in enumerate(notes, 1):
        row = (note_id, note.guid, places.get(note.type, 999), f" {note.tags} ", "\x1f".join(note.fields))
        database.execute("insert into notes values (?, ?, ?, 0, 0, ?, ?, '', 0, 0, '')", row)
        for order, deck in note.cards:
            card = (note_id, decks.setdefault(deck, len(decks) + 1), order)
            database.execute("insert into cards values (null, ?, ?, ?, 0,0,0,0,0,0,0,0,0,0,0,0,0,'')", card)
    return database, decks


def _bytes(database: sqlite3.Connection) -> bytes:
    database.commit()
    data = database.serialize()
    database.close()
    return data


# ---- protobuf --------------------------------------------------------------------------------------------------------


def message(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _entry(name: str, data: bytes) -> bytes:
    return message(1, name.encode()) + number(2, len(data)) + message(3, sha1(data).digest())


def _varint(value: int) -> bytes:
    made = bytearray()
    while value > 0x7F:
        made.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*made, value])
