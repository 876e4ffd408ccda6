"""What platforms tell by themselves. Nobody asked for it, so nobody is answered.

A workspace that Flashmob was removed from loses nothing for now: its posts and reminders stop, and once it is back all
goes on where it was. After the grace it is purged (`store/purging.py`).
"""

from ..actions import Request, WorkspacesAre
from ..messages import Message
from ..model import Cohort
from ..store import changes, cohorts, deliveries, learners, reminders, schedules, unsent, workspaces
from ..store.deliveries import DeliveryKind
from ..store.tx import Tx
from ..wording import leads as lead_wording

WHO = "Flashmob"


async def began_anew(tx: Tx, request: Request, now: int) -> list[Message]:
    """With a new session something may have been missed: have the reactions to open posts read again."""
    await deliveries.read_again(tx, request.place.platform, now)
    return []


async def workspace_left(tx: Tx, request: Request, now: int) -> list[Message]:
    await _leave(tx, request.place.platform, request.place.workspace, request.occurred_at, now)
    return []


async def workspace_back(tx: Tx, request: Request, now: int) -> list[Message]:
    await _come_back(tx, request.place.platform, request.place.workspace, request.occurred_at, now)
    return []


async def workspaces_are(tx: Tx, request: Request, now: int) -> list[Message]:
    """What was left, or come back to, while nobody listened."""
    assert isinstance(request.action, WorkspacesAre)
    platform, there = request.place.platform, set(request.action.workspaces)
    for workspace in await workspaces.every(tx, platform):
        step = _come_back if workspace in there else _leave
        await step(tx, platform, workspace, request.occurred_at, now)
    return []


async def person_left(tx: Tx, request: Request, now: int) -> list[Message]:
    """Their name is shown no more, and nothing is sent to them; what they did stays until they delete it."""
    learner_id = await learners.of_account(tx, request.account)
    if learner_id is not None:
        await learners.leave(tx, learner_id, now)
        await reminders.stop(tx, learner_id)
    return []


async def say_nothing(tx: Tx, request: Request, now: int) -> list[Message]:
    """It was told twice."""
    return []


# ---- within ----------------------------------------------------------------------------------------------------------


async def _leave(tx: Tx, platform: str, workspace: str, at: int, now: int) -> None:
    """Leave out what waits to be sent there. The schedules look themselves (see `daily_post.plan`)."""
    workspace_id = await workspaces.leave(tx, platform, workspace, at)
    if workspace_id is None:
        return
    for cohort_id in await workspaces.cohorts_in(tx, workspace_id):
        if await workspaces.away_since(tx, cohort_id) is not None:
            for post_id, _ in await unsent.waiting(tx, cohort_id):
                await unsent.leave_out(tx, post_id, lead_wording.NOT_THERE)
        await changes.note(tx, cohort_id, WHO, [lead_wording.was_removed(platform)], now)
    await unsent.withdraw_all(tx, workspace_id, lead_wording.NOT_THERE)


async def _come_back(tx: Tx, platform: str, workspace: str, at: int, now: int) -> None:
    """Go on where it was, and tell the leads when."""
    workspace_id = await workspaces.come_back(tx, platform, workspace, at)
    if workspace_id is None:
        return
    await workspaces.try_places_again(tx, workspace_id)
    await unsent.put_back_all(tx, workspace_id, lead_wording.NOT_THERE, now)
    for cohort_id in await workspaces.cohorts_in(tx, workspace_id):
        await changes.note(tx, cohort_id, WHO, [lead_wording.was_added(platform)], now)
        await _tell_lead(tx, await cohorts.by_id(tx, cohort_id), at, now)


async def _tell_lead(tx: Tx, cohort: Cohort, at: int, now: int) -> None:
    lead = await cohorts.lead_of(tx, cohort.id)
    target = await deliveries.target_of_learner(tx, lead) if lead is not None else None
    if target is None:
        return
    planned = await schedules.of(tx, cohort)
    words = lead_wording.back(cohort.name, lead_wording.next_post(planned.run_at, planned.paused, cohort.zone, now))
    await deliveries.add_words(
        tx, DeliveryKind.NOTICE, f"back:{cohort.id}:{at}", target, words, now, cohort_id=cohort.id
    )
