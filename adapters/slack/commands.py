"""One slash command with words: Slack has no namespaces, so everything stands behind a single name that can be set."""

import re
from difflib import get_close_matches

from msgspec.structs import replace

from bot import actions, commands
from bot.actions import Action
from bot.messages import Message, Notice, Part, Text

NAMES = frozenset(command.name for command in commands.COMMANDS)
OTHERS = {"admin": "quiz-admin", **{name: name for name in NAMES - {"quiz"}}}
NEAR = 0.8
"""How like a command a word must be to be one misspelled; less, and it is a deck's title."""
_SPOKEN = re.compile(r"(?<![\w/.:<])/(" + "|".join(sorted(NAMES, key=len, reverse=True)) + r")\b(?!-)")


def read(words: str) -> Action:
    """The action that the words after the command ask for: `leaderboard month`, `admin pause`, `rivers 5`, nothing."""
    first, _, rest = words.strip().partition(" ")
    name = OTHERS.get(first.lower())
    if name is not None:
        return commands.read(f"{name} {rest}")
    near = get_close_matches(first.lower(), OTHERS, n=1, cutoff=NEAR)
    if near and not rest:
        return actions.UnknownCommand(words.strip(), OTHERS[near[0]])
    return commands.read(f"quiz {words}")


def spoken(message: Message, command: str) -> Message:
    """Where our own words name a command ("/decks"), they name it as it is typed here ("/quiz decks")."""
    return replace(
        message,
        parts=tuple(_part(part, command) for part in message.parts),
        summary=_say(message.summary, command),
    )


def _part(part: Part, command: str) -> Part:
    match part:
        case Text(text):
            return replace(part, markdown=_say(text, command))
        case Notice(text):
            return replace(part, markdown=_say(text, command))
        case _:
            return part


def _say(text: str, command: str) -> str:
    if "/" not in text:
        return text
    return _SPOKEN.sub(lambda found: command + {"quiz": "", "quiz-admin": " admin"}.get(found[1], f" {found[1]}"), text)
