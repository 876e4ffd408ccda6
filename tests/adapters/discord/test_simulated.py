"""The adapter in a simulated Discord, in process: what is pressed, typed and reacted is asked, and answered."""

import asyncio
import re
from dataclasses import dataclass, field
from typing import Any

import discord
import pytest

from adapters.discord import answering, limits, parse
from adapters.discord.app import Discord
from adapters.discord.client import Client
from bot import actions, buttons
from bot.actions import Request
from bot.adapter import SendFailed, Trouble
from bot.messages import Attachment, Audience, Button, Buttons, CardSide, Message, Notice, Side, Text, Title
from bot.model import Account, MessageRef, Place, Rating, Source, SourceKind, Window

NOW = 1_790_000_000_000
STUDY = buttons.write(actions.Study(7))
SHOW = buttons.write(actions.RevealAnswer(Source(SourceKind.SESSION, 9), 0))
POST = Message(
    (Title("Today's 1 card: Rivers"), Buttons((Button(STUDY, "Study"),)), Text("Nobody has studied yet.", quiet=True)),
    "Today's card is ready.",
    Audience.EVERYONE,
)
QUESTION = Message(
    (
        Title("Card 1 of 1"),
        CardSide(Side.QUESTION, "Where does the *Rhine* rise?"),
        Buttons((Button(SHOW, "Show answer"),)),
    ),
    "Card 1 of 1",
)
ANSWER = Message((Notice("Look.", ()), CardSide(Side.ANSWER, "In the Alps")), "Card 1 of 1", replaces=True)


@dataclass
class Core:
    """What stands behind the adapter: it keeps what was asked, and says what it was told to say."""

    says: dict[type[Any], list[Message]] = field(default_factory=dict)
    asked: list[Request] = field(default_factory=list)
    takes_s: float = 0.0

    async def act(self, request: Request) -> list[Message]:
        self.asked.append(request)
        await asyncio.sleep(self.takes_s)
        return self.says.get(type(request.action), [])


@pytest.fixture
def core() -> Core:
    return Core({actions.Study: [QUESTION], actions.RevealAnswer: [ANSWER]})


@pytest.fixture
def adapter(core: Core, monkeypatch: pytest.MonkeyPatch) -> Discord:
    monkeypatch.setenv("DISCORD_TOKEN", "a-token")
    return Discord({}, core.act, lambda: NOW)


@pytest.fixture
def simcord_bot(adapter: Discord) -> Client:
    return adapter.new_client()


@dataclass
class Server:
    env: Any
    guild: Any
    channel: Any
    adapter: Discord
    core: Core

    @property
    def place(self) -> Place:
        return Place("discord", str(self.guild.id), str(self.channel.id))

    def member(self, name: str, **allowed: bool) -> Any:
        roles = [self.guild.create_role(f"{name}s", permissions=discord.Permissions(**allowed))] if allowed else []
        return self.guild.add_member(self.env.create_user(name), roles=roles)

    def components(self, message: Any) -> list[dict[str, Any]]:
        """The layout of a message, as Discord keeps it."""
        return list(self.env.backend.get_message(self.channel.id, message.id).components)

    async def post(self, message: Message = POST, key: str = "post:1") -> tuple[MessageRef, Any]:
        ref = await self.adapter.send(self.place, message, key)
        await self.env.settle()
        return ref, self.channel.last_message


@pytest.fixture
async def server(simcord_env: Any, adapter: Discord, core: Core) -> Server:
    guild = simcord_env.create_guild()
    channel = guild.create_text_channel("flashcards")
    await simcord_env.settle()
    await adapter.came_and_went(connected=True, anew=True)
    return Server(simcord_env, guild, channel, adapter, core)


def texts(components: Any) -> str:
    """Every text of a layout, in order."""
    if isinstance(components, list):
        return "\n".join(filter(None, map(texts, components)))
    return "\n".join(filter(None, [components.get("content", ""), texts(components.get("components", []))]))


