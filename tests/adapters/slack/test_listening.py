"""What is heard from Slack: acknowledged in time, done once, answered where the asker looks."""

import asyncio
import json
import logging
import time
from collections.abc import Callable

import aiohttp
import pytest

from adapters.slack import transport
from adapters.slack.app import Slack
from bot.actions import Request
from bot.errors import ConfigError
from bot.messages import Message
from bot.model import PostStyle, Rating, RatingInput
from bot.states import Health
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.group import Group

from .conftest import OpenGroup
from .counterpart import CHANNEL, HTTP, IDS, SlackCounterpart, environment
from .double.server import NotAcknowledged, encoded
from .double.web_api import Fault
from .reading import buttons_of, text_of, text_of_view

REACTIONS = {"style": PostStyle.CARDS, "rating_input": RatingInput.REACTIONS}


def post_of(there: SlackCounterpart) -> str:
    """The newest post's `ts`."""
    return [ts for channel, ts in there.state.messages if channel == CHANNEL][-1]


def button(there: SlackCounterpart, who: str, label: str) -> str:
    view = there.state.screen(IDS[who])
    assert view is not None
    return next(button for found, button in buttons_of(view["blocks"]) if found == label)


# ---- in time ---------------------------------------------------------------------------------------------------------


async def test_a_loading_view_goes_up_when_the_answer_takes_long(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.api.delays["users.info"] = 1.0
        assert "Question 1" in await there.press(MEMBER, "Study")
        loading, card = there.double.api.called("views.open"), there.double.api.called("views.update")
        assert "One moment" in text_of_view(loading[-1]["view"])
        assert "Question 1" in text_of_view(card[-1]["view"])
        assert there.double.deliveries[-1].took_s < 1.0


async def test_an_answer_that_is_there_needs_no_loading_view(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        assert len(there.double.api.called("views.open")) == 1
        assert there.double.api.called("views.update") == []


async def test_the_modal_is_titled_with_the_card_and_updated_in_place(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        for label in ("Study", "Show answer", "4 Well"):
            await there.press(MEMBER, label)
        view = there.state.screen(IDS[MEMBER])
        assert view is not None
        assert view["title"]["text"] == "Card 2 of 5"
        assert len(there.state.views) == 1


# ---- modals ----------------------------------------------------------------------------------------------------------


async def test_a_rating_is_saved_although_its_modal_was_closed(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        await there.press(MEMBER, "Show answer")
        there.double.api.delays["views.update"] = 0.2
        await there.hands.press_view(IDS[MEMBER], button(there, MEMBER, "4 Well"))
        there.state.close_screen(IDS[MEMBER])
        await there.slack.listening.settle()
        assert [row[0] for row in await group.rows("select rating from reviews")] == [4]


async def test_a_double_tap_rates_once_and_leaves_one_screen(
    open_group: OpenGroup, there: SlackCounterpart, caplog: pytest.LogCaptureFixture
) -> None:
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        await there.press(MEMBER, "Show answer")
        rate = button(there, MEMBER, "4 Well")
        await asyncio.gather(*(there.hands.press_view(IDS[MEMBER], rate) for _ in range(2)))
        await there.slack.listening.settle()
        assert await group.count("review_changes") == 1
        assert "Card 2 of 5" in there.sees(MEMBER)
        assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_what_does_not_replace_the_card_lies_on_top_of_it(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        assert "Your name is hidden" in await there.press(MEMBER, "Hide my name")
        there.state.close_screen(IDS[MEMBER])
        view = there.state.screen(IDS[MEMBER])
        assert view is not None
        assert "Question 1" in text_of_view(view)


async def test_views_are_never_stacked_deeper_than_slack_takes(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        await there.type(MEMBER, "/leaderboard")
        for label in ("Month", "All time", "Week", "Month"):
            await there.press(MEMBER, label)
        assert len(there.state.stacks[IDS[MEMBER]]) == 2
        assert "This month" in there.sees(MEMBER)


async def test_a_trigger_that_ran_out_is_answered_with_a_fresh_button(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.state.trigger_s = 0.0
        await there.press(MEMBER, "Study")
        ((to, whisper),) = there.state.ephemerals
        assert to == IDS[MEMBER]
        assert "Press again" in text_of(whisper["blocks"])
        there.state.trigger_s = 3.0
        ((_, again),) = buttons_of(whisper["blocks"])
        assert "Question 1" in await there.press_id(MEMBER, again)


# ---- once ------------------------------------------------------------------------------------------------------------


async def test_an_event_is_not_acknowledged_before_it_is_saved(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group(**REACTIONS) as group:
        await group.morning()
        there.double.ack_timeout_s = 0.5
        await group.run("alter table reviews rename to reviews_gone")
        with pytest.raises(NotAcknowledged):
            await there.hands.react(IDS[MEMBER], CHANNEL, post_of(there), "four")
        assert [delivery.attempt for delivery in there.double.deliveries[-3:]] == [0, 1, 2]
        await group.run("alter table reviews_gone rename to reviews")
        await there.hands.react(IDS[MEMBER], CHANNEL, post_of(there), "five")
        assert [row[0] for row in await group.rows("select rating from reviews")] == [5]


async def test_what_nobody_asked_for_is_acknowledged_and_ignored(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        for event in ({"type": "team_join", "user": {"id": "U9"}}, {"type": "message", "text": "hello", "user": "U9"}):
            await there.hands.event(event)
        assert [delivery.status for delivery in there.double.deliveries] == [200, 200]


async def test_the_bots_own_reactions_and_other_emoji_are_no_ratings(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(**REACTIONS) as group:
        await group.morning()
        there.state.users[there.state.bot_user] = {"id": there.state.bot_user}
        await there.hands.react(there.state.bot_user, CHANNEL, post_of(there), "four")
        await there.hands.react(IDS[MEMBER], CHANNEL, post_of(there), "tada")
        assert await group.count("reviews") == 0


async def test_where_reactions_may_not_be_read_nothing_is_undone(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(**REACTIONS) as group:
        await group.morning()
        await there.react(MEMBER, Rating.WELL)
        await there.react_unseen(MEMBER, Rating.WELL, added=False)
    there.state.scopes -= {"reactions:read"}
    async with open_group(**REACTIONS) as group:
        await group.reread()
        assert [row[0] for row in await group.rows("select rating from reviews")] == [4]
        assert there.double.api.called("reactions.get") == []


async def test_people_are_known_again_when_their_reactions_are_read(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.state.enterprise = "E0GRID"
    async with open_group(**REACTIONS) as group:
        await group.morning()
        for who in IDS:
            await there.react_unseen(who, Rating.WELL)
        await there.react(MEMBER, Rating.BARELY)
        await there.double.refresh()
        await group.reread()
        assert await group.count("accounts") == 3
        rows = await group.rows("select m.name, r.rating from reviews r join memberships m using (learner_id)")
        assert sorted(map(tuple, rows)) == [("Lin", 4), ("Maya", 4), ("Sam", 2)]


# ---- the socket ------------------------------------------------------------------------------------------------------


async def test_while_one_connection_is_renewed_the_other_one_listens(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        assert there.double.sockets == 2
        await there.double.refresh()
        assert "Question 1" in await there.press(MEMBER, "Study")
        assert "Answer 1" in await there.press(MEMBER, "Show answer")
        async with asyncio.timeout(5):
            while there.double.connections < 3 or there.double.sockets < 2:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
        assert "Saved" in await there.press(MEMBER, "4 Well")


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "PING_S", 0.05)
    monkeypatch.setattr(transport, "CONNECT_S", 0.2)
    monkeypatch.setattr(transport, "FIRST_WAIT_S", 0.02)


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not true():  # noqa: ASYNC110  (the SDK has no event of ours)
            await asyncio.sleep(0.01)


@pytest.mark.usefixtures("impatient")
async def test_after_a_cut_line_it_connects_again_with_addresses_that_work(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.shut = True
        await there.double.cut()
        await until(lambda: group.adapter.health is Health.AWAY)
        refused = len(there.double.api.called("apps.connections.open"))
        await until(lambda: len(there.double.api.called("apps.connections.open")) > refused + 3)
        there.double.shut = False
        await until(lambda: there.double.sockets == 2)
        assert group.adapter.health is Health.CONNECTED
        assert "Question 1" in await there.press(MEMBER, "Study")


@pytest.fixture
async def bare(there: SlackCounterpart, monkeypatch: pytest.MonkeyPatch, impatient: None) -> Slack:
    """The adapter alone, which nobody has started."""
    await there.double.start()
    for name, value in environment(there.state).items():
        monkeypatch.setenv(name, value)
    return Slack({"api_base": there.double.api_base}, nothing, lambda: 0)


async def test_a_token_that_is_revoked_meanwhile_ends_the_run_with_a_sentence(
    bare: Slack, there: SlackCounterpart
) -> None:
    running = asyncio.create_task(bare.run())
    await bare.started()
    there.double.api.faults.append(Fault("apps.connections.open", "invalid_auth", times=1_000))
    await there.double.cut()
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
        await asyncio.wait_for(running, 10)


async def test_it_can_be_stopped_where_slack_is_never_reached(bare: Slack, there: SlackCounterpart) -> None:
    there.double.shut = True
    running = asyncio.create_task(bare.run())
    await until(lambda: len(there.double.api.called("apps.connections.open")) > 1)
    health = [bare.health]
    await bare.close()
    await asyncio.wait_for(running, 10)
    assert [*health, bare.health] == [Health.CONNECTING, Health.CLOSED]


async def nothing(request: Request) -> list[Message]:
    return []


# ---- HTTP ------------------------------------------------------------------------------------------------------------


async def test_a_request_that_is_not_slacks_or_is_old_is_refused(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.mode = HTTP
    async with open_group() as group:
        await group.morning()
        body, kind = encoded("slash_commands", {"command": "/quiz", "text": "", "user_id": IDS[MEMBER], "team_id": "T"})
        now = int(time.time())
        for headers in (
            there.double.signed(body, secret="another"),
            there.double.signed(body, at=now - 301),
            {"X-Slack-Request-Timestamp": str(now)},
        ):
            async with aiohttp.ClientSession() as session:
                said = await session.post(there.slack.address, data=body, headers={**headers, "Content-Type": kind})
                assert said.status == 401
        heard = "select 1 from handled where key not like '%:began:%' and key not like '%:there:%'"
        assert await group.rows(heard) == []


async def test_a_replayed_request_changes_nothing(open_group: OpenGroup, there: SlackCounterpart) -> None:
    there.mode = HTTP
    async with open_group(**REACTIONS) as group:
        await group.morning()
        await there.hands.react(IDS[MEMBER], CHANNEL, post_of(there), "four", delivered=3)
        assert await group.count("review_changes") == 1


async def test_slack_is_shown_that_the_address_is_ours(open_group: OpenGroup, there: SlackCounterpart) -> None:
    there.mode = HTTP
    async with open_group():
        body = json.dumps({"type": "url_verification", "challenge": "3eZ", "token": "v"})
        headers = {**there.double.signed(body), "Content-Type": "application/json"}
        async with aiohttp.ClientSession() as session:
            said = await session.post(there.slack.address, data=body, headers=headers)
            assert "3eZ" in await said.text()


# ---- ways in ---------------------------------------------------------------------------------------------------------


async def test_the_home_page_shows_what_is_due_and_opens_a_session(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await studied(group, there)
        await there.hands.open_home(IDS[MEMBER])
        await there.slack.listening.settle()
        home = there.state.homes[IDS[MEMBER]]
        assert "due now" in text_of_view(home)
        start = next(button for label, button in buttons_of(home["blocks"]) if label == "Start review")
        await there.hands.press_home(IDS[MEMBER], start)
        await there.slack.listening.settle()
        assert there.state.screen(IDS[MEMBER]) is not None


async def test_the_shortcut_opens_a_session(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await studied(group, there)
        there.state.stacks.clear()
        await there.hands.shortcut(IDS[MEMBER], "f1:quiz::a")
        await there.slack.listening.settle()
        view = there.state.screen(IDS[MEMBER])
        assert view is not None
        assert "Question" in text_of_view(view)


async def test_a_shared_leaderboard_is_posted_for_everyone_and_said_so(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await studied(group, there)
        await there.type(MEMBER, "/leaderboard")
        assert "Shared in this channel" in await there.press(MEMBER, "Share")
        assert "Sam, 1 point" in there.public()[-1]


async def test_what_was_opened_from_the_home_page_is_shared_nowhere(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await studied(group, there)
        await there.hands.open_home(IDS[MEMBER])
        await there.slack.listening.settle()
        faces = dict(buttons_of(there.state.homes[IDS[MEMBER]]["blocks"]))
        await there.hands.press_home(IDS[MEMBER], faces["Leaderboard"])
        await there.slack.listening.settle()
        assert "no channel here" in await there.press(MEMBER, "Share")
        assert len(there.public()) == 1


async def test_a_reminder_comes_as_a_direct_message(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await studied(group, there)
        assert "nudge you in private" in await there.type(MEMBER, "/remind 18:00")
        await group.later(1)
        assert "This is how I will remind you" in there.sees(MEMBER)
        assert "This is how" not in there.sees(LEAD)
        assert "Reminders are off" in await there.press(MEMBER, "Stop reminders")


async def test_the_command_is_spoken_of_as_it_is_typed_here(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group({"command": "/studyquiz"}) as group:
        await group.morning()
        said = await there.type(MEMBER, "/help")
        assert "/studyquiz leaderboard" in said
        assert "/studyquiz [deck]" in said
        assert not [line for line in said.splitlines() if "/leaderboard" in line or "/quiz" in line]
        assert "/studyquiz leaderboard" in await there.type(MEMBER, "/leaderbord")


async def test_in_a_grid_learners_are_kept_apart_by_enterprise(open_group: OpenGroup, there: SlackCounterpart) -> None:
    there.state.enterprise = "E0GRID"
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        ((realm,),) = await group.rows("select realm from accounts")
        assert realm == "E0GRID"


async def test_an_admin_of_another_workspace_leads_nothing_here(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        there.state.users[IDS[LEAD]]["team_id"] = "T0PARTNER"
        assert "Only someone who leads" in await there.type(LEAD, "/quiz-admin pause")
        there.state.users[IDS[LEAD]]["team_id"] = there.state.team
        assert "Only someone who leads" in await there.type(LEAD, "/quiz-admin pause")
        await there.hands.event({"type": "user_change", "user": {"id": IDS[LEAD]}})
        assert "Posts are paused" in await there.type(LEAD, "/quiz-admin pause")


async def test_my_data_is_shown_and_comes_as_a_file_of_mine_alone(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await studied(group, there)
        assert "flashmob-my-data.json" in await there.type(MEMBER, "/privacy export")
        ((channel, file),) = there.state.shared
        assert there.state.channels[channel].members == {IDS[MEMBER], there.state.bot_user}
        assert b"reviews" in there.state.files[file]


async def studied(group: Group, there: SlackCounterpart) -> None:
    """The morning, and a first card rated."""
    await group.morning()
    for label in ("Study", "Show answer", "4 Well"):
        await there.press(MEMBER, label)
