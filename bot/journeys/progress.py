"""How it goes: the leaderboard of a group, and what one learner knows."""

from collections import defaultdict

from .. import actions, memory, screens, wording
from ..actions import Request
from ..clock import date_of, local_day, window_days
from ..messages import Message
from ..model import Cohort, Window
from ..screens import DeckProgress
from ..standings import streak
from ..store import cohorts, learners, standings
from ..store.learners import Member
from ..store.tx import Row, Tx

SHOWN = 10
SHOWN_PUBLICLY = 3
FORECAST_DAYS = 7
STREAK_DAYS = 400
KNOWN = memory.TARGET


async def leaderboard(tx: Tx, request: Request, now: int) -> list[Message]:
    """The board, for its asker alone."""
    assert isinstance(request.action, actions.ShowLeaderboard)
    return [await _board(tx, request, request.action.window, now, public=False)]


async def share(tx: Tx, request: Request, now: int) -> list[Message]:
    """The top of the board, for everyone."""
    assert isinstance(request.action, actions.ShareLeaderboard)
    return [await _board(tx, request, request.action.window, now, public=True)]


async def _board(tx: Tx, request: Request, window: Window, now: int, *, public: bool) -> Message:
    cohort = await cohorts.here(tx, request.place, request.account)
    member = await learners.find(tx, request.account, cohort, now)
    today = member.cohort_day if member else local_day(now, cohort.zone)
    board = await standings.board(
        tx, cohort.id, member.learner_id if member else None, window, today, SHOWN_PUBLICLY if public else SHOWN
    )
    days = window_days(window, today)
    first, last = map(date_of, days) if days else (None, None)
    lines = [(line.rank, wording.points_of(line.name, line.points)) for line in board.lines]
    hidden = bool(member and member.hidden)
    yours = [] if public or member is None else [wording.you_stand(board.rank, board.points, hidden=hidden)]
    foot = [" ".join([*yours, wording.together(board.people, board.cards)])]
    return screens.leaderboard(
        wording.window_title(window, first, last), window, lines, foot, hidden=hidden, public=public
    )


async def stats(tx: Tx, request: Request, now: int) -> list[Message]:
    """Due now, streak, what is known of each deck, and the next seven days."""
    cohort = await cohorts.here(tx, request.place, request.account)
    member = await learners.find(tx, request.account, cohort, now)
    if member is None:
        return [screens.said(wording.NOT_JOINED)]
    decks, forecast = await _decks_and_forecast(tx, cohort, member)
    active = await standings.active_days(tx, member.learner_id, cohort.id, member.day - STREAK_DAYS)
    counted = await _days_that_count(tx, cohort, member)
    return [screens.stats(forecast, streak(active, counted, member.day), decks, date_of(member.day))]


async def _days_that_count(tx: Tx, cohort: Cohort, member: Member) -> set[int]:
    """The days of posts; alone there are none, so every day counts."""
    since = member.day - STREAK_DAYS
    return set(range(since, member.day + 1)) if cohort.personal else await standings.post_days(tx, cohort.id, since)


async def _decks_and_forecast(tx: Tx, cohort: Cohort, member: Member) -> tuple[list[DeckProgress], list[int]]:
    sizes = await tx.all(
        """select d.id, d.title, (select count(*) from cards c where c.deck_id = d.id and c.retired_at is null) as cards
           from cohort_decks cd join decks d on d.id = cd.deck_id where cd.cohort_id = :cohort order by cd.position""",
        cohort=cohort.id,
    )
    rows = await tx.all(
        """select c.deck_id, m.stability, m.last_day, m.due_day
           from memory_states m join cards c on c.id = m.card_id
           join cohort_decks cd on cd.deck_id = c.deck_id and cd.cohort_id = :cohort
           where m.learner_id = :learner and m.reviews > 0 and c.retired_at is null
             and not exists (select 1 from set_aside a where a.learner_id = m.learner_id and a.card_id = c.id)""",
        cohort=cohort.id,
        learner=member.learner_id,
    )
    recalled = _recall_by_deck(rows, member.day)
    decks = [_deck_progress(row["title"], row["cards"], recalled[row["id"]]) for row in sizes]
    return decks, _forecast([row["due_day"] for row in rows], member.day)


def _recall_by_deck(rows: list[Row], today: int) -> dict[int, list[float]]:
    """How likely each met card is to be remembered today, by deck."""
    found: dict[int, list[float]] = defaultdict(list)
    if rows:
        import numpy as np

        stability = np.array([row["stability"] for row in rows])
        elapsed = np.array([max(0, today - row["last_day"]) for row in rows])
        for row, chance in zip(rows, memory.recall(elapsed, stability).tolist(), strict=True):
            found[row["deck_id"]].append(chance)
    return found


def _deck_progress(title: str, cards: int, recalled: list[float]) -> DeckProgress:
    """`known`: very likely remembered today; `mastery`: the expected share of the deck, unseen cards being 0."""
    known = sum(chance >= KNOWN for chance in recalled)
    return DeckProgress(title, cards, len(recalled), known, sum(recalled) / cards if cards else 0.0)


def _forecast(due_days: list[int], today: int) -> list[int]:
    """Cards due today (with everything that waits) and on each of the next days."""
    counts = [0] * FORECAST_DAYS
    for due_day in due_days:
        ahead = max(0, due_day - today)
        if ahead < FORECAST_DAYS:
            counts[ahead] += 1
    return counts
