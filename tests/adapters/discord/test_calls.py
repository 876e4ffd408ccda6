"""What is sent to Discord and what becomes of it when Discord refuses, waits or falls silent."""

import pytest

from adapters.discord import limits, marks
from bot.adapter import SendFailed, Trouble
from bot.messages import Audience, Message, Text
from bot.model import PostStyle
from bot.testing.counterpart import LEAD, MEMBER, STRANGER
from bot.testing.group import Group

from .conftest import Open
from .counterpart import DiscordCounterpart
from .double import components
from .double.faults import Fault
from .double.words import Asked, Permission

MESSAGES = "/channels/[0-9]+/messages$"
HELLO = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)


async def test_every_body_says_that_nobody_is_notified(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.morning()
    for label in ("Study", "Show answer", "4 Well", "How it works"):
        await counterpart.press(MEMBER, label)
    for command in ("/quiz", "/leaderboard", "/stats", "/decks", "/help"):
        await counterpart.type(MEMBER, command)
    await group.later(2)
    bodies = counterpart.there.bodies()
    assert len(bodies) >= 10
    for call, body in bodies:
        assert body.get("allowed_mentions") == {"parse": []}, call


ROLE = "123456789012345678"


@pytest.mark.parametrize("style", PostStyle)
async def test_the_role_that_a_group_asked_for_is_notified_where_its_post_is_sent_and_nowhere_else(
    counterpart: DiscordCounterpart, open_group: Open, style: PostStyle
) -> None:
    async with open_group(ping=f"<@&{ROLE}>", style=style) as group:
        await group.morning()
        first = counterpart.there.room.history(counterpart.channel.id)[0]
        await counterpart.of(MEMBER).press("Study", first)
        for label in ("Show answer", "4 Well"):
            await counterpart.press(MEMBER, label)
        for command in ("/quiz-admin status", "/quiz-admin preview"):
            await counterpart.type(LEAD, command)
        await group.later(2)
        await group.later(24 * 60)
    bodies = [body for _, body in counterpart.there.bodies()]
    notifying = [body for body in bodies if body["allowed_mentions"] != {"parse": []}]
    assert [body["allowed_mentions"] for body in notifying] == [{"parse": [], "roles": [int(ROLE)]}] * 2  # two days
    texts = [each["content"] for body in notifying for each in components.walk(body["components"]) if "content" in each]
    assert [text.startswith(f"<@&{ROLE}>\n") for text in texts].count(True) == 2
    others = [body for body in bodies if body not in notifying]
    assert any("1 person has studied" in str(body) for body in others)
    assert f"<@&{ROLE}>" not in str(others)


async def test_the_role_of_everyone_is_never_notified(counterpart: DiscordCounterpart, open_group: Open) -> None:
    async with open_group(ping=counterpart.guild.id) as group:
        await group.morning()
        ((_, body),) = counterpart.there.bodies()
        assert body["allowed_mentions"] == {"parse": []}
        assert "<@&" not in str(body)


async def test_a_lead_sets_the_role_by_mentioning_it(group: Group, counterpart: DiscordCounterpart) -> None:
    assert f"A post notifies: {ROLE} (was nobody)" in await counterpart.type(
        LEAD, f"/quiz-admin set name=ping value=<@&{ROLE}>"
    )
    assert "nor a user group" in await counterpart.type(LEAD, "/quiz-admin set name=ping value=@everyone")
    assert f"A post notifies: nobody (was {ROLE})" in await counterpart.type(
        LEAD, "/quiz-admin set name=ping value=none"
    )


async def test_a_post_carries_a_nonce_that_is_made_of_its_key(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.morning()
    (call,) = counterpart.there.called("POST", "channels/*/messages")
    ((key,),) = await group.rows("select key from deliveries where kind = 'post'")
    assert call.payload["nonce"] == marks.nonce(key)
    assert len(str(call.payload["nonce"])) <= 25
    assert call.payload["enforce_nonce"] is True


async def test_a_post_that_arrived_although_the_line_broke_is_found_and_not_sent_again(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    counterpart.there.faults.append(Fault("POST", MESSAGES, cut=True, landed=True))
    await group.morning()
    assert len(counterpart.public()) == 1
    await group.later(10)
    assert len(counterpart.public()) == 1
    assert [row[0] for row in await group.rows("select state from deliveries where kind = 'post'")] == ["sent"]
    assert len(counterpart.there.called("POST", "channels/*/messages")) == 1


@pytest.mark.usefixtures("hurried")
async def test_a_server_error_is_tried_again_with_the_same_nonce(group: Group, counterpart: DiscordCounterpart) -> None:
    counterpart.there.faults.append(Fault("POST", MESSAGES, status=500, landed=True))
    await group.morning()
    first, second = counterpart.there.called("POST", "channels/*/messages")
    assert first.payload["nonce"] == second.payload["nonce"]
    assert len(counterpart.public()) == 1


@pytest.mark.usefixtures("hurried")
async def test_an_answer_that_arrived_although_discord_failed_is_shown_once(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    counterpart.there.faults.append(Fault("POST", "/callback$", status=500, landed=True))
    assert "Question 1" in await counterpart.press(MEMBER, "Study")
    assert len([each for each in counterpart.of(MEMBER).seen() if each.reader]) == 1
    assert "Answer 1" in await counterpart.press(MEMBER, "Show answer")


async def test_discord_is_not_asked_to_send_back_what_answers_a_press(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    await counterpart.press(MEMBER, "Study")
    await counterpart.press(MEMBER, "Show answer")
    answers = [call for call in counterpart.there.calls if call.path.endswith("/callback")]
    assert len(answers) == 2
    assert not any("with_response" in call.query for call in answers)


# ---- limits


async def test_a_short_wait_is_waited_for(group: Group, counterpart: DiscordCounterpart) -> None:
    counterpart.there.faults.append(Fault("POST", MESSAGES, status=429, retry_after_s=0.02))
    await group.morning()
    assert [call.status for call in counterpart.there.called("POST", "channels/*/messages")] == [429, 200]
    assert len(counterpart.public()) == 1


@pytest.mark.parametrize("path", ["/callback$", MESSAGES])
async def test_what_discord_refuses_counts_whether_it_answers_a_press_or_not(
    group: Group, counterpart: DiscordCounterpart, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    monkeypatch.setattr(limits, "INVALID_REQUESTS", 4)
    counterpart.there.faults.append(Fault("POST", path, status=429, retry_after_s=0.01, times=2))
    await group.morning()
    assert "Question 1" in await counterpart.press(MEMBER, "Study")
    with pytest.raises(SendFailed, match="refuses too much"):
        await group.adapter.send(counterpart.place, HELLO, "one more")


@pytest.mark.parametrize("fault", [{"retry_after_s": 120.0}, {"retry_after_s": 120.0, "via": False}])
async def test_a_long_wait_is_left_to_the_scheduler(
    group: Group, counterpart: DiscordCounterpart, fault: dict[str, float]
) -> None:
    counterpart.there.faults.append(Fault("POST", MESSAGES, status=429, **fault))  # type: ignore[arg-type]
    await group.morning()
    await group.later(1.9)
    assert counterpart.public() == []
    assert len(counterpart.there.called("POST", "channels/*/messages")) == 1
    await group.later(0.2)
    assert len(counterpart.public()) == 1


# ---- permissions and places


async def test_a_missing_permission_is_named_and_not_asked_for_again_and_again(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    counterpart.there.deny(counterpart.channel, Permission.SEND_MESSAGES)
    await counterpart.settled()
    await group.morning()
    for _ in range(5):
        await group.later(5)
    ((reason,),) = await group.rows("select reason from deliveries where kind = 'post'")
    assert "Send Messages" in reason
    assert counterpart.there.invalid_requests == 0
    counterpart.there.deny(counterpart.channel)
    await counterpart.settled()
    await group.later(60)
    assert len(counterpart.public()) == 1


async def test_a_permission_that_only_discord_knows_is_missing_is_named_too(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    counterpart.channel.denied = Permission.VIEW_CHANNEL  # nobody was told
    with pytest.raises(SendFailed, match="View Channel") as raised:
        await group.adapter.send(counterpart.place, HELLO, "hello:1")
    assert raised.value.trouble is Trouble.NOT_ALLOWED
    assert counterpart.there.invalid_requests == 1


async def test_a_deleted_channel_is_gone(group: Group, counterpart: DiscordCounterpart) -> None:
    counterpart.there.delete_channel(counterpart.channel)
    await counterpart.settled()
    with pytest.raises(SendFailed) as raised:
        await group.adapter.send(counterpart.place, HELLO, "hello:1")
    assert raised.value.trouble is Trouble.GONE


@pytest.mark.parametrize(
    ("code", "status", "trouble"),
    [
        (50007, 403, Trouble.GONE),
        (50278, 403, Trouble.LEFT),
        (50083, 400, Trouble.GONE),  # the thread is archived
        (30046, 400, Trouble.UNFIT),
        (10014, 400, Trouble.UNFIT),  # an emoji that is not known
        (90001, 403, Trouble.UNFIT),  # blocked by a member
        (160002, 403, Trouble.NOT_ALLOWED),
        (50035, 400, Trouble.UNFIT),
        (0, 503, Trouble.PASSING),
    ],
)
async def test_a_refusal_is_told_by_what_there_is_to_do(
    group: Group, counterpart: DiscordCounterpart, code: int, status: int, trouble: Trouble
) -> None:
    counterpart.there.faults.append(Fault("POST", MESSAGES, status=status, code=code))
    with pytest.raises(SendFailed) as raised:
        await group.adapter.send(counterpart.place, HELLO, "hello:1")
    assert raised.value.trouble is trouble


# ---- direct messages and files


async def test_in_direct_messages_a_command_is_answered(group: Group, counterpart: DiscordCounterpart) -> None:
    sam = counterpart.of(MEMBER)
    sam.channel = counterpart.there.room.direct(sam.id)
    assert await counterpart.type(MEMBER, "/help")
    assert all(not posted.reader for posted in sam.seen())


async def test_a_deck_that_is_uploaded_is_shown_and_comes_in_by_a_press(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    text = b"What is the longest river of Poland?\tThe Vistula\nAnd of France?\tThe Loire\n"
    made = counterpart.of(LEAD).begin_type("/quiz-admin deck", file=("more.tsv", text))
    await counterpart.settled()
    assert made.type is Asked.COMMAND
    assert "2 cards" in "\n".join(str(each.payload) for each in made.shown)
    assert "more is in: 2 cards added." in await counterpart.press(LEAD, "Import")
    assert "more" in (await counterpart.type(LEAD, "/decks")).lower()


async def test_nothing_of_an_answer_is_in_a_body_that_others_see(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.morning()
    await counterpart.press(MEMBER, "Study")
    await counterpart.press(MEMBER, "Show answer")
    public = [each.payload for each in counterpart.of(STRANGER).seen()]
    assert public
    assert "Answer 1" not in str(public)


async def test_a_restart_between_sending_and_keeping_sends_nothing_twice(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    counterpart.there.faults.append(Fault("POST", MESSAGES, cut=True, landed=True))
    async with open_group() as group:
        await group.morning()
    async with open_group() as group:
        await group.later(10)
        assert len(counterpart.public()) == 1
        assert [row[0] for row in await group.rows("select state from deliveries where kind = 'post'")] == ["sent"]
