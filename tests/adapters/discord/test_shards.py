"""Many servers come over several connections, each with a session of its own."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from adapters.discord import limits
from adapters.discord.app import Discord
from adapters.discord.life import NoMoreSessions, stay
from bot.actions import Request
from bot.messages import Message
from bot.model import PostStyle, Rating, RatingInput
from bot.states import Health
from bot.testing.counterpart import MEMBER
from bot.testing.group import Group

from .conftest import Open
from .counterpart import DiscordCounterpart, in_environment
from .double.gateway import Gateway
from .double.sockets import Session
from .program import until

SHARDS = 3


@pytest.fixture
async def group(counterpart: DiscordCounterpart, open_group: Open, hurried: None) -> AsyncIterator[Group]:
    """A group in `cards` style, on a Discord that advises three shards; all of them are there."""
    counterpart.there.routes.shards = SHARDS
    async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.BOTH) as opened:
        gateway = counterpart.there.gateway
        await gateway.until(lambda: len(gateway.identified) == SHARDS and len(linked(gateway)) == SHARDS)
        await counterpart.settled()
        yield opened


async def nothing(_: Request) -> list[Message]:
    return []


def linked(gateway: Gateway) -> list[Session]:
    return [session for session in gateway.sessions.values() if session.socket]


def own(counterpart: DiscordCounterpart) -> Session:
    """The session that the group's server comes on."""
    shard = (int(counterpart.guild.id) >> 22) % SHARDS
    return next(each for each in counterpart.there.gateway.sessions.values() if each.shard[0] == shard)


async def keys(group: Group) -> list[str]:
    return [row["key"] for row in await group.rows("select key from handled")]


async def test_there_are_as_many_shards_as_discord_advises(group: Group, counterpart: DiscordCounterpart) -> None:
    assert [said["shard"] for said in counterpart.there.gateway.identified] == [[n, SHARDS] for n in range(SHARDS)]
    assert group.adapter.health is Health.CONNECTED
    await group.morning()
    assert "Answer" in await counterpart.press(MEMBER, "Show answer")
    assert "Saved: 4 Well" in await counterpart.press(MEMBER, "4 Well")


async def test_direct_messages_come_on_the_first_shard(group: Group, counterpart: DiscordCounterpart) -> None:
    sam = counterpart.of(MEMBER)
    sam.channel = counterpart.there.room.direct(sam.id)
    assert await counterpart.type(MEMBER, "/help")
    assert [each.shard[0] for each in told_of(counterpart, "INTERACTION_CREATE")] == [0]


def told_of(counterpart: DiscordCounterpart, event: str) -> list[Session]:
    """The sessions that were told of such an event."""
    sessions = counterpart.there.gateway.sessions.values()
    return [each for each in sessions if event in [frame["t"] for frame in each.frames]]


