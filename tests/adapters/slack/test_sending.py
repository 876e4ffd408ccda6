"""What is sent to Slack: once, with its key, and with words for the lead where Slack does not take it."""

import pytest

from bot.adapter import SendFailed, Trouble
from bot.messages import Audience, CardSide, Message, Side, Text
from bot.model import MessageRef, Place, PostStyle, Rating, RatingInput
from bot.testing.counterpart import MEMBER

from .conftest import OpenGroup
from .counterpart import CHANNEL, IDS, SlackCounterpart
from .double.web_api import Fault

HELLO = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)


@pytest.mark.parametrize(
    ("fault", "trouble", "says"),
    [
        (Fault("chat.postMessage", status=429, retry_after=7), Trouble.RATE_LIMITED, "slow down"),
        (Fault("chat.postMessage", "not_in_channel"), Trouble.NOT_ALLOWED, "/invite @Flashmob"),
        (Fault("chat.postMessage", "missing_scope", needed="chat:write"), Trouble.NOT_ALLOWED, "scope chat:write"),
        (Fault("chat.postMessage", "restricted_action"), Trouble.NOT_ALLOWED, "Only some people may post"),
        (Fault("chat.postMessage", "is_archived"), Trouble.GONE, "archived"),
        (Fault("chat.postMessage", "channel_not_found"), Trouble.GONE, "/invite @Flashmob"),
        (Fault("chat.postMessage", "token_revoked"), Trouble.GONE, "Install me again"),
        (Fault("chat.postMessage", "account_inactive"), Trouble.GONE, "Install me again"),
        (Fault("chat.postMessage", "token_expired"), Trouble.NOT_ALLOWED, "ran out"),
        (Fault("chat.postMessage", "msg_too_long", times=2), Trouble.UNFIT, "msg_too_long"),
        (Fault("chat.postMessage", "fatal_error"), Trouble.PASSING, "fatal_error"),
        (Fault("chat.postMessage", "a_new_word"), Trouble.PASSING, "a_new_word"),
        (Fault("chat.postMessage", status=503), Trouble.PASSING, "did not take it"),
        (Fault("chat.postMessage", cut=True), Trouble.PASSING, "did not take it"),
    ],
)
async def test_what_slack_answers_is_said_with_what_there_is_to_do(
    open_group: OpenGroup, there: SlackCounterpart, fault: Fault, trouble: Trouble, says: str
) -> None:
    async with open_group() as group:
        there.double.api.faults.append(fault)
        with pytest.raises(SendFailed) as failed:
            await group.adapter.send(there.place, HELLO, "hello:1")
        assert failed.value.trouble is trouble
        assert says in failed.value.reason
        assert failed.value.retry_after_s == fault.retry_after
        assert (await group.adapter.send(there.place, HELLO, "hello:1")).message_id
        assert len(there.public()) == 1


