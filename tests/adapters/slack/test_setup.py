"""Setting a group up on Slack: the form, what it does, and what the doctor says of tokens, scopes and channels."""

import json
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import entry, settings, tools
from adapters.slack.settings import Secrets, SlackSettings
from bot.errors import ConfigError
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.world import DECK

from .conftest import OpenGroup
from .counterpart import IDS, SlackCounterpart
from .double.state import Channel
from .reading import text_of_view

NEW = "C0NEW"


def filled(deck: str = "", zone: str = "Europe/Paris", file: dict[str, Any] | None = None) -> dict[str, Any]:
    days = [{"value": "monday"}, {"value": "friday"}]
    return {
        "channel": {"type": "conversations_select", "selected_conversation": NEW},
        "name": {"type": "plain_text_input", "value": "French"},
        "weekdays": {"type": "checkboxes", "selected_options": days},
        "time": {"type": "timepicker", "selected_time": "18:30"},
        "zone": {"type": "plain_text_input", "value": zone},
        "deck": {"type": "plain_text_input", "value": deck or None},
        "file": {"type": "file_input", "files": [file] if file else []},
    }


async def send_form(there: SlackCounterpart, who: str, **values: Any) -> str:
    there.state.channels.setdefault(NEW, Channel("french", {*IDS.values(), there.state.bot_user}))
    await there.type(who, "/quiz-admin setup")
    await there.hands.submit(IDS[who], filled(**values))
    await there.slack.listening.settle()
    view = there.state.screen(IDS[who])
    assert view is not None
    return text_of_view(view)


async def test_a_lead_sets_a_group_up_with_a_pasted_deck(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        said = await send_form(there, LEAD, deck="le chat\tthe cat\nle chien\tthe dog")
        assert "This channel is set up" in said
        assert "2 cards are new" in said
        assert "pasted is in: 2 cards added." in await there.press(LEAD, "Import")
        assert await group.count("cohorts") == 2


async def test_the_form_proposes_the_askers_zone(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group():
        await there.type(LEAD, "/quiz-admin setup")
        view = there.state.screen(IDS[LEAD])
        assert view is not None
        zone = next(block for block in view["blocks"] if block["block_id"] == "zone")
        assert zone["element"]["initial_value"] == "Europe/Berlin"
        assert "file" in [block["block_id"] for block in view["blocks"]]


async def test_an_uploaded_deck_is_fetched_with_the_apps_token(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group():
        there.state.files["rivers"] = DECK.encode()
        address = there.double.api_base.replace("/api/", "/files/rivers")
        file = {"name": "rivers.deck.md", "url_private_download": address, "size": len(DECK)}
        assert "Import Rivers of Europe?" in await send_form(there, LEAD, file=file)
        too_large = {**file, "size": 20_000_000}
        assert "could not be read" in await send_form(there, LEAD, file=too_large)
        there.state.scopes.discard("files:read")
        assert "could not be read" in await send_form(there, LEAD, file=file)


async def test_only_a_lead_sets_up(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        said = await send_form(there, MEMBER, deck="le chat\tthe cat")
        assert said.count("Only someone who leads") == 1
        assert await group.count("cohorts") == 1


async def test_a_zone_that_is_none_is_said_kindly(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group():
        assert "Narnia" in await send_form(there, LEAD, zone="Narnia/Cair")


async def test_a_channel_without_the_bot_is_said_at_once(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group():
        there.state.channels[NEW] = Channel("french", set(IDS.values()))
        assert "I am not in #french. Type /invite @Flashmob there." in await send_form(there, LEAD)


# ---- settings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("section", "says"),
    [
        ({"mode": "carrier pigeon"}, '"socket" or "http"'),
        ({"command": "quiz"}, 'Write it like "/quiz"'),
        ({"port": 99999}, "`port` is 99999"),
        ({"comand": "/quiz"}, "Did you mean `command`"),
    ],
)
def test_a_setting_that_is_wrong_is_named(section: dict[str, Any], says: str) -> None:
    with pytest.raises(ConfigError) as failed:
        settings.read(section)
    assert says in str(failed.value)


@pytest.mark.parametrize(
    ("mode", "given", "missing"),
    [
        ("socket", {}, "SLACK_APP_TOKEN"),
        ("socket", {"SLACK_APP_TOKEN": "xapp"}, "SLACK_BOT_TOKEN"),
        ("http", {"SLACK_BOT_TOKEN": "xoxb"}, "SLACK_SIGNING_SECRET"),
        ("http", {"SLACK_SIGNING_SECRET": "s", "SLACK_CLIENT_ID": "1", "SLACK_CLIENT_SECRET": "s"}, "ENCRYPTION_KEY"),
    ],
)
def test_a_secret_that_is_missing_is_named(mode: str, given: dict[str, str], missing: str) -> None:
    with pytest.raises(ConfigError, match=missing):
        settings.secrets(settings.read({"mode": mode}), given)


def test_secrets_never_show() -> None:
    assert "xoxb" not in repr(Secrets(bot_token="xoxb-1", app_token="xapp-1"))


async def test_a_wrong_token_ends_the_start_with_a_sentence(there: SlackCounterpart, monkeypatch: Any) -> None:
    await there.double.start()
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-wrong")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-double")

    async def act(request: Any) -> list[Any]:
        return []

    adapter = entry.open_adapter({"api_base": there.double.api_base}, act, lambda: 0)
    with pytest.raises(ConfigError, match="SLACK_BOT_TOKEN"):
        await adapter.run()
    monkeypatch.setenv("SLACK_BOT_TOKEN", there.state.bot_token)
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-wrong")
    adapter = entry.open_adapter({"api_base": there.double.api_base}, act, lambda: 0)
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN"):
        await adapter.run()


# ---- the command line ------------------------------------------------------------------------------------------------


def test_the_example_of_the_configuration_holds_every_setting_with_its_default() -> None:
    text = (Path(__file__).parents[3] / "config.example.toml").read_text(encoding="utf-8")
    shown = tomllib.loads(text)["slack"]
    assert shown.pop("enabled") is False
    assert settings.read(shown) == SlackSettings()
    assert set(shown) == {field.name for field in fields(SlackSettings)}


async def test_the_doctor_names_a_secret_that_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SLACK_APP_TOKEN", raising=False)
    (found,) = await tools.doctor({}, [], lambda: 0)
    assert not found.good
    assert "SLACK_APP_TOKEN" in found.text


def test_the_manifest_is_printed_for_the_chosen_command() -> None:
    made = json.loads(tools.manifest_text({"command": "/studyquiz"}, optional=False))
    assert made["features"]["slash_commands"][0]["command"] == "/studyquiz"
