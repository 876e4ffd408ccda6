"""What must be true after a storm, read from the database and from what stands on the platforms."""

import sqlite3
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

from bot.model import Rating

from .plan import FIRST_DAY, Storm
from .platform import Kept

DELIVERIES = """
select d.*, p.day, p.cohort_id as post_cohort from deliveries d left join posts p on p.id = d.post_id order by d.id
"""
MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Found:
    """The rows and the messages, as they are in the end."""

    storm: Storm
    posts: Sequence[sqlite3.Row]
    deliveries: Sequence[sqlite3.Row]
    paused: frozenset[int]
    cohorts: Sequence[int]
    messages: Sequence[Kept]

    def sent_posts(self) -> list[sqlite3.Row]:
        return [row for row in self.deliveries if row["kind"] == "post" and row["state"] == "sent"]


def look(storm: Storm, messages: Sequence[Kept]) -> Found:
    with closing(sqlite3.connect(storm.database)) as con:
        con.row_factory = sqlite3.Row
        assert con.execute("pragma integrity_check").fetchone()[0] == "ok"
        paused = con.execute("select distinct cohort_id from changes where what like 'paused%'").fetchall()
        return Found(
            storm,
            con.execute("select * from posts order by id").fetchall(),
            con.execute(DELIVERIES).fetchall(),
            frozenset(row[0] for row in paused),
            [row[0] for row in con.execute("select id from cohorts")],
            messages,
        )


def broken(found: Found) -> list[str]:
    """Every promise that was not kept, one sentence each; the first of each kind of many."""
    told: list[str] = []
    for check in (_twice, _lost, _unsaid, _unfinished, _not_there, _not_recorded, _out_of_order, _hanging):
        sentences = list(check(found))
        told += sentences[:MOST_SHOWN]
        if len(sentences) > MOST_SHOWN:
            told.append(f"... and {len(sentences) - MOST_SHOWN} more of this kind")
    return told


def _twice(found: Found) -> Iterator[str]:
    for key, times in Counter(kept.key for kept in found.messages).items():
        if times > 1:
            yield f"{key} was sent {times} times"
    by_key = {row["key"]: row for row in found.deliveries}
    shown = Counter(_day_of(by_key[kept.key]) for kept in found.messages if kept.key.startswith("post:"))
    for (cohort, day, part, place), times in shown.items():
        if times > 1:
            yield f"cohort {cohort} got message {part} of day {day} {times} times in place {place}"


def _day_of(row: sqlite3.Row) -> tuple[int, int, int, int]:
    return row["post_cohort"], row["day"], row["part"], row["place_id"]


def _lost(found: Found) -> Iterator[str]:
    """A group that was never paused has a post for every day."""
    days = defaultdict(set)
    for row in found.posts:
        days[row["cohort_id"]].add(row["day"])
    for cohort in found.cohorts:
        if cohort not in found.paused:
            for day in range(FIRST_DAY, FIRST_DAY + found.storm.days):
                if day not in days[cohort]:
                    yield f"cohort {cohort} has nothing for day {day}"


def _unsaid(found: Found) -> Iterator[str]:
    """A post was sent, or skipped with a reason; a delivery that was not sent says why."""
    sent = {row["post_id"] for row in found.sent_posts()}
    for row in found.posts:
        if row["state"] in ("open", "closed"):
            if row["id"] not in sent or row["opened_at"] is None:
                yield f"post {row['id']} is {row['state']}, and nothing of it was sent"
        elif row["state"] != "skipped" or not row["reason"]:
            yield f"post {row['id']} is {row['state']}, with the reason {row['reason']!r}"
    for row in found.deliveries:
        if row["state"] in ("skipped", "dead") and not row["reason"]:
            yield f"{row['key']} is {row['state']} without a reason"


def _unfinished(found: Found) -> Iterator[str]:
    for row in found.deliveries:
        if row["state"] in ("pending", "sending"):
            yield f"{row['key']} is still {row['state']} after {row['attempts']} attempts: {row['reason']!r}"


def _not_there(found: Found) -> Iterator[str]:
    there = {(kept.key, kept.id) for kept in found.messages}
    for row in found.deliveries:
        new = row["kind"] in ("post", "notice", "reminder")
        if row["state"] == "sent" and new and (row["key"], row["message_id"]) not in there:
            yield f"{row['key']} counts as sent, and is not there"


def _not_recorded(found: Found) -> Iterator[str]:
    """What stands on a platform is known here; but for what came when it had been given up."""
    states = {row["key"]: row["state"] for row in found.deliveries}
    for kept in found.messages:
        if states.get(kept.key) != "sent" and not kept.too_late:
            yield f"{kept.key} is there, and counts as {states.get(kept.key)}"


def _out_of_order(found: Found) -> Iterator[str]:
    latest: dict[tuple[str, str], int] = {}
    for kept in found.messages:
        if kept.key.startswith("post:"):
            _, post, place, part = kept.key.split(":")
            if int(part) < latest.get((post, place), 0):
                yield f"{kept.key} came after message {latest[post, place]}"
            latest[post, place] = int(part)


def _hanging(found: Found) -> Iterator[str]:
    """Reactions stand whole and in order, and a closed post was drawn anew."""
    by_key = {kept.key: kept for kept in found.messages}
    for row in found.deliveries:
        if row["state"] != "sent" or row["kind"] not in ("seed", "close"):
            continue
        kept = by_key.get(f"post:{row['post_id']}:{row['place_id']}:{row['part']}")
        if kept is None:
            yield f"{row['key']} hangs on nothing"
        elif row["kind"] == "seed" and kept.reactions != [int(rating) for rating in Rating]:
            yield f"{kept.key} has the reactions {kept.reactions}"
        elif row["kind"] == "close" and not kept.edits:
            yield f"{kept.key} was closed and never drawn anew"
