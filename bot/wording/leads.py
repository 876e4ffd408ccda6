"""What the bot says to those who lead a group, about its posts and settings. The rules of `wording.py` hold here."""

from collections.abc import Sequence
from datetime import date

from ..clock import clock_time, date_of, local_day
from ..markdown import escape
from ..model import Schedule
from ..states import Connection, Health
from ..words import day_words, plural, weekdays_words

NO_GROUP = "There is no group in this channel yet. Setting one up takes about a minute."
NO_DECK = "No deck here yet."
WHICH_DECK = "Which deck shall it be? Take one of ours, or bring your own."
TRY_IT = "Have a look at the first post: only you will see it."
LACKING = "Missing here"
LET_ME = "Until somebody who manages this place gives me these, posts may not arrive."
NOTHING_SAVED = "Nothing was saved."
NOT_SAVED = "Nothing was saved, and what you filled in is not lost."
FINISHED = "All set. **/quiz-admin** shows how the posts are doing."
PAUSED = "Posts are paused. Progress is safe, and **/quiz** still works."
RESUMED = "Posts go on."
SKIPPED_TODAY = "Today's post is left out."
TODAY_IS_SETTLED = "There is nothing to skip: today's post went out, or was left out already."
POSTED_ALREADY = "Today's post went out already. There is one a day, so nothing was posted."
POSTING_NOW = "Today's post is on its way."
NO_POSTS_ALONE = "You learn by yourself here, without posts, so there is nothing to set. Nothing was changed."
PREVIEW = "Only you see this. Nothing was posted, and nothing was kept."
WHY = "Why these cards"
HOW_TO_CHANGE = "Everything else is changed with **/quiz-admin set**, which names all that can be set."
IN_FILE = (
    "This group stands in the configuration file, which decides again at each start: "
    "ask whoever runs me to write down there what shall stay."
)
NOTHING_TO_POST = "There is no card to post. **/decks** is where you add a deck."
QUIET_PAUSE = "five posts in a row had no answers"
DAY_OFF = "A day off."
ELSEWHERE = "The group is not posted here any more."
NOT_THERE = "Flashmob had been removed from here. No progress was lost; the cards will come back."
NO_CHANGE = "Nothing was changed: it is set like that already."
WHICH_SETTING = "Say what to set, for example **/quiz-admin set time 18:00**. These can be set, each by its own name:"


def set_up(name: str, schedule: Schedule) -> str:
    days, time = weekdays_words(schedule.weekdays), f"{schedule.local_time:%H:%M}"
    return f"**{escape(name)}** is set up: {days} at {time}, {escape(schedule.zone)} time."


def settings_changed(what: Sequence[str]) -> str:
    return f"Changed: {escape('; '.join(what))}." if what else NO_CHANGE


def changed_meanwhile(by: str, what: str) -> str:
    """`by` changed it since the asker looked."""
    return (
        f"{escape(by)} has changed this group since you looked ({escape(what)}), so your change was not made. "
        "Look again, then change it."
    )


def missed(late_hours: int) -> str:
    """Why a post was left out that could not be sent in time."""
    limit = f"past the limit of {plural(late_hours, 'hour')}" if late_hours else "past its time"
    return f"It could not be sent until {limit}. No progress was lost; the cards will come back."


def paused_by(name: str, until: date | None) -> str:
    return f"{name} paused it" + (f" until {day_words(until)}" if until else "")


def skipped_by(name: str) -> str:
    return f"{name} left it out."


def no_post(paused: str) -> str:
    return f"Paused: {escape(paused)}. Nothing is posted until somebody resumes."


def when(at: int, zone: str, now: int) -> str:
    """An instant in the group's own time, in plain text."""
    day = local_day(at, zone)
    named = {0: "today", 1: "tomorrow"}.get(day - local_day(now, zone), day_words(date_of(day)))
    return f"{named} at {clock_time(at, zone)}, {zone} time"


def next_post(at: int | None, paused: str, zone: str, now: int) -> str:
    """When the next post comes, in the group's own time, or why none does."""
    note = f" ({escape(paused)})" if paused else ""
    return f"Next post: {when(at, zone, now)}{note}." if at is not None else no_post(paused)


