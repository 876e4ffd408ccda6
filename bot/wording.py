"""Every sentence the bot can say. Short, warm, plain; the result first; no jargon; no meaning by emoji or colour alone.

Words of other people (names, titles) are escaped here, so whatever comes back is Markdown of ours.
"""

from datetime import date, timedelta

from .markdown import escape
from .model import Rating, Window
from .words import DAYS, MONTHS, day_words, ordinal, plural, spelled, when

RATING_WORDS = {
    Rating.NOT_AT_ALL: "Not at all",
    Rating.BARELY: "Barely",
    Rating.WITH_EFFORT: "With effort",
    Rating.WELL: "Well",
    Rating.PERFECTLY: "Perfectly",
}

ONLY_YOU = "Only you can see this."
TRY_EACH = "Try each in your head, then press **Study**."
TRY_IT = "Try it in your head, then press **Show answer**."
REACT = "Try it in your head. React 1 to 5 to say how well you knew it; **Show answer** is private."
INSTEAD = "What should happen with this card?"
KEEP_GOING = "Keep going"
ONCE_MORE = "Once more"
YOUR_CARD = "Your card"
NOTHING_DONE = "You have done these cards already."
FINISHED = "See you next time. Your cards come back when it is time."
WHY_RULE = "Chosen so that the whole group remembers most a week from now."
DID_YOU_REMEMBER = "Did you remember it before you looked?"
POINTS_RULE = "One point for each due card you review, whatever you press. Up to 10 a day."
WELCOME_BACK = "Welcome back. Nothing is lost. Let's start with a few."
SKIPPED = "Skipped for today."
NEVER_AGAIN = "You won't be asked this card again."
ASK_AGAIN = "This card will be asked again."
REPORTED = "Thank you. The group's lead will see that this card may hold a mistake."
PRIVACY = (
    "Flashmob keeps your name here, which cards you looked at, and how you rated them. Nobody else sees your "
    "ratings, not even the group's lead; the leaderboard shows your name and your points, unless you hide it."
)
NOTHING_KEPT = "Nothing is kept of you here."
DELETED = (
    "Your data are deleted: your name is gone now, and your ratings within minutes. Closed posts keep their counts."
)
NAME_HIDDEN = "Your name is hidden on the leaderboard of this group. Your points still count for you."
NAME_SHOWN = "Your name is shown on the leaderboard of this group again."
ALREADY_DONE = "That was done already; nothing was counted twice."
OLD_BUTTON = "That button is from another version of Flashmob, so nothing was changed. Type **/quiz** to go on."
NOT_SET_UP = "No deck here yet. Someone who leads this group can add one."
NOT_SET_UP_LEAD = "No deck here yet. Add one: drop a deck file here, or run `flashmob deck import FILE`."
NO_POST_YET = "Nothing has been posted here yet. The first cards come with the next post."
STILL_OPEN = "This post is still open. Press **Study** to see each answer once you have tried."
NOT_JOINED = "You haven't reviewed a card here yet. Press **Study** under a post, or type **/quiz**."
LEAD_HELP = (
    "You lead this group. **/decks** shows cards that members reported. To add a deck, drop its file here, "
    "or run `flashmob deck import FILE`."
)
PAUSED_QUIET = "I've paused: five posts had no answers. Progress is safe and **/quiz** still works."
REMINDERS_OFF = "Reminders are off. **/remind 18:00** turns them on again."
REMINDER_TEST = "This is how I will remind you. If you see it, it works."
REMINDER_TEST_COMES = "A first one is on its way, to try it out."
MANY = 20
LAST_WEEK = "Last week's standings"
NO_STANDINGS = "Nobody has points for this time yet. The first card you review starts the board."
HOW_IT_WORKS = (
    "Every post brings a few questions. Press **Study** and go through them in private: try to answer, look, then say "
    "how well you knew it, from 1 to 5. Cards you know come back later, cards you don't come back sooner. "
    "Nobody sees your ratings, not even the group's lead. Low ratings cost nothing: "
    + "one point for each due card you review, whatever you press."
)


def rating(value: Rating) -> str:
    return f"{value.value} {RATING_WORDS[value]}"


# ---- the post --------------------------------------------------------------------------------------------------------


def todays_cards(count: int, deck: str) -> str:
    return f"Today's {plural(count, 'card')}: {deck}" if count != 1 else f"Today's card: {deck}"


def cards_ready(count: int) -> str:
    return "Today's card is ready." if count == 1 else f"Today's {count} cards are ready."


def minutes(cards: int) -> str:
    """Half a minute a card, measured on nobody yet: a kind guess."""
    about = max(1, round(cards * 0.4))
    return f"About {spelled(about).lower()} {'minute' if about == 1 else 'minutes'}, in private."


def studied(people: int) -> str:
    match people:
        case 0:
            return "Nobody has studied yet. Be the first."
        case 1:
            return "1 person has studied."
        case _:
            return f"{people} people have studied."


def closed(people: int) -> str:
    return f"Closed; {'nobody' if people == 0 else plural(people, 'person', 'people')} studied."


def late(until: str) -> str:
    """`until`: the local time until which it could not be sent."""
    return f"A little late today; I was offline until {until}. Same cards, no rush."


