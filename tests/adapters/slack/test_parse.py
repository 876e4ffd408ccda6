"""Slack's own samples, and payloads that nobody should send: read without raising."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.slack import commands, forms, parse, people, showing
from adapters.slack.workspaces import Workspace
from bot import actions
from bot.messages import CardSide, Message, Notice, Side, Text
from bot.model import Place, Window

from .double.contracts import FOLDER

READERS = {
    "BlockActionPayload": parse.press,
    "SlashCommandPayload": parse.command,
    "ReactionAddedPayload": parse.reaction,
    "ReactionRemovedPayload": parse.reaction,
    "AppHomeOpenedPayload": parse.opened_home,
    "ViewSubmissionPayload": parse.form,
}
HERE = Workspace("T1", "", "xoxb-1", "U1", "B1", frozenset())
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(
        ["actions", "view", "container", "user", "team", "event", "item", "authorizations", "id", "type", "action_id"]
    ), inner, max_size=5)),
    max_leaves=12,
)  # fmt: skip


@pytest.mark.parametrize("name", READERS)
@pytest.mark.skipif(not (FOLDER / "slack-samples").is_dir(), reason="Slack's samples are not at hand")
def test_slacks_own_samples_are_read(name: str) -> None:
    body = json.loads((FOLDER / "slack-samples" / f"{name}.json").read_text(encoding="utf-8"))
    READERS[name](body)
    if name == "ViewSubmissionPayload":
        forms.filled(body["view"])


@pytest.mark.parametrize(
    ("name", "read"),
    [
        ("users.info", lambda said: people._person(said["user"], "Sam", HERE)),
        ("views.open", showing._spot),
        ("views.publish", showing._spot),
    ],
)
@pytest.mark.skipif(not (FOLDER / "slack-samples").is_dir(), reason="Slack's samples are not at hand")
def test_what_slack_answers_in_its_own_samples_is_read(name: str, read: Callable[[Any], object]) -> None:
    assert read(json.loads((FOLDER / "slack-samples" / f"{name}.json").read_text(encoding="utf-8")))


@given(
    st.dictionaries(
        st.sampled_from(["actions", "view", "container", "user", "team", "event", "authorizations"]), anything
    )
)
def test_no_payload_makes_reading_fail(body: dict[str, Any]) -> None:
    for read in READERS.values():
        read(body)


def test_a_press_in_a_modal_knows_the_channel_that_it_was_opened_from() -> None:
    view = {"id": "V1", "type": "modal", "hash": "1.2", "root_view_id": "V1", "private_metadata": "C7"}
    asked = parse.press(
        {"team": {"id": "T1"}, "user": {"id": "U1"}, "view": view, "actions": [{"action_id": "f1:stats"}]}
    )
    assert asked.place == Place("slack", "T1", "C7")
    assert asked.action == actions.ShowStats()
    assert asked.view == parse.OpenView("V1", "1.2", top=False)


def test_a_direct_message_belongs_to_no_group() -> None:
    asked = parse.command({"team_id": "T1", "user_id": "U1", "channel_id": "D1", "text": ""})
    assert asked.place.channel == ""


def test_keys_tell_presses_apart_and_know_a_press_again() -> None:
    def press(at: str) -> str:
        action = {"action_id": "f1:stats", "action_ts": at}
        return parse.press({"team": {"id": "T1"}, "user": {"id": "U1"}, "actions": [action]}).key

    assert press("1.0") == press("1.0") != press("2.0")


@pytest.mark.parametrize(
    ("words", "action"),
    [
        ("", actions.StartQuiz()),
        ("5", actions.StartQuiz("", 5)),
        ("rivers of europe", actions.StartQuiz("rivers of europe")),
        ("statistics", actions.StartQuiz("statistics")),
        ("leaderboard month", actions.ShowLeaderboard(Window.MONTH)),
        ("Stats", actions.ShowStats()),
        ("admin pause", actions.PausePosts()),
        ("leaderbord", actions.UnknownCommand("leaderbord", "leaderboard")),
        ("help", actions.ShowHelp()),
    ],
)
def test_one_command_has_words_for_everything(words: str, action: actions.Action) -> None:
    assert commands.read(words) == action


def test_commands_are_named_as_they_are_typed_and_cards_are_left_alone() -> None:
    card = CardSide(Side.QUESTION, "What does /stats do?")
    said = commands.spoken(
        Message((Text("Type **/decks** or /quiz."), Notice("`/quiz-admin set`"), card), "/help"), "/cards"
    )
    assert [part.markdown for part in said.parts if isinstance(part, Text | Notice)] == [
        "Type **/cards decks** or /cards.",
        "`/cards admin set`",
    ]
    assert said.parts[2] == card
    assert said.summary == "/cards help"
