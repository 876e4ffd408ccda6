"""Tokens that run out: renewed in time, once however many ask, for presses and for posts alike."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from adapters.slack import limits
from adapters.slack.failures import Removed
from adapters.slack.installs import Installs
from adapters.slack.rotation import Renewal
from adapters.slack.settings import Secrets
from adapters.slack.workspaces import Clients, Workspace, workspace_of
from bot.adapter import SendFailed, Trouble
from bot.messages import Audience, Message, Text
from bot.model import Place
from bot.testing.world import StillClock

from .conftest import OpenGroup
from .counterpart import CHANNEL, SlackCounterpart
from .double.server import Double
from .double.web_api import Fault
from .installing import KEY, install

HOUR_MS = 3_600_000
HELLO = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # the SDK's, on a newer aiohttp


@dataclass
class Rotating:
    """A workspace whose first token runs out twelve hours from now."""

    slack: Double
    installs: Installs
    clock: StillClock
    file: Path

    def later(self, hours: float) -> None:
        self.clock.at += int(hours * HOUR_MS)

    def asked(self) -> int:
        return len(self.slack.api.called("oauth.v2.access"))


@asynccontextmanager
async def rotating(folder: Path, team: str = "T1", enterprise: str = "") -> AsyncIterator[Rotating]:
    slack, clock, file = Double(), StillClock(1_000_000_000), folder / "slack.db"
    await slack.start()
    slack.state.rotates = True
    slack.state.refresh_tokens["xoxe-1"] = team or enterprise
    clients = Clients(slack.api_base)
    installs = Installs(file, KEY, clock, Renewal(clients, Secrets(client_id="1.2", client_secret="secret"), clock))
    first = Workspace(team, enterprise, "xoxe.xoxb-first", "U1", "B1", frozenset({"chat:write"}), "First", "xoxe-1")
    await installs.save(replace(first, expires_at=clock() + 12 * HOUR_MS))
    try:
        yield Rotating(slack, installs, clock, file)
    finally:
        await clients.close()
        await slack.stop()


async def test_a_token_is_renewed_before_it_runs_out_and_not_earlier(tmp_path: Path) -> None:
    async with rotating(tmp_path) as there:
        there.later(9.9)
        assert (await workspace_of(there.installs, "T1")).token == "xoxe.xoxb-first"
        there.later(0.2)
        second = await workspace_of(there.installs, "T1")
        assert second.token in there.slack.state.other_tokens
        assert await workspace_of(there.installs, "T1") == second
        assert there.asked() == 1


async def test_two_who_need_it_at_once_renew_it_once(tmp_path: Path) -> None:
    async with rotating(tmp_path) as there:
        there.slack.api.delays["oauth.v2.access"] = 0.05
        there.later(13)
        found = await asyncio.gather(*(workspace_of(there.installs, "T1") for _ in range(10)))
        assert len({workspace.token for workspace in found}) == 1
        assert there.asked() == 1


async def test_whoever_gives_up_waiting_takes_no_token_along(tmp_path: Path) -> None:
    """A refresh token counts once: if its answer were thrown away, the app would have to be installed again."""
    async with rotating(tmp_path) as there:
        there.slack.api.delays["oauth.v2.access"] = 0.2
        there.later(13)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(workspace_of(there.installs, "T1"), 0.05)
        await there.installs.settle()
        assert (await workspace_of(there.installs, "T1")).token in there.slack.state.other_tokens
        assert there.asked() == 1


async def test_while_a_token_holds_nobody_waits_long_for_the_next_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LOADING_AFTER_S", 0.02)
    async with rotating(tmp_path) as there:
        there.slack.api.delays["oauth.v2.access"] = 0.2
        there.later(11)
        assert (await workspace_of(there.installs, "T1")).token == "xoxe.xoxb-first"
        await there.installs.settle()
        assert (await workspace_of(there.installs, "T1")).token in there.slack.state.other_tokens


async def test_the_next_token_is_kept_over_a_restart_and_encrypted(tmp_path: Path) -> None:
    async with rotating(tmp_path) as there:
        there.later(11)
        second = await workspace_of(there.installs, "T1")
        assert await Installs(there.file, KEY, there.clock).find("T1") == second
        assert b"xox" not in there.file.read_bytes()


async def test_an_organisations_token_is_renewed_for_all_its_workspaces(tmp_path: Path) -> None:
    async with rotating(tmp_path, team="", enterprise="E1") as there:
        there.later(11)
        one, two = [await workspace_of(there.installs, team, "E1") for team in ("T7", "T8")]
        assert (one.token, one.team, two.team) == (two.token, "T7", "T8")
        assert there.asked() == 1


async def test_a_late_word_of_an_uninstallation_ends_a_renewed_installation_too(tmp_path: Path) -> None:
    async with rotating(tmp_path) as there:
        there.later(11)
        await workspace_of(there.installs, "T1")
        await there.installs.removed("T1", there.clock() - HOUR_MS)
        with pytest.raises(SendFailed, match="not installed"):
            await workspace_of(there.installs, "T1")


@pytest.mark.parametrize(
    ("fault", "trouble", "says"),
    [
        (Fault("oauth.v2.access", "invalid_refresh_token"), Trouble.NOT_ALLOWED, "Install me there again"),
        (Fault("oauth.v2.access", status=429, retry_after=3), Trouble.RATE_LIMITED, "slow down"),
        (Fault("oauth.v2.access", status=503), Trouble.PASSING, "did not take it"),
        (Fault("oauth.v2.access", cut=True), Trouble.PASSING, "did not take it"),
    ],
)
async def test_a_token_that_cannot_be_renewed_is_used_while_it_holds_and_then_said(
    tmp_path: Path, fault: Fault, trouble: Trouble, says: str
) -> None:
    async with rotating(tmp_path) as there:
        fault.times = 2
        there.slack.api.faults.append(fault)
        there.later(11)
        assert (await workspace_of(there.installs, "T1")).token == "xoxe.xoxb-first"
        there.later(1)
        with pytest.raises(SendFailed, match=says) as failed:
            await workspace_of(there.installs, "T1")
        assert (failed.value.trouble, failed.value.may_have_arrived) == (trouble, False)
        assert (await workspace_of(there.installs, "T1")).token in there.slack.state.other_tokens


async def test_presses_and_posts_go_on_when_the_first_token_has_run_out(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str]
) -> None:
    there.state.rotates = True
    async with open_group(many) as group:
        await install(there, there.state.team)
        await group.morning()
        (first,) = there.state.other_tokens
        kept = await there.slack._workspaces.find(there.state.team)
        assert kept is not None
        group.clock.at = kept.expires_at
        assert "Question 1" in await there.press("sam", "Study")
        await group.adapter.send(Place("slack", there.state.team, CHANNEL), HELLO, "hello:1")
        used = [token for method, token in there.double.api.tokens if method in ("views.open", "chat.postMessage")]
        assert used[0] == first
        assert set(used[1:]) == set(there.state.other_tokens)
        assert first not in used[1:]


async def test_a_token_that_ran_out_is_no_removal(open_group: OpenGroup, there: SlackCounterpart) -> None:
    """Else what a group has would be purged in the end, because a clock was wrong."""
    async with open_group() as group:
        there.double.api.faults.append(Fault("chat.postMessage", "token_expired"))
        with pytest.raises(SendFailed) as failed:
            await group.adapter.send(there.place, HELLO, "hello:1")
        assert not isinstance(failed.value, Removed)
        assert await group.rows("select 1 from workspaces where left_at is not null") == []


async def test_a_reaction_is_told_again_while_the_token_cannot_be_renewed(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str]
) -> None:
    """Bolt would acknowledge an event whose workspace it cannot make out, and the rating would be lost."""
    there.state.rotates = True
    async with open_group(many) as group:
        await install(there, there.state.team)
        ref = await group.adapter.send(there.place, HELLO, "hello:1")
        kept = await there.slack._workspaces.find(there.state.team)
        assert kept is not None
        group.clock.at = kept.expires_at
        there.double.api.faults.append(Fault("oauth.v2.access", "invalid_refresh_token", times=2))
        await there.hands.react("U0SAM", CHANNEL, ref.message_id, "four")
        assert [delivery.status for delivery in there.double.deliveries][-2:] == [503, 200]
