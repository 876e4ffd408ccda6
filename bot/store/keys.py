"""The keys of what was handled, so that twice is once."""

from .tx import Tx

KEPT_MS = 30 * 24 * 3_600_000
"""Platforms deliver again within minutes or hours, never after a month."""


async def is_new(tx: Tx, key: str, now: int) -> bool:
    """Take note of a key; False if it was noted before."""
    noted = await tx.run(
        "insert into handled (key, handled_at) values (:key, :now) on conflict (key) do nothing", key=key, now=now
    )
    return noted == 1


async def forget_old(tx: Tx, now: int) -> int:
    """Drop a few keys that nobody will send again; returns how many."""
    return await tx.run(
        """delete from handled where key in (
             select key from handled where handled_at < :before order by handled_at limit 500)""",
        before=now - KEPT_MS,
    )
