"""A small scripted counterpart: what the engine would answer, for a deck of two cards. It keeps what it was asked."""

from bot import buttons, forms
from bot.actions import (
    Action,
    ChangeRating,
    FinishSession,
    FormKind,
    HideName,
    ImportDeck,
    OpenForm,
    RateCard,
    React,
    Request,
    RevealAnswer,
    SetUpGroup,
    ShareLeaderboard,
    ShowLeaderboard,
    StartQuiz,
    Study,
)
from bot.markdown import escape
from bot.messages import (
    Audience,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Message,
    Notice,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)
from bot.model import Rating, Source, SourceKind

NIGHT = 1_793_696_400_000  # Tuesday 3 November 2026, 09:00 UTC
SESSION = Source(SourceKind.SESSION, 7)
CARDS = (("Which river runs through Vienna?", "The **Danube**"), ("What is $2^3$?", "8"))
RATINGS = ("1 Not at all", "2 Barely", "3 With effort", "4 Well", "5 Perfectly")


def button(action: Action, label: str, main: bool = False, shortcut: str = "") -> Button:
    return Button(buttons.write(action), label, ButtonStyle.MAIN if main else ButtonStyle.PLAIN, shortcut)


def post(studied: int = 0) -> Message:
    questions = Numbered(tuple(question for question, _ in CARDS))
    row = Buttons((button(Study(1), "Study", main=True), button(ShareLeaderboard(), "Share")))
    parts = (Title("Today's 2 cards: Rivers"), questions, row, Text(f"{studied} people have studied.", quiet=True))
    return Message(parts, "Today's 2 cards are ready.", Audience.EVERYONE)


def question(position: int, *above: Part, replaces: bool = True) -> Message:
    row = Buttons((button(RevealAnswer(SESSION, position), "Show answer", main=True),))
    return Message((*above, CardSide(Side.QUESTION, CARDS[position][0]), row), "A card", replaces=replaces)


def answer(position: int) -> Message:
    sides = CardSide(Side.QUESTION, CARDS[position][0]), CardSide(Side.ANSWER, CARDS[position][1])
    rate = [
        button(RateCard(SESSION, position, 1, rating), RATINGS[rating - 1], shortcut=str(int(rating)))
        for rating in Rating
    ]
    rows = Buttons(tuple(rate[:2]), "No:"), Buttons(tuple(rate[2:]), "Yes:")
    return Message((*sides, Text("Did you remember it before you looked?"), *rows), "The answer", replaces=True)


FORM = forms.set_up(
    OpenForm(FormKind.SET_UP),
    "flashcards",
    {"weekdays": "monday, friday", "time": "09:00", "zone": "Europe/<b>Paris</b>"},
)


def to_a_lead(action: Action) -> Message:
    """The form, and what was filled in."""
    match action:
        case OpenForm():
            return Message((FORM,), FORM.title)
        case SetUpGroup(name, values):
            return Message((Text(escape(f"{name}: {', '.join(map('='.join, values))}")),), "Set up")
    return Message((Text("That does nothing here."),), "Nothing")


class Script:
    """`asked` holds what people asked; the same key twice is answered twice, as a platform may well deliver it."""

    def __init__(self) -> None:
        self.asked: list[Request] = []

    async def act(self, request: Request) -> list[Message]:
        self.asked += [request] * bool(request.account.foreign_id)
        match request.action:
            case Study():
                welcome = Notice(f"Welcome, {request.account.name}.", (button(HideName(), "Hide my name"),))
                return [question(0, welcome, replaces=False)]
            case StartQuiz():
                return [question(0, replaces=False)]
            case RevealAnswer(_, position):
                return [answer(position)]
            case RateCard(_, position, _, rating):
                change = button(ChangeRating(SESSION, position, 1), "Change")
                saved = Notice(f"Saved: {RATINGS[rating - 1]}.", (change,))
                if position + 1 < len(CARDS):
                    return [question(position + 1, saved)]
                done = Buttons((button(FinishSession(7), "Finish", main=True),))
                return [Message((saved, Text("Done for today."), done), "Done", replaces=True)]
            case ShowLeaderboard():
                board = Numbered(("Maya, 38 points", "Sam, 38 points", "Lin, 31 points"), (1, 1, 3))
                return [Message((Title("This week"), board), "The leaderboard")]
            case ShareLeaderboard():
                return [Message((Title("This week"),), "The leaderboard", Audience.EVERYONE)]
            case ImportDeck(file_name, data):
                return [Message((Notice(f"{file_name}: {len(data)} bytes read."),), "A deck")]
            case React():
                return []
            case other:
                return [to_a_lead(other)]
