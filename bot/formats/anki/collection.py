"""Anki's collection, an SQLite file, read as what a stranger sent.

1. The file lives in memory and is only read; nothing in it is trusted to be what Anki would write.
2. Notes and cards must be plain tables with plain columns: a view or a computed column could run for ever.
3. What is counted: the rows, the length of each value, the text in all, and the steps that SQLite takes.
4. Scheduling, review history, suspension and flags are not read: they belong to the person who studied.
"""

import json
import sqlite3
from dataclasses import dataclass
from operator import itemgetter, methodcaller

from bot.errors import DeckError

from ..html import clean
from . import protobuf
from .notes import Note, NoteType, Template, note_type_of, tags_of

MOST_NOTES = 200_000
MOST_CARDS = 400_000
MOST_VALUE = 16_000_000
"""Bytes of one value; all note types together are one value in older files."""
MOST_FIELDS = 1_000_000
"""Characters of one note."""
MOST_STEPS = 40_000_000
_STEPS = 10_000
_TYPES_IN_TABLES = 15
"""Since this version of the schema note types and decks have tables of their own."""
_COLUMNS = {
    "col": ("ver", "conf", "models", "decks"), "config": ("KEY",), "notes": ("id", "guid", "mid", "tags", "flds"),
    "cards": ("nid", "did", "ord", "odid"), "notetypes": ("id", "name", "config"), "fields": ("ntid", "ord", "name"),
    "templates": ("ntid", "ord", "name", "config"), "decks": ("id", "name"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Collection:
    """`long` counts notes that are too long to be cards, `unknown` those whose note type is missing."""

    notes: tuple[Note, ...]
    long: int = 0
    unknown: int = 0


def read_collection(data: bytearray, file_name: str) -> Collection:
    """The notes of a collection, in the order of decks and then of notes. Raises DeckError."""
    if not data.startswith(b"SQLite format 3\0"):
        raise _damaged(file_name)
    if data[18:20] == b"\x02\x02":
        # The mark of a write-ahead log: SQLite would look for its file, which an exported collection does not need.
        data[18:20] = b"\x01\x01"
    connection = sqlite3.connect(":memory:")
    try:
        return _read(connection, data, file_name)
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise _damaged(file_name) from error
    finally:
        connection.close()


def _damaged(file_name: str) -> DeckError:
    return DeckError(f"{file_name}: the cards in this package are damaged.", "Export the deck from Anki once more.")


def _too_many(file_name: str) -> DeckError:
    return DeckError(f"{file_name} has more than {MOST_NOTES:,} notes.", "Split the deck in Anki, then export it.")


def _read(connection: sqlite3.Connection, data: bytearray, file_name: str) -> Collection:
    _open(connection, data)
    _check(connection, "col", "notes", "cards")
    (version,) = connection.execute("select cast(ver as integer) from col limit 1").fetchone()
    _refuse_private(connection, version, file_name)
    types, decks = (_from_tables if version >= _TYPES_IN_TABLES else _from_json)(connection)
    places = _places(connection, decks, file_name)
    return _notes(connection, types, places, file_name)


def _open(connection: sqlite3.Connection, data: bytearray) -> None:
    connection.deserialize(data)
    data.clear()
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MOST_VALUE)
    connection.create_collation("unicase", lambda one, other: (one > other) - (one < other))
    connection.text_factory = methodcaller("decode", "utf-8", "replace")
    for rule in ("query_only = 1", "trusted_schema = 0", "cell_size_check = 1", "temp_store = 2"):
        connection.execute(f"pragma {rule}")
    left = MOST_STEPS // _STEPS

    def take_steps() -> int:
        nonlocal left
        left -= 1
        return left < 0

    connection.set_progress_handler(take_steps, _STEPS)


def _check(connection: sqlite3.Connection, *names: str) -> None:
    """Raises ValueError unless these are tables with the columns that are read, stored and not computed."""
    for name in names:
        found = connection.execute("select type, sql from sqlite_master where name = ?", (name,)).fetchall()
        if len(found) != 1 or found[0][0] != "table" or "virtual" in str(found[0][1]).lower().split()[:2]:
            raise ValueError(f"{name} is no table")
        columns = {row[1]: row[6] for row in connection.execute(f"pragma table_xinfo({name})")}
        if any(columns.get(column) != 0 for column in _COLUMNS[name]):
            raise ValueError(f"{name} has other columns")


def _refuse_private(connection: sqlite3.Connection, version: int, file_name: str) -> None:
    """A whole collection remembers which deck and note type its owner used last; an exported deck does not."""
    if version >= _TYPES_IN_TABLES:
        _check(connection, "config")
        keys = [key for (key,) in connection.execute("select KEY from config limit 10000")]
    else:
        keys = list(json.loads(connection.execute("select conf from col limit 1").fetchone()[0]))
    if any(str(key).startswith(("_deck_", "_nt_")) for key in keys):
        raise private_collection(file_name)


def private_collection(file_name: str) -> DeckError:
    return DeckError(
        f"{file_name} is a whole Anki collection, with all that is private in it, so it was not read.",
        "In Anki, choose one deck, then Export, Anki Deck Package (.apkg), without scheduling information.",
    )


# ---- note types and decks --------------------------------------------------------------------------------------------

Types = dict[int, NoteType]
Decks = dict[int, str]


def _from_json(connection: sqlite3.Connection) -> tuple[Types, Decks]:
    models, decks = connection.execute("select models, decks from col limit 1").fetchone()
    types = {int(key): note_type_of(model) for key, model in json.loads(models).items()}
    return types, {int(key): clean(str(deck["name"])) for key, deck in json.loads(decks).items()}


def _from_tables(connection: sqlite3.Connection) -> tuple[Types, Decks]:
    _check(connection, "notetypes", "fields", "templates", "decks")
    fields: dict[int, list[tuple[int, str]]] = {}
    for type_id, number, name in connection.execute("select ntid, ord, name from fields limit 100000"):
        fields.setdefault(type_id, []).append((number, clean(name)))
    templates: dict[int, dict[int, Template]] = {}
    for type_id, number, name, config in connection.execute(
        "select ntid, ord, name, config from templates limit 50000"
    ):
        made = Template(clean(name), protobuf.text(config, 1), protobuf.text(config, 2))
        templates.setdefault(type_id, {})[number] = made
    types = {}
    for type_id, name, config in connection.execute("select id, name, config from notetypes limit 10000"):
        names = tuple(field for _, field in sorted(fields.get(type_id, [])))
        types[type_id] = NoteType(clean(name), names, templates.get(type_id, {}), protobuf.number(config, 1) == 1)
    rows = connection.execute("select id, name from decks limit 100000")
    return types, {deck_id: clean(name.replace("\x1f", "::")) for deck_id, name in rows}


# ---- notes -----------------------------------------------------------------------------------------------------------

Places = dict[int, list[tuple[int, str]]]


def _places(connection: sqlite3.Connection, decks: Decks, file_name: str) -> Places:
    """Which cards each note has, and in which decks; a card lent to a filtered deck counts where it belongs."""
    found: Places = {}
    rows = connection.execute("select cast(nid as integer), cast(ord as integer), did, odid from cards")
    for count, (note_id, number, deck_id, home) in enumerate(rows):
        if count >= MOST_CARDS:
            raise _too_many(file_name)
        found.setdefault(note_id, []).append((number, decks.get(home or deck_id, "")))
    return found


def _notes(connection: sqlite3.Connection, types: Types, places: Places, file_name: str) -> Collection:
    notes: list[tuple[str, int, Note]] = []
    known: dict[str, tuple[str, ...]] = {}
    long = unknown = 0
    for count, (note_id, guid, type_id, tags, flds) in enumerate(_rows(connection)):
        if count >= MOST_NOTES:
            raise _too_many(file_name)
        where = tuple(sorted(places.get(note_id, ())))
        note_type = types.get(type_id)
        if note_type is None or not note_type.fields:
            unknown += 1
        elif len(flds) > MOST_FIELDS:
            long += 1
        elif where:
            tagged = known.get(tags) or known.setdefault(tags, tags_of(clean(tags)))
            note = Note(clean(guid), note_type, tuple(flds.split("\x1f")), tagged, where)
            notes.append((where[0][1], note_id, note))
    notes.sort(key=itemgetter(0, 1))
    return Collection(tuple([note for _, _, note in notes]), long, unknown)


def _rows(connection: sqlite3.Connection) -> sqlite3.Cursor:
    """Each value as what it should be, whatever was stored: SQLite lets any column hold anything."""
    return connection.execute(
        "select cast(id as integer), cast(guid as text), cast(mid as integer), cast(tags as text), cast(flds as text)"
        " from notes"
    )
