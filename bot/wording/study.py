"""What is said of posts, sessions and cards."""

from datetime import date

from ..markdown import escape
from ..model import Rating, Side
from ..words import DAYS, day_words, plural, spelled, when

RATING_WORDS = {
    Rating.NOT_AT_ALL: "Not at all",
    Rating.BARELY: "Barely",
    Rating.WITH_EFFORT: "With effort",
    Rating.WELL: "Well",
    Rating.PERFECTLY: "Perfectly",
}
_RATINGS = ("", *(f"{value} {words}" for value, words in RATING_WORDS.items()))
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
WELCOME_BACK = "Welcome back. Nothing is lost. Let's start with a few."
SKIPPED = "Skipped for today."
NEVER_AGAIN = "You won't be asked this card again."
ASK_AGAIN = "This card will be asked again."
REPORTED = "Thank you. The group's lead will see that this card may hold a mistake."
ALREADY_DONE = "That was done already; nothing was counted twice."
TODAY_WAITS = "Today's cards wait for you; nothing else is due."
NO_POST_YET = "Nothing has been posted here yet. The first cards come with the next post."
STILL_OPEN = "This post is still open. Press **Study** to see each answer once you have tried."
PAUSED_QUIET = "I've paused: five posts had no answers. Progress is safe and **/quiz** still works."
LAST_WEEK = "Last week's standings"
HOW_IT_WORKS = (
    "Every post brings a few questions. Press **Study** and go through them in private: try to answer, look, then say "
    "how well you knew it, from 1 to 5. Cards you know come back later, cards you don't come back sooner. "
    "Nobody sees your ratings, not even the group's lead. Low ratings cost nothing: "
    + "one point for each due card you review, whatever you press."
)


def rating(value: Rating) -> str:
    return _RATINGS[value]


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


def welcome(name: str) -> str:
    private = "Your ratings are private, even from the group's lead. Points show your name."
    return f"Welcome, {escape(name)}, you're in. {private}"


def more_of(side: Side) -> str:
    return f"More of the {side.value.lower()}"


def page_of(page: int, pages: int) -> str:
    return f"Page {page} of {pages}"


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
    return f"{spelled(count)} {'card waits' if count == 1 else 'cards wait'} to be tried once more."


def repeat_now(count: int) -> str:
    return "Try it once more" if count == 1 else f"Try those {count} once more"


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
