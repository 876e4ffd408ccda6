"""Many workspaces: installed by OAuth through Bolt's own flow, tokens encrypted, each written to with its own."""

import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from adapters.slack.installs import Installs
from adapters.slack.workspaces import Workspace
from bot.adapter import SendFailed
from bot.errors import ConfigError, DatabaseUnusable
from bot.messages import Audience, Message, Text
from bot.model import Place

from .conftest import OpenGroup
from .counterpart import CHANNEL, SlackCounterpart
from .installing import KEY, install

HELLO = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's, on a newer aiohttp
FIRST = Workspace("T1", "", "xoxb-first", "U1", "B1", frozenset({"chat:write"}), "First")
ORGANISATION = Workspace("", "E1", "xoxb-grid", "U2", "B2", frozenset({"chat:write"}), "Grid")


async def test_two_workspaces_install_and_each_is_written_to_with_its_own_token(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str]
) -> None:
    async with open_group(many) as group:
        assert (await install(there, "T1"))[0] == 200
        assert (await install(there, "T2"))[0] == 200
        for team in ("T1", "T2"):
            await group.adapter.send(Place("slack", team, CHANNEL), HELLO, f"hello:{team}")
    tokens = [token for method, token in there.double.api.tokens if method == "chat.postMessage"]
    assert tokens == ["xoxb-of-T1", "xoxb-of-T2"]
    assert b"xoxb" not in Path(many["installations"]).read_bytes()  # noqa: ASYNC240
    async with open_group(many) as group:
        await group.adapter.send(Place("slack", "T2", CHANNEL), HELLO, "hello:again")
        with pytest.raises(SendFailed, match="not installed"):
            await group.adapter.send(Place("slack", "T3", CHANNEL), HELLO, "hello:T3")


async def test_an_installation_with_a_state_that_is_not_ours_is_refused(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str]
) -> None:
    async with open_group(many) as group:
        status, _ = await install(there, "T1", state="made-up")
        assert status == 400
        with pytest.raises(SendFailed, match="not installed"):
            await group.adapter.send(Place("slack", "T1", CHANNEL), HELLO, "hello:1")


async def test_a_press_is_answered_with_the_token_of_its_workspace(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str]
) -> None:
    async with open_group(many) as group:
        await install(there, there.state.team)
        await group.morning()
        assert "Question 1" in await there.press("sam", "Study")
        assert ("views.open", f"xoxb-of-{there.state.team}") in there.double.api.tokens


# ---- the store -------------------------------------------------------------------------------------------------------


@pytest.fixture
def installs(tmp_path: Path) -> Installs:
    return Installs(tmp_path / "slack.db", KEY, lambda: 1_000_000)


async def test_a_late_word_of_an_uninstallation_does_not_end_a_newer_installation(installs: Installs) -> None:
    await installs.save(FIRST)
    await installs.removed("T1", at=999_999)
    assert await installs.find("T1") == FIRST
    await installs.removed("T1", at=1_000_001)
    assert await installs.find("T1") is None


async def test_a_workspace_of_an_organisation_is_known_by_itself_once_it_was_heard(
    installs: Installs, tmp_path: Path
) -> None:
    await installs.save(ORGANISATION)
    assert await installs.find("T7") is None
    heard = await installs.find("T7", "E1")
    assert heard is not None
    assert (heard.team, heard.token) == ("T7", "xoxb-grid")
    again = Installs(tmp_path / "slack.db", KEY, lambda: int(time.time()))
    posted = await again.find("T7")
    assert posted is not None
    assert posted.token == "xoxb-grid"


async def test_a_state_counts_once(installs: Installs) -> None:
    state = await installs.issue_state()
    assert [await installs.consume_state(state) for _ in range(2)] == [True, False]


async def test_another_key_opens_nothing_and_says_so(installs: Installs, tmp_path: Path) -> None:
    await installs.save(FIRST)
    other = Installs(tmp_path / "slack.db", Fernet.generate_key().decode(), lambda: 0)
    with pytest.raises(DatabaseUnusable, match="FLASHMOB_ENCRYPTION_KEY"):
        await other.find("T1")
    with pytest.raises(ConfigError, match="is no key"):
        Installs(tmp_path / "slack.db", "short", lambda: 0)


def test_a_token_never_shows_in_a_log() -> None:
    assert "xoxb" not in repr(FIRST)
