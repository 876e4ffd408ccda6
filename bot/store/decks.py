"""Decks and their cards: what there is of a deck, what a card says, and what people say of it."""

from dataclasses import dataclass

import msgspec
from msgspec.structs import replace

from ..errors import CardGone
from ..formats.planning import Known
from ..model import Card
from .tx import Tx

READ_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class DeckSummary:
    """A deck of a cohort: `met` of its cards have been posted; `reported` counts cards that may hold a mistake."""

    title: str
    licence: str
    cards: int
    met: int
    reported: int


_card = msgspec.json.Decoder(Card)


def body_of(card: Card) -> bytes:
    """A card's text as it is kept, as JSON: everything but where it stood in its file, and what is empty."""
    return msgspec.json.encode(replace(card, line=0))


def card_of(body: str | bytes) -> Card:
    return _card.decode(body)


async def version_of(tx: Tx, workspace_id: int, key: str) -> int:
    """Of the deck; 0 where there is none."""
    row = await tx.one(
        "select version from decks where workspace_id = :workspace and key = :key", workspace=workspace_id, key=key
    )
    return int(row["version"]) if row else 0


async def known_after(tx: Tx, workspace_id: int, key: str, after: int) -> list[Known]:
    """A page of the deck's cards in deck order, those after this card; 0: the first page."""
    rows = await tx.all(
        """select c.id, c.body, c.retired_at from decks d join cards c on c.deck_id = d.id
           where d.workspace_id = :workspace and d.key = :key
             and (:after = 0 or (c.position, c.id) > (select position, id from cards where id = :after))
           order by c.position, c.id limit :most""",
        workspace=workspace_id,
        key=key,
        after=after,
        most=READ_AT_ONCE,
    )
    return [Known(row["id"], card_of(row["body"]), row["retired_at"] is not None) for row in rows]


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
