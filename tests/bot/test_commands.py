import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import commands
from bot.actions import (
    Action,
    HideName,
    ShowDecks,
    ShowHelp,
    ShowLeaderboard,
    ShowPrivacy,
    ShowStats,
    StartQuiz,
    UnknownCommand,
)
from bot.model import Window


@pytest.mark.parametrize(
    ("typed", "action"),
    [
        ("/quiz", StartQuiz()),
        ("quiz", StartQuiz()),
        ("  /QUIZ  ", StartQuiz()),
        ("/quiz 5", StartQuiz("", 5)),
        ("/quiz rivers", StartQuiz("rivers")),
        ("/quiz rivers of europe 3", StartQuiz("rivers of europe", 3)),
        ("/quiz 0", StartQuiz("", 1)),
        ("/quiz 99999999999999", StartQuiz("", 50)),
        ("/leaderboard", ShowLeaderboard(Window.WEEK)),
        ("/leaderboard month", ShowLeaderboard(Window.MONTH)),
        ("/leaderboard ALL", ShowLeaderboard(Window.ALL)),
        ("/leaderboard year", ShowLeaderboard(Window.WEEK)),
        ("/stats", ShowStats()),
        ("/decks", ShowDecks()),
        ("/privacy", ShowPrivacy()),
        ("/privacy hide", HideName(hidden=True)),
        ("/privacy show", HideName(hidden=False)),
        ("/help", ShowHelp()),
        ("/leaderbord", UnknownCommand("/leaderbord", "leaderboard")),
        ("/xyzzy", UnknownCommand("/xyzzy")),
        ("", UnknownCommand("")),
        ("/", UnknownCommand("/")),
    ],
)
def test_a_command_asks_for_what_its_words_say(typed: str, action: Action) -> None:
    assert commands.read(typed) == action


@given(st.text())
def test_whatever_is_typed_is_read_as_something(typed: str) -> None:
    commands.read(typed)
    commands.read(f"/quiz {typed}")


def test_every_command_says_what_it_is_for() -> None:
    for command in commands.COMMANDS:
        assert command.usage.startswith(f"/{command.name}")
        assert command.says
        assert commands.read(command.name) == command.read([])
