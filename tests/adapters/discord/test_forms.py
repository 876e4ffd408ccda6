"""Setting a group up on Discord: what is missing is named, and what anybody may send as a form is read as something."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.discord import forms
from adapters.discord.permissions import NEEDED
from bot.testing.counterpart import LEAD

from .conftest import Open
from .counterpart import DiscordCounterpart
from .double.words import Permission

FILLED = {"name": "French", "zone": "Europe/Paris"}
LACKS = Permission.ATTACH_FILES | Permission.READ_MESSAGE_HISTORY


@pytest.mark.parametrize("elsewhere", [False, True])
async def test_each_missing_permission_is_named_at_the_set_up_and_in_the_status(
    open_group: Open, counterpart: DiscordCounterpart, elsewhere: bool
) -> None:
    """Discord says it of the channel that one is in; of another one it is known from its own description."""
    room = counterpart.there.room
    chosen = room.channel("french", counterpart.guild) if elsewhere else counterpart.channel
    chosen.denied = LACKS
    async with open_group(grouped=False):
        await counterpart.type(LEAD, "/quiz-admin setup")
        said = await counterpart.fill(LEAD, {**FILLED, "channel": [chosen.id]})
        assert "the permission Attach Files" in said
        assert "the permission Read Message History" in said
        assert said.count("the permission") == 2
        counterpart.of(LEAD).channel = chosen
        assert "the permission Attach Files" in await counterpart.type(LEAD, "/quiz-admin status")


async def test_where_nothing_is_missing_nothing_is_said(open_group: Open, counterpart: DiscordCounterpart) -> None:
    async with open_group(grouped=False):
        await counterpart.type(LEAD, "/quiz-admin setup")
        assert "Missing here" not in await counterpart.fill(LEAD, FILLED)
    assert len(NEEDED) == 5


async def test_the_answer_to_a_form_stands_where_its_button_was(
    open_group: Open, counterpart: DiscordCounterpart
) -> None:
    async with open_group(grouped=False):
        await counterpart.type(LEAD, "/quiz")
        await counterpart.press(LEAD, "Set up")
        await counterpart.fill(LEAD, FILLED)
        seen = counterpart.sees(LEAD)
        assert "French is set up" in seen
        assert "There is no group" not in seen


JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["custom_id", "component", "components", "value", "values"]), inner)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["custom_id", "components", "other"]), JSON))
def test_whatever_comes_as_a_form_is_read(data: dict[str, Any]) -> None:
    found = forms.filled(data)
    assert all(isinstance(value, str) for values in found.values.values() for value in values)
