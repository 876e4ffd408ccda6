"""No token, no secret and no address that stands for one ever reaches a log, whatever is logged and whatever breaks."""

import logging

import pytest

from bot.adapter import SendFailed
from bot.messages import Audience, Message, Text
from bot.testing.counterpart import LEAD, MEMBER
from bot.testing.group import Group

from .conftest import OpenGroup
from .counterpart import HTTP, IDS, SOCKET, SlackCounterpart
from .double.web_api import Fault
from .installing import KEY, install

HELLO = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)
SECRETS = ("xoxb-", "xoxe", "xapp-", "double-secret", "client-secret", KEY, "ticket=", "/response/", ".trigger")
"""Tokens begin with these; then secrets, and addresses and triggers by which somebody may speak as the app."""


@pytest.fixture
def everything(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    """All that any library says, debugging included."""
    caplog.set_level(logging.DEBUG)
    return caplog


def leaks(caplog: pytest.LogCaptureFixture) -> list[str]:
    found = [(record, record.getMessage() + str(record.exc_text or "")) for record in caplog.records]
    return [f"{record.name}: {text[:200]}" for record, text in found if any(secret in text for secret in SECRETS)]


async def a_day(group: Group, there: SlackCounterpart) -> None:
    await group.morning()
    for label in ("Study", "Show answer", "4 Well"):
        await there.press(MEMBER, label)
    for command in ("/quiz", "/stats", "/leaderboard", "/privacy export", "/remind 18:00", "/nonsense"):
        await there.type(MEMBER, command)
    await there.type(LEAD, "/quiz-admin status")
    await there.hands.open_home(IDS[MEMBER])
    await there.slack.listening.settle()
    await group.later(2)
    for fault in (
        Fault("chat.postMessage", "token_revoked"),
        Fault("chat.postMessage", status=500),
        Fault("chat.postMessage", cut=True),
        Fault("views.open", status=500),
        Fault("views.open", cut=True),
        Fault("views.open", "expired_trigger_id"),
    ):
        there.double.api.faults.append(fault)
        if fault.method == "views.open":
            await there.type(MEMBER, "/stats")
        else:
            with pytest.raises(SendFailed):
                await group.adapter.send(there.place, HELLO, "hello:1")
    await group.later(24 * 60)


@pytest.mark.parametrize("mode", [SOCKET, HTTP])
async def test_a_whole_day_leaves_no_secret_in_the_log(
    open_group: OpenGroup, there: SlackCounterpart, everything: pytest.LogCaptureFixture, mode: str
) -> None:
    there.mode = mode
    async with open_group() as group:
        await a_day(group, there)
        if mode == SOCKET:
            await there.double.refresh()
    assert "flashmob" in everything.text
    assert leaks(everything) == []


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")
async def test_installing_and_renewing_leave_no_secret_in_the_log(
    open_group: OpenGroup, there: SlackCounterpart, many: dict[str, str], everything: pytest.LogCaptureFixture
) -> None:
    there.state.rotates = True
    async with open_group(many) as group:
        await install(there, there.state.team)
        await install(there, there.state.team, state="made-up")
        kept = await there.slack._workspaces.find(there.state.team)
        assert kept is not None
        group.clock.at = kept.expires_at
        there.double.api.faults.append(Fault("oauth.v2.access", "invalid_refresh_token"))
        with pytest.raises(SendFailed):
            await group.adapter.send(there.place, HELLO, "hello:1")
        await group.adapter.send(there.place, HELLO, "hello:1")
    assert leaks(everything) == []
