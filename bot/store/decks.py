"""Decks and their cards: what a file brings in, card by card, without ever losing what reviews point at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter

import msgspec

from ..errors import CardGone, DeckError
from ..model import Card, Deck
from .ids import new_id
from .tx import Row, Tx, Value


@dataclass(frozen=True, slots=True)
class ImportCounts:
    added: int
    changed: int
    back: int
    kept: int
    retired: int

    def named(self) -> dict[str, int]:
        """The counts under the words that people read."""
        return {
            "added": self.added,
            "changed": self.changed,
            "back again": self.back,
            "kept": self.kept,
            "retired": self.retired,
        }


@dataclass(frozen=True, slots=True)
class DeckSummary:
    """A deck of a cohort: `met` of its cards have been posted; `reported` counts cards that may hold a mistake."""

    title: str
    licence: str
    cards: int
    met: int
    reported: int


_KEPT = tuple(field.name for field in fields(Card) if field.name != "line")
_kept = attrgetter(*_KEPT)


def body_of(card: Card) -> str:
    """A card's text as it is kept: everything but where it stood in its file."""
    return msgspec.json.encode(dict(zip(_KEPT, _kept(card), strict=True))).decode()


def card_of(body: str) -> Card:
    return msgspec.json.decode(body, type=Card)


async def begin_import(tx: Tx, workspace_id: int, cohort_id: int, deck: Deck, now: int) -> tuple[int, int]:
    """Start a run on the deck, made one of the cohort's where it is not. Returns (import id, deck id)."""
    row = await tx.one(
        """insert into decks (id, workspace_id, key, title, licence, source)
           values (:id, :workspace, :key, :title, :licence, :source)
           on conflict (workspace_id, key) do update
           set title = excluded.title, licence = excluded.licence, source = excluded.source
           returning id""",
        id=new_id(now),
        workspace=workspace_id,
        key=deck.key,
        title=deck.title,
        licence=deck.licence,
        source=deck.source,
    )
    assert row is not None
    newest = await tx.one("select coalesce(max(id), 0) as id from imports")
    assert newest is not None
    import_id = max(new_id(now), newest["id"] + 1)  # the newest run, even where the clock was set back
    await tx.run(
        "insert into imports (id, deck_id, started_at) values (:id, :deck, :now)", id=import_id, deck=row["id"], now=now
    )
    await tx.run(
        """insert into cohort_decks (cohort_id, deck_id, position)
           select :cohort, :deck, coalesce(max(position) + 1, 0) from cohort_decks where cohort_id = :cohort
           on conflict (cohort_id, deck_id) do nothing""",
        cohort=cohort_id,
        deck=row["id"],
    )
    return import_id, row["id"]


async def import_cards(tx: Tx, import_id: int, deck_id: int, cards: Sequence[Card], first: int, now: int) -> None:
    """Add or change these cards, which stand in the file from position `first` on.

    Raises `DeckError` where a newer run of the deck has begun: two that mix would retire each other's cards.
    """
    await _check_newest(tx, import_id, deck_id)
    there = await _there(tx, deck_id, cards)
    counts = {"added": 0, "changed": 0, "back": 0, "kept": 0}
    rows = []
    for position, card in enumerate(cards, first):
        old, body = there.get((card.id, card.part)), body_of(card)
        counts[_what_became(old, body)] += 1
        rows.append(_row(deck_id, import_id, card, body, position, old, now))
    await _put(tx, rows)
    await tx.run(
        """update imports set added = added + :added, changed = changed + :changed,
                  back = back + :back, kept = kept + :kept
           where id = :id""",
        id=import_id,
        **counts,
    )


async def _there(tx: Tx, deck_id: int, cards: Sequence[Card]) -> dict[tuple[str, str], Row]:
    """What the deck holds of these cards, by their names."""
    keys = {f"key{number}": card.id for number, card in enumerate(cards)}
    rows = await tx.all(
        f"""select id, key, part, body, revision, retired_at from cards
            where deck_id = :deck and key in ({", ".join(f":{name}" for name in keys)})""",
        deck=deck_id,
        **keys,
    )
    return {(row["key"], row["part"]): row for row in rows}


def _what_became(old: Row | None, body: str) -> str:
    if old is None:
        return "added"
    if old["retired_at"] is not None:
        return "back"
    return "changed" if old["body"] != body else "kept"


def _row(
    deck_id: int, import_id: int, card: Card, body: str, position: int, old: Row | None, now: int
) -> dict[str, Value]:
    card_id, revision = (new_id(now), 1) if old is None else (old["id"], old["revision"] + (old["body"] != body))
    return {
        "id": card_id, "deck": deck_id, "key": card.id, "part": card.part, "body": body, "revision": revision,
        "position": position, "run": import_id, "now": now,
    }  # fmt: skip


