"""Setting a group up on Slack: the form, what it does, and what the doctor says of tokens, scopes and channels."""

import json
import subprocess
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

from adapters.slack import entry, limits, settings, tools
from adapters.slack.settings import Secrets, SlackSettings
from bot import buttons
from bot.actions import FormKind, OpenForm
from bot.errors import ConfigError
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.world import DECK

from .conftest import OpenGroup
from .counterpart import CHANNEL, IDS, SlackCounterpart
from .double.state import Channel
from .reading import text_of_view

NEW = "C0NEW"
FILLED = {"channel": NEW, "name": "French", "zone": "Europe/Paris"}


@pytest.fixture
def fresh(there: SlackCounterpart) -> SlackCounterpart:
    """A second channel, in which everybody is, the bot too."""
    there.state.channels[NEW] = Channel("french", {*IDS.values(), there.state.bot_user})
    return there


async def test_the_form_proposes_the_channel_and_the_askers_zone(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(grouped=False):
        opened = await there.type(LEAD, "/quiz-admin setup")
        assert f"Channel: {CHANNEL}" in opened
        assert "Time zone: Europe/Berlin" in opened


async def test_a_group_is_set_up_in_another_channel_and_its_buttons_mean_that_one(
    open_group: OpenGroup, fresh: SlackCounterpart
) -> None:
    async with open_group(grouped=False) as group:
        await fresh.type(LEAD, "/quiz-admin setup")
        await fresh.fill(LEAD, FILLED)
        await fresh.press(LEAD, "Welcome to Flashmob")
        assert "Welcome to Flashmob is in: " in await fresh.press(LEAD, "Import")
        ((channel, decks),) = await group.rows(
            "select p.foreign_id, (select count(*) from cohort_decks d where d.cohort_id = cp.cohort_id)"
            " from cohort_places cp join places p on p.id = cp.place_id"
        )
        assert (channel, decks) == (NEW, 1)


async def test_an_uploaded_deck_is_fetched_with_the_apps_token(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group():
        await open_upload(there)
        assert "Import Rivers of Europe?" in await there.fill(LEAD, {}, ("rivers.deck.md", DECK.encode()))
        await open_upload(there)
        assert "could not be read" in await there.fill(LEAD, {}, ("rivers.deck.md", b"x" * (limits.FILE_BYTES + 1)))
        await open_upload(there)
        there.state.scopes.discard("files:read")
        assert "could not be read" in await there.fill(LEAD, {}, ("rivers.deck.md", DECK.encode()))


async def test_without_the_scope_for_files_a_deck_is_pasted_where_it_would_be_uploaded(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.state.scopes.discard("files:read")
    async with open_group():
        await open_upload(there)
        assert "2 cards are new" in await there.fill(LEAD, {"file": "le chat\tthe cat\nle chien\tthe dog"})


async def open_upload(there: SlackCounterpart) -> None:
    """By a button that stood under an old message."""
    there.state.post(CHANNEL, "An old message", [], None)
    assert "Deck file" in await there.press_id(LEAD, buttons.write(OpenForm(FormKind.UPLOAD)))


async def test_only_a_lead_is_shown_a_form(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group() as group:
        assert "Only someone who leads" in await there.type(MEMBER, "/quiz-admin setup")
        view = there.state.screen(IDS[MEMBER])
        assert view is not None
        assert "submit" not in view
        assert await group.count("changes") == 1


@pytest.mark.parametrize(
    ("members", "scopes", "says"),
    [
        ((), (), "I am not in #french. Type /invite @Flashmob there."),
        (("U0BOT",), ("chat:write",), "the scope chat:write: the daily post"),
    ],
)
async def test_what_is_missing_is_said_at_the_set_up_and_in_the_status(
    open_group: OpenGroup, fresh: SlackCounterpart, members: Any, scopes: Any, says: str
) -> None:
    fresh.state.channels[NEW] = Channel("french", {*IDS.values(), *members})
    fresh.state.scopes -= set(scopes)
    async with open_group(grouped=False):
        await fresh.type(LEAD, "/quiz-admin setup")
        assert says in await fresh.fill(LEAD, FILLED)
        await fresh.hands.type(IDS[LEAD], NEW, "admin status")
        await fresh.slack.listening.settle()
        view = fresh.state.screen(IDS[LEAD])
        assert view is not None
        assert says in text_of_view(view)


async def test_a_form_that_takes_long_is_announced_and_then_there(
    open_group: OpenGroup, there: SlackCounterpart, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOADING_AFTER_S", 0.0)
    async with open_group(grouped=False):
        assert "Time zone: Europe/Berlin" in await there.type(LEAD, "/quiz-admin setup")
        assert "French is set up" in await there.fill(LEAD, {**FILLED, "channel": CHANNEL})


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


@pytest.mark.parametrize("missing", ["slack_bolt", "slack_sdk", "cryptography"])
def test_without_the_packages_it_is_said_how_to_get_them(missing: str) -> None:
    program = (
        f"import sys; sys.modules['{missing}'] = None\n"
        "from adapters.slack import entry, tools\n"
        "from bot.errors import ConfigError\n"
        "for tried in (lambda: entry.open_adapter({}, None, None), lambda: tools.manifest_text({})):\n"
        "    try: tried()\n"
        "    except ConfigError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.count("The packages for Slack are not installed. In Flashmob's folder run `make demo`") == 2
    assert said.count('pip install ".[slack]"') == 2


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
