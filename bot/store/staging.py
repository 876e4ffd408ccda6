"""Staged imports: files that were read whole and wait for somebody to say Import, kept so that no crash loses them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import msgspec

from ..errors import ImportGone
from ..formats.planning import Entry, Plan
from ..model import Card, Cohort, Deck
from ..states import ImportCounts, StagedImport, StagedState
from . import proposals
from .decks import body_of, card_of
from .ids import new_id
from .tx import Row, Tx

KEPT_MS = 24 * 3_600_000
"""How long a staged import waits, and what it did can be looked up."""
MOST_CARDS, MOST_CHARACTERS = 250, 250_000
"""Of one chunk; a single card may be longer."""
WRITTEN_AT_ONCE = 4
"""Chunks that are staged in one transaction, since that takes a fraction of the time that applying them does."""
MOST_REPORTED = 1_000


@dataclass(frozen=True, slots=True)
class Preview:
    """What an import would do, as it is kept."""

    counts: ImportCounts
    samples: tuple[Card, ...]


class StagedCard(msgspec.Struct, array_like=True):
    """A card of the file with its text as it will be kept; `known_id` and `moved` as of an `Entry`."""

    key: str
    part: str
    known_id: int
    moved: bool
    body: msgspec.Raw


_cards = msgspec.json.Decoder(list[StagedCard])


# ---- staging ---------------------------------------------------------------------------------------------------------


def chunks(entries: Sequence[Entry]) -> Iterator[tuple[int, Sequence[Entry]]]:
    """The entries in pieces that are written in one go, each with the position of its first."""
    first = size = 0
    for at, entry in enumerate(entries):
        card = entry.card
        length = len(card.prompt) + len(card.answer) + len(card.why) + len(card.cloze)
        if at > first and (at - first >= MOST_CARDS or size + length > MOST_CHARACTERS):
            yield first, entries[first:at]
            first, size = at, 0
        size += length
    if entries:
        yield first, entries[first:]


async def stage(tx: Tx, cohort: Cohort, deck: Deck, plan: Plan, version: int, file_name: str, by: str, now: int) -> int:
    """Put down what was read and what it would do; its cards follow. Returns the id of the staged import."""
    staged_id = new_id(now)
    report = [f"line {one.line}: {' '.join(one.text.split())}" for one in deck.problems[:MOST_REPORTED]]
    await tx.run(
        """insert into staged_imports (id, cohort_id, state, staged_by, staged_at, file_name, key, title, licence,
                                       source, version, preview, problems, report, cards)
           values (:id, :cohort, 'waiting', :by, :now, :file_name, :key, :title, :licence,
                   :source, :version, :preview, :problems, :report, :cards)""",
        id=staged_id,
        cohort=cohort.id,
        by=by,
        now=now,
        file_name=file_name,
        key=deck.key,
        title=deck.title,
        licence=deck.licence,
        source=deck.source,
        version=version,
        preview=msgspec.json.encode(Preview(plan.counts, plan.samples)).decode(),
        problems=len(deck.problems),
        report="\n".join(report),
        cards=len(plan.entries),
    )
    await proposals.put(tx, staged_id, plan.proposals)
    return staged_id


async def keep_chunks(tx: Tx, staged_id: int, written: Sequence[tuple[int, str]]) -> None:
    await tx.each(
        "insert into staged_cards (staged_id, first, entries) values (:staged, :first, :entries)",
        [{"staged": staged_id, "first": first, "entries": entries} for first, entries in written],
    )


def written(chunks: Iterable[tuple[int, Sequence[Entry]]]) -> list[tuple[int, str]]:
    """The next few chunks as JSON, in which each text stands as it will be kept; empty where there are no more."""
    return [(first, _written(entries)) for first, entries in islice(chunks, WRITTEN_AT_ONCE)]


def _written(entries: Iterable[Entry]) -> str:
    staged = [
        StagedCard(one.card.id, one.card.part, one.known_id, one.moved, msgspec.Raw(body_of(one.card)))
        for one in entries
    ]
    return msgspec.json.encode(staged).decode()


# ---- what stands where -----------------------------------------------------------------------------------------------


async def find(tx: Tx, staged_id: int) -> StagedImport:
    """Raises `ImportGone` for one that was cancelled, or is forgotten."""
    row = await tx.one(
        """select s.*, (select count(*) from proposals p where p.staged_id = s.id) as proposals,
                  (select count(*) from proposals p where p.staged_id = s.id and p.same is null) as unsettled,
                  (select count(*) from proposals p where p.staged_id = s.id and p.same = 1) as same,
                  i.added, i.changed, i.moved, i.back, i.kept, i.retired
           from staged_imports s left join imports i on i.id = s.import_id
           where s.id = :id and s.state <> 'cancelled'""",
        id=staged_id,
    )
    if row is None:
        raise ImportGone
    return _staged(row)


def _staged(row: Row) -> StagedImport:
    preview = msgspec.json.decode(row["preview"], type=Preview)
    return StagedImport(
        id=row["id"],
        cohort_id=row["cohort_id"],
        state=StagedState(row["state"]),
        title=row["title"],
        file_name=row["file_name"],
        staged_by=row["staged_by"],
        cards=row["cards"],
        applied=row["applied"],
        counts=_done(row) if row["import_id"] else _settled(preview.counts, row["same"]),
        samples=preview.samples,
        proposals=row["proposals"],
        unsettled=row["unsettled"],
        problems=row["problems"],
        report=tuple(row["report"].splitlines()),
    )


def _done(row: Row) -> ImportCounts:
    return ImportCounts(**{name: row[name] for name in ("added", "changed", "moved", "back", "kept", "retired")})


def _settled(counts: ImportCounts, same: int) -> ImportCounts:
    """A card that somebody said is the same is neither added nor retired: its question changed."""
    return replace(counts, added=counts.added - same, retired=counts.retired - same, changed=counts.changed + same)


async def head_of(tx: Tx, staged_id: int) -> Deck:
    """The deck that one would make, without its cards."""
    row = await tx.one("select key, title, licence, source from staged_imports where id = :id", id=staged_id)
    assert row is not None
    return Deck(row["key"], row["title"], "", (), licence=row["licence"], source=row["source"])


async def deck_of(tx: Tx, staged_id: int) -> Deck:
    """The deck that one which waits would make."""
    rows = await tx.all("select entries from staged_cards where staged_id = :staged order by first", staged=staged_id)
    cards = (card_of(one.body) for row in rows for one in _cards.decode(row["entries"]))
    return replace(await head_of(tx, staged_id), cards=tuple(cards))


async def compared_with(tx: Tx, staged_id: int) -> int:
    """The version that the deck had then."""
    row = await tx.one("select version from staged_imports where id = :id", id=staged_id)
    assert row is not None
    return int(row["version"])


async def replace_by(tx: Tx, old: int, new: int) -> None:
    """The same file was compared anew: what was odd in it is known already."""
    await tx.run(
        """update staged_imports set (problems, report) = (select problems, report from staged_imports where id = :old)
           where id = :new""",
        old=old,
        new=new,
    )
    await leave(tx, old, StagedState.CANCELLED)


# ---- applying --------------------------------------------------------------------------------------------------------


async def start(tx: Tx, staged_id: int, import_id: int) -> None:
    await tx.run(
        "update staged_imports set state = 'applying', import_id = :run where id = :id", run=import_id, id=staged_id
    )


async def to_apply(tx: Tx) -> list[int]:
    """Those that were begun and are not at their end."""
    rows = await tx.all("select id from staged_imports where state = 'applying' order by id")
    return [row["id"] for row in rows]


async def run_of(tx: Tx, staged_id: int) -> int:
    """The run that applies it; 0 where none does any more."""
    row = await tx.one("select import_id from staged_imports where id = :id and state = 'applying'", id=staged_id)
    return int(row["import_id"]) if row else 0


async def take_chunk(tx: Tx, staged_id: int) -> tuple[int, list[StagedCard]] | None:
    """The next cards with the position of their first, which are staged no more; None where all are applied."""
    row = await tx.one(
        "select first, entries from staged_cards where staged_id = :staged order by first limit 1", staged=staged_id
    )
    if row is None:
        return None
    first, cards = row["first"], _cards.decode(row["entries"])
    await tx.run("delete from staged_cards where staged_id = :staged and first = :first", staged=staged_id, first=first)
    await tx.run(
        "update staged_imports set applied = :applied where id = :id", applied=first + len(cards), id=staged_id
    )
    for position, card_id in await proposals.same(tx, staged_id, first, first + len(cards)):
        cards[position - first].known_id = card_id
    return first, cards


async def leave(tx: Tx, staged_id: int, state: StagedState) -> None:
    """Done, stopped or cancelled."""
    await tx.run("update staged_imports set state = :state where id = :id", state=state.value, id=staged_id)


async def to_forget(tx: Tx, now: int) -> list[int]:
    """Those that were cancelled, and those that nobody needs any more."""
    rows = await tx.all(
        """select id from staged_imports
           where state = 'cancelled' or (state <> 'applying' and staged_at < :before) order by id""",
        before=now - KEPT_MS,
    )
    return [row["id"] for row in rows]


async def forget_some(tx: Tx, staged_id: int) -> bool:
    """Take away a piece of one; False where nothing of it is left. From the first piece on it cannot be applied."""
    if not await tx.run(
        "update staged_imports set state = 'cancelled' where id = :staged and state <> 'applying'", staged=staged_id
    ):
        return False
    gone = await tx.run(
        """delete from staged_cards where staged_id = :staged and first in (
             select first from staged_cards where staged_id = :staged order by first limit 4)""",
        staged=staged_id,
    )
    if gone:
        return True
    await tx.run("delete from staged_imports where id = :staged", staged=staged_id)
    return False
