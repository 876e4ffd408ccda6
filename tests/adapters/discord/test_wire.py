"""The gateway, as it is on a bad day: each trap that Discord is known for has its test."""

import logging
from collections.abc import Callable

import pytest

from adapters.discord import limits
from bot.model import PostStyle, Rating, RatingInput
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.group import Group

from .conftest import Open
from .counterpart import DiscordCounterpart
from .double import sockets
from .double.hands import shown
from .double.words import Answered
from .wire import Inflate


async def rated(group: Group) -> list[int | None]:
    return [row[0] for row in await group.rows("select rating from reviews order by id")]


async def study(there: DiscordCounterpart, rating: str = "4 Well") -> str:
    await there.press(MEMBER, "Study")
    await there.press(MEMBER, "Show answer")
    return await there.press(MEMBER, rating)


# ---- the connection


async def test_no_privileged_intents_are_asked_for(group: Group, counterpart: DiscordCounterpart) -> None:
    (said,) = counterpart.there.gateway.identified
    assert said["intents"] == sockets.GUILDS | sockets.REACTIONS
    assert not said["intents"] & sockets.PRIVILEGED


async def reconnect(there: DiscordCounterpart, how: Callable[[], object]) -> None:
    """Lose the line in this way, and wait for the session to be taken up again."""
    before = there.there.gateway.resumed
    how()
    await there.there.gateway.until(lambda: there.there.gateway.resumed > before)
    await there.settled()


