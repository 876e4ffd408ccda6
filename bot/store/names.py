"""What cohorts are called: a name is one cohort's in its workspace, and another name changes nothing else of it."""

from collections.abc import Collection
from dataclasses import replace

from ..model import Cohort, Place
from . import cohorts, places
from .tx import Tx


async def find(tx: Tx, workspace_id: int, name: str) -> Cohort | None:
    """The workspace's cohort of this name, whatever its case."""
    rows = await tx.all(
        "select id, name from cohorts where workspace_id = :workspace and ended_at is null order by id",
        workspace=workspace_id,
    )
    found = next((row["id"] for row in rows if row["name"].casefold() == name.strip().casefold()), None)
    return None if found is None else await cohorts.by_id(tx, found)


async def is_taken(tx: Tx, place: Place, name: str) -> bool:
    """Whether the workspace of this place has a cohort of this name."""
    row = await tx.one(
        """select 1 from workspaces w join cohorts c on c.workspace_id = w.id
           where w.platform = :platform and w.foreign_id = :workspace and c.name = :name""",
        platform=place.platform,
        workspace=place.workspace,
        name=name,
    )
    return row is not None


async def is_anothers(tx: Tx, cohort: Cohort, name: str) -> bool:
    """Whether another cohort of its workspace has this name."""
    row = await tx.one(
        "select 1 from cohorts where workspace_id = :workspace and name = :name and id <> :id",
        workspace=cohort.workspace_id,
        name=name,
        id=cohort.id,
    )
    return row is not None


async def give_again(tx: Tx, place: Place, name: str, others: Collection[str], by: str, now: int) -> None:
    """Give the cohort of a place this name again, if it was given another one that is none of these `others`.

    A cohort that only visits the place's workspace keeps its name.
    """
    found = await cohorts.at_place(tx, place)
    if found is None or found.name in (name, *others) or await is_taken(tx, place, name):
        return
    if found.workspace_id == await places.workspace(tx, place, now):
        await cohorts.change(tx, found, replace(await cohorts.set_up_of(tx, found), name=name), by, now)
