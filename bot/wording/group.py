"""What is said of the group: its board and decks, privacy, reminders, and finding one's way."""

from datetime import date, timedelta

from ..markdown import escape
from ..model import Window
from ..words import DAYS, MONTHS, ordinal, plural, spelled

POINTS_RULE = "One point for each due card you review, whatever you press. Up to 10 a day."
PRIVACY = (
    "Flashmob keeps your name here, which cards you looked at, and how you rated them. Nobody else sees your "
    "ratings, not even the group's lead; the leaderboard shows your name and your points, unless you hide it. "
    "Where Flashmob is removed, all of it is deleted after 30 days."
)
NOTHING_KEPT = "Nothing is kept of you here."
DELETED = (
    "Your data are deleted: your name is gone now, and your ratings within minutes. Closed posts keep their counts."
)
NAME_HIDDEN = "Your name is hidden on the leaderboard of this group. Your points still count for you."
NAME_SHOWN = "Your name is shown on the leaderboard of this group again."
OLD_BUTTON = "That button is from another version of Flashmob, so nothing was changed. Type **/quiz** to go on."
NOT_SET_UP = "No deck here yet. Someone who leads this group can add one."
NOT_JOINED = "You haven't reviewed a card here yet. Press **Study** under a post, or type **/quiz**."
LEAD_HELP = (
    "You lead this group: **/quiz-admin** shows its posts and changes its settings. **/decks** shows cards that "
    "members reported, and is where you add a deck."
)
JUST_ME = "Just me"
LEARN_ALONE = "Learn by yourself"
LEARNING_ALONE = (
    "This is yours alone: **/quiz** asks you cards of your own decks, here, whenever you like. There are no posts, "
    "and nobody else sees any of it."
)
ALONE_ELSEWHERE = "Learning by yourself happens in direct messages. Send me /quiz there."
ELSEWHERE = "Speak of another one here:"
NOT_A_MEMBER = "You are not in that group, so nothing was changed. Press Study under one of its posts to join it."
REMINDERS_OFF = "Reminders are off. **/remind 18:00** turns them on again."
REMINDER_TEST = "This is how I will remind you. If you see it, it works."
REMINDER_TEST_COMES = "A first one is on its way, to try it out."
MANY = 20
NO_STANDINGS = "Nobody has points for this time yet. The first card you review starts the board."


def window_title(window: Window, first: date | None, last: date | None) -> str:
    if window is Window.ALL or first is None or last is None:
        return "All time"
    if window is Window.MONTH:
        return f"This month, {MONTHS[first.month - 1]} {first.year}"
    start = str(first.day) if first.month == last.month else f"{first.day} {MONTHS[first.month - 1]}"
    return f"This week, {start} to {last.day} {MONTHS[last.month - 1]}"


def points_of(name: str, points: int) -> str:
    return f"{escape(name)}, {plural(points, 'point')}"


def you_stand(rank: int | None, points: int, *, hidden: bool) -> str:
    if hidden:
        return f"You: {plural(points, 'point')}, with your name hidden."
    return f"You: {ordinal(rank)}, {plural(points, 'point')}." if rank else "You: no points yet."


def together(people: int, cards: int) -> str:
    return f"Together: {plural(people, 'person', 'people')}, {plural(cards, 'card')}."


def kept_of_you(reviews: int) -> str:
    return f"{plural(reviews, 'review')} of yours {'is' if reviews == 1 else 'are'} kept now."


def your_file(reviews: int) -> str:
    return f"Here is all that is kept of you: {plural(reviews, 'review')} and your settings."


def sure_to_delete(reviews: int) -> str:
    return f"This deletes your name, your {plural(reviews, 'review')} and your schedule, for good. It cannot be undone."


def learning_with(name: str) -> str:
    return f"From now on **/quiz**, **/stats** and the rest speak of **{escape(name)}** here."


def reminder(count: int) -> str:
    many = count >= MANY
    cards = "Some of your cards are" if many else f"{spelled(count)} of your cards {'is' if count == 1 else 'are'}"
    return f"{cards} due. A few minutes are enough."


def reminders_on(time: str, zone: str) -> str:
    return (
        f"I will nudge you in private at {time} ({zone} time) on days when cards are due, once a day at most. "
        "If you live by another clock, name its zone: **/remind 18:00 Europe/Oslo**."
    )


def unknown_command(text: str, nearest: str) -> str:
    meant = f" Did you mean **/{nearest}**?" if nearest else ""
    return f"I don't know “{escape(text[:60])}”.{meant} **/help** lists what I can do."


def forecast(counts: list[int], today: date) -> list[str]:
    """One line a day, today first."""
    names = ["Today", "Tomorrow", *(DAYS[(today + timedelta(days=n)).weekday()] for n in range(2, len(counts)))]
    return [f"{name}: {plural(count, 'card')}" for name, count in zip(names, counts, strict=True)]


def due_now(count: int) -> str:
    return f"{plural(count, 'card')} {'is' if count == 1 else 'are'} due now." if count else "Nothing is due now."


def streak(days: int) -> str:
    return f"You have studied {plural(days, 'day')} in a row." if days else "No streak yet: one card a day makes one."


def deck_progress(title: str, known: int, cards: int, mastery: float) -> str:
    return f"**{escape(title)}**: {known} of {plural(cards, 'card')} known, mastery {round(100 * mastery)}%."


def deck_line(title: str, cards: int, met: int, licence: str, reported: int) -> str:
    """`met`: cards that were posted here; `reported`: cards that may hold a mistake, shown to leads."""
    terms = escape(licence) if licence else "private, do not share"
    flagged = f" {plural(reported, 'card')} reported as mistaken." if reported else ""
    return f"**{escape(title)}**: {plural(cards, 'card')}, {met} met so far ({terms}).{flagged}"


def went_wrong(reference: str) -> str:
    return f"Something went wrong, and nothing was saved. Try again; twice is harmless. Reference {reference}."
