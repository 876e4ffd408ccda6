"""What those who lead a group see: how its posts are doing, what is set, and what their presses did."""

from collections.abc import Sequence

from .. import actions
from ..actions import FormKind
from ..markdown import escape, one_line
from ..messages import Button, Buttons, Instant, Message, Notice, Part, Text, Title
from ..model import Cohort
from ..states import PostState
from ..wording import leads as lead_wording
from .parts import bullets, button, private
from .posts import parts_of, post_message

QUESTION = 60


def answer(words: str, next_post: Part) -> Message:
    """What was done, and when the next post comes."""
    return private([Text(words), next_post, Buttons((button("Status", actions.ShowStatus()),))], words)


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
    *,
    paused: bool,
    settings: Sequence[str],
) -> Message:
    """`sections` are headings with their lines (Markdown of ours); empty ones are left out."""
    parts: list[Part] = [Title(f"{cohort.name}: posts"), next_post, Buttons(_what_to_do(cohort, paused=paused))]
    for heading, lines in sections:
        if lines:
            parts += [Text(f"**{heading}**"), Text(bullets(lines))]
    parts += [Text("**Settings**"), Text(bullets(settings)), Text(lead_wording.HOW_TO_CHANGE, quiet=True)]
    return private(parts, f"{cohort.name}: posts")


def _what_to_do(cohort: Cohort, *, paused: bool) -> tuple[Button, ...]:
    going = button("Resume posts", actions.ResumePosts()) if paused else button("Pause posts", actions.PausePosts())
    return (
        going,
        button("Post now", actions.PostNow()),
        button("Skip today", actions.SkipToday()),
        button("Preview", actions.PreviewPost()),
        button("Change settings", actions.OpenForm(FormKind.CHANGE, cohort.id)),
    )


def reason_line(prompt: str, reason: str) -> str:
    return f"{escape(one_line(prompt, QUESTION))} ({reason})"


def setting_line(name: str, value: str) -> str:
    return f"{name}: {escape(value) or 'none'}"


def preview(post: PostState, next_step: Sequence[Part] = ()) -> Message:
    """Today's post as it would be, without its buttons; a post of several messages stands in one."""
    parts: list[Part] = [Notice(lead_wording.PREVIEW)]
    for part in range(parts_of(post)):
        parts += [one for one in post_message(post, part).parts if not isinstance(one, Buttons)]
    reasons = "\n".join(f"{number}. {reason}" for number, reason in enumerate(post.reasons, 1))
    parts.append(Text(f"**{lead_wording.WHY}**\n\n{reasons}"))
    shown = parts if post.cards else [Text(lead_wording.NOTHING_TO_POST)]
    return private([*shown, *next_step], lead_wording.PREVIEW)
