"""Slack's own traps, one by one: shared channels, organisations, guests, limits, views that come too late."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from adapters.slack.installs import Installs
from adapters.slack.workspaces import Workspace
from bot.adapter import SendFailed, Trouble
from bot.messages import Audience, Message, Text
from bot.model import Place, PostStyle, Rating, RatingInput
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.group import Group

from .conftest import OpenGroup
from .counterpart import CHANNEL, IDS, SlackCounterpart
from .double.contracts import FOLDER
from .double.web_api import Fault
from .installing import KEY
from .reading import buttons_of, text_of

HELLO = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)
REACTIONS = {"style": PostStyle.CARDS, "rating_input": RatingInput.REACTIONS}
SAMPLES = ("AppUninstalledPayload", "TokensRevokedPayload", "MemberJoinedChannelPayload", "AppHomeOpenedPayload",
           "ReactionAddedPayload", "ReactionRemovedPayload")  # fmt: skip


async def names(group: Group) -> list[tuple[str, str]]:
    """Each account's realm, and what its member is called."""
    rows = await group.rows(
        "select a.realm, m.name from accounts a join memberships m on m.learner_id = a.learner_id order by a.learner_id"
    )
    return [(row["realm"], row["name"]) for row in rows]


# ---- who acts --------------------------------------------------------------------------------------------------------


async def test_a_visitor_from_another_workspace_is_one_member_however_they_act(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.BOTH) as group:
        await group.morning()
        there.hands.visits_from = "T0VISITOR"
        there.state.users[IDS[MEMBER]]["team_id"] = "T0VISITOR"
        assert "Answer" in await there.press(MEMBER, "Show answer")
        assert "Saved" in await there.press(MEMBER, "4 Well")
        await there.react(MEMBER, Rating.WELL)
        assert await names(group) == [(there.state.team, "Sam")]
        assert len(await group.rows("select 1 from reviews where rating is not null")) == 1