async def test_frames_may_come_deflated(
    counterpart: DiscordCounterpart, open_group: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("discord.utils._ActiveDecompressionContext", Inflate)
    async with open_group() as group:
        await group.morning()
        assert "Saved: 4 Well" in await study(counterpart)
    assert counterpart.there.gateway.compression == ["zlib-stream"]


@pytest.mark.parametrize("how", ["ask_to_reconnect", "cut"])
async def test_after_a_lost_line_the_session_goes_on_and_nothing_counts_twice(
    group: Group, counterpart: DiscordCounterpart, how: str
) -> None:
    await group.morning()
    assert "Saved: 4 Well" in await study(counterpart)
    handled = await group.count("handled")
    await reconnect(counterpart, getattr(counterpart.there.gateway, how))
    assert await group.count("handled") == handled
    assert "Answer 2" in await counterpart.press(MEMBER, "Show answer")
    assert len(counterpart.there.gateway.identified) == 1


async def test_what_was_pressed_while_the_line_was_lost_is_done_once(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    discord = counterpart.there.gateway
    (session,) = discord.sessions.values()
    discord.cut()
    await discord.until(lambda: session.socket is None)
    made = counterpart.of(MEMBER).begin_press("Study")
    await discord.until(lambda: discord.resumed == 1)
    await counterpart.settled()
    assert made.kind is Answered.MESSAGE
    assert await group.count("sessions") == 1


@pytest.mark.usefixtures("hurried")  # the library waits five seconds before it identifies again
async def test_an_invalid_session_begins_anew_without_a_second_post(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    discord = counterpart.there.gateway
    discord.invalidate()
    await discord.until(lambda: len(discord.identified) == 2 and discord.connected)
    await counterpart.settled()
    await group.later(1)
    assert len(counterpart.public()) == 1
    assert "Question 1" in await counterpart.press(MEMBER, "Study")


async def test_an_event_that_breaks_the_library_is_survived(
    group: Group, counterpart: DiscordCounterpart, caplog: pytest.LogCaptureFixture
) -> None:
    await group.morning()
    discord = counterpart.there.gateway
    discord.tell("MESSAGE_REACTION_ADD", {"guild_id": counterpart.guild.id, "user_id": "1"})  # half a payload
    discord.problems.clear()  # it was meant to be wrong
    await discord.until(lambda: len(discord.identified) == 2 and discord.connected)
    await counterpart.settled()
    assert "the connection to Discord ended" in caplog.text
    assert "Question 1" in await counterpart.press(MEMBER, "Study")
    await group.later(1)
    assert len(counterpart.public()) == 1


async def test_a_token_that_discord_refuses_ends_the_run_with_a_sentence(
    counterpart: DiscordCounterpart, open_group: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    counterpart.token = "another.token.entirely"
    with pytest.raises(Exception, match="does not accept the token") as raised:
        async with open_group():
            pass
    assert counterpart.token not in caplog.text + str(raised.value)


async def test_the_token_is_in_no_log(
    counterpart: DiscordCounterpart, open_group: Open, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "flashmob")
    async with open_group() as group:
        await group.morning()
        await study(counterpart)
    assert counterpart.there.token not in caplog.text


# ---- places that come and go


async def test_an_outage_is_no_removal(
    group: Group, counterpart: DiscordCounterpart, caplog: pytest.LogCaptureFixture
) -> None:
    there = counterpart.there
    there.lose(counterpart.guild)
    await counterpart.settled()
    assert "removed" not in caplog.text
    there.regain(counterpart.guild)
    await group.morning()
    assert len(counterpart.public()) == 1
    assert "Question 1" in await counterpart.press(MEMBER, "Study")


async def is_left(group: Group) -> bool:
    return bool(await group.rows("select 1 from workspaces where left_at is not null"))


async def test_a_removal_stops_the_posts_and_an_invitation_lets_them_go_on(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    counterpart.there.remove_bot(counterpart.guild)
    await counterpart.settled()
    assert await is_left(group)
    await group.morning()
    assert [row[0] for row in await group.rows("select state from posts")] == ["skipped"]
    assert counterpart.there.called("POST", "messages") == []
    counterpart.there.invite_bot(counterpart.guild, counterpart.channel)
    await counterpart.settled()
    assert not await is_left(group)
    await group.later(24 * 60)
    assert "Question 1" in await counterpart.press(MEMBER, "Study")


async def test_a_removal_while_flashmob_was_off_shows_in_the_list_of_servers(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group() as group:
        assert not await is_left(group)
    counterpart.there.remove_bot(counterpart.guild)
    async with open_group() as group:
        assert await is_left(group)
    counterpart.there.invite_bot(counterpart.guild, counterpart.channel)
    async with open_group() as group:
        assert not await is_left(group)


async def test_a_server_in_an_outage_is_in_the_list_too(counterpart: DiscordCounterpart, open_group: Open) -> None:
    counterpart.there.away.add(counterpart.guild.id)
    async with open_group() as group:
        assert not await is_left(group)


# ---- reactions


async def test_an_event_that_is_told_twice_counts_once(counterpart: DiscordCounterpart, open_group: Open) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        await counterpart.react(MEMBER, Rating.BARELY, delivered=2)
        assert await rated(group) == [2]


async def test_keycaps_count_with_and_without_their_wide_form_and_nothing_else_does(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        post, sam = counterpart.there.room.history(counterpart.channel.id)[-1], counterpart.of(MEMBER)
        for other in ("\N{FIRE}", "6\ufe0f\u20e3", "1"):
            sam.react(post, 0, emoji=other)
        await counterpart.settled()
        assert await rated(group) == []
        sam.react(post, 3, emoji="3\u20e3")
        await counterpart.settled()
        assert await rated(group) == [3]


async def test_the_newest_reaction_wins_and_without_it_the_one_before_counts(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        await counterpart.react(MEMBER, Rating.BARELY)
        await counterpart.react(MEMBER, Rating.WELL)
        assert await rated(group) == [4]
        await counterpart.react(MEMBER, Rating.WELL, added=False)
        assert await rated(group) == [2]


async def test_reactions_are_seeded_in_order_under_each_card(counterpart: DiscordCounterpart, open_group: Open) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        posts = counterpart.there.room.history(counterpart.channel.id)
        assert len(posts) == 5
        for posted in posts:
            assert [emoji[0] for emoji in posted.reactions] == ["1", "2", "3", "4", "5"]


async def test_ratings_that_a_crowd_put_while_flashmob_was_off_are_kept(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
    post = counterpart.there.room.history(counterpart.channel.id)[-1]
    crowd = [counterpart.person(f"Learner {number}") for number in range(105)]
    for person in crowd:
        person.react(post, 4)
    async with open_group() as group:
        await group.reread()
        assert await rated(group) == [4] * len(crowd)
        assert await group.count("accounts") == len(crowd)


@pytest.mark.usefixtures("hurried")
async def test_reactions_are_read_again_after_a_new_session_and_not_after_one_that_goes_on(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        await reconnect(counterpart, counterpart.there.gateway.cut)
        assert await group.rows("select 1 from deliveries where kind = 'reread'") == []
        counterpart.there.gateway.invalidate()
        await counterpart.react_unseen(MEMBER, Rating.BARELY)
        await group.reread()
        assert await rated(group) == [2]


# ---- presses


async def test_what_was_asked_is_answered_before_flashmob_hangs_up(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group() as group:
        await group.morning()
        made = counterpart.of(MEMBER).begin_press("Study")
        await counterpart.there.gateway.settled()  # told, and perhaps not yet answered
    assert "Question 1" in shown(made)


async def test_what_takes_long_is_deferred_and_then_edited_in(
    group: Group, counterpart: DiscordCounterpart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "ANSWER_AFTER_S", 0.0)
    await group.morning()
    sam = counterpart.of(MEMBER)
    made = await sam.press("Study")
    assert made.kind is Answered.WAIT
    (screen,) = made.shown
    assert screen.reader == sam.id
    made = await sam.press("Show answer")
    assert made.kind is Answered.WAIT_UPDATE
    assert made.shown == [screen]
    assert "Answer 1" in counterpart.sees(MEMBER)
    assert "Answer 1" not in counterpart.sees(LEAD)


async def test_what_is_answered_too_late_is_kept_and_said_to_nobody(
    group: Group, counterpart: DiscordCounterpart, caplog: pytest.LogCaptureFixture
) -> None:
    await group.morning()
    made = counterpart.of(MEMBER).begin_press("Study")
    group.clock.at += 3_001
    await counterpart.settled()
    assert [each.body["code"] for each in made.refused] == [10062]
    assert not made.shown
    assert await group.count("sessions") == 1
    assert "Question 1" in await counterpart.press(MEMBER, "Study")


async def test_a_session_goes_on_where_the_private_message_was_lost(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    await study(counterpart)
    for posted in [each for each in counterpart.of(MEMBER).seen() if each.reader]:
        del counterpart.there.room.messages[posted.id]
    assert "Continuing at card 2" in await counterpart.press(MEMBER, "Study")


async def test_a_private_session_is_one_message_and_each_press_has_its_own_token(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    await study(counterpart)
    private = [each for each in counterpart.of(MEMBER).seen() if each.reader]
    assert len(private) == 1
    group.clock.at += 16 * 60_000  # no token of before lives this long
    assert "Answer 2" in await counterpart.press(MEMBER, "Show answer")
    assert len([each for each in counterpart.of(MEMBER).seen() if each.reader]) == 1


async def test_a_command_that_was_never_registered_is_answered(group: Group, counterpart: DiscordCounterpart) -> None:
    assert await counterpart.type(MEMBER, "/flashcards")


async def test_leading_is_checked_again_at_the_press(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.morning()
    assert "Rivers" in await counterpart.type(LEAD, "/quiz-admin status")
    counterpart.guild.leads.clear()
    said = await counterpart.type(LEAD, "/quiz-admin skip")
    assert "Manage" in said or "lead" in said
    assert await counterpart.type(MEMBER, "/quiz-admin skip") == said


async def test_the_commands_are_told_once(counterpart: DiscordCounterpart, open_group: Open) -> None:
    for _ in range(2):
        async with open_group():
            pass
    assert len(counterpart.there.called("PUT", "commands")) == 1
    (admin,) = [each for each in counterpart.there.commands if each["name"] == "quiz-admin"]
    assert admin["default_member_permissions"] == "32"
    assert admin["contexts"] == [0]
