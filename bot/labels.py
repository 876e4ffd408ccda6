"""What each setting of a group is called where people read it: in forms, in the status, and among the changes.

The keys are the names that the configuration file and `/quiz-admin set` use.
"""

from .model import WEEKDAYS, AnswersAfter, InDoubt, PostStyle, RatingInput
from .words import plural, weekdays_words

LABELS = {
    "name": "Name of the group",
    "weekdays": "Days",
    "time": "Time",
    "zone": "Time zone",
    "cards": "Cards in a post",
    "new": "New cards among them",
    "style": "A post is",
    "rating_input": "Ratings come by",
    "answers": "Answers of a closed post are",
    "late_hours": "A post may be late by",
    "late_until": "A late post comes until",
    "days_off": "Days off",
    "in_doubt": "A post that may have arrived is",
    "ping": "A post notifies",
}
CHOICES: dict[str, dict[str, str]] = {
    "style": {PostStyle.DIGEST: "one message with all questions", PostStyle.CARDS: "a message for each card"},
    "rating_input": {
        RatingInput.BUTTONS: "buttons, in private",
        RatingInput.REACTIONS: "reactions, which everybody sees",
        RatingInput.BOTH: "buttons or reactions",
    },
    "answers": {AnswersAfter.PRIVATE: "for whoever asks", AnswersAfter.PUBLIC: "below it, for everyone"},
    "in_doubt": {InDoubt.LEAVE_OUT: "left out", InDoubt.SEND_AGAIN: "sent again"},
}
"""Where a setting is one of a few: each of them, as its label goes on."""


def value(name: str, words: str) -> str:
    """What a setting is, as people say it; `words` are those that `settings.changed` reads."""
    match name:
        case "weekdays":
            return weekdays_words(WEEKDAYS.index(day) for day in words.split(", "))
        case "late_hours":
            return plural(int(words), "hour")
        case "ping":
            return words or "nobody"
        case _:
            return CHOICES.get(name, {}).get(words, words) or "none"


def change(name: str, before: str, after: str) -> str:
    """`Time: 18:00 (was 09:00)`."""
    return f"{LABELS[name]}: {value(name, after)} (was {value(name, before)})"


def in_labels(sentence: str) -> str:
    """A sentence that names settings as they are typed, for whoever looks at a form."""
    for name, label in LABELS.items():
        sentence = sentence.replace(f"`{name}`", f"“{label}”")
    return sentence.replace("`", "")
