"""The slash commands: what each is called, what it says of itself, and the action that its words ask for."""

from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches

from . import actions
from .actions import Action, FormKind
from .model import Window

MOST_QUIZ_CARDS = 50


@dataclass(frozen=True, slots=True)
class Command:
    name: str
    usage: str
    says: str
    read: Callable[[list[str]], Action]
    leads: bool = False


def read(text: str) -> Action:
    """The action that `/name words` asks for. Never raises: what is no command becomes `UnknownCommand`."""
    name, *words = text.strip().removeprefix("/").split() or [""]
    command = _BY_NAME.get(name.lower())
    if command is not None:
        return command.read(words)
    near = get_close_matches(name.lower(), _BY_NAME, n=1, cutoff=0.5)
    return actions.UnknownCommand(text.strip(), near[0] if near else "")


def _quiz(words: list[str]) -> Action:
    """`/quiz`, `/quiz 5`, `/quiz rivers`, `/quiz rivers 5`."""
    if words and words[-1].isdecimal():
        most = max(1, min(int(words[-1][:6]), MOST_QUIZ_CARDS))
        return actions.StartQuiz(" ".join(words[:-1]), most)
    return actions.StartQuiz(" ".join(words))


def _leaderboard(words: list[str]) -> Action:
    windows = {"week": Window.WEEK, "month": Window.MONTH, "all": Window.ALL}
    return actions.ShowLeaderboard(windows.get(words[0].lower() if words else "week", Window.WEEK))


def _privacy(words: list[str]) -> Action:
    """`/privacy` alone shows what is kept."""
    known: dict[str, Action] = {
        "hide": actions.HideName(True),
        "show": actions.HideName(False),
        "export": actions.ExportMyData(),
    }
    return known.get(words[0].lower() if words else "", actions.ShowPrivacy())


def _admin(words: list[str]) -> Action:
    """`/quiz-admin` and what leads may say after it; nothing, or what is not known, shows the status."""
    verb, rest = (words[0].lower(), words[1:]) if words else ("status", [])
    match verb:
        case "set":
            return actions.ChangeSettings(((rest[0], " ".join(rest[1:])),) if rest else ())
        case "setup":
            return actions.SetUpGroup("", _settings(rest)) if rest else actions.OpenForm(FormKind.SET_UP)
        case "pause":
            return actions.PausePosts(" ".join(word for word in rest if word.lower() != "until"))
        case "copy":
            return actions.CopySetUp(" ".join(rest))
        case _:
            return _PLAIN.get(verb, actions.ShowStatus)()


def _settings(words: list[str]) -> tuple[tuple[str, str], ...]:
    """`time=18:00 zone=Europe/Berlin`."""
    return tuple((name, value) for name, _, value in (word.partition("=") for word in words))


_PLAIN: dict[str, Callable[[], Action]] = {
    "status": actions.ShowStatus,
    "resume": actions.ResumePosts,
    "skip": actions.SkipToday,
    "post": actions.PostNow,
    "preview": actions.PreviewPost,
}
ADMIN = (
    "/quiz-admin [status|set NAME VALUE|pause [until DATE]|resume|skip|post|preview|copy GROUP|setup [NAME=VALUE ...]]"
)

COMMANDS = (
    Command("quiz", "/quiz [deck] [number]", "Cards for you alone, now", _quiz),
    Command("leaderboard", "/leaderboard [week|month|all]", "Who reviewed most", _leaderboard),
    Command("stats", "/stats", "Your due cards, streak and decks", lambda words: actions.ShowStats()),
    Command("decks", "/decks", "The decks of this group", lambda words: actions.ShowDecks()),
    Command("privacy", "/privacy [hide|show|export]", "What is kept of you, and your name", _privacy),
    Command(
        "remind",
        "/remind [HH:MM [ZONE]|off]",
        "A private nudge when cards are due",
        lambda words: actions.Remind(" ".join(words)),
    ),
    Command("quiz-admin", ADMIN, "For those who lead this group: its posts and settings", _admin, leads=True),
    Command("help", "/help", "What Flashmob can do here", lambda words: actions.ShowHelp()),
)
_BY_NAME = {command.name: command for command in COMMANDS}
