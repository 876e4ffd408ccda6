"""How each platform's connection is doing, as the running Flashmob said last, for whoever looks from outside."""

from ..states import Connection, Health
from .tx import Tx


async def note(tx: Tx, platform: str, health: Health, version: str, awaited_at: int, now: int) -> None:
    """Keep how it is now, and since when it has been so."""
    await tx.run(
        """insert into connections (platform, health, since_at, seen_at, awaited_at, version)
           values (:platform, :health, :now, :now, :awaited_at, :version)
           on conflict (platform) do update
           set since_at = case when connections.health = excluded.health and connections.awaited_at >= excluded.seen_at
                          then connections.since_at else excluded.since_at end,
               health = excluded.health, seen_at = excluded.seen_at, awaited_at = excluded.awaited_at,
               version = excluded.version""",
        platform=platform,
        health=health.value,
        version=version,
        awaited_at=awaited_at,
        now=now,
    )


async def every(tx: Tx) -> list[Connection]:
    rows = await tx.all(
        "select platform, health, since_at, seen_at, awaited_at, version from connections order by platform"
    )
    return [Connection(row[0], Health(row[1]), *list(row)[2:]) for row in rows]


async def of_cohort(tx: Tx, cohort_id: int) -> list[Connection]:
    """Those of the platforms that the cohort posts on."""
    rows = await tx.all(
        """select distinct w.platform from cohort_places cp join places p on p.id = cp.place_id
           join workspaces w on w.id = p.workspace_id where cp.cohort_id = :cohort""",
        cohort=cohort_id,
    )
    platforms = {row["platform"] for row in rows}
    return [connection for connection in await every(tx) if connection.platform in platforms]
