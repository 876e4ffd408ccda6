"""What Discord is known to do to bots in the course of a day, and that a group is none the worse for it."""

import pytest

from bot.model import PostStyle, RatingInput
from bot.testing.counterpart import MEMBER
from bot.testing.group import Group

from .conftest import Open
from .counterpart import DiscordCounterpart
from .double import Person
from .double.faults import Fault
from .double.hands import shown


async def rate_one(there: DiscordCounterpart) -> None:
    for label in ("Study", "Show answer", "4 Well"):
        await there.press(MEMBER, label)


async def states(group: Group, kind: str) -> list[str]:
    return [row["state"] for row in await group.rows(f"select state from deliveries where kind = '{kind}'")]


async def rated(group: Group) -> list[int | None]:
    return [row["rating"] for row in await group.rows("select rating from reviews")]


# ---- where people type


async def test_in_a_thread_of_the_groups_channel_its_cards_are_studied_too(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    thread = counterpart.there.room.thread("about card 3", counterpart.channel)
    sam = Person(counterpart.there, counterpart.of(MEMBER).user, thread)
    assert "Today's cards wait for you" in shown(await sam.type("/quiz"))
    assert "Card 1 of 5" in shown(await sam.press("Study"))


# ---- what becomes of a post later


async def test_a_message_that_a_moderator_deleted_is_not_drawn_anew_again_and_again(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    post = counterpart.there.room.history(counterpart.channel.id)[0]
    await rate_one(counterpart)
    del counterpart.there.room.messages[post.id]
    for _ in range(3):
        await group.later(20)
    assert len(counterpart.there.called("PATCH", f"messages/{post.id}")) == 1
    assert await states(group, "count") == ["dead"]
    await group.later(24 * 60)
    assert len(counterpart.public()) == 1  # the next day's, all the same


async def test_a_message_that_is_too_old_to_be_edited_again_is_left_as_it_is(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    await rate_one(counterpart)
    counterpart.there.faults.append(Fault("PATCH", "/messages/[0-9]+$", status=400, code=30046))
    for _ in range(3):
        await group.later(20)
    assert await states(group, "count") == ["dead"]
    assert "Nobody has studied yet" in counterpart.public()[0]


@pytest.mark.parametrize(("code", "status"), [(90001, 403), (30010, 400), (10008, 404)])
async def test_a_post_does_without_reactions_that_cannot_be_put_there(
    counterpart: DiscordCounterpart, open_group: Open, code: int, status: int
) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.BOTH) as group:
        counterpart.there.faults.append(Fault("PUT", "/reactions/", status=status, code=code, times=5))
        await group.morning()
        for _ in range(3):
            await group.later(20)
        assert await states(group, "post") == ["sent"] * 5
        assert await states(group, "seed") == ["dead"] * 5
        assert len(counterpart.there.called("PUT", "@me")) == 5


# ---- reactions


async def test_reactions_of_bots_count_for_nobody(counterpart: DiscordCounterpart, open_group: Open) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        room, other = counterpart.there.room, counterpart.person("Another bot")
        other.user.bot = True
        post = room.history(counterpart.channel.id)[-1]
        for bot in (other.id, counterpart.there.bot.id):
            for added in (True, False):  # where it is taken back, Discord does not say that it was a bot's
                room.react(post, bot, "4\ufe0f\u20e3", added)
        await counterpart.settled()
        assert await rated(group) == []
        assert await group.count("memberships") == 0


async def test_a_super_reaction_counts_like_any_other(counterpart: DiscordCounterpart, open_group: Open) -> None:
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
        await group.morning()
        room, sam = counterpart.there.room, counterpart.of(MEMBER)
        post = room.history(counterpart.channel.id)[-1]
        told = room.reaction(post, sam.id, "5\ufe0f\u20e3", added=True) | {"burst": True, "type": 1}
        counterpart.there.gateway.tell("MESSAGE_REACTION_ADD", told)
        await counterpart.settled()
        assert await rated(group) == [5]


# ---- commands


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"nsfw": True, "dm_permission": False, "name_localizations": {"de": "quiz"}, "handler": 1}, False),
        ({"description": "Another"}, True),
        ({"contexts": [0]}, True),
        ({"default_member_permissions": "32"}, True),
        ({"options": []}, True),
    ],
)
async def test_commands_are_told_again_where_they_differ_and_not_for_what_discord_adds(
    counterpart: DiscordCounterpart, open_group: Open, changed: dict[str, object], told: bool
) -> None:
    async with open_group():
        pass
    (quiz,) = [each for each in counterpart.there.commands if each["name"] == "quiz"]
    quiz |= changed
    async with open_group():
        pass
    assert len(counterpart.there.called("PUT", "commands")) == 1 + told


async def test_an_option_that_says_more_than_it_should_is_told_again(
    counterpart: DiscordCounterpart, open_group: Open
) -> None:
    async with open_group():
        pass
    (remind,) = [each for each in counterpart.there.commands if each["name"] == "remind"]
    remind["options"][0]["required"] = True
    async with open_group():
        pass
    assert len(counterpart.there.called("PUT", "commands")) == 2


# ---- private messages that were lost


async def test_study_goes_on_at_the_third_card_where_the_private_message_was_lost(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    await rate_one(counterpart)
    for label in ("Show answer", "2 Barely", "Show answer"):
        await counterpart.press(MEMBER, label)
    for posted in [each for each in counterpart.of(MEMBER).seen() if each.reader]:
        del counterpart.there.room.messages[posted.id]
    shown = await counterpart.press(MEMBER, "Study")
    assert "Continuing at card 3" in shown
    assert "Question 3?" in shown
    assert await rated(group) == [4, 2, None]  # the third answer was looked at
    await counterpart.press(MEMBER, "Show answer")
    assert "Saved: 4 Well" in await counterpart.press(MEMBER, "4 Well")
    assert await rated(group) == [4, 2, 4]
