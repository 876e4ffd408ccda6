"""Posts: one day's cards of one cohort, unique by (cohort, local day)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..errors import CardGone
from ..model import AskedCard, Cohort, PostState, PostStyle, RatingInput, Source, SourceKind
from .decks import card_of
from .ids import new_id
from .tx import Tx


@dataclass(frozen=True, slots=True)
class PickedCard:
    """A card chosen for a post, and why, in words."""

    card_id: int
    reason: str


async def plan(tx: Tx, cohort: Cohort, day: int, now: int, *, skipped: str = "") -> int | None:
    """The day's post, to be filled (or skipped, for this reason); None where the day has one already."""
    post_id = new_id(now)
    made = await tx.run(
        """insert into posts (id, cohort_id, day, style, rating_input, state, reason, planned_at)
           values (:id, :cohort, :day, :style, :input, :state, :reason, :now)
           on conflict (cohort_id, day) do nothing""",
        id=post_id,
        cohort=cohort.id,
        day=day,
        style=cohort.settings.style.value,
        input=cohort.settings.rating_input.value,
        state="skipped" if skipped else "choosing",
        reason=skipped,
        now=now,
    )
    return post_id if made else None


async def to_choose(tx: Tx) -> list[tuple[int, int, int]]:
    """Posts that wait for their cards: (post, cohort, day)."""
    rows = await tx.all("select id, cohort_id, day from posts where state = 'choosing' order by id")
    return [(row["id"], row["cohort_id"], row["day"]) for row in rows]


async def fill(tx: Tx, post_id: int, cards: Sequence[PickedCard]) -> bool:
    """Give a post its cards and open it; False where somebody else did."""
    state = "open" if cards else "skipped"
    reason = "" if cards else "No card could be chosen: the group's decks are empty."
    opened = await tx.run(
        "update posts set state = :state, reason = :reason where id = :id and state = 'choosing'",
        id=post_id,
        state=state,
        reason=reason,
    )
    if not opened:
        return False
    for position, picked in enumerate(cards):
        await tx.run(
            """insert into post_cards (post_id, position, card_id, revision, reason)
               select :post, :position, id, revision, :reason from cards where id = :card""",
            post=post_id,
            position=position,
            card=picked.card_id,
            reason=picked.reason,
        )
    return bool(cards)


async def skip(tx: Tx, post_id: int, reason: str) -> None:
    """Leave a post out that still waits for its cards."""
    await tx.run(
        "update posts set state = 'skipped', reason = :reason where id = :id and state = 'choosing'",
        id=post_id,
        reason=reason,
    )


async def close_before(tx: Tx, cohort_id: int, day: int, now: int) -> list[int]:
    """Close the cohort's open posts of earlier days; returns them."""
    rows = await tx.all(
        """update posts set state = 'closed', closed_at = :now
           where cohort_id = :cohort and state = 'open' and day < :day returning id""",
        cohort=cohort_id,
        day=day,
        now=now,
    )
    return [row["id"] for row in rows]


async def latest(tx: Tx, cohort_id: int) -> int | None:
    row = await tx.one(
        "select id from posts where cohort_id = :cohort and state in ('open', 'closed') order by day desc limit 1",
        cohort=cohort_id,
    )
    return row["id"] if row else None


async def cohort_of(tx: Tx, post_id: int) -> int:
    row = await tx.one("select cohort_id from posts where id = :id", id=post_id)
    if row is None:
        raise CardGone
    return int(row["cohort_id"])


async def state(tx: Tx, post_id: int) -> PostState:
    """The post as everybody sees it, with the current text of its cards."""
    row = await tx.one("select id, cohort_id, day, style, rating_input, state from posts where id = :id", id=post_id)
    if row is None:
        raise CardGone
    cards = await tx.all(
        """select pc.position, pc.reason, c.id, c.body, c.revision, d.title
           from post_cards pc join cards c on c.id = pc.card_id join decks d on d.id = c.deck_id
           where pc.post_id = :post order by pc.position""",
        post=post_id,
    )
    source = Source(SourceKind.POST, post_id)
    return PostState(
        id=post_id,
        cohort_id=row["cohort_id"],
        day=row["day"],
        style=PostStyle(row["style"]),
        rating_input=RatingInput(row["rating_input"]),
        open=row["state"] == "open",
        closed=row["state"] == "closed",
        title=_title([card["title"] for card in cards]),
        cards=tuple(
            AskedCard(source, card["position"], 0, card["id"], card["revision"], card_of(card["body"]))
            for card in cards
        ),
        reasons=tuple(card["reason"] for card in cards),
        studied=await studied(tx, post_id),
    )


def _title(decks: Sequence[str]) -> str:
    """One deck's own title; several are named in order, and more than two are counted."""
    titles = list(dict.fromkeys(decks))
    return " and ".join(titles) if len(titles) <= 2 else f"{len(titles)} decks"


async def studied(tx: Tx, post_id: int) -> int:
    """How many people rated at least one card of this post."""
    row = await tx.one(
        "select count(distinct learner_id) as people from reviews where post_id = :post and rating is not null",
        post=post_id,
    )
    assert row is not None
    return int(row["people"])


async def planned_at(tx: Tx, post_id: int) -> int:
    row = await tx.one("select planned_at from posts where id = :id", id=post_id)
    return int(row["planned_at"]) if row else 0
