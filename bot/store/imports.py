"""A run of an import: cards are added, changed and retired in chunks, and nothing that reviews point at is lost."""

from collections.abc import Mapping, Sequence

from ..formats.difference import content
from ..model import Deck
from ..states import ImportCounts
from .decks import card_of
from .ids import new_id
from .staging import StagedCard
from .tx import Row, Tx, Value


async def begin(tx: Tx, workspace_id: int, cohort_id: int, deck: Deck, now: int) -> int:
    """Start a run on the deck, made one of the cohort's where it is not; the cards come later. Returns its id."""
    row = await tx.one(
        """insert into decks (id, workspace_id, key, title, licence, source)
           values (:id, :workspace, :key, :title, :licence, :source)
           on conflict (workspace_id, key) do update
           set title = excluded.title, licence = excluded.licence, source = excluded.source,
               version = decks.version + 1
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
    return int(import_id)


async def go_on(tx: Tx, import_id: int) -> int | None:
    """The run's deck, which changes now once more; None where a newer run has begun.

    Two runs that mix would retire each other's cards.
    """
    row = await tx.one(
        """update decks set version = version + 1
           where id = (select deck_id from imports where id = :run)
             and not exists (select 1 from imports i where i.deck_id = decks.id and i.id > :run)
           returning id""",
        run=import_id,
    )
    return row["id"] if row else None


async def put(tx: Tx, import_id: int, deck_id: int, cards: Sequence[StagedCard], first: int, now: int) -> None:
    """Add or change these cards, which stand in the file from position `first` on."""
    there = await _there(tx, [card.known_id for card in cards if card.known_id])
    counts = dict.fromkeys(("changed", "moved", "back", "kept"), 0)
    added: list[Mapping[str, Value]] = []
    known: list[Mapping[str, Value]] = []
    for position, card in enumerate(cards, first):
        row: dict[str, Value] = {"key": card.key, "part": card.part, "position": position, "run": import_id}
        row["body"] = body = str(card.body, "utf-8")
        if old := there.get(card.known_id):
            is_changed = _is_changed(old["body"], body)
            counts[_what_became(old, card, is_changed=is_changed)] += 1
            row |= {"id": old["id"], "revision": old["revision"] + is_changed, "now": now}
            known.append(row)
        else:
            row |= {"id": new_id(now), "deck": deck_id}
            added.append(row)
    await _change(tx, known)
    await _add(tx, added)
    await _count(tx, import_id, added=len(added), **counts)


async def _count(tx: Tx, import_id: int, **counts: int) -> None:
    await tx.run(
        """update imports set added = added + :added, changed = changed + :changed, moved = moved + :moved,
                  back = back + :back, kept = kept + :kept
           where id = :id""",
        id=import_id,
        **counts,
    )


async def _there(tx: Tx, card_ids: Sequence[int]) -> dict[int, Row]:
    if not card_ids:
        return {}
    ids = {f"id{number}": card_id for number, card_id in enumerate(card_ids)}
    names = ", ".join(f":{name}" for name in ids)
    rows = await tx.all(f"select id, body, revision, retired_at from cards where id in ({names})", **ids)
    return {row["id"]: row for row in rows}


def _is_changed(old: str, new: str) -> bool:
    """Whether people read something else; another id or section is no new revision."""
    return old != new and content(card_of(old)) != content(card_of(new))


def _what_became(old: Row, card: StagedCard, *, is_changed: bool) -> str:
    if old["retired_at"] is not None:
        return "back"
    if is_changed:
        return "changed"
    return "moved" if card.moved else "kept"


async def _change(tx: Tx, rows: Sequence[Mapping[str, Value]]) -> None:
    """Cards that are there as they are now; a text that is replaced stays among the revisions."""
    await tx.each(
        """insert into card_revisions (card_id, revision, body, replaced_at)
           select id, revision, body, :now from cards where id = :id and revision < :revision""",
        [row for row in rows if row["revision"] != 1],
    )
    await tx.each(
        """update cards set key = :key, part = :part, body = :body, revision = :revision, position = :position,
                  import_id = :run, retired_at = null
           where id = :id""",
        rows,
    )


async def _add(tx: Tx, rows: Sequence[Mapping[str, Value]]) -> None:
    await tx.each(
        """insert into cards (id, deck_id, key, part, body, revision, position, import_id)
           values (:id, :deck, :key, :part, :body, 1, :position, :run)""",
        rows,
    )


async def retire_some(tx: Tx, import_id: int, deck_id: int, now: int, most: int) -> int:
    """Retire at most so many cards of the deck that this run did not see, and say how many.

    Their history stays, and comes back with them.
    """
    retired = await tx.run(
        """update cards set retired_at = :now where id in (
             select id from cards where deck_id = :deck and import_id <> :run and retired_at is null limit :most)""",
        deck=deck_id,
        now=now,
        run=import_id,
        most=most,
    )
    await tx.run("update imports set retired = retired + :retired where id = :id", retired=retired, id=import_id)
    return retired


async def end(tx: Tx, import_id: int, now: int) -> ImportCounts:
    row = await tx.one(
        """update imports set ended_at = :now where id = :id
           returning added, changed, moved, back, kept, retired""",
        id=import_id,
        now=now,
    )
    assert row is not None
    return ImportCounts(**{name: row[name] for name in row.keys()})  # noqa: SIM118 (a row is no dictionary)
