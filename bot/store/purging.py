"""What was kept for a workspace is deleted for good, once it was left for longer than the grace.

It goes in pieces, each a transaction of background work, and the workspace's own row last, so that whoever is
interrupted goes on where it was. Learners who are in no other workspace are forgotten as if they had asked for it
(`erasing.py`); of the others everything goes that they did here. Other workspaces are untouched, and a workspace whose
group goes on in another one is left whole.
"""

from . import erasing
from .tx import Tx
from .workspaces import GRACE_MS

PEOPLE, ROWS = 20, 500
"""How much goes at once. A card goes alone: the database looks through all reviews whether any still points at it."""
COHORTS = "select id from cohorts where workspace_id = :workspace"
OTHERS = "select id from cohorts where workspace_id <> :workspace"
CARDS_HERE = "select c.id from cards c join decks d on d.id = c.deck_id where d.workspace_id = :workspace"


async def purge_some(tx: Tx, now: int) -> bool:
    """Delete a piece of a workspace that was left; False where there is none."""
    row = await tx.one(
        """select id from workspaces w
           where left_at is not null and left_at <= :before and not exists (
             select 1 from cohorts c join cohort_places cp on cp.cohort_id = c.id join places p on p.id = cp.place_id
             join workspaces o on o.id = p.workspace_id where c.workspace_id = w.id and o.left_at is null)
           order by left_at limit 1""",
        before=now - GRACE_MS,
    )
    if row is None:
        return False
    if not await _learners(tx, row["id"], now):
        for piece in (_member, _post, _cohort, _deck):
            if await piece(tx, row["id"]):
                return True
        await _workspace(tx, row["id"], now)
    return True


async def _learners(tx: Tx, workspace: int, now: int) -> bool:
    """Forget some of those who are members, or lead, here and nowhere else."""
    rows = await tx.all(
        f"""select id from learners where erased_at is null
              and (id in (select learner_id from memberships where cohort_id in ({COHORTS}))
                   or id in (select led_by from cohorts where workspace_id = :workspace and led_by is not null))
              and id not in (select learner_id from memberships where cohort_id in ({OTHERS}))
              and id not in (select led_by from cohorts where workspace_id <> :workspace and led_by is not null)
            limit :most""",
        workspace=workspace,
        most=PEOPLE,
    )
    for row in rows:
        await erasing.forget(tx, row["id"], now)
    return bool(rows)


async def _member(tx: Tx, workspace: int) -> bool:
    """Whatever one member did here who is in another workspace too: first their reviews, in pieces."""
    row = await tx.one(
        f"select learner_id, cohort_id from memberships where cohort_id in ({COHORTS}) limit 1", workspace=workspace
    )
    if row is None:
        return False
    learner, cohort = row["learner_id"], row["cohort_id"]
    if await _reviews(tx, learner, cohort) or await _memory_states(tx, learner, workspace):
        return True
    for table in ("sessions", "days", "standings", "reports", "memberships"):
        await tx.run(
            f"delete from {table} where learner_id = :learner and cohort_id = :cohort", learner=learner, cohort=cohort
        )
    await tx.run(
        f"delete from set_aside where learner_id = :learner and card_id in ({CARDS_HERE})",
        learner=learner,
        workspace=workspace,
    )
    return True


async def _reviews(tx: Tx, learner: int, cohort: int) -> int:
    return await tx.run(
        """delete from reviews where id in (
             select id from reviews where learner_id = :learner and cohort_id = :cohort limit :most)""",
        learner=learner,
        cohort=cohort,
        most=ROWS,
    )


async def _memory_states(tx: Tx, learner: int, workspace: int) -> int:
    return await tx.run(
        f"""delete from memory_states where learner_id = :learner and card_id in (
              select card_id from memory_states
              where learner_id = :learner and card_id in ({CARDS_HERE}) limit :most)""",
        learner=learner,
        workspace=workspace,
        most=ROWS,
    )


async def _post(tx: Tx, workspace: int) -> bool:
    row = await tx.one(f"select id from posts where cohort_id in ({COHORTS}) limit 1", workspace=workspace)
    if row is None:
        return False
    for table in ("reactions", "deliveries", "post_cards"):
        await tx.run(f"delete from {table} where post_id = :post", post=row["id"])
    await tx.run("delete from posts where id = :post", post=row["id"])
    return True


async def _cohort(tx: Tx, workspace: int) -> bool:
    row = await tx.one(f"{COHORTS} limit 1", workspace=workspace)
    if row is None:
        return False
    for table in ("deliveries", "changes", "staged_imports", "cohort_decks", "cohort_places", "schedules", "reports"):
        await tx.run(f"delete from {table} where cohort_id = :cohort", cohort=row["id"])
    await tx.run("delete from cohorts where id = :cohort", cohort=row["id"])
    return True


async def _deck(tx: Tx, workspace: int) -> bool:
    row = await tx.one("select id from decks where workspace_id = :workspace limit 1", workspace=workspace)
    if row is None:
        return False
    card = await tx.one("select id from cards where deck_id = :deck limit 1", deck=row["id"])
    if card is not None:
        await tx.run("delete from card_revisions where card_id = :card", card=card["id"])
        await tx.run("delete from cards where id = :card", card=card["id"])
    else:
        await tx.run("delete from imports where deck_id = :deck", deck=row["id"])
        await tx.run("delete from decks where id = :deck", deck=row["id"])
    return True


async def _workspace(tx: Tx, workspace: int, now: int) -> None:
    """The workspace itself, its places, and whoever led there once and is a member of nothing."""
    for table in ("cohort_places", "deliveries"):  # a place may have served another workspace's cohort
        await tx.run(
            f"delete from {table} where place_id in (select id from places where workspace_id = :workspace)",
            workspace=workspace,
        )
    await tx.run(
        """update learners set erased_at = :now where erased_at is null
             and id not in (select learner_id from memberships)
             and id not in (select led_by from cohorts where led_by is not null)""",
        now=now,
    )
    await tx.run("delete from places where workspace_id = :workspace", workspace=workspace)
    await tx.run("delete from workspaces where id = :workspace", workspace=workspace)
