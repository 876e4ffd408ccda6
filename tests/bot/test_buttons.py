"""Button ids: what is written is read again for ever, and whatever else arrives is no button of ours."""

from enum import Enum
from typing import Any, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import fields

from bot import actions, buttons
from bot.actions import Action
from bot.model import Rating, Source, SourceKind, Window

LARGEST = (1 << 63) - 1
IDS = st.integers(0, LARGEST)


def values(kind: Any) -> st.SearchStrategy[Any]:
    if kind is Source:
        return st.builds(Source, st.sampled_from(SourceKind), IDS)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    if kind is str:
        return st.from_regex("[a-z0-9-]{0,16}", fullmatch=True)
    return st.booleans() if kind is bool else st.integers(0, 10_000)


def action_of(kind: type[Any]) -> st.SearchStrategy[Any]:
    hints = get_type_hints(kind)
    return st.builds(kind, **{name: IDS if name.endswith("_id") else values(hint) for name, hint in hints.items()})


@given(st.sampled_from(list(buttons.VERBS.values())).flatmap(action_of))
def test_what_a_button_asks_for_is_read_as_it_was_written(action: Action) -> None:
    written = buttons.write(action)
    assert buttons.read(written) == action
    assert written.isascii()
    assert len(written) <= 64


@given(st.text() | st.text("f1:showratepsz0129-_ ", max_size=40))
def test_whatever_is_pressed_is_read_as_something(text: str) -> None:
    action = buttons.read(text)
    if not isinstance(action, actions.PressUnknown):
        for field in fields(action):
            value = getattr(action, field.name)
            number = value.id if isinstance(value, Source) else value
            assert not isinstance(number, int) or 0 <= number <= LARGEST


@pytest.mark.parametrize(
    ("shipped", "action"),
    [
        ("f1:study:zz", actions.Study(1295)),
        ("f1:show:p10:2", actions.RevealAnswer(Source(SourceKind.POST, 36), 2)),
        ("f1:rate:s10:2:1:4", actions.RateCard(Source(SourceKind.SESSION, 36), 2, 1, Rating.WELL)),
        ("f1:redo:s10:2:1", actions.ChangeRating(Source(SourceKind.SESSION, 36), 2, 1)),
        ("f1:away:p10:2:n", actions.SetAside(Source(SourceKind.POST, 36), 2, actions.Instead.NEVER)),
        ("f1:go:10:c", actions.GoOn(36, actions.Offer.CATCH_UP)),
        ("f1:lead:month", actions.ShowLeaderboard(Window.MONTH)),
        ("f1:hide:1", actions.HideName(True)),
        ("f1:prac", actions.Practise()),
    ],
)
def test_a_button_that_was_shipped_keeps_its_meaning(shipped: str, action: Action) -> None:
    assert buttons.read(shipped) == action
    assert buttons.write(action) == shipped


@pytest.mark.parametrize(
    "text",
    [
        "f2:study:1",
        "f1:study",
        "f1:study:1:2",
        "f1:study:-1",
        "f1:study:1_0",
        "f1:study:1y2p0ij32e8e8",  # one more than an id can be
        "f1:rate:s10:2:1:0",
        "f1:rate:s10:2:1:6",
        "f1:rate:x10:2:1:4",
        "f1:hide:2",
        "f1:hide:",
        "f1:lead:year",
        "somebody else's button",
    ],
)
def test_what_was_never_shipped_is_unknown(text: str) -> None:
    assert buttons.read(text) == actions.PressUnknown()


def test_a_file_or_a_command_is_no_button() -> None:
    with pytest.raises((KeyError, TypeError)):
        buttons.write(actions.ImportDeck("x", b""))