async def test_a_reaction_is_named_by_its_place_in_the_session_of_its_shard(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    await counterpart.react(MEMBER, Rating.WELL)
    session = own(counterpart)
    assert f"discord:{session.id}:{session.seq}" in await keys(group)
    assert told_of(counterpart, "MESSAGE_REACTION_ADD") == [session]


async def test_a_shard_that_loses_its_line_is_taken_up_again_alone(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    await group.morning()
    gateway, session = counterpart.there.gateway, own(counterpart)
    assert session.socket is not None
    session.socket.cut()
    await gateway.until(lambda: session.socket is None)
    counterpart.of(MEMBER).react(counterpart.there.room.history(counterpart.channel.id)[-1], 4)
    await gateway.until(lambda: gateway.resumed == 1)
    await counterpart.settled()
    assert len(gateway.identified) == SHARDS
    assert [row["rating"] for row in await group.rows("select rating from reviews")] == [4]
    assert group.adapter.health is Health.CONNECTED


async def test_a_shard_whose_session_is_invalid_begins_anew_and_so_does_what_was_missed_there(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    gateway, session = counterpart.there.gateway, own(counterpart)
    assert session.socket is not None
    del gateway.sessions[session.id]
    session.socket.put({"op": 9, "d": False})
    await gateway.until(lambda: len(gateway.identified) == SHARDS + 1 and len(linked(gateway)) == SHARDS)
    await counterpart.settled()
    assert gateway.identified[-1]["shard"] == list(session.shard)
    anew = f"discord:{own(counterpart).id}:began"
    while anew not in await keys(group):  # noqa: ASYNC110  (once its last server came)
        await asyncio.sleep(0.01)


async def test_a_server_that_is_gone_after_a_new_session_is_not_taken_for_one_that_is_there(
    group: Group, counterpart: DiscordCounterpart
) -> None:
    gateway, session, room = counterpart.there.gateway, own(counterpart), counterpart.there.room
    assert session.socket is not None
    del gateway.sessions[session.id], room.guilds[counterpart.guild.id]
    session.socket.put({"op": 9, "d": False})
    await gateway.until(lambda: len(gateway.identified) == SHARDS + 1 and len(linked(gateway)) == SHARDS)
    await counterpart.settled()
    while not await group.rows("select 1 from workspaces where left_at is not null"):  # noqa: ASYNC110
        await asyncio.sleep(0.01)


async def test_what_breaks_one_shard_begins_all_of_them_anew(group: Group, counterpart: DiscordCounterpart) -> None:
    await group.morning()
    gateway = counterpart.there.gateway
    gateway.tell("MESSAGE_REACTION_ADD", {"guild_id": counterpart.guild.id, "user_id": "1"})  # half a payload
    gateway.problems.clear()  # it was meant to be wrong
    await gateway.until(lambda: len(gateway.identified) == 2 * SHARDS and len(linked(gateway)) == SHARDS)
    await counterpart.settled()
    assert "Answer" in await counterpart.press(MEMBER, "Show answer")


async def test_every_shard_is_closed_cleanly(counterpart: DiscordCounterpart, open_group: Open, hurried: None) -> None:
    counterpart.there.routes.shards = SHARDS
    gateway = counterpart.there.gateway
    async with open_group():
        await gateway.until(lambda: len(linked(gateway)) == SHARDS)
    await gateway.until(lambda: not gateway.sessions)


async def test_health_speaks_of_all_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")

    adapter = Discord({}, nothing, lambda: 0)
    for there, health in ((1, Health.CONNECTING), (3, Health.CONNECTED), (2, Health.AWAY), (3, Health.CONNECTED)):
        await adapter.came_and_went(there, SHARDS)
        assert adapter.health is health
    await adapter.started()  # one shard is enough to send
    await adapter.close()
    await adapter.came_and_went(0, SHARDS)
    assert adapter.health is Health.CLOSED


# ---- sessions are counted: a thousand a day, and the token is reset


async def test_no_session_is_begun_that_discord_does_not_allow(
    counterpart: DiscordCounterpart, open_group: Open, caplog: pytest.LogCaptureFixture
) -> None:
    there = counterpart.there
    await there.start()
    there.routes.shards, there.routes.starts_left = SHARDS, SHARDS - 1
    with in_environment(counterpart.token):
        adapter = Discord({"api_base": there.api_base, "gateway_url": there.gateway_url}, nothing, lambda: 0)
        running = asyncio.create_task(adapter.run())
        await until(lambda: "no more sessions begin for 60 s" in caplog.text)
        await adapter.close()
        await running
    assert there.gateway.identified == []
    assert adapter.health is Health.CLOSED


async def test_the_next_attempt_waits_for_as_long_as_discord_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIRST_REST_S", 0.0)
    closing, rests = asyncio.Event(), list[float]()

    async def rest(_: asyncio.Event, seconds: float) -> None:
        rests.append(seconds)

    async def connect() -> None:
        if len(rests) > 3:
            closing.set()
        raise NoMoreSessions(12_345)

    monkeypatch.setattr("adapters.discord.life._rest", rest)
    await stay(connect, closing)
    assert rests[:3:2] == [12_345, 12_345]
