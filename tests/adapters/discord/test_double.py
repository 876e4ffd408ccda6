"""The double itself, with a bare discord.py: what the wire tests rely on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import discord
import pytest
from discord import app_commands

from .double import DiscordDouble, Person
from .double.faults import Fault
from .double.hands import shown
from .double.words import Answered
from .wire import pointed_at, settled


class Bare(discord.Client):
    """Answers every button and counts what it is told."""

    def __init__(self) -> None:
        intents = discord.Intents(guilds=True, guild_messages=True, guild_reactions=True)
        super().__init__(intents=intents, guild_ready_timeout=0.0, enable_debug_events=True)
        self.tree = app_commands.CommandTree(self)
        self.told: list[str] = []

    async def setup_hook(self) -> None:
        self.tree.command(name="board", description="Points")(board)
        self.tree.command(name="note", description="A form")(note)
        self.tree.command(name="find", description="A deck")(find)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        pass

    async def on_socket_event_type(self, name: str) -> None:
        self.told.append(name)

    async def on_interaction(self, asked: discord.Interaction) -> None:
        if asked.type is discord.InteractionType.component:
            pressed = asked.data and asked.data.get("custom_id")
            await asked.response.edit_message(content=f"{asked.user.display_name} pressed {pressed}")


async def board(asked: discord.Interaction, top: app_commands.Range[int, 1, 25] = 10) -> None:
    await asked.response.defer(ephemeral=True)
    await asked.followup.send(f"The best {top}", ephemeral=True)


class Note(discord.ui.Modal, title="A note"):
    text: discord.ui.TextInput["Note"] = discord.ui.TextInput(label="Text", custom_id="text")

    async def on_submit(self, asked: discord.Interaction) -> None:
        await asked.response.send_message(f"You wrote: {self.text.value}", ephemeral=True)


async def note(asked: discord.Interaction) -> None:
    await asked.response.send_modal(Note())


async def _decks(asked: discord.Interaction, typed: str) -> list[app_commands.Choice[str]]:
    found = [name for name in ("hills", "riverbanks", "rivers") if typed in name]
    return [app_commands.Choice(name=name, value=name) for name in found]


@app_commands.autocomplete(deck=_decks)
async def find(asked: discord.Interaction, deck: str) -> None:
    await asked.response.send_message(deck, ephemeral=True)


@asynccontextmanager
async def running(there: DiscordDouble) -> AsyncIterator[Bare]:
    client = Bare()
    with pointed_at(there):
        task = asyncio.create_task(client.start(there.token))
        await there.gateway.until(lambda: there.gateway.connected)
        await there.gateway.settled()
        try:
            yield client
        finally:
            await client.close()
            await task


@pytest.fixture
async def there() -> AsyncIterator[DiscordDouble]:
    async with DiscordDouble() as double:
        guild = double.room.guild("Rivers")
        double.room.channel("flashcards", guild)
        yield double
        assert double.all_problems() == []


@pytest.fixture
def maya(there: DiscordDouble) -> Person:
    (guild,) = there.room.guilds.values()
    user = there.room.user("Maya")
    guild.members.append(user.id)
    return Person(there, user, there.room.channels[guild.channels[0]])


async def hello(client: Bare, maya: Person) -> discord.Message:
    channel = client.get_channel(int(maya.channel.id))
    assert isinstance(channel, discord.TextChannel)
    view = discord.ui.View(timeout=None)
    view.add_item(discord.ui.Button[discord.ui.View](label="Go", custom_id="go"))
    return await channel.send("Hello", view=view)


async def test_a_press_a_command_and_a_reaction_reach_the_client(there: DiscordDouble, maya: Person) -> None:
    async with running(there) as client:
        message = await hello(client, maya)
        assert shown(await maya.press("Go")) == "Maya pressed go\n[Go]"
        said = await maya.type("/board 5")
        assert shown(said) == "The best 5"
        assert said.shown[0].reader == maya.id
        maya.react(there.room.messages[str(message.id)], 4, times=2)
        await settled(there)
        assert client.told.count("MESSAGE_REACTION_ADD") == 2
        assert client.told.count("MESSAGE_CREATE") == 1  # the private message is told to nobody


async def test_what_was_missed_is_told_after_a_resume(there: DiscordDouble, maya: Person) -> None:
    async with running(there) as client:
        message = await hello(client, maya)
        there.gateway.ask_to_reconnect()
        maya.react(there.room.messages[str(message.id)], 2)
        await there.gateway.until(lambda: there.gateway.resumed == 1)
        await settled(there)
        assert client.told.count("MESSAGE_REACTION_ADD") == 1
        assert client.told[-1] == "RESUMED"


async def test_an_invalid_session_begins_anew(there: DiscordDouble, maya: Person) -> None:
    async with running(there) as client:
        there.gateway.invalidate()
        await there.gateway.until(lambda: len(there.gateway.identified) == 2)
        await settled(there)
        assert client.told.count("READY") == 2


async def test_a_429_with_via_is_tried_again_and_one_without_is_not(there: DiscordDouble, maya: Person) -> None:
    async with running(there) as client:
        there.faults.append(Fault("POST", "/messages$", status=429, retry_after_s=0.01))
        await hello(client, maya)
        assert [call.status for call in there.called("POST", "channels/*/messages")] == [429, 200]
        there.faults.append(Fault("POST", "/messages$", status=429, via=False))
        with pytest.raises(discord.HTTPException):
            await hello(client, maya)


async def test_a_body_that_does_not_fit_is_refused(there: DiscordDouble, maya: Person) -> None:
    async with running(there) as client:
        channel = client.get_channel(int(maya.channel.id))
        assert isinstance(channel, discord.TextChannel)
        view = discord.ui.LayoutView(timeout=None)
        for _ in range(2):
            button = discord.ui.Button[discord.ui.LayoutView](label="Go", custom_id="go")
            view.add_item(discord.ui.ActionRow(button))
        with pytest.raises(discord.HTTPException, match="Invalid Form Body"):
            await channel.send(view=view)


async def test_an_answer_after_three_seconds_and_a_second_answer_are_refused(maya: Person) -> None:
    there = maya.discord
    at = there.room.now()
    there.room.now = lambda: at
    async with running(there) as client:
        await hello(client, maya)
        made = await maya.press("Go", times=2)
        await settled(there)
        assert [refused.body["code"] for refused in made.refused] == [40060]
        late = maya.begin_press("Go")
        at += 3_001
        await settled(there)
        assert [refused.body["code"] for refused in late.refused] == [10062]
        assert not late.done.is_set()


async def test_a_form_is_filled_in_and_a_half_typed_option_is_completed(there: DiscordDouble, maya: Person) -> None:
    async with running(there) as client:
        made = await maya.type("/note")
        assert made.kind is Answered.MODAL
        assert shown(await maya.submit(made, {"text": "the Oder"})) == "You wrote: the Oder"
        assert await maya.complete("find", "deck", "riv") == ["riverbanks", "rivers"]
        assert client.told.count("MESSAGE_CREATE") == 0


async def test_in_direct_messages_only_two_see_what_is_said(there: DiscordDouble, maya: Person) -> None:
    async with running(there):
        maya.channel = there.room.direct(maya.id)
        said = await maya.type("/note")
        assert said.kind is Answered.MODAL
        posted = there.room.post(maya.channel, {"content": "Hello, Maya."}, {})
        assert "Hello, Maya." in maya.text()
        (guild,) = there.room.guilds.values()
        sam = Person(there, there.room.user("Sam"), there.room.channels[guild.channels[0]])
        assert posted not in sam.seen()


async def test_a_session_outlives_its_line(there: DiscordDouble) -> None:
    async with running(there) as client:
        there.gateway.cut()
        await there.gateway.until(lambda: there.gateway.resumed == 1)
        await settled(there)
        assert len(there.gateway.sessions) == 1
        assert client.told.count("READY") == 1