async def test_a_post_is_tried_again_after_the_time_that_slack_asks_for(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        there.double.api.faults.append(Fault("chat.postMessage", status=429, retry_after=30))
        await group.morning()
        assert there.public() == []
        await group.later(0.4)
        assert there.public() == []
        await group.later(0.2)
        assert len(there.public()) == 1


async def test_a_post_whose_answer_was_lost_is_found_and_not_sent_twice(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        there.double.api.faults.append(Fault("chat.postMessage", cut=True, after_it_is_done=True))
        await group.morning()
        assert len(there.double.api.called("chat.postMessage")) == 1
        await group.later(2)
        assert len(there.public()) == 1
        assert [row[0] for row in await group.rows("select state from deliveries where kind = 'post'")] == ["sent"]


async def test_without_a_history_scope_nobody_can_tell_so_it_is_left_out_unless_the_lead_wants_it_again(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.state.scopes -= {"channels:history"}
    async with open_group() as group:
        await there.type("maya", "/quiz admin set zone Europe/Berlin")
        there.double.api.faults.append(Fault("chat.postMessage", cut=True, after_it_is_done=True))
        await group.morning()
        await group.later(2)
        assert len(there.public()) == 1
        assert "channels:history" in await there.type("maya", "/quiz admin status")
        await there.type("maya", "/quiz admin post")
        await group.later(1)
        assert len(there.public()) == 2


async def test_a_reminder_whose_answer_was_lost_is_not_sent_twice(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        there.double.api.faults.append(Fault("chat.postMessage", cut=True, after_it_is_done=True))
        await there.type("sam", "/remind 18:00")
        await group.later(1)
        await group.later(1)
        rows = await group.rows("select state from deliveries where kind = 'reminder'")
        assert [row[0] for row in rows] == ["dead"]
        assert len(there.double.api.called("chat.postMessage")) == 2


@pytest.mark.parametrize(
    ("fault", "perhaps"),
    [
        (Fault("chat.postMessage", status=503), True),
        (Fault("chat.postMessage", cut=True), True),
        (Fault("chat.postMessage", "fatal_error"), True),
        (Fault("chat.postMessage", "a_new_word"), False),
        (Fault("chat.postMessage", status=429, retry_after=1), False),
        (Fault("auth.test", status=503, times=2), False),
    ],
)
async def test_only_what_slack_did_not_refuse_may_have_arrived(
    open_group: OpenGroup, there: SlackCounterpart, fault: Fault, perhaps: bool
) -> None:
    async with open_group() as group:
        there.double.api.faults.append(fault)
        await there.hands.event({"type": "app_uninstalled"})  # so that it is asked anew who the app is
        with pytest.raises(SendFailed) as failed:
            await group.adapter.send(there.place, HELLO, "hello:1")
        assert failed.value.may_have_arrived is perhaps


async def test_a_slack_that_cannot_be_reached_got_nothing(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        await group.adapter.send(there.place, HELLO, "hello:1")
        await there.double.stop()
        with pytest.raises(SendFailed) as failed:
            await group.adapter.send(there.place, HELLO, "hello:2")
        assert not failed.value.may_have_arrived


async def test_the_key_goes_along_as_metadata_and_holds_no_secret(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.morning()
        (sent,) = there.double.api.called("chat.postMessage")
        ((key,),) = await group.rows("select key from deliveries where kind = 'post'")
        assert sent["metadata"] == {"event_type": "flashmob_post", "event_payload": {"key": key}}
        assert (sent["unfurl_links"], sent["unfurl_media"], sent["link_names"]) == (False, False, False)


async def test_a_picture_that_slack_cannot_fetch_does_not_stop_the_post(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        card = CardSide(Side.QUESTION, "What is this?\n\n![A river delta](https://pictures.unreachable/delta.png)")
        message = Message((card,), "A card", Audience.EVERYONE)
        await group.adapter.send(there.place, message, "card:1")
        first, second = there.double.api.called("chat.postMessage")
        assert [block["type"] for block in first["blocks"]] == ["rich_text", "image"]
        assert [block["type"] for block in second["blocks"]] == ["rich_text"]
        assert "A river delta" in there.public()[0]


async def test_without_the_scopes_for_reactions_there_are_none_and_all_else_works(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.state.scopes = {"commands", "chat:write"}
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.BOTH) as group:
        assert not group.adapter.capabilities.reactions
        await group.morning()
        assert "Answer" in await there.press("sam", "Show answer")
        assert there.double.api.called("reactions.add") == []
        assert there.double.api.called("users.info") == []


async def test_a_reaction_that_stands_there_already_is_no_failure(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        ref = await group.adapter.send(there.place, HELLO, "hello:1")
        for _ in range(2):
            await group.adapter.react(ref, Rating.WELL)
        with pytest.raises(SendFailed, match="not there any more"):
            await group.adapter.react(MessageRef(there.place, "1.0"), Rating.WELL)


async def test_after_the_app_was_uninstalled_nothing_more_is_sent(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        await group.adapter.send(there.place, HELLO, "hello:1")
        there.state.bot_token = "xoxb-another"
        await there.hands.event({"type": "app_uninstalled"})
        with pytest.raises(SendFailed, match="Install me again") as failed:
            await group.adapter.send(there.place, HELLO, "hello:2")
        assert failed.value.trouble is Trouble.GONE


async def test_another_workspace_is_not_written_to_with_this_ones_token(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        with pytest.raises(SendFailed, match="not installed in that workspace"):
            await group.adapter.send(Place("slack", "T0OTHER", CHANNEL), HELLO, "hello:1")
        assert there.double.api.called("chat.postMessage") == []


async def test_a_direct_message_can_be_changed_by_what_sending_it_gave(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group() as group:
        place = Place("slack", there.state.team, "", person=IDS["sam"])
        ref = await group.adapter.send(place, HELLO, "hello:1")
        await group.adapter.edit(ref, Message((Text("Changed."),), "Changed"))
        assert "Changed." in there.sees("sam")
        assert "Changed." not in there.sees("maya")


@pytest.mark.parametrize("style", PostStyle)
async def test_the_user_group_that_was_asked_for_is_notified_by_the_post_alone(
    open_group: OpenGroup, there: SlackCounterpart, style: PostStyle
) -> None:
    async with open_group(ping="<!subteam^S0123ABCD|@rivers>", style=style) as group:
        await group.morning()
        assert there.pings() == ["<!subteam^S0123ABCD>"]
        assert there.public()[0].startswith("<!subteam^S0123ABCD>\n")
        await there.press(MEMBER, "Show answer" if style is PostStyle.CARDS else "Study")
        if style is PostStyle.DIGEST:
            await there.press(MEMBER, "Show answer")
        await there.press(MEMBER, "4 Well")
        await group.later(2)
        assert there.pings() == []  # drawn anew with its count, it mentions nobody


async def test_what_is_no_user_group_of_slacks_is_not_mentioned(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group(ping="123456789012345678") as group:
        await group.morning()
        assert there.pings() == []
        assert "123456789012345678" not in there.public()[0]
