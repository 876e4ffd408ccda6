"""The doctor: tokens, scopes, channels and the clock, in sentences that say what to do."""

import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from adapters.slack.doctor import doctor
from adapters.slack.installs import Installs
from adapters.slack.settings import Mode, Secrets, SlackSettings
from adapters.slack.workspaces import Workspace
from bot.model import Place

from .counterpart import CHANNEL, SlackCounterpart
from .double.state import Channel
from .double.web_api import Fault
from .installing import KEY

MANY = {"client_id": "1.2", "client_secret": "secret", "signing_secret": "s"}


async def findings(
    there: SlackCounterpart,
    places: list[Place] | None = None,
    ahead_s: int = 0,
    made: SlackSettings | None = None,
    secrets: dict[str, str] | None = None,
) -> list[str]:
    if not there.double.port:
        await there.double.start()
    there.state.channels.setdefault(CHANNEL, Channel("general", {there.state.bot_user}))
    known = Secrets(**{"bot_token": there.state.bot_token, "app_token": there.state.app_token, **(secrets or {})})
    settings = made or SlackSettings(api_base=there.double.api_base)
    wanted = places if places is not None else [there.place, there.nowhere]
    found = await doctor(settings, known, wanted, lambda: int((time.time() + ahead_s) * 1000))
    return [f"{'good' if each.good else 'bad'}: {each.text} {each.hint}" for each in found]


async def test_the_doctor_finds_nothing_wrong(there: SlackCounterpart) -> None:
    said = "\n".join(await findings(there))
    assert "good: The bot token is accepted" in said
    assert "good: The app token is accepted" in said
    assert "good: The clock agrees" in said
    assert "good: I am in #general." in said
    assert "bad: C0ATTIC: Slack does not show me that channel" in said


async def test_the_doctor_names_what_is_wrong_and_what_to_do(there: SlackCounterpart) -> None:
    there.state.scopes = {"commands"}
    said = "\n".join(await findings(there, ahead_s=400, secrets={"app_token": "xapp-wrong"}))
    assert "bad: The scope chat:write is missing" in said
    assert "good: Without users:read there is no way to have people's names" in said
    assert "bad: Slack does not take SLACK_APP_TOKEN: invalid_auth" in said
    assert "400 s ahead of Slack's" in said or "399 s ahead" in said or "401 s ahead" in said
    assert "/invite @Flashmob" in said


async def test_the_doctor_says_when_the_token_is_wrong(there: SlackCounterpart) -> None:
    first, second = await findings(there, secrets={"bot_token": "xoxb-wrong"})
    assert first.startswith("bad: Slack does not take SLACK_BOT_TOKEN: invalid_auth.")
    assert "The app token is accepted" in second


async def test_a_token_that_runs_out_is_no_use_in_the_environment(there: SlackCounterpart) -> None:
    there.state.bot_token = "xoxe.xoxb-1"
    said = "\n".join(await findings(there))
    assert "bad: SLACK_BOT_TOKEN runs out within twelve hours" in said
    assert "make the app anew from the manifest" in said


@pytest.mark.parametrize(
    ("archived", "members", "says"),
    [
        (True, {"U0BOT"}, "bad: #general is archived. Unarchive it, or choose another one."),
        (False, set(), "bad: I am not in #general. Type /invite @Flashmob there."),
    ],
)
async def test_a_channel_that_takes_no_posts_is_named(
    there: SlackCounterpart, archived: bool, members: set[str], says: str
) -> None:
    there.state.channels[CHANNEL] = Channel("general", members, archived)
    assert says in await findings(there, [there.place])


async def test_a_slack_that_cannot_be_reached_is_said(there: SlackCounterpart) -> None:
    await there.double.start()
    there.double.api.faults += [
        Fault("auth.test", cut=True, times=2),
        Fault("apps.connections.open", cut=True, times=2),
    ]
    first, second = await findings(there)
    assert first.startswith("bad: Slack cannot be reached")
    assert second.startswith("bad: SLACK_APP_TOKEN was not looked at")


async def test_of_many_workspaces_each_is_looked_at_with_its_own_token(there: SlackCounterpart, tmp_path: Path) -> None:
    await there.double.start()
    file = tmp_path / "slack.db"
    there.state.other_tokens |= {"xoxb-one": "T1"}
    installs = Installs(file, KEY, lambda: 1)
    await installs.save(Workspace("T1", "", "xoxb-one", "U1", "B1", frozenset()))
    await installs.save(Workspace("T2", "", "xoxb-two", "U1", "B1", frozenset()))
    made = SlackSettings(Mode.HTTP, api_base=there.double.api_base, installations=str(file))
    places = [Place("slack", team, CHANNEL) for team in ("T1", "T2", "T3")]
    said = "\n".join(await findings(there, places, made=made, secrets={**MANY, "encryption_key": KEY}))
    assert "good: I am in #general." in said
    assert "bad: Slack does not take the token of workspace T2: invalid_auth." in said
    assert "bad: I am not installed in workspace T3. Install me at /slack/install." in said
    assert "xoxb" not in said
    other = Fernet.generate_key().decode()
    (wrong,) = await findings(there, places, made=made, secrets={**MANY, "encryption_key": other})
    assert "FLASHMOB_ENCRYPTION_KEY does not open the tokens" in wrong
