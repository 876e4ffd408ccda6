"""One action in, messages out, in one transaction.

Rules of this file:
1. One action, one transaction: begun here, committed before anybody is answered.
2. Nothing here sends, and nothing here reads the clock.
3. A key that was handled before runs nothing: whoever asked is shown how things stand.
4. Nothing raises: a `QuizError` becomes its sentence, anything else a reference that stands in the log too.
"""

import hashlib
import logging
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Any

from . import actions, screens, wording
from .actions import Request
from .errors import InNoGroup, NotSetUp, QuizError
from .journeys import (
    alone,
    daily_post,
    decks,
    enrolment,
    leading,
    platforms,
    privacy,
    progress,
    rating,
    reading,
    reminding,
    setting_up,
    study,
)
from .messages import Message
from .screens import setting_up as set_up_screens
from .store import keys
from .store.database import Database
from .store.tx import Tx

log = logging.getLogger("flashmob.engine")

Story = Callable[[Tx, Request, int], Coroutine[Any, Any, list[Message]]]
Steps = Callable[[Database, Request, int], Coroutine[Any, Any, list[Message]]]


@dataclass(frozen=True, slots=True)
class Reads:
    """Runs beside the writer, and changes nothing."""

    journey: Story


@dataclass(frozen=True, slots=True)
class Writes:
    """Runs in the writer. `again` shows how things stand when the same key comes twice, and changes nothing."""

    journey: Story
    again: Story = study.where_it_stands


@dataclass(frozen=True, slots=True)
class Many:
    """Long work in many small transactions, each harmless when repeated."""

    journey: Steps


TABLE: dict[type[Any], Reads | Writes | Many] = {
    actions.Study: Writes(study.study),
    actions.ExplainPost: Reads(daily_post.explain),
    actions.SeeAnswers: Reads(daily_post.see_answers),
    actions.WhyThese: Reads(daily_post.why_these),
    actions.StartQuiz: Writes(study.quiz),
    actions.Practise: Writes(study.practise),
    actions.GoOn: Writes(study.go_on),
    actions.ShowCard: Reads(study.show),
    actions.FinishSession: Writes(study.finish, again=study.finish),
    actions.ShowRatings: Reads(study.show_ratings),
    actions.RevealAnswer: Writes(rating.reveal, again=rating.reveal),
    actions.ReadOn: Reads(reading.read_on),
    actions.RateCard: Writes(rating.rate),
    actions.ChangeRating: Reads(rating.change),
    actions.React: Writes(rating.react, again=rating.say_nothing),
    actions.SkipOrFlag: Writes(study.skip_or_flag, again=study.skip_or_flag),
    actions.SetAside: Writes(study.set_aside),
    actions.ShowLeaderboard: Reads(progress.leaderboard),
    actions.ShareLeaderboard: Reads(progress.share),
    actions.HideName: Writes(enrolment.hide_name),
    actions.ShowPrivacy: Reads(privacy.show),
    actions.ExportMyData: Many(privacy.export),
    actions.DeleteMyData: Writes(privacy.delete),
    actions.ShowStats: Reads(progress.stats),
    actions.ShowDecks: Reads(decks.show),
    actions.SuggestDecks: Reads(decks.suggest),
    actions.ShowHelp: Reads(enrolment.show_help),
    actions.ImportDeck: Many(decks.import_file),
    actions.LearnAlone: Writes(alone.learn_alone, again=alone.where_it_stands),
    actions.LearnWith: Writes(alone.learn_with, again=alone.where_it_stands),
    actions.ShowImport: Reads(decks.show_import),
    actions.ShowProblems: Reads(decks.show_problems),
    actions.ShowProposals: Reads(decks.show_proposals),
    actions.SettleProposal: Writes(decks.settle_proposal, again=decks.settle_proposal),
    actions.ApplyImport: Many(decks.apply_import),
    actions.CancelImport: Writes(decks.cancel_import, again=decks.show_import),
    actions.Remind: Writes(reminding.remind),
    actions.ShowStatus: Reads(leading.show_status),
    actions.OpenForm: Reads(setting_up.open_form),
    actions.SetUpGroup: Writes(setting_up.set_up, again=leading.show_status),
    actions.ChangeSettings: Writes(setting_up.change, again=leading.show_status),
    actions.ImportStarter: Many(decks.import_starter),
    actions.FinishSetUp: Reads(setting_up.finish),
    actions.PausePosts: Writes(leading.pause, again=leading.show_status),
    actions.ResumePosts: Writes(leading.resume, again=leading.show_status),
    actions.SkipToday: Writes(leading.skip_today, again=leading.show_status),
    actions.PostNow: Writes(leading.post_now, again=leading.show_status),
    actions.PreviewPost: Many(leading.preview),
    actions.CopySetUp: Writes(setting_up.copy, again=leading.show_status),
    actions.PressUnknown: Reads(enrolment.unknown_button),
    actions.UnknownCommand: Reads(enrolment.unknown_command),
    actions.BeganAnew: Writes(platforms.began_anew, again=platforms.say_nothing),
    actions.WorkspaceLeft: Writes(platforms.workspace_left, again=platforms.say_nothing),
    actions.WorkspaceBack: Writes(platforms.workspace_back, again=platforms.say_nothing),
    actions.WorkspacesAre: Writes(platforms.workspaces_are, again=platforms.say_nothing),
    actions.PersonLeft: Writes(platforms.person_left, again=platforms.say_nothing),
}


@dataclass(frozen=True, slots=True)
class Engine:
    database: Database

    async def handle(self, request: Request, now: int) -> list[Message]:
        """Do what is asked and say what is to be shown to whoever asked. `now` is in UTC milliseconds."""
        try:
            return await self._run(request, now)
        except InNoGroup as error:
            return [screens.in_no_group(str(error))]
        except NotSetUp as error:
            return [set_up_screens.no_group() if request.account.leads else screens.error(str(error))]
        except QuizError as error:
            return [screens.error(str(error))]
        except Exception:
            reference = hashlib.sha256(request.key.encode()).hexdigest()[:4]
            log.exception("reference %s: %s failed", reference, type(request.action).__name__)
            return [screens.error(wording.went_wrong(reference))]

    async def _run(self, request: Request, now: int) -> list[Message]:
        match TABLE[type(request.action)]:
            case Reads(story):
                return await self.database.read(lambda tx: story(tx, request, now))
            case Writes(story, again):
                return await self.database.write(partial(_once, story, again, request, now))
            case Many(steps):
                return await steps(self.database, request, now)


async def _once(journey: Story, again: Story, request: Request, now: int, tx: Tx) -> list[Message]:
    """The journey, if this key is new; else how things stand."""
    story = journey if await keys.is_new(tx, request.key, now) else again
    return await story(tx, request, now)
