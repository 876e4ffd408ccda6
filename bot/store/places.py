"""The places of a cohort: one channel, or several, on one platform or on more. A place serves one cohort."""

from collections.abc import Sequence

from ..model import Place
from . import unsent
from .ids import new_id
from .tx import Tx


async def put(tx: Tx, cohort_id: int, place: Place, now: int) -> None:
    """Have the cohort at this place, which the cohort that was there before gives up."""
    row = await tx.one(
        """insert into places (id, workspace_id, foreign_id) values (:id, :workspace, :channel)
           on conflict (workspace_id, foreign_id) do update set foreign_id = excluded.foreign_id returning id""",
        id=new_id(now),
        workspace=await workspace(tx, place, now),
        channel=place.channel,
    )
    assert row is not None
    await tx.run(
        """insert into cohort_places (place_id, cohort_id) values (:place, :cohort)
           on conflict (place_id) do update set cohort_id = excluded.cohort_id""",
        place=row["id"],
        cohort=cohort_id,
    )


async def workspace(tx: Tx, place: Place, now: int) -> int:
    row = await tx.one(
        """insert into workspaces (id, platform, foreign_id, installed_at) values (:id, :platform, :foreign_id, :now)
           on conflict (platform, foreign_id) do update set installed_at = workspaces.installed_at returning id""",
        id=new_id(now),
        platform=place.platform,
        foreign_id=place.workspace,
        now=now,
    )
    assert row is not None
    return int(row["id"])


async def put_only(tx: Tx, cohort_id: int, wanted: Sequence[Place], reason: str, now: int) -> list[Place]:
    """Have the cohort at these places alone; returns those that it was taken from, for this reason."""
    for place in wanted:
        await put(tx, cohort_id, place, now)
    others = {place_id: place for place_id, place in (await of(tx, cohort_id)).items() if place not in wanted}
    for place_id in others:
        await drop(tx, cohort_id, place_id, reason)
    return list(others.values())


async def of(tx: Tx, cohort_id: int) -> dict[int, Place]:
    """The cohort's places by id."""
    rows = await tx.all(
        """select p.id, w.platform, w.foreign_id as workspace, p.foreign_id as channel
           from cohort_places cp join places p on p.id = cp.place_id join workspaces w on w.id = p.workspace_id
           where cp.cohort_id = :cohort order by p.id""",
        cohort=cohort_id,
    )
    return {row["id"]: Place(row["platform"], row["workspace"], row["channel"]) for row in rows}


async def on_platform(tx: Tx, platform: str) -> list[Place]:
    """Every place of this platform that a group is posted to."""
    rows = await tx.all(
        """select w.foreign_id as workspace, p.foreign_id as channel
           from cohort_places cp join places p on p.id = cp.place_id join workspaces w on w.id = p.workspace_id
           join cohorts c on c.id = cp.cohort_id
           where w.platform = :platform and c.ended_at is null order by p.id""",
        platform=platform,
    )
    return [Place(platform, row["workspace"], row["channel"]) for row in rows]


async def drop(tx: Tx, cohort_id: int, place_id: int, reason: str) -> None:
    """Take the cohort from a place; of posts that are under way nothing more is sent there."""
    await tx.run(
        "delete from cohort_places where place_id = :place and cohort_id = :cohort", place=place_id, cohort=cohort_id
    )
    rows = await tx.all(
        """select distinct post_id from deliveries
           where cohort_id = :cohort and place_id = :place and kind = 'post' and state in ('pending', 'sending')""",
        cohort=cohort_id,
        place=place_id,
    )
    for row in rows:
        await unsent.leave_out_at(tx, row["post_id"], place_id, reason)
