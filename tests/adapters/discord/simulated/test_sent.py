"""What is sent, edited and seeded, and what Discord refuses."""

import discord
import pytest

from adapters.discord import parse
from bot import actions
from bot.adapter import CannotTell, SendFailed, Trouble
from bot.messages import Audience, Message, Text
from bot.model import Place, Rating

from .kit import POST, QUESTION, Server, texts


async def test_reactions_are_seeded_in_order_and_read(server: Server) -> None:
    sam = server.member("sam")
    ref, post = await server.post()
    for rating in Rating:
        await server.adapter.react(ref, rating)
    await server.env.settle()
    assert [str(each.emoji) for each in server.channel.last_message.reactions] == list(parse.EMOJI.values())
    assert server.core.asked == []
    await sam.react(post, parse.EMOJI[Rating.WELL])
    await sam.unreact(post, parse.EMOJI[Rating.WELL])
    await sam.react(post, "🎉")
    added, removed = server.core.asked
    assert added.action == actions.React(ref, Rating.WELL, added=True)
    assert removed.action == actions.React(ref, Rating.WELL, added=False)
    assert added.account.name == "sam"
    assert added.key != removed.key


async def test_ratings_that_were_missed_can_be_read_again(server: Server) -> None:
    sam, lin = server.member("sam"), server.member("lin")
    ref, post = await server.post()
    await server.adapter.react(ref, Rating.WELL)
    await sam.react(post, parse.EMOJI[Rating.WELL])
    await lin.react(post, parse.EMOJI[Rating.WELL])
    await sam.react(post, parse.EMOJI[Rating.BARELY])
    standing = await server.adapter.ratings(ref)
    assert standing is not None
    assert {rating: sorted(who.name for who in people) for rating, people in standing.items()} == {
        Rating.WELL: ["lin", "sam"],
        Rating.BARELY: ["sam"],
    }


async def test_a_message_is_edited_and_found_by_its_key(server: Server) -> None:
    ref, _ = await server.post(key="post:1")
    assert await server.adapter.find(server.place, "post:1") == ref
    assert await server.adapter.find(server.place, "post:2") is None
    await server.adapter.edit(ref, Message((Text("Closed."),), "Closed", Audience.EVERYONE))
    await server.env.settle()
    assert texts(server.components(server.channel.last_message)) == "Closed."


async def test_a_person_is_written_to_in_private(server: Server) -> None:
    sam = server.env.create_user("sam")
    server.guild.add_member(sam)
    ref = await server.adapter.send(Place("discord", "", "", str(sam.id)), QUESTION, "reminder:1")
    await server.env.settle()
    assert ref.message_id == str(sam.dm_channel.last_message.id)


@pytest.mark.parametrize(
    ("denied", "named"),
    [("send_messages", "Send Messages"), ("view_channel", "View Channel")],
)
async def test_a_missing_permission_is_named_before_anything_is_tried(server: Server, denied: str, named: str) -> None:
    overwrites = {server.guild.default_role: discord.PermissionOverwrite(**{denied: False})}
    closed = server.guild.create_text_channel("closed", overwrites=overwrites)
    await server.env.settle()
    calls = len(server.env.http_requests)
    with pytest.raises(SendFailed) as failed:
        await server.adapter.send(Place("discord", str(server.guild.id), str(closed.id)), POST, "post:1")
    assert failed.value.trouble is Trouble.NOT_ALLOWED
    assert named in failed.value.reason
    assert len(server.env.http_requests) == calls


@pytest.mark.parametrize(
    ("status", "code", "trouble", "reason"),
    [
        (404, 10003, Trouble.GONE, "the channel is not there any more"),
        (403, 50001, Trouble.NOT_ALLOWED, "View Channel"),
        (403, 50013, Trouble.NOT_ALLOWED, "Send Messages"),
        (403, 50007, Trouble.GONE, "takes no direct messages"),
        (400, 50035, Trouble.UNFIT, "50035"),
        (401, 0, Trouble.NOT_ALLOWED, "token"),
        (503, 0, Trouble.PASSING, "503"),
    ],
)
async def test_what_discord_refuses_is_said_in_words(
    server: Server, status: int, code: int, trouble: Trouble, reason: str
) -> None:
    server.env.inject_error("POST", "/channels/*/messages", status=status, code=code)
    with pytest.raises(SendFailed) as failed:
        await server.adapter.send(server.place, POST, "post:1")
    assert failed.value.trouble is trouble
    assert reason in failed.value.reason
    await server.adapter.send(server.place, POST, "post:1")


async def test_a_channel_that_is_gone_takes_nothing(server: Server) -> None:
    nowhere = Place("discord", str(server.guild.id), "123456789012345678")
    with pytest.raises(SendFailed) as failed:
        await server.adapter.send(nowhere, POST, "post:1")
    assert failed.value.trouble is Trouble.GONE
    assert await server.adapter.find(nowhere, "post:1") is None


async def test_where_the_history_may_not_be_read_nobody_can_tell_what_arrived(server: Server) -> None:
    """Discord would say that there are no messages, and a post would come twice."""
    hidden = {server.guild.default_role: discord.PermissionOverwrite(read_message_history=False)}
    closed = server.guild.create_text_channel("closed", overwrites=hidden)
    await server.env.settle()
    place = Place("discord", str(server.guild.id), str(closed.id))
    await server.adapter.send(place, POST, "post:1")
    with pytest.raises(CannotTell, match="Read Message History"):
        await server.adapter.find(place, "post:1")


async def test_a_refusal_to_look_is_no_answer(server: Server) -> None:
    server.env.inject_error("GET", "/channels/*/messages", status=403, code=50001)
    with pytest.raises(CannotTell, match="does not let me look"):
        await server.adapter.find(server.place, "post:1")


async def test_nobody_is_mentioned_by_anything_that_is_sent(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    await sam.click(post, label="Study")
    bodies = [entry.json or {} for entry in server.env.http_requests if entry.method == "POST"]
    said = [body.get("data", body) for body in bodies if "components" in str(body)]
    assert len(said) == 2
    assert all(body["allowed_mentions"] == {"parse": []} for body in said)
