"""The slash commands as Discord is told of them, and the action that a filled-in command asks for.

Synced only when they changed: what Discord has is asked for first, and compared.
"""

from collections.abc import Mapping, Sequence
from enum import IntEnum
from typing import Any

from bot import actions, commands
from bot.actions import Action
from bot.commands import COMMANDS, MOST_QUIZ_CARDS
from bot.labels import LABELS
from bot.model import Window

from . import limits

MANAGE_SERVER = 1 << 5
"""Sent as a number; Discord answers with its digits."""
CHAT_INPUT = 1
IN_SERVERS, IN_DIRECT_MESSAGES = 0, 1

Payload = dict[str, Any]


class Kind(IntEnum):
    """What an option holds (`application-commands.mdx`, Application Command Option Type)."""

    SUBCOMMAND = 1
    STRING = 3
    INTEGER = 4
    ATTACHMENT = 11


def _option(kind: Kind, name: str, says: str, *, required: bool = False, **more: Any) -> Payload:
    made = {"type": int(kind), "name": name, "description": says[: limits.DESCRIPTION], **more}
    return {**made, "required": True} if required else made


def _choices(*pairs: tuple[str, str]) -> list[Payload]:
    return [{"name": shown, "value": value} for shown, value in pairs]


def _text(name: str, says: str, *, required: bool = False, most: int = 100, **more: Any) -> Payload:
    longest = {} if "choices" in more else {"max_length": most}
    return _option(Kind.STRING, name, says, required=required, **longest, **more)


_SET_UP = (
    ("time", "When posts go out, for example 09:00"),
    ("zone", "The group's time zone, for example Europe/Paris"),
    ("weekdays", "For example mon-fri, or every day"),
    ("cards", "How many cards a post has"),
    ("style", "digest (one message) or cards (a message a card)"),
    ("rating_input", "buttons, reactions or both"),
)
_SETTINGS = _choices(*((label, name) for name, label in LABELS.items()))
_ADMIN = [
    _option(Kind.SUBCOMMAND, "status", "How this group's posts are doing, and what is set"),
    _option(
        Kind.SUBCOMMAND,
        "setup",
        "Set a study group up; without options, in a form",
        options=[_text("name", "What the group is called"), *(_text(*each) for each in _SET_UP)],
    ),
    _option(
        Kind.SUBCOMMAND,
        "deck",
        "Add a deck from a file, or change the one that it is",
        options=[_option(Kind.ATTACHMENT, "file", "Anki, CSV, text, Markdown and more", required=True)],
    ),
    _option(
        Kind.SUBCOMMAND,
        "set",
        "Change one setting",
        options=[
            _text("name", "The setting", required=True, choices=_SETTINGS),
            _text("value", "What it should be", required=True),
        ],
    ),
    _option(Kind.SUBCOMMAND, "pause", "Stop the posts", options=[_text("until", "Until this day, as 2026-12-24")]),
    _option(Kind.SUBCOMMAND, "resume", "Let the posts go on"),
    _option(Kind.SUBCOMMAND, "skip", "Leave today's post out"),
    _option(Kind.SUBCOMMAND, "post", "Send today's post now"),
    _option(Kind.SUBCOMMAND, "preview", "Show me alone what today's post would be"),
    _option(
        Kind.SUBCOMMAND,
        "copy",
        "Take over the set-up of another group of this server",
        options=[_text("group", "The other group's name", required=True)],
    ),
]
_PRIVACY = _choices(
    ("Hide my name", "hide"),
    ("Show my name", "show"),
    ("Give me all that is kept of me, as a file", "export"),
    ("Delete all that is kept of me", "delete"),
)
_OPTIONS: dict[str, list[Payload]] = {
    "quiz": [
        _text("deck", "Part of a deck's title; without it, every deck", autocomplete=True),
        _option(Kind.INTEGER, "number", "How many cards", min_value=1, max_value=MOST_QUIZ_CARDS),
    ],
    "leaderboard": [
        _text("window", "Since when", choices=_choices(("Week", "week"), ("Month", "month"), ("All time", "all")))
    ],
    "privacy": [_text("do", "What to do; without it, what is kept of you", choices=_PRIVACY)],
    "remind": [
        _text("time", "When, by your clock, for example 18:00; or off", most=20),
        _text("zone", "Your own time zone, for example Europe/Paris; without it, the group's", most=40),
    ],
    "quiz-admin": _ADMIN,
}


