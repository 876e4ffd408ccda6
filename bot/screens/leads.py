"""What those who lead a group see: how its posts are doing, what is set, and what their presses did."""

from collections.abc import Sequence

from msgspec.structs import replace

from .. import actions
from ..labels import CHOICES, LABELS, value
from ..markdown import escape, one_line, plain
from ..messages import Button, Buttons, Instant, Message, Notice, Part, Text, Title
from ..model import Cohort
from ..states import PostState
from ..wording import leads as lead_wording
from .parts import bullets, button, private
from .posts import parts_of, post_message
from .setting_up import change_settings

QUESTION = 60


def answer(words: str, next_post: Part) -> Message:
    """What was done, and when the next post comes."""
    return private([Text(words), next_post, Buttons((button("Status", actions.ShowStatus()),))], words)


def changed(cohort: Cohort, what: Sequence[str], next_post: Part) -> Message:
    """What is set otherwise now, and for how long, where that is not for good."""
    words = lead_wording.settings_changed(what)
    made = answer(words, next_post)
    return replace(made, parts=(*made.parts, *in_file(cohort))) if what else made


def in_file(cohort: Cohort) -> list[Part]:
    """That what is set here does not outlast a restart, where that is so."""
    return [Text(lead_wording.IN_FILE, quiet=True)] if cohort.in_file else []


def next_post(at: int | None, paused: str, zone: str, now: int) -> Part:
    """When the next post comes, or why none does; `paused` is why, until then, none comes either."""
    if at is None:
        return Text(lead_wording.no_post(paused))
    after = f" ({paused})." if paused else "."
    return Instant("Next post:", at, lead_wording.when(at, zone, now), after)


def status(
    cohort: Cohort,
    next_post: Part,
    sections: Sequence[tuple[str, Sequence[str]]],
    settings: Sequence[tuple[str, str]],
    today: Sequence[Button],
    *,
    paused: bool,
) -> Message:
    """`sections` are headings with their lines (Markdown of ours); empty ones are left out. `settings` are as typed,
    and `today` is what can be done about today's post.
    """
    going = button("Resume posts", actions.ResumePosts()) if paused else button("Pause posts", actions.PausePosts())
    row = (going, *today, button("Preview", actions.PreviewPost()))
    parts: list[Part] = [Title(f"{cohort.name}: posts"), next_post, Buttons(row)]
    for heading, lines in sections:
        if lines:
            parts += [Text(f"**{heading}**"), Text(bullets(lines))]
    lines = [_said(name, words) for name, words in settings]
    parts += [Text("**Settings**"), Text(bullets(lines)), Buttons(change_settings(cohort.id))]
    parts += [Text(lead_wording.HOW_TO_CHANGE, quiet=True), *in_file(cohort)]
    return private(parts, f"{cohort.name}: posts")


def todays_post(*, can_post: bool, can_skip: bool) -> list[Button]:
    """What can be done about it: nothing, once it is out."""
    post = [button("Post now", actions.PostNow())] if can_post else []
    return [*post, button("Skip today", actions.SkipToday())] if can_skip else post


def which_setting(settings: Sequence[tuple[str, str]]) -> Message:
    """What can be set by words, what it is now, and of a few choices which words there are."""
    lines = [f"`{name}`: {_said(name, words)}{_choices(name)}" for name, words in settings]
    return private([Text(lead_wording.WHICH_SETTING), Text(bullets(lines))], plain(lead_wording.WHICH_SETTING))


def reason_line(prompt: str, reason: str) -> str:
    return f"{escape(one_line(prompt, QUESTION))} ({reason})"


def _said(name: str, words: str) -> str:
    return f"{LABELS[name]}: {escape(value(name, words))}"


def _choices(name: str) -> str:
    choices = " or ".join(f"`{each}`" for each in CHOICES.get(name, ()))
    return f" ({choices})" if choices else ""


def preview(post: PostState, next_step: Sequence[Part] = ()) -> Message:
    """Today's post as it would be, without its buttons; a post of several messages stands in one."""
    parts: list[Part] = [Notice(lead_wording.PREVIEW)]
    for part in range(parts_of(post)):
        parts += [one for one in post_message(post, part).parts if not isinstance(one, Buttons)]
    reasons = "\n".join(f"{number}. {reason}" for number, reason in enumerate(post.reasons, 1))
    parts.append(Text(f"**{lead_wording.WHY}**\n\n{reasons}"))
    shown = parts if post.cards else [Text(lead_wording.NOTHING_TO_POST)]
    return private([*shown, *next_step], lead_wording.PREVIEW)
