"""What is typed becomes an action, with its options filled in."""

from typing import Any

import pytest

from adapters.discord import answering, limits
from bot import actions
from bot.messages import Attachment, Message, Text
from bot.model import Place, Window

from .kit import QUESTION, Server, client_of, texts


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
    await server.env.restart_bot(client_of(server.adapter))
    assert (asked("GET"), asked("PUT")) == (2, 1)


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
