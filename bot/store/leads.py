"""Who may lead a cohort, and who led it last. A personal cohort is led by its own learner."""

from ..actions import Request
from ..errors import ConfigError, NotForYou
from ..model import Cohort
from ..wording import leads as lead_wording
from . import cohorts, filled, learners
from .tx import Tx


def must(request: Request) -> None:
    """Raises `NotForYou` unless the platform says that the asker leads."""
    if not request.account.leads:
        raise NotForYou


async def led(tx: Tx, request: Request, cohort_id: int = 0) -> Cohort:
    """The cohort that the asker leads, or has for themselves: the one that a button names, or (0) the one that is here.

    Raises `NotForYou` for everybody else.
    """
    cohort = await cohorts.named_or_here(tx, cohort_id, request.place, request.account)
    if not cohort.personal:
        must(request)
    return cohort


async def led_group(tx: Tx, request: Request, cohort_id: int = 0) -> Cohort:
    """The same, for what only a group has. Raises `ConfigError` for a personal cohort."""
    cohort = await led(tx, request, cohort_id)
    if cohort.personal:
        raise ConfigError(lead_wording.NO_POSTS_ALONE)
    return cohort


async def remember(tx: Tx, cohort: Cohort, request: Request, now: int) -> None:
    """Whoever changed it last is told of troubles; what they had filled in is done."""
    learner_id = await learners.known_or_new(tx, request.account, cohort.zone, now)
    await learners.settle(tx, learner_id, cohort.zone)
    await filled.done(tx, request.account)
    await cohorts.led_by(tx, cohort.id, learner_id)