async def test_where_an_organisation_installed_the_app_a_press_names_no_workspace(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.state.enterprise, there.hands.whole_org = "E0GRID", True
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        assert "Answer 1" in await there.press(MEMBER, "Show answer")
        assert await names(group) == [("E0GRID", "Sam")]


async def test_a_person_of_a_grid_is_reached_by_the_workspace_that_installed_the_app(tmp_path: Any) -> None:
    """Learners are kept by their enterprise, and a reminder knows nothing else."""
    installs = Installs(tmp_path / "slack.db", KEY, lambda: 1)
    await installs.save(Workspace("T1", "E1", "xoxb-first", "U1", "B1", frozenset()))
    found = await installs.find("E1")
    assert found is not None
    assert (found.team, found.token) == ("T1", "xoxb-first")


async def test_a_guest_studies_and_leads_nothing(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        there.state.users[IDS[MEMBER]] |= {"is_restricted": True, "is_ultra_restricted": True}
        assert "Question 1" in await there.press(MEMBER, "Study")
        assert "Only someone who leads" in await there.type(MEMBER, "/quiz-admin pause")


@pytest.mark.parametrize("word", ["user_disabled", "user_not_found", "user_not_visible", "messages_tab_disabled"])
async def test_whoever_left_or_takes_no_messages_is_reminded_no_more(
    open_group: OpenGroup, there: SlackCounterpart, word: str
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.api.faults.append(Fault("chat.postMessage", word))
        await there.type(MEMBER, "/remind 18:00")
        await group.later(1)
        assert await group.rows("select 1 from learners where remind_time is not null") == []
        assert len(there.public()) == 1


async def test_somebody_whose_name_slack_does_not_say_just_now_is_not_nameless_for_ever(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(**REACTIONS) as group:
        await group.morning()
        there.double.ack_timeout_s = 0.5
        there.double.api.faults.append(Fault("users.info", status=429, retry_after=30))
        await there.react(MEMBER, Rating.WELL)
        assert there.double.deliveries[-1].attempt == 1
        assert await names(group) == [(there.state.team, "Sam")]


async def test_nobody_waits_for_a_name_that_slack_asks_to_wait_for(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.api.faults.append(Fault("users.info", status=429, retry_after=30))
        assert "Question 1" in await there.press(MEMBER, "Study")


# ---- what comes too late, or is too much -----------------------------------------------------------------------------


async def test_what_cannot_lie_on_top_any_more_takes_the_cards_place(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        there.state.trigger_s = 0.0
        assert "Your name is hidden" in await there.press(MEMBER, "Hide my name")
        assert len(there.state.stacks[IDS[MEMBER]]) == 1


async def test_an_answer_that_slack_is_too_busy_to_show_is_offered_again(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.api.faults.append(Fault("views.open", status=429, times=2))
        await there.press(MEMBER, "Study")
        ((_, whisper),) = there.state.ephemerals
        assert "What you did is saved" in text_of(whisper["blocks"])
        ((_, again),) = buttons_of(whisper["blocks"])
        assert "Question 1" in await there.press_id(MEMBER, again)


async def test_an_answer_that_slack_does_not_take_is_said_in_words(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.api.faults.append(Fault("views.open", "view_too_large", times=2))
        await there.press(MEMBER, "Study")
        ((_, whisper),) = there.state.ephemerals
        assert "view_too_large" in whisper["text"]


@pytest.mark.parametrize("method", ["chat.update", "reactions.add", "conversations.history"])
async def test_whatever_is_done_waits_for_as_long_as_slack_asks(
    open_group: OpenGroup, there: SlackCounterpart, method: str
) -> None:
    async with open_group() as group:
        adapter, ref = group.adapter, await group.adapter.send(there.place, HELLO, "hello:1")
        deeds: dict[str, Callable[[], Awaitable[object]]] = {
            "chat.update": lambda: adapter.edit(ref, HELLO),
            "reactions.add": lambda: adapter.react(ref, Rating.WELL),
            "conversations.history": lambda: adapter.find(there.place, "hello:2"),
        }
        there.double.api.faults.append(Fault(method, status=429, retry_after=40))
        with pytest.raises(SendFailed) as failed:
            await deeds[method]()
        assert (failed.value.trouble, failed.value.retry_after_s) == (Trouble.RATE_LIMITED, 40)


async def test_no_block_keeps_its_id_when_a_view_is_drawn_anew(open_group: OpenGroup, there: SlackCounterpart) -> None:
    """Slack gives each a new one, as it advises; one that stayed could keep what somebody sees unchanged."""
    async with open_group() as group:
        await group.morning()
        for label in ("Study", "Show answer", "4 Well"):
            await there.press(MEMBER, label)
        drawn = [call["view"]["blocks"] for method, call in there.double.api.calls if method.startswith("views.")]
        assert len(drawn) == 3
        assert not [block for blocks in drawn for block in blocks if "block_id" in block]


# ---- where somebody is not -------------------------------------------------------------------------------------------


async def test_a_button_in_a_thread_works_where_commands_do_not(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        ((channel, ts), post) = next(iter(there.state.messages.items()))
        study = dict(buttons_of(post["blocks"]))["Study"]
        await there.hands.press(IDS[MEMBER], channel, ts, study, thread=ts)
        await there.slack.listening.settle()
        assert "Question 1" in there.sees(MEMBER)


async def test_where_the_app_is_not_installed_a_press_is_told_so(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str]
) -> None:
    async with open_group(many):
        await there.type(MEMBER, "/quiz")
        ((to, whisper),) = there.state.ephemerals
        assert to == IDS[MEMBER]
        assert "I am not installed in that workspace" in whisper["text"]


async def test_the_home_page_holds_the_standings(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.morning()
        for label in ("Study", "Show answer", "4 Well"):
            await there.press(LEAD, label)
        await there.hands.open_home(IDS[LEAD])
        await there.slack.listening.settle()
        page = there.sees(LEAD)
        assert all(words in page for words in ("due now", "in a row", "Start review", "1. Maya, 1 point", "Privacy"))
        assert there.double.api.called("views.publish")[-1]["user_id"] == IDS[LEAD]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.skipif(not (FOLDER / "slack-samples").is_dir(), reason="Slack's samples are not at hand")
async def test_slacks_own_events_are_acknowledged_and_break_nothing(
    open_group: OpenGroup, there: SlackCounterpart, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    body = json.loads((FOLDER / "slack-samples" / f"{name}.json").read_text(encoding="utf-8"))
    async with open_group() as group:
        await there.double.tell("events_api", {**body, "type": "event_callback"}, attempts=1)
        await there.slack.listening.settle()
        assert (await group.adapter.send(Place("slack", there.state.team, CHANNEL), HELLO, "hello:1")).message_id
        assert "Traceback" not in caplog.text