def was_removed(platform: str) -> str:
    return f"removed from {platform.capitalize()}"


def was_added(platform: str) -> str:
    return f"added to {platform.capitalize()} again"


def removed(left_at: int, grace_days: int, zone: str) -> str:
    """Why no post comes, and until when nothing is lost."""
    day = local_day(left_at, zone)
    return (
        f"Flashmob was removed from here on {day_words(date_of(day))}, so nothing is posted. Everything is kept until "
        f"{day_words(date_of(day + grace_days))}: add Flashmob again before that, and it goes on where it was."
    )


def back(name: str, next_post: str) -> str:
    return f"I am back, and {escape(name)} goes on where it was: nothing was lost. {next_post}"


def no_group_named(name: str) -> str:
    return f"There is no other group named “{escape(name)}” here. Nothing was changed."


def not_allowed(reason: str) -> str:
    return (
        f"I could not post: {escape(reason)} Give me that permission, and I will try again within the hour. "
        "Progress is safe."
    )


def paused_for(name: str, reason: str) -> str:
    return (
        f"I have paused the posts of {escape(name)}: {escape(reason)} Progress is safe, and **/quiz** still works. "
        "When it is mended, resume them with **/quiz-admin resume**."
    )


def dropped(name: str, place: str, reason: str) -> str:
    return (
        f"{escape(name)} is not posted to {escape(place)} any more: {escape(reason)} It goes on where else it is "
        "posted, and nobody's progress is lost. When it is mended, restart me with that channel in the configuration."
    )


def could_not(what: str, reason: str) -> str:
    return f"One thing could not be sent ({what}): {escape(reason)}"


def in_doubt(reason: str) -> str:
    return (
        f"The answer was lost, so it may have arrived. {reason} It was not sent again, so that it does not come twice."
    )


def left_out_in_doubt(reason: str) -> str:
    return (
        f"A post was sent, the answer was lost, and I cannot see whether it arrived. {escape(reason)} I did not send "
        "it again, so that it does not come twice. If it is not there, send it with **/quiz-admin post**."
    )


# ---- status ----------------------------------------------------------------------------------------------------------


def post_line(day: date, state: str, time: str, cards: int, studied: int, reason: str) -> str:
    match state:
        case "open" | "closed":
            people = plural(studied, "person", "people")
            return f"{day_words(day)}: posted at {time}, {plural(cards, 'card')}, {people} studied"
        case "skipped":
            return f"{day_words(day)}: not posted. {escape(reason)}"
        case _:
            return f"{day_words(day)}: on its way since {time}"


def trouble_line(what: str, attempts: int, again: str, reason: str) -> str:
    """`again` is when it is tried again, or empty."""
    then = f"tried {plural(attempts, 'time')}, again at {again}" if again else "given up"
    return f"{what}: {escape(reason)} ({then})"


def blocked(reason: str) -> str:
    return f"Held back: {escape(reason)}"


def change_line(day: date, time: str, by: str, what: str) -> str:
    return f"{day_words(day)}, {time}, {escape(by)}: {escape(what)}"


# ---- connections -----------------------------------------------------------------------------------------------------


def connection(found: Connection, zone: str, now: int) -> str:
    """How a connection is doing, and since when."""
    if found.is_over(now):
        return f"{found.platform}: not running, last seen {_when(found.seen_at, zone, now)}"
    return f"{found.platform}: {found.health.value} since {_when(found.since_at, zone, now)}"


def away(connections: Sequence[Connection], zone: str, now: int) -> list[str]:
    """The platforms that cannot be posted to just now."""
    there = [each for each in connections if each.health is Health.CONNECTED and not each.is_over(now)]
    return [f"No connection. {connection(each, zone, now)}." for each in connections if each not in there]


def _when(at: int, zone: str, now: int) -> str:
    """09:12; yesterday at 23:10; Monday, 2 November at 09:12."""
    time, day = clock_time(at, zone), local_day(at, zone)
    if day == local_day(now, zone):
        return time
    return f"yesterday at {time}" if day == local_day(now, zone) - 1 else f"{day_words(date_of(day))} at {time}"
