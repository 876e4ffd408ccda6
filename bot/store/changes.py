"""Who changed what of a cohort, and when."""

from collections.abc import Sequence
from dataclasses import dataclass

from .ids import new_id
from .tx import Tx

CONFIGURATION = "the configuration"


@dataclass(frozen=True, slots=True)
class Change:
    """One change in words; `by` is a name, or CONFIGURATION, or Flashmob itself."""

    at: int
    by: str
    what: str


async def note(tx: Tx, cohort_id: int, by: str, what: Sequence[str], now: int) -> None:
    """Keep these changes, a row each."""
    for words in what:
        await tx.run(
            """insert into changes (id, cohort_id, changed_at, changed_by, what)
               values (:id, :cohort, :now, :by, :what)""",
            id=new_id(now),
            cohort=cohort_id,
            now=now,
            by=by,
            what=words,
        )


async def latest(tx: Tx, cohort_id: int, most: int) -> list[Change]:
    """The last changes, the newest first."""
    rows = await tx.all(
        """select changed_at, changed_by, what from changes where cohort_id = :cohort order by id desc limit :most""",
        cohort=cohort_id,
        most=most,
    )
    return [Change(row["changed_at"], row["changed_by"], row["what"]) for row in rows]
