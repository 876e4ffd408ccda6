"""Posts: one day's cards of one cohort, unique by (cohort, local day)."""

from collections.abc import Sequence
from dataclasses import dataclass

from ..clock import clock_time, weekday
from ..errors import CardGone
from ..model import Cohort, PostStyle, RatingInput, Source, SourceKind, Window
from ..states import AskedCard, LastWeek, PostState
from . import standings
from .cohorts import settings_of
from .decks import card_of
from .ids import new_id
from .tx import Tx

LATE_MS = 10 * 60_000
"""A post that comes within this time is on time: nobody is told."""
STANDINGS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class PickedCard:
    """A card chosen for a post, and why, in words."""

    card_id: int
    reason: str


async def plan(tx: Tx, cohort: Cohort, day: int, due_at: int, now: int, *, skipped: str = "") -> int | None:
    """The day's post, to be filled (or skipped, for this reason); None where the day has one already."""
    post_id = new_id(now)
    made = await tx.run(
        """insert into posts (id, cohort_id, day, style, rating_input, state, reason, due_at, planned_at)
           values (:id, :cohort, :day, :style, :input, :state, :reason, :due_at, :now)
           on conflict (cohort_id, day) do nothing""",
        id=post_id,
        cohort=cohort.id,
        day=day,
        style=cohort.settings.style.value,
        input=cohort.settings.rating_input.value,
        state="skipped" if skipped else "choosing",
        reason=skipped,
        due_at=due_at,
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


async def went_out(tx: Tx, post_id: int, now: int) -> bool:
    """Its first message was sent, even if it was skipped just then; False if that was known."""
    first = await tx.run(
        """update posts set opened_at = :now, reason = '',
                  state = case when state = 'skipped' then 'open' else state end
           where id = :id and opened_at is null""",
        id=post_id,
        now=now,
    )
    return first == 1


async def close_before(tx: Tx, cohort_id: int, day: int, now: int) -> list[int]:
    """Close the cohort's open posts of earlier days that went out; returns them."""
    rows = await tx.all(
        """update posts set state = 'closed', closed_at = :now,
                  studied = (select count(distinct r.learner_id) from reviews r
                             where r.post_id = posts.id and r.rating is not null)
           where cohort_id = :cohort and state = 'open' and opened_at is not null and day < :day returning id""",
        cohort=cohort_id,
        day=day,
        now=now,
    )
    return [row["id"] for row in rows]


async def unanswered_in_a_row(tx: Tx, cohort_id: int, most: int) -> int:
    """How many of the last posts, up to `most`, nobody answered; posts from before the last resumption don't count."""
    rows = await tx.all(
        """select exists (select 1 from reviews r where r.post_id = p.id and r.rating is not null) as answered
           from posts p join schedules s on s.cohort_id = p.cohort_id
           where p.cohort_id = :cohort and p.opened_at is not null and p.opened_at > s.resumed_at
           order by p.day desc limit :most""",
        cohort=cohort_id,
        most=most,
    )
    answered = [bool(row["answered"]) for row in rows]
    return answered.index(True) if True in answered else len(answered)


async def latest(tx: Tx, cohort_id: int) -> int | None:
    row = await tx.one(
        "select id from posts where cohort_id = :cohort and state in ('open', 'closed') order by day desc limit 1",
        cohort=cohort_id,
    )
    return row["id"] if row else None


async def state(tx: Tx, post_id: int, now: int = 0) -> PostState:
    """The post as everybody sees it, with the current text of its cards.

    `now` is given by whoever is about to send it, so that it can say that it is late and notify whom it should.
    """
    row = await tx.one(
        """select p.studied, p.cohort_id, p.day, p.style, p.rating_input, p.state, p.due_at, p.planned_at, p.opened_at,
                  c.zone, c.settings
           from posts p join cohorts c on c.id = p.cohort_id where p.id = :id""",
        id=post_id,
    )
    if row is None:
        raise CardGone
    cards = await _cards(tx, post_id)
    sent_at = row["opened_at"] or max(now, row["planned_at"])
    late = sent_at - row["due_at"] > LATE_MS
    settings = settings_of(row["settings"])
    return PostState(
        id=post_id,
        cohort_id=row["cohort_id"],
        day=row["day"],
        style=PostStyle(row["style"]),
        rating_input=RatingInput(row["rating_input"]),
        open=row["state"] == "open",
        closed=row["state"] == "closed",
        title=_title([title for _, _, title in cards]),
        cards=tuple(asked for asked, _, _ in cards),
        reasons=tuple(reason for _, reason, _ in cards),
        studied=await studied(tx, post_id) if row["studied"] is None else row["studied"],
        due_at=row["due_at"],
        went_out=row["opened_at"] is not None,
        late_until=clock_time(sent_at, row["zone"]) if late else "",
        answers=settings.answers,
        last_week=await _last_week(tx, row["cohort_id"], row["day"]),
        ping=settings.ping if now else "",
    )


async def as_if(tx: Tx, cohort: Cohort, cards: Sequence[PickedCard], now: int) -> PostState:
    """What a post of these cards would be, without keeping anything."""
    asked, titles = [], []
    for position, picked in enumerate(cards):
        row = await tx.one(
            "select c.body, c.revision, d.title from cards c join decks d on d.id = c.deck_id where c.id = :id",
            id=picked.card_id,
        )
        if row is not None:
            source = Source(SourceKind.POST, 0)
            asked.append(AskedCard(source, position, 0, picked.card_id, row["revision"], card_of(row["body"])))
            titles.append(row["title"])
    return PostState(
        id=0,
        cohort_id=cohort.id,
        day=0,
        style=cohort.settings.style,
        rating_input=cohort.settings.rating_input,
        open=True,
        closed=False,
        title=_title(titles),
        cards=tuple(asked),
        reasons=tuple(picked.reason for picked in cards),
        studied=0,
    )


async def _cards(tx: Tx, post_id: int) -> list[tuple[AskedCard, str, str]]:
    """A post's cards in order, each with its reason and its deck's title."""
    rows = await tx.all(
        """select pc.position, pc.reason, c.id, c.body, c.revision, d.title
           from post_cards pc join cards c on c.id = pc.card_id join decks d on d.id = c.deck_id
           where pc.post_id = :post order by pc.position""",
        post=post_id,
    )
    source = Source(SourceKind.POST, post_id)
    return [
        (
            AskedCard(source, row["position"], 0, row["id"], row["revision"], card_of(row["body"])),
            row["reason"],
            row["title"],
        )
        for row in rows
    ]


async def _last_week(tx: Tx, cohort_id: int, day: int) -> LastWeek | None:
    """Last week's standings, for the first post of a week alone."""
    monday = day - weekday(day)
    earlier = await tx.one(
        """select 1 from posts where cohort_id = :cohort and day >= :monday and day < :day and opened_at is not null
           limit 1""",
        cohort=cohort_id,
        monday=monday,
        day=day,
    )
    if earlier is not None:
        return None
    board = await standings.board(tx, cohort_id, None, Window.WEEK, monday - 1, STANDINGS_SHOWN)
    if not board.lines:
        return None
    return LastWeek(tuple((line.rank, line.name, line.points) for line in board.lines), board.people, board.cards)


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


async def opened_at(tx: Tx, post_id: int) -> int:
    """When its first message was sent; 0 before that."""
    row = await tx.one("select opened_at from posts where id = :id", id=post_id)
    return int(row["opened_at"] or 0) if row else 0


async def day_of(tx: Tx, post_id: int) -> int:
    row = await tx.one("select day from posts where id = :id", id=post_id)
    if row is None:
        raise CardGone
    return int(row["day"])
