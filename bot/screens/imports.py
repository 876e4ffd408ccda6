"""Importing a deck, as its lead sees it: what it would do, which cards may be the same, how far it is, what it did."""

from collections.abc import Iterator, Sequence
from functools import partial

from .. import actions, wording
from ..markdown import escape, one_line, plain
from ..messages import Attachment, Buttons, CardSide, Message, Notice, Part, Side, Text, Title
from ..model import Card
from ..states import Proposal, StagedImport, StagedState
from .parts import NO_NOTICE, bullets, button, private, said, side_of, turning

PROBLEMS_SHOWN = 10
PROPOSALS = 5
"""On a page: each takes a text and three parts of the forty that a message may have."""
QUESTION = 120


def staged(found: StagedImport, notice: Notice = NO_NOTICE, *, replaces: bool = False) -> Message:
    """The preview of one that waits; else how far it is, or what it did."""
    match found.state:
        case StagedState.WAITING:
            return _preview(found, notice, replaces=replaces)
        case StagedState.APPLYING:
            text = wording.importing(found.title, found.applied, found.cards)
            row = (button("How far?", actions.ShowImport(found.id), main=True),)
            return private([Text(text), Buttons(row)], plain(text), replaces=replaces)
        case StagedState.DONE:
            return _done(found, replaces=replaces)
        case StagedState.STOPPED | StagedState.CANCELLED:
            return said(wording.stopped(found.title), replaces=replaces)


# ---- before ----------------------------------------------------------------------------------------------------------


def _preview(found: StagedImport, notice: Notice, *, replaces: bool) -> Message:
    """The buttons stand above the cards, which fill more than one screen."""
    title = wording.import_title(found.title)
    row = (
        button("Import", actions.ApplyImport(found.id), main=True),
        button("Cancel", actions.CancelImport(found.id)),
    )
    parts: list[Part] = [
        Title(title),
        Text(wording.read_from(found.file_name, found.cards)),
        Text(bullets(wording.effects(found.counts.named()))),
        *_look_alikes(found),
        *_problems(found),
        Buttons(row),
        Text(f"**{wording.HOW_THEY_LOOK}**"),
        *(part for number, card in enumerate(found.samples, 1) for part in _sample(number, card)),
    ]
    return private(parts, title, replaces=replaces, notice=notice)


def _look_alikes(found: StagedImport) -> Iterator[Part]:
    if found.proposals:
        yield Text(wording.may_be_the_same(found.proposals, found.unsettled))
        yield Buttons((button("Look at them", actions.ShowProposals(found.id)),))


def _problems(found: StagedImport) -> Iterator[Part]:
    """The first ones; all of them come as a file."""
    if not found.problems:
        return
    yield Text(f"**{wording.needs_a_look(found.problems)}**")
    more = found.problems - PROBLEMS_SHOWN
    lines = [escape(line) for line in found.report[:PROBLEMS_SHOWN]]
    yield Text(bullets([*lines, wording.and_more(more)] if more > 0 else lines))
    if more > 0:
        yield Buttons((button("Whole report", actions.ShowProblems(found.id)),))


def _sample(number: int, card: Card) -> Iterator[Part]:
    yield Text(f"Card {number}", quiet=True)
    sides = (Side.QUESTION, Side.ANSWER, Side.WHY) if card.why else (Side.QUESTION, Side.ANSWER)
    yield from (CardSide(side, side_of(card, side)) for side in sides)


def report(found: StagedImport) -> Message:
    """All that needs a look, as a file."""
    words = wording.needs_a_look(found.problems)
    more = found.problems - len(found.report)
    lines = [*found.report, *([wording.and_more(more)] if more > 0 else [])]
    file = Attachment("what-needs-a-look.txt", "\n".join([f"{found.file_name}: {words}", *lines, ""]))
    return private([Text(f"{words}: {escape(found.file_name)}"), file], words)


# ---- the same card, or not -------------------------------------------------------------------------------------------


def proposals(found: StagedImport, page: int, shown: Sequence[Proposal]) -> Message:
    """A page of them, each with what is said of it and the buttons to say something else."""
    parts: list[Part] = [Title(wording.SAME_OR_NOT), Text(wording.ABOUT_PROPOSALS)]
    for one in shown:
        parts += _proposal(found.id, one)
    parts += turning(page, -(-found.proposals // PROPOSALS), partial(actions.ShowProposals, found.id))
    back = Buttons((button("Back to the preview", actions.ShowImport(found.id)),))
    return private([*parts, back], wording.SAME_OR_NOT, replaces=True)


def _proposal(staged_id: int, one: Proposal) -> Iterator[Part]:
    yield Text(wording.was_and_is(one.number, one_line(one.was, QUESTION), one_line(one.now, QUESTION)))
    if one.same is not None:
        yield Text(wording.SAME if one.same else wording.NOT_SAME, quiet=True)
    choices = ((True, "Same card"), (False, "New card"))
    row = (
        button(label, actions.SettleProposal(staged_id, one.number, same))
        for same, label in choices
        if same is not one.same
    )
    yield Buttons(tuple(row))


# ---- after -----------------------------------------------------------------------------------------------------------


def _done(found: StagedImport, *, replaces: bool) -> Message:
    text = wording.is_in(found.title, found.counts.named())
    parts: list[Part] = [Text(text)]
    if found.problems:
        parts.append(Text(f"{wording.needs_a_look(found.problems)}."))
        parts.append(Buttons((button("Whole report", actions.ShowProblems(found.id)),)))
    return private(parts, plain(text), replaces=replaces)
