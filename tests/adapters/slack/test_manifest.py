"""The manifest: valid by Slack's schema, and in step with what the adapter listens to."""

import json
import re

import pytest
from jsonschema_rs import Draft4Validator

from adapters.slack import listening
from adapters.slack.manifest import LONG_DESCRIPTION, as_text, manifest
from adapters.slack.scopes import REQUIRED_SCOPES
from adapters.slack.settings import Mode, SlackSettings
from bot import actions, buttons

from .double.contracts import FOLDER

SCHEMA = FOLDER / "schemastore-slack-app-manifest.json"


@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("optional", [True, False])
@pytest.mark.skipif(not SCHEMA.is_file(), reason="Slack's schema of the manifest is not at hand")
def test_the_manifest_is_valid_by_the_schema(mode: Mode, optional: bool) -> None:
    made = manifest(SlackSettings(mode=mode), "https://quiz.example", optional=optional, many_workspaces=True)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(json.loads(as_text(made)))] == []


def test_only_what_has_a_listener_is_subscribed_to() -> None:
    from slack_bolt.async_app import AsyncApp

    heard: set[str] = set()

    class Recording(AsyncApp):
        def event(self, event, *args, **more):  # type: ignore[no-untyped-def]
            if isinstance(event, str):
                heard.add(event)
            return super().event(event, *args, **more)

    made = listening.Listening(*[None] * 6)  # type: ignore[arg-type]
    made.listen(Recording(token="xoxb-none", signing_secret="none"))
    assert set(manifest(SlackSettings())["settings"]["event_subscriptions"]["bot_events"]) == heard


def test_with_the_required_scopes_alone_nothing_is_subscribed_to_that_needs_another() -> None:
    made = manifest(SlackSettings(), optional=False)
    assert made["oauth_config"]["scopes"]["bot"] == list(REQUIRED_SCOPES) == ["commands", "chat:write"]
    assert made["settings"]["event_subscriptions"]["bot_events"] == [
        "app_home_opened", "app_uninstalled", "tokens_revoked",
    ]  # fmt: skip


def test_the_command_and_the_address_are_those_of_the_settings() -> None:
    made = manifest(SlackSettings(mode=Mode.HTTP, command="/studyquiz"), "https://quiz.example/")
    (command,) = made["features"]["slash_commands"]
    assert command["command"] == "/studyquiz"
    assert command["url"] == "https://quiz.example/slack/events"
    assert not made["settings"]["socket_mode_enabled"]


def test_the_shortcut_is_understood_as_a_button() -> None:
    (shortcut,) = manifest(SlackSettings())["features"]["shortcuts"]
    assert buttons.read(shortcut["callback_id"]) == actions.StartQuiz()
    assert len(shortcut["name"]) <= 24


def test_slacks_lengths_are_kept_that_the_schema_does_not_know() -> None:
    assert 175 <= len(LONG_DESCRIPTION) <= 4000
    assert re.fullmatch(r"[\w.-]{1,80}", manifest(SlackSettings())["features"]["bot_user"]["display_name"])