def payloads() -> list[Payload]:
    """All commands, as `PUT /applications/{id}/commands` takes them."""
    return [_payload(command) for command in COMMANDS]


def _payload(command: commands.Command) -> Payload:
    made: Payload = {
        "type": CHAT_INPUT,
        "name": command.name,
        "description": command.says[: limits.DESCRIPTION],
        "options": _OPTIONS.get(command.name, []),
        "contexts": [IN_SERVERS] if command.leads else [IN_SERVERS, IN_DIRECT_MESSAGES],
        "integration_types": [0],
    }
    return {**made, "default_member_permissions": MANAGE_SERVER} if command.leads else made


OURS = frozenset(
    {
        "options",
        "choices",
        "required",
        "autocomplete",
        "min_value",
        "max_value",
        "max_length",
        "default_member_permissions",
    }
)
"""What is said of commands and options where it is wanted; where it is not, and Discord has it, they were changed."""


def same(wanted: Sequence[Payload], there: Sequence[Mapping[str, Any]]) -> bool:
    """Whether Discord has just these commands, whatever it adds to them of its own."""
    found = {command.get("name"): command for command in there}
    return len(found) == len(wanted) and all(_agree(each, found.get(each["name"])) for each in wanted)


def _agree(wanted: object, there: object) -> bool:
    """What is wanted stands there, and nothing else of ours; an empty list may be left out, as Discord does."""
    if isinstance(wanted, dict):
        return (
            isinstance(there, Mapping)
            and all(_agree(value, there.get(key)) for key, value in wanted.items())
            and not any(there.get(key) for key in OURS - wanted.keys())
        )
    if isinstance(wanted, list):
        found = there if isinstance(there, list) else []
        return len(found) == len(wanted) and all(map(_agree, wanted, found))
    return bool(wanted == there) or str(wanted) == there


# ---- what was typed --------------------------------------------------------------------------------------------------

Options = Mapping[str, Any]


def action(name: str, options: Options, subcommand: str = "") -> Action:
    """What a command asks for. `options` are its own, or those of its subcommand; a file is not among them."""
    match name:
        case "quiz":
            cards = options.get("number", actions.StartQuiz().cards)
            return actions.StartQuiz(str(options.get("deck", "")).strip(), max(1, min(int(cards), MOST_QUIZ_CARDS)))
        case "leaderboard":
            return actions.ShowLeaderboard(_window(options.get("window")))
        case "privacy" if options.get("do") == "delete":
            return actions.DeleteMyData()
        case "quiz-admin":
            return _admin(subcommand, options)
        case _:
            return commands.read(" ".join([name, *map(str, options.values())]))


def _window(words: object) -> Window:
    return next((window for window in Window if window.value == words), Window.WEEK)


def _admin(subcommand: str, options: Options) -> Action:
    said = {name: str(value).strip() for name, value in options.items()}
    match subcommand:
        case "set":
            return actions.ChangeSettings(((said.get("name", ""), said.get("value", "")),))
        case "setup" if said:
            values = tuple((name, value) for name, value in said.items() if name != "name")
            return actions.SetUpGroup(said.get("name", ""), values)
        case "pause":
            return actions.PausePosts(said.get("until", ""))
        case "copy":
            return actions.CopySetUp(said.get("group", ""))
        case _:
            return commands.read(f"quiz-admin {subcommand}")
