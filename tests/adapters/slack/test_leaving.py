"""The app is removed and comes back, told in any order, late, twice or not at all; and people who leave."""

import pytest

from bot.model import Place
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.group import Group

from .conftest import OpenGroup
from .counterpart import CHANNEL, IDS, SlackCounterpart
from .double.web_api import Fault
from .installing import install
from .test_oauth import HELLO

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's, on a newer aiohttp
UNINSTALLED = {"type": "app_uninstalled"}
REVOKED = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0BOT"]}}


async def is_left(group: Group) -> bool:
    return bool(await group.rows("select 1 from workspaces where left_at is not null"))


async def paused(group: Group) -> list[str]:
    return [row[0] for row in await group.rows("select paused from schedules where paused <> ''")]


@pytest.mark.parametrize("events", [[UNINSTALLED, REVOKED], [REVOKED, UNINSTALLED], [REVOKED], [UNINSTALLED] * 2])
async def test_where_the_app_was_removed_posts_stop_until_it_is_back(
    open_group: OpenGroup, there: SlackCounterpart, events: list[dict[str, object]]
) -> None:
    async with open_group() as group:
        there.state.revoked = True
        for event in events:
            await there.hands.event(event)
        assert await is_left(group)
        await group.morning()
        assert there.double.api.called("chat.postMessage") == []
    there.state.revoked = False
    async with open_group() as group:
        assert not await is_left(group)
        await group.later(24 * 60)
        assert "Question 1" in await there.press(MEMBER, "Study")


async def test_a_word_of_an_older_token_ends_nothing(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await there.hands.event(REVOKED)
        await there.hands.event({"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
        assert not await is_left(group)


async def test_what_slack_cannot_say_just_then_ends_nothing(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        there.double.api.faults.append(Fault("auth.test", status=503))
        await there.hands.event(UNINSTALLED)
        assert not await is_left(group)


@pytest.mark.parametrize("word", ["token_revoked", "account_inactive", "invalid_auth"])
async def test_a_removal_that_nobody_told_of_shows_in_the_first_post(
    open_group: OpenGroup, there: SlackCounterpart, word: str
) -> None:
    async with open_group() as group:
        there.double.api.faults += [Fault("chat.postMessage", word), Fault("auth.test", word, times=9)]
        await group.morning()
        assert await is_left(group)
        assert await paused(group) == []
        assert [row[0] for row in await group.rows("select state from posts")] == ["skipped"]


async def test_a_refusal_of_a_token_that_works_is_no_removal(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        there.double.api.faults.append(Fault("chat.postMessage", "invalid_auth"))
        await group.morning()
        assert not await is_left(group)


async def test_of_many_workspaces_one_is_removed_with_its_token_and_installed_again(
    open_group: OpenGroup,
    there: SlackCounterpart,
    many: dict[str, str],
) -> None:
    async with open_group(many) as group:
        for team in (there.state.team, "T2"):
            await install(there, team)
        await there.hands.event(UNINSTALLED)
        assert await is_left(group)
        await group.morning()
        assert there.public() == []
        await group.adapter.send(Place("slack", "T2", CHANNEL), HELLO, "hello:T2")
        await install(there, there.state.team)
        assert not await is_left(group)
        await group.later(24 * 60)
        assert "Question 1" in await there.press(MEMBER, "Study")


async def test_a_workspace_without_a_token_is_left_however_it_lost_it(
    open_group: OpenGroup,
    there: SlackCounterpart,
    many: dict[str, str],
) -> None:
    """Such as where the program died between deleting the token and saying so."""
    async with open_group(many) as group:
        await group.morning()
        assert await is_left(group)
        assert await paused(group) == []


async def test_the_name_of_somebody_whose_account_was_closed_is_shown_no_more(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        for who in (MEMBER, LEAD):
            for label in ("Study", "Show answer", "4 Well"):
                await there.press(who, label)
        assert "Sam, 1 point" in await there.type(LEAD, "/leaderboard")
        await there.hands.event({"type": "user_change", "user": {"id": IDS[MEMBER], "deleted": True}})
        assert "Sam" not in await there.type(LEAD, "/leaderboard")


async def test_a_reminder_that_finds_an_account_closed_is_the_last_one(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        for label in ("Study", "Show answer", "4 Well"):
            await there.press(MEMBER, label)
        await there.type(MEMBER, "/remind 18:00")
        there.double.api.faults.append(Fault("chat.postMessage", "user_disabled"))
        await group.later(1)
        assert [tuple(row) for row in await group.rows("select remind_at from learners")] == [(None,)]
        assert await group.rows("select 1 from memberships where left_at is null") == []
