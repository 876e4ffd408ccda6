"""Learning alone: a personal cohort, and which cohort a learner's direct messages speak of.

A personal cohort has a workspace of its own, since decks belong to one; it has no place, and its schedule is paused.
"""

from dataclasses import replace
from datetime import time

from ..model import Account, Cohort, Place, Schedule, Settings, SetUp
from ..states import Elsewhere
from . import cohorts, learners, places, schedules, workspaces
from .tx import Tx

EVERY_DAY = SetUp(Schedule(frozenset(range(7)), time(9), "UTC"), Settings())
NO_POSTS = "A personal cohort has no posts."


async def own(tx: Tx, account: Account, name: str, now: int) -> Cohort:
    """The personal cohort of this account's learner, made where there is none yet."""
    learner_id = await learners.known_or_new(tx, account, EVERY_DAY.schedule.zone, now)
    row = await tx.one("select id from cohorts where learner_id = :learner", learner=learner_id)
    if row is not None:
        return await cohorts.by_id(tx, row["id"])
    home = Place(account.platform, workspaces.own_of(account.realm, account.foreign_id), "")
    workspace_id = await places.workspace(tx, home, now)
    cohort = await cohorts.new(
        tx, workspace_id, replace(EVERY_DAY, name=name), account.name, now, learner_id=learner_id
    )
    await schedules.pause(tx, cohort, NO_POSTS, None, now)
    return cohort


async def choose(tx: Tx, cohort_id: int, learner_id: int, now: int) -> None:
    """From now on the learner's direct messages speak of this cohort."""
    await tx.run(
        """update memberships set chosen_at = case when cohort_id = :cohort then :now else 0 end
           where learner_id = :learner""",
        now=now,
        cohort=cohort_id,
        learner=learner_id,
    )


async def others(tx: Tx, account: Account, than: Cohort) -> Elsewhere:
    """What this account's direct messages could speak of instead."""
    rows = await tx.all(
        """select c.id, c.name, c.learner_id from accounts a join memberships m on m.learner_id = a.learner_id
           join cohorts c on c.id = m.cohort_id
           where a.platform = :platform and a.realm = :realm and a.foreign_id = :foreign_id
             and m.left_at is null and c.ended_at is null and c.id <> :than order by m.joined_at, c.id""",
        **learners.named(account),
        than=than.id,
    )
    has_own = than.personal or any(row["learner_id"] is not None for row in rows)
    return Elsewhere(tuple((row["id"], row["name"]) for row in rows), can_begin_alone=not has_own)
