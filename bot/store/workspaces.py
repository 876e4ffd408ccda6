"""Workspaces: where Flashmob is, and since when it is not any more.

Rules of this file:
- what a platform tells may come late and in any order: a removal that is older than the installation is none;
- for GRACE_DAYS nothing of a workspace that was left is touched; then all of it goes (see `purging.py`);
- a cohort that is posted elsewhere too goes on there.
"""

from .tx import Tx

GRACE_DAYS = 30
GRACE_MS = GRACE_DAYS * 24 * 3_600_000


async def leave(tx: Tx, platform: str, foreign_id: str, at: int) -> int | None:
    """Flashmob was removed at this instant; None for a workspace that is not known, was left already, or is newer."""
    row = await tx.one(
        """update workspaces set left_at = :at
           where platform = :platform and foreign_id = :foreign_id and left_at is null and installed_at <= :at
           returning id""",
        platform=platform,
        foreign_id=foreign_id,
        at=at,
    )
    if row is not None:
        await _with_their_own(tx, platform, foreign_id, at)
    return row["id"] if row else None


async def _with_their_own(tx: Tx, platform: str, realm: str, left_at: int | None) -> None:
    """What people have for themselves goes with the realm that they are known in, and comes back with it."""
    own = own_of(realm, "")
    await tx.run(
        """update workspaces set left_at = :left_at
           where platform = :platform and substr(foreign_id, 1, :length) = :own""",
        left_at=left_at,
        platform=platform,
        own=own,
        length=len(own),
    )


def own_of(realm: str, person: str) -> str:
    """The name of a person's own workspace: no platform has one that is called so."""
    return f"@{realm}@{person}"


async def come_back(tx: Tx, platform: str, foreign_id: str, at: int) -> int | None:
    """Flashmob is there at this instant; None where that is no news."""
    row = await tx.one(
        "select id, left_at, installed_at from workspaces where platform = :platform and foreign_id = :foreign_id",
        platform=platform,
        foreign_id=foreign_id,
    )
    if row is None or at < max(row["left_at"] or 0, row["installed_at"]):
        return None
    await tx.run("update workspaces set installed_at = :at, left_at = null where id = :id", at=at, id=row["id"])
    await _with_their_own(tx, platform, foreign_id, None)
    return row["id"] if row["left_at"] is not None else None


async def every(tx: Tx, platform: str) -> list[str]:
    """The platform's own names of all workspaces there, those that were left too; a personal one is none of these."""
    rows = await tx.all(
        """select foreign_id from workspaces w
           where platform = :platform and exists (select 1 from places p where p.workspace_id = w.id) order by id""",
        platform=platform,
    )
    return [row["foreign_id"] for row in rows]


async def cohorts_in(tx: Tx, workspace_id: int) -> list[int]:
    """The cohorts that are posted there."""
    rows = await tx.all(
        """select distinct cp.cohort_id from places p join cohort_places cp on cp.place_id = p.id
           where p.workspace_id = :workspace order by cp.cohort_id""",
        workspace=workspace_id,
    )
    return [row["cohort_id"] for row in rows]


async def away_since(tx: Tx, cohort_id: int) -> int | None:
    """Since when Flashmob is in none of the places of a cohort any more; None where it is in one."""
    row = await tx.one(
        """select max(w.left_at) as left_at, count(*) - count(w.left_at) as there
           from cohort_places cp join places p on p.id = cp.place_id join workspaces w on w.id = p.workspace_id
           where cp.cohort_id = :cohort""",
        cohort=cohort_id,
    )
    return row["left_at"] if row and not row["there"] else None


async def is_place_left(tx: Tx, place_id: int | None) -> bool:
    row = await tx.one(
        """select 1 from places p join workspaces w on w.id = p.workspace_id
           where p.id = :place and w.left_at is not null""",
        place=place_id,
    )
    return row is not None


async def try_places_again(tx: Tx, workspace_id: int) -> None:
    """What its places were held back for is over."""
    await tx.run(
        "update places set refusals = 0, blocked_until = 0, reason = '' where workspace_id = :workspace",
        workspace=workspace_id,
    )