async def test_a_post_is_studied_and_answered_in_private(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    pressed = await sam.click(post, label="Study")
    assert pressed.ephemeral
    assert "Where does the *Rhine* rise?" in texts(pressed.response.components)
    shown = await sam.click(pressed.response, label="Show answer")
    assert "In the Alps" in texts(pressed.response.components)
    assert shown.followups == []
    assert "Alps" not in texts(server.components(post))
    first, second = server.core.asked
    assert (first.action, second.action) == (actions.Study(7), buttons.read(SHOW))
    assert first.account == Account("discord", "", str(sam.id), "sam", leads=False)
    assert first.place == second.place == server.place
    assert first.key.startswith("discord:")
    assert first.key != second.key


SLOW_S = 0.05


@pytest.fixture
def slow(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every answer takes longer than it may."""
    server.core.takes_s = SLOW_S
    monkeypatch.setattr(limits, "ANSWER_AFTER_S", SLOW_S / 5)


@pytest.mark.usefixtures("slow")
async def test_a_slow_answer_is_deferred_and_edited_in(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    pressed = await sam.click(post, label="Study")
    assert pressed.ephemeral
    assert "Where does" in texts(pressed.response.components)
    await sam.click(pressed.response, label="Show answer")
    assert "In the Alps" in texts(pressed.response.components)
    answers = [entry.json["type"] for entry in server.env.http_requests if "/callback" in entry.path]
    assert answers == [5, 6]


@pytest.mark.usefixtures("slow")
async def test_a_slow_answer_for_everyone_does_not_stay_private(server: Server) -> None:
    server.core.says[actions.ShowHelp] = [Message((Text("For all."),), "For all", Audience.EVERYONE)]
    shown = await server.member("sam").slash(server.channel, "help")
    assert [(texts(each.components), each.ephemeral) for each in shown.followups] == [("For all.", False)]
    assert shown.response is None


async def test_several_messages_follow_each_other(server: Server) -> None:
    server.core.says[actions.ShowHelp] = [Message((Text(word),), word) for word in ("One", "Two")]
    shown = await server.member("sam").slash(server.channel, "help")
    assert texts(shown.response.components) == "One"
    assert [(texts(each.components), each.ephemeral) for each in shown.followups] == [("Two", True)]


@pytest.mark.usefixtures("slow")
async def test_a_slow_press_with_nothing_to_say_leaves_nothing_on_the_screen(server: Server) -> None:
    shown = await server.member("sam").slash(server.channel, "stats")
    assert shown.acknowledged
    assert shown.response is None


async def test_where_there_is_nothing_to_say_the_press_is_still_acknowledged(server: Server) -> None:
    server.core.says = {}
    sam = server.member("sam")
    _, post = await server.post()
    assert (await sam.click(post, label="Study")).acknowledged
    shown = await sam.slash(server.channel, "stats")
    assert shown.acknowledged
    assert shown.response is None


@pytest.mark.simcord(check_errors=False)
async def test_a_bug_is_answered_with_a_reference_that_stands_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.core.says[actions.ShowStats] = [None]  # type: ignore[list-item]
    shown = await server.member("sam").slash(server.channel, "stats")
    said = texts(shown.response.components)
    found = re.search("Reference ([0-9a-f]{4})", said)
    assert found
    assert f"reference {found[1]}" in caplog.text
    assert shown.ephemeral


@pytest.mark.parametrize(
    ("words", "options", "action"),
    [
        ("quiz", {}, actions.StartQuiz()),
        ("quiz", {"deck": "Unit 5", "number": 3}, actions.StartQuiz("Unit 5", 3)),
        ("leaderboard", {}, actions.ShowLeaderboard(Window.WEEK)),
        ("leaderboard", {"window": "all"}, actions.ShowLeaderboard(Window.ALL)),
        ("stats", {}, actions.ShowStats()),
        ("decks", {}, actions.ShowDecks()),
        ("help", {}, actions.ShowHelp()),
        ("remind", {"time": "18:00"}, actions.Remind("18:00")),
        ("remind", {}, actions.Remind("")),
        ("privacy", {}, actions.ShowPrivacy()),
        ("privacy", {"do": "hide"}, actions.HideName(hidden=True)),
        ("privacy", {"do": "show"}, actions.HideName(hidden=False)),
        ("privacy", {"do": "export"}, actions.ExportMyData()),
        ("privacy", {"do": "delete"}, actions.DeleteMyData(sure=False)),
    ],
)
async def test_commands_say_what_was_filled_in(server: Server, words: str, options: Any, action: Any) -> None:
    await server.member("sam").slash(server.channel, words, **options)
    assert [request.action for request in server.core.asked] == [action]


@pytest.mark.parametrize(
    ("words", "options", "action"),
    [
        ("status", {}, actions.ShowStatus()),
        ("set", {"name": "time", "value": "18:00"}, actions.ChangeSettings((("time", "18:00"),))),
        ("setup", {"name": "Rivers", "cards": "3"}, actions.SetUpGroup("Rivers", (("cards", "3"),))),
        ("pause", {"until": "2026-12-24"}, actions.PausePosts("2026-12-24")),
        ("resume", {}, actions.ResumePosts()),
        ("skip", {}, actions.SkipToday()),
        ("post", {}, actions.PostNow()),
        ("preview", {}, actions.PreviewPost()),
        ("copy", {"group": "Lakes"}, actions.CopySetUp("Lakes")),
    ],
)
async def test_leads_have_a_command_of_their_own(server: Server, words: str, options: Any, action: Any) -> None:
    maya = server.member("maya", manage_guild=True)
    await maya.slash(server.channel, f"quiz-admin {words}", **options)
    (request,) = server.core.asked
    assert request.action == action
    assert request.account.leads
    assert "quiz-admin" not in server.member("sam").available_commands(server.channel)


async def test_who_was_let_in_by_discord_alone_does_not_lead(server: Server) -> None:
    sam = server.member("sam")
    command = server.env.backend.find_command("quiz-admin", server.guild.id)
    server.guild.set_command_permissions(int(command["id"]), {sam: True})
    await sam.slash(server.channel, "quiz-admin status")
    assert [request.account.leads for request in server.core.asked] == [False]


async def test_a_private_file_is_seen_by_its_asker_alone(server: Server) -> None:
    data = Message((Text("All of it."), Attachment("my-data.json", '{"reviews": []}')), "Your data")
    server.core.says[actions.ExportMyData] = [data]
    shown = await server.member("sam").slash(server.channel, "privacy", do="export")
    assert shown.ephemeral
    assert [file.filename for file in shown.response.attachments] == ["my-data.json"]


async def test_commands_work_in_direct_messages(server: Server) -> None:
    sam = server.env.create_user("sam")
    server.core.says[actions.StartQuiz] = [QUESTION]
    server.guild.add_member(sam)
    shown = await sam.slash("quiz")
    assert "Where does" in texts(shown.response.components)
    assert not shown.ephemeral
    await sam.click(shown.response, label="Show answer")
    assert "In the Alps" in texts(shown.response.components)
    assert {request.place for request in server.core.asked} == {Place("discord", "", "", str(sam.id))}


async def test_the_commands_are_synced_once(server: Server) -> None:
    def asked(method: str) -> int:
        return sum(entry.method == method and entry.path.endswith("/commands") for entry in server.env.http_requests)

    assert (asked("GET"), asked("PUT")) == (1, 1)
    await server.env.restart_bot(server.adapter.new_client())
    assert (asked("GET"), asked("PUT")) == (2, 1)


async def test_buttons_of_before_are_understood_after_a_restart(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    pressed = await sam.click(post, label="Study")
    await server.env.restart_bot(server.adapter.new_client())
    await sam.click(pressed.response, label="Show answer")
    assert "In the Alps" in texts(pressed.response.components)


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
    assert {rating: sorted(who.name for who in people) for rating, people in standing.items()} == {
        Rating.WELL: ["lin", "sam"],
        Rating.BARELY: ["sam"],
    }


async def test_a_deck_file_is_fetched_and_handed_on(server: Server) -> None:
    maya = server.member("maya", manage_guild=True)
    server.core.says[actions.ImportDeck] = [Message((Text("It is in."),), "It is in.")]
    file = ("rivers.deck.md", b"Q: 1?\nA: 2\n")
    shown = await maya.slash(server.channel, "quiz-admin deck", file=file)
    assert [request.action for request in server.core.asked] == [actions.ImportDeck("rivers.deck.md", b"Q: 1?\nA: 2\n")]
    assert texts(shown.response.components) == "It is in."


async def test_a_file_that_is_too_large_is_not_fetched(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "DECK_BYTES", 4)
    maya = server.member("maya", manage_guild=True)
    shown = await maya.slash(server.channel, "quiz-admin deck", file=("x.csv", b"12345"))
    assert texts(shown.response.components) == answering.TOO_LARGE.replace("-", "\\-")
    assert server.core.asked == []


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


@pytest.mark.simcord(check_errors=False)
async def test_a_press_that_is_too_old_is_not_answered_again(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    server.env.inject_error("POST", "/interactions/*/callback", status=404, code=10062)
    await sam.click(post, label="Study")
    assert [type(request.action) for request in server.core.asked] == [actions.Study]
    assert "a press was not answered" in caplog.text
    assert sum("/callback" in entry.path for entry in server.env.http_requests) == 1


async def test_what_was_answered_already_is_let_be(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    server.env.inject_error("POST", "/interactions/*/callback", status=400, code=40060)
    await sam.click(post, label="Study")
    assert not any("/webhooks/" in entry.path for entry in server.env.http_requests)


async def test_nobody_is_mentioned_by_anything_that_is_sent(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    await sam.click(post, label="Study")
    bodies = [entry.json or {} for entry in server.env.http_requests if entry.method == "POST"]
    said = [body.get("data", body) for body in bodies if "components" in str(body)]
    assert len(said) == 2
    assert all(body["allowed_mentions"] == {"parse": []} for body in said)


async def test_no_layout_is_kept_by_the_library(server: Server, simcord_bot: Client) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    await sam.click(post, label="Study")
    store = simcord_bot._connection._view_store
    assert (store._views, store._modals, store._dynamic_items) == ({}, {}, {})
