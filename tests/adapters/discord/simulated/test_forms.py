"""Forms as modals: opened as the answer itself, and read from whatever comes back, whether this process opened it."""

from typing import Any

import pytest

from adapters.discord import limits
from adapters.discord.client import Client
from bot import actions, forms
from bot.actions import FormKind, OpenForm
from bot.messages import Message, Text
from bot.model import Place

from .kit import SLOW_S, Server, client_of, texts

SAID = {"weekdays": "monday, friday", "time": "09:00"}
FILLED = {"name": "Rivers", "weekdays": ["monday"], "time": "18:30", "zone": "Europe/Paris"}


@pytest.fixture
def lead(server: Server) -> Any:
    form = forms.set_up(OpenForm(FormKind.SET_UP), str(server.channel.id), SAID)
    server.core.says[OpenForm] = [Message((form,), form.title)]
    server.core.says[actions.SetUpGroup] = [Message((Text("It is set up."),), "Set up", replaces=True)]
    return server.member("maya", manage_guild=True)


async def test_a_form_is_the_answer_itself_and_what_is_filled_in_is_asked_for(server: Server, lead: Any) -> None:
    opened = await lead.slash(server.channel, "quiz-admin setup")
    assert opened.modal["title"] == "Set up Flashmob"
    assert [part["type"] for part in opened.modal["components"]] == [18] * 5
    elsewhere = server.guild.create_text_channel("elsewhere")
    said = await lead.submit_modal(opened, {**FILLED, "channel": [elsewhere]})
    assert texts(said.response.components) == "It is set up."
    assert said.ephemeral
    _, request = server.core.asked
    values = (("weekdays", "monday"), ("time", "18:30"), ("zone", "Europe/Paris"))
    assert request.action == actions.SetUpGroup("Rivers", values)
    assert request.place == Place("discord", str(server.guild.id), str(elsewhere.id))
    assert request.account.leads


async def test_the_library_keeps_nothing_of_a_form_and_the_next_process_understands_it(
    server: Server, lead: Any, simcord_bot: Client
) -> None:
    opened = await lead.slash(server.channel, "quiz-admin setup")
    store = simcord_bot._connection._view_store
    assert (store._views, store._modals, store._dynamic_items) == ({}, {}, {})
    await server.env.restart_bot(client_of(server.adapter))
    await server.adapter.came_and_went(1, 1)
    said = await lead.submit_modal(opened, {**FILLED, "channel": [server.channel]})
    assert texts(said.response.components) == "It is set up."


async def test_a_file_is_fetched_and_handed_on_with_what_its_form_is_for(server: Server, lead: Any) -> None:
    form = forms.upload(OpenForm(FormKind.UPLOAD, 7))
    server.core.says[OpenForm] = [Message((form,), form.title)]
    opened = await lead.slash(server.channel, "quiz-admin setup")
    await lead.submit_modal(opened, {"file": ("birds.csv", b"a,b")})
    assert server.core.asked[-1].action == actions.ImportDeck("birds.csv", b"a,b", 7, actions.FormKind.UPLOAD)


async def test_a_form_that_takes_longer_than_a_press_lives_is_offered_as_a_button(
    server: Server, lead: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.core.takes_s = SLOW_S
    monkeypatch.setattr(limits, "FORM_AFTER_S", SLOW_S / 5)
    late = await lead.slash(server.channel, "quiz-admin setup")
    assert "It took too long to open that." in texts(late.response.components)
    server.core.takes_s = 0.0
    opened = await lead.click(late.response, label="Set up Flashmob")
    assert opened.modal["title"] == "Set up Flashmob"
    assert [request.action for request in server.core.asked] == [OpenForm(FormKind.SET_UP)] * 2


@pytest.mark.usefixtures("slow")
async def test_a_form_is_waited_for_without_thinking_first(server: Server, lead: Any) -> None:
    opened = await lead.slash(server.channel, "quiz-admin setup")
    assert opened.modal is not None
    assert sum("/callback" in entry.path for entry in server.env.http_requests) == 1