async def _put(tx: Tx, rows: Sequence[Mapping[str, Value]]) -> None:
    """These cards as they are now; a text that is replaced stays among the revisions."""
    await tx.each(
        """insert into card_revisions (card_id, revision, body, replaced_at)
           select id, revision, body, :now from cards where id = :id and revision < :revision""",
        [row for row in rows if row["revision"] != 1],
    )
    await tx.each(
        """insert into cards (id, deck_id, key, part, body, revision, position, import_id)
           values (:id, :deck, :key, :part, :body, :revision, :position, :run)
           on conflict (id) do update
           set body = excluded.body, revision = excluded.revision, position = excluded.position,
               import_id = excluded.import_id, retired_at = null""",
        rows,
    )


async def _check_newest(tx: Tx, import_id: int, deck_id: int) -> None:
    newer = await tx.one("select 1 from imports where deck_id = :deck and id > :run", deck=deck_id, run=import_id)
    if newer is not None:
        raise DeckError("This deck is being imported once more, so this run has stopped.", "Nothing is lost.")


async def finish_import(tx: Tx, import_id: int, deck_id: int, now: int) -> ImportCounts:
    """Retire the deck's cards that this run did not see; their history stays, and comes back with them.

    Raises `DeckError` where a newer run of the deck has begun.
    """
    await _check_newest(tx, import_id, deck_id)
    retired = await tx.run(
        "update cards set retired_at = :now where deck_id = :deck and import_id <> :run and retired_at is null",
        deck=deck_id,
        now=now,
        run=import_id,
    )
    row = await tx.one(
        """update imports set ended_at = :now, retired = :retired where id = :id
           returning added, changed, back, kept, retired""",
        id=import_id,
        now=now,
        retired=retired,
    )
    assert row is not None
    return ImportCounts(**{name: row[name] for name in ("added", "changed", "back", "kept", "retired")})


async def of_cohort(tx: Tx, cohort_id: int) -> list[DeckSummary]:
    rows = await tx.all(
        """select d.title, d.licence,
                  (select count(*) from cards c where c.deck_id = d.id and c.retired_at is null) as cards,
                  (select count(distinct pc.card_id) from posts p join post_cards pc on pc.post_id = p.id
                   join cards c on c.id = pc.card_id
                   where p.cohort_id = :cohort and c.deck_id = d.id and c.retired_at is null) as met,
                  (select count(distinct r.card_id) from reports r join cards c on c.id = r.card_id
                   where r.cohort_id = :cohort and c.deck_id = d.id and r.revision = c.revision) as reported
           from cohort_decks cd join decks d on d.id = cd.deck_id
           where cd.cohort_id = :cohort order by cd.position""",
        cohort=cohort_id,
    )
    return [DeckSummary(row["title"], row["licence"], row["cards"], row["met"], row["reported"]) for row in rows]


async def with_title_like(tx: Tx, cohort_id: int, text: str) -> list[tuple[int, str]]:
    """The cohort's decks (id, title) whose title or key holds these words, whatever their case; the likeliest first."""
    rows = await tx.all(
        """select d.id, d.title, d.key from cohort_decks cd join decks d on d.id = cd.deck_id
           where cd.cohort_id = :cohort order by cd.position""",
        cohort=cohort_id,
    )
    wanted = text.casefold()
    found = [row for row in rows if wanted in row["title"].casefold() or wanted in row["key"].casefold()]
    found.sort(key=lambda row: _unlike(row["title"].casefold(), wanted))
    return [(row["id"], row["title"]) for row in found]


def _unlike(title: str, wanted: str) -> int:
    """How far a title is from what is wanted: the same, begun by it, or neither."""
    return 0 if title == wanted else 1 if title.startswith(wanted) else 2


async def card(tx: Tx, card_id: int) -> tuple[Card, int]:
    """A card's current text and revision, retired or not."""
    row = await tx.one("select body, revision from cards where id = :id", id=card_id)
    if row is None:
        raise CardGone
    return card_of(row["body"]), row["revision"]


async def never_ask(tx: Tx, learner_id: int, card_id: int, now: int) -> None:
    await tx.run(
        """insert into set_aside (learner_id, card_id, set_at) values (:learner, :card, :now)
           on conflict (learner_id, card_id) do nothing""",
        learner=learner_id,
        card=card_id,
        now=now,
    )


async def ask_again(tx: Tx, learner_id: int, card_id: int) -> None:
    await tx.run(
        "delete from set_aside where learner_id = :learner and card_id = :card", learner=learner_id, card=card_id
    )


async def report(tx: Tx, cohort_id: int, learner_id: int, card_id: int, revision: int, now: int) -> None:
    """Say that this revision of a card may hold a mistake; once per learner."""
    await tx.run(
        """insert into reports (card_id, learner_id, cohort_id, revision, reported_at)
           values (:card, :learner, :cohort, :revision, :now)
           on conflict (card_id, learner_id) do update
           set revision = excluded.revision, reported_at = excluded.reported_at""",
        card=card_id,
        learner=learner_id,
        cohort=cohort_id,
        revision=revision,
        now=now,
    )
