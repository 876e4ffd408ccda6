"""When the next post of a group comes, as its leads are told: in each reader's own zone where the platform can."""

from .messages import Part, Text
from .model import Cohort
from .screens import leads as lead_screens
from .store import schedules, workspaces
from .store.tx import Tx
from .wording import leads as lead_wording


async def next_post(tx: Tx, cohort: Cohort, now: int) -> Part:
    """When it comes, or why none does."""
    since = await workspaces.away_since(tx, cohort.id)
    if since is not None:
        return Text(lead_wording.removed(since, workspaces.GRACE_DAYS, cohort.zone))
    planned = await schedules.of(tx, cohort)
    return lead_screens.next_post(planned.run_at, planned.paused, cohort.zone, now)