def last_week(people: int, cards: int) -> str:
    return f"Last week, together: {plural(people, 'person', 'people')}, {plural(cards, 'card')}."


# ---- sessions --------------------------------------------------------------------------------------------------------


def welcome(name: str) -> str:
    private = "Your ratings are private, even from the group's lead. Points show your name."
    return f"Welcome, {escape(name)}, you're in. {private}"


def card_of(number: int, total: int) -> str:
    return f"Card {number} of {total}"


def saved(value: Rating, days: int, *, comes_back: bool) -> str:
    if comes_back:
        return f"Saved: {rating(value)}. We'll try it once more before you finish."
    return f"Saved: {rating(value)}. Back {when(days)}."


def changed(before: Rating, after: Rating) -> str:
    return f"Changed from {before.value} to {after.value}. Your schedule is updated."


def kept(value: Rating) -> str:
    return f"Already saved: {rating(value)}."


def done_for_today(cards: int) -> str:
    return f"Done for today: {plural(cards, 'card')}."


def remembered(ratings: list[Rating]) -> str:
    """What the summary says of the cards that were done."""
    knew = sum(value.remembered for value in ratings)
    missed = len(ratings) - knew
    if not missed:
        return "You remembered it." if knew == 1 else f"You remembered all {knew}."
    if not knew:
        return f"{'It' if missed == 1 else f'All {missed}'} will come back soon."
    return f"You remembered {knew}; {missed} will come back soon."


def own_due(count: int) -> str:
    verb = "is" if count == 1 else "are"
    about = "half a minute" if count == 1 else "about a minute" if count < 4 else "about two minutes"
    return f"{spelled(count)} of your own cards {verb} due too, {about}."


def catch_up(count: int) -> str:
    return f"The group has met {plural(count, 'card')} that you haven't seen yet."


def still_waiting(count: int) -> str:
    return f"{plural(count, 'card')} will come back in a few minutes, once more."


def repeat_now(count: int) -> str:
    return f"Once more now: {count}"


def do_those(count: int) -> str:
    return "Do that one" if count == 1 else f"Do those {count}"


def meet_them(count: int) -> str:
    return "Meet it" if count == 1 else f"Meet those {count}"


def continuing(number: int) -> str:
    return f"Continuing at card {number}."


def why_title(count: int) -> str:
    return "Why this card?" if count == 1 else f"Why these {spelled(count).lower()}?"


def said_before(value: Rating) -> str:
    return f"You said {rating(value)}. What should it be?"


def nothing_due(comes: str, *, can_practise: bool) -> str:
    """`comes`: when the next card comes, or empty."""
    next_one = f" Your next card comes {comes}." if comes else ""
    return f"Nothing is due.{next_one}{' Practice is open and earns no points.' if can_practise else ''}"


def next_card(days: int, day: date) -> str:
    """When the next card comes: tomorrow, a weekday within a week, else a date."""
    if days == 1:
        return "tomorrow"
    return f"on {day_words(day)}" if days >= 7 else f"on {DAYS[day.weekday()]}"


def no_deck_like(text: str) -> str:
    return f"No deck of this group has “{escape(text)}” in its title. **/decks** lists them."


# ---- the group -------------------------------------------------------------------------------------------------------


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


def reminder(count: int) -> str:
    many = count >= MANY
    cards = "Some of your cards are" if many else f"{spelled(count)} of your cards {'is' if count == 1 else 'are'}"
    return f"{cards} due. A few minutes are enough."


def reminders_on(time: str, zone: str) -> str:
    return f"I will nudge you in private at {time} ({zone} time) on days when cards are due, once a day at most."


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
    return f"{plural(days, 'day')} in a row." if days else "No streak yet: one card a day makes one."


def deck_progress(title: str, known: int, cards: int, mastery: float) -> str:
    return f"**{escape(title)}**: {known} of {plural(cards, 'card')} known, mastery {round(100 * mastery)}%."


def deck_line(title: str, cards: int, met: int, licence: str, reported: int) -> str:
    """`met`: cards that were posted here; `reported`: cards that may hold a mistake, shown to leads."""
    terms = escape(licence) if licence else "private, do not share"
    flagged = f" {plural(reported, 'card')} reported as mistaken." if reported else ""
    return f"**{escape(title)}**: {plural(cards, 'card')}, {met} met so far ({terms}).{flagged}"


def import_counts(counts: dict[str, int]) -> str:
    """`30 cards added, 2 changed`; what did not happen is left out."""
    words = [f"{count} {word}" for word, count in counts.items() if count]
    return ", ".join([words[0].replace(" ", " card " if words[0].startswith("1 ") else " cards ", 1), *words[1:]])


def import_report(title: str, counts: dict[str, int], problems: int) -> str:
    needs = "needs" if problems == 1 else "need"
    tail = f" {plural(problems, 'thing')} in the file {needs} a look." if problems else ""
    return f"**{escape(title)}** is in: {import_counts(counts)}.{tail}"


def went_wrong(reference: str) -> str:
    return f"Something went wrong, and nothing was saved. Try again; twice is harmless. Reference {reference}."
