"""What is pressed is asked, and answered within three seconds."""

import re

import pytest

from adapters.discord.client import Client
from bot import actions, buttons
from bot.messages import Audience, Message, Text
from bot.model import Account

from .kit import SHOW, Server, client_of, texts


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


async def test_buttons_of_before_are_understood_after_a_restart(server: Server) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    pressed = await sam.click(post, label="Study")
    await server.env.restart_bot(client_of(server.adapter))
    await sam.click(pressed.response, label="Show answer")
    assert "In the Alps" in texts(pressed.response.components)


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


async def test_no_layout_is_kept_by_the_library(server: Server, simcord_bot: Client) -> None:
    sam = server.member("sam")
    _, post = await server.post()
    await sam.click(post, label="Study")
    store = simcord_bot._connection._view_store
    assert (store._views, store._modals, store._dynamic_items) == ({}, {}, {})
