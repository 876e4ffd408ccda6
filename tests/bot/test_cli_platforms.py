"""`flashmob setup`, `doctor` and `slack manifest`, as far as they need no platform."""

import json
from pathlib import Path

import pytest

from bot.cli import main
from bot.cli_platforms import _enable, _places
from bot.config import Config, Core
from bot.model import Place
from bot.testing.world import open_world

from .elsewhere import CHANNEL
from .journeys.kit import other_cohort


def test_the_manifest_for_slack_is_json_that_names_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "manifest", "--name", "/cards"]) == 0
    manifest = json.loads(capsys.readouterr().out)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert [each["command"] for each in manifest["features"]["slash_commands"]] == ["/cards"]


def test_only_required_scopes_are_asked_for_where_that_is_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["slack", "manifest", "--required-only"]) == 0
    scopes = json.loads(capsys.readouterr().out)["oauth_config"]["scopes"]["bot"]
    assert scopes == ["commands", "chat:write"]


def test_the_doctor_says_that_a_token_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    config = tmp_path / "config.toml"
    config.write_text("[discord]\nenabled = true\n")
    assert main(["doctor", "--config", str(config)]) == 1
    assert "there is no DISCORD_TOKEN in the environment" in capsys.readouterr().err


async def test_the_doctor_looks_also_where_a_group_was_set_up_in_its_channel(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        await other_cohort(world, "Lakes", CHANNEL)
    config = Config(Core(data="."), (), {}, tmp_path)
    assert await _places(config, "elsewhere") == [CHANNEL]
    assert await _places(config, "local") == [Place("local", "local", "flashcards")]
    assert await _places(Config(Core(data="none"), (), {}, tmp_path), "local") == []


def test_setting_up_puts_the_platform_into_a_file_and_leaves_the_rest_of_it_alone(tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[flashmob]\ndata = "here"\n')
    _enable(config, "discord")
    assert config.read_text() == '[flashmob]\ndata = "here"\n\n[discord]\nenabled = true\n'


def test_a_platform_that_stands_in_the_file_is_not_put_there_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "config.toml"
    config.write_text("[discord]\nenabled = false\n")
    _enable(config, "discord")
    assert config.read_text() == "[discord]\nenabled = false\n"
    assert "has a [discord] section already" in capsys.readouterr().out
