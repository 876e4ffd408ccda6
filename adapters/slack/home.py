"""The app's own page: what is due, the streak, the standings, and a button for everything.

Slash commands do not work in threads, so every way in stands here too.
"""

from bot import actions, buttons
from bot.actions import Action
from bot.messages import Button, Buttons, ButtonStyle, Part

WAYS = (
    (actions.StartQuiz(), "Start review"),
    (actions.ShowLeaderboard(), "Leaderboard"),
    (actions.ShowDecks(), "Decks"),
    (actions.ShowStatus(), "Posts and settings"),
    (actions.ShowPrivacy(), "Privacy"),
    (actions.ShowHelp(), "Help"),
)
"""What can be done from the page; one more way in is one more entry."""
START_REVIEW = buttons.write(actions.StartQuiz())
"""The id of the global shortcut."""


SHOWN: tuple[Action, ...] = (actions.ShowStats(), actions.ShowLeaderboard())
"""What stands below: what is due, the streak, and the standings of the group one was last active in."""


def above() -> list[Part]:
    return [Buttons(tuple(_button(action, label) for action, label in WAYS))]


def _button(action: Action, label: str) -> Button:
    main = isinstance(action, actions.StartQuiz)
    return Button(buttons.write(action), label, ButtonStyle.MAIN if main else ButtonStyle.PLAIN)
