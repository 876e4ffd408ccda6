"""Direct messages: learning alone, and which cohort they speak of."""

from .. import actions, screens, wording
from ..actions import Request
from ..data import starters
from ..errors import ConfigError
from ..messages import Message
from ..screens.setting_up import add_a_deck
from ..store import alone, cohorts, decks, learners
from ..store.tx import Tx


async def learn_alone(tx: Tx, request: Request, now: int) -> list[Message]:
    """A cohort of my own, made at the first time; from now on my direct messages speak of it."""
    if request.place.channel:
        raise ConfigError(wording.ALONE_ELSEWHERE)
    cohort = await alone.own(tx, request.account, wording.JUST_ME, now)
    member = await learners.find_or_enrol(tx, request.account, cohort, now)
    await alone.choose(tx, cohort.id, member.learner_id, now)
    ready = any(deck.cards for deck in await decks.of_cohort(tx, cohort.id))
    return [screens.learning_alone([screens.start_now()] if ready else add_a_deck(cohort, starters()))]


async def learn_with(tx: Tx, request: Request, now: int) -> list[Message]:
    """My direct messages speak of this cohort, which I am a member of."""
    assert isinstance(request.action, actions.LearnWith)
    cohort = await cohorts.by_id(tx, request.action.cohort_id)
    member = await learners.find(tx, request.account, cohort, now)
    if member is None:
        raise ConfigError(wording.NOT_A_MEMBER)
    await alone.choose(tx, cohort.id, member.learner_id, now)
    return [screens.learning_with(cohort.name)]


async def where_it_stands(tx: Tx, request: Request, now: int) -> list[Message]:
    """What these direct messages speak of now."""
    cohort = await cohorts.here(tx, request.place, request.account)
    return [screens.learning_with(cohort.name)]
