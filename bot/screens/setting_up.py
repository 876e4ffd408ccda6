"""What a lead sees while a group is set up: forms, what is set so far, and what can be done next."""

from collections.abc import Sequence

from .. import actions
from ..actions import FormKind, OpenForm
from ..forms import TITLES
from ..labels import in_labels
from ..markdown import escape, one_line, plain
from ..messages import Button, Buttons, Form, Message, Part, Text
from ..model import Cohort, Schedule
from ..states import Starter
from ..wording import leads as lead_wording
from .parts import bullets, button, private

LABEL = 24
MOST_STARTERS = 10


def form(form: Form) -> Message:
    return private([form], form.title)


def no_group() -> Message:
    """There is no group here, and whoever looks may make one."""
    set_up = button("Set up", OpenForm(FormKind.SET_UP), main=True)
    return private([Text(lead_wording.NO_GROUP), Buttons((set_up,))], lead_wording.NO_GROUP)


def not_done(sentence: str, again: OpenForm, *, kept: bool = True) -> Message:
    """What is wrong with what was filled in; `again` opens the form, as it was where that could be `kept`."""
    sentence = in_labels(sentence)
    saved = lead_wording.NOT_SAVED if kept else lead_wording.NOTHING_SAVED
    row = Buttons((button("Fill it in again" if kept else "Try another file", again, main=True),))
    return private([Text(escape(sentence)), Text(saved), row], sentence, replaces=True)


def what_is_set(
    cohort: Cohort, schedule: Schedule, next_post: Part, lacks: Sequence[str], steps: Sequence[Part]
) -> Message:
    """What is set, what is missing in that place, and the next step."""
    words = lead_wording.set_up(cohort.name, schedule)
    return private([Text(words), next_post, *_lacking(lacks), *steps], plain(words), replaces=True)


def _lacking(lacks: Sequence[str]) -> list[Part]:
    if not lacks:
        return []
    return [
        Text(f"**{lead_wording.LACKING}**"),
        Text(bullets(list(map(escape, lacks)))),
        Text(lead_wording.LET_ME, quiet=True),
    ]


def add_a_deck(cohort: Cohort, starters: Sequence[Starter]) -> list[Part]:
    """The decks that come with Flashmob, and the ways to bring one."""
    ours = tuple(
        button(one_line(escape(each.title), LABEL), actions.ImportStarter(each.key, cohort.id))
        for each in starters[:MOST_STARTERS]
    )
    change = [] if cohort.personal else [Buttons(change_settings(cohort.id))]
    return [Text(lead_wording.WHICH_DECK), Buttons(ours), Buttons(_own(cohort)), *change]


def change_settings(cohort_id: int) -> tuple[Button, ...]:
    """The forms in which what is set can be changed."""
    return tuple(button(title, OpenForm(which, cohort_id)) for which, title in TITLES.items())


def another_deck(cohort: Cohort) -> list[Part]:
    """For a group that has decks already."""
    return [Buttons(_own(cohort))]


def _own(cohort: Cohort) -> tuple[Button, ...]:
    return (
        button("Paste a deck", OpenForm(FormKind.PASTE, cohort.id)),
        button("Upload a deck", OpenForm(FormKind.UPLOAD, cohort.id)),
    )


def no_deck(cohort: Cohort, starters: Sequence[Starter]) -> Message:
    """A group without a card, for whoever leads it."""
    return private([Text(lead_wording.NO_DECK), *add_a_deck(cohort, starters)], lead_wording.NO_DECK)


def what_next(cohort_id: int) -> list[Part]:
    """A deck is there: look at the first post, change something, or leave it at that."""
    look = button("Test post to me only", actions.PreviewPost(cohort_id), main=True)
    return [Text(lead_wording.TRY_IT), Buttons((look,)), *or_change(cohort_id)]


def or_change(cohort_id: int) -> list[Part]:
    """After that look."""
    return [Buttons(_or_change(cohort_id))]


def _or_change(cohort_id: int) -> tuple[Button, ...]:
    return (*change_settings(cohort_id), button("Done", actions.FinishSetUp(cohort_id)))


def finished(next_post: Part) -> Message:
    return private([Text(lead_wording.FINISHED), next_post], plain(lead_wording.FINISHED), replaces=True)
