"""Sentences: other people's words stay words, numbers read well, labels fit their buttons."""

import inspect
from collections.abc import Callable
from datetime import date
from typing import Any, get_type_hints

import pytest

from bot import wording, words
from bot.markdown import plain
from bot.model import Rating, Window

HOSTILE = ["*x*", "**x**", "_x_", "@everyone", "<!channel>", "`x`", "[x](http://y)", "~~x~~", "a\\b", "# x", "$x$"]
OUR_OWN = {"nearest", "comes", "until", "time", "zone", "deck"}  # a command's name; times and zones, which were
# checked; a title, which is plain text by its contract
PLAIN = {"plural", "import_counts", "import_title", "imported", "went_wrong"}


def sentences() -> list[Callable[..., str]]:
    """Every function of the file that makes text of words that were given to it."""
    found = [each for name, each in vars(wording).items() if inspect.isfunction(each) and not name.startswith("_")]
    ours = [each for each in found if each.__module__.startswith(wording.__name__) and each.__name__ not in PLAIN]
    return [each for each in ours if str in words_of(each).values()]


def words_of(sentence: Callable[..., str]) -> dict[str, Any]:
    """What is given to it, by name."""
    return {name: hint for name, hint in get_type_hints(sentence).items() if name != "return"}


def given(name: str, hint: Any, text: str) -> Any:
    if hint is str:
        return "" if name in OUR_OWN else text
    examples: dict[Any, Any] = {int: 2, bool: True, float: 0.5, Rating: Rating.WELL, Window: Window.WEEK}
    return {"kept": 1} if name == "counts" else examples.get(hint, date(2026, 11, 2))


@pytest.mark.parametrize("text", HOSTILE)
def test_other_peoples_words_are_shown_as_they_are(text: str) -> None:
    checked = set()
    for sentence in sentences():
        hints = words_of(sentence)
        foreign = [name for name, hint in hints.items() if hint is str and name not in OUR_OWN]
        if foreign:
            said = sentence(**{name: given(name, hint, text) for name, hint in hints.items()})
            assert plain(said).count(text) == len(foreign), sentence.__name__
            checked.add(sentence.__name__)
    assert {"welcome", "points_of", "deck_line", "deck_progress", "no_deck_like", "unknown_command"} <= checked


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (6, "in about 6 days"),
        (24, "in about 24 days"),
        (25, "in about 1 month"),
        (61, "in about 2 months"),
        (344, "in about 11 months"),
        (345, "in about 1 year"),
        (36_500, "in about 100 years"),
    ],
)
def test_a_time_ahead_is_said_as_people_say_it(days: int, said: str) -> None:
    assert words.when(days) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (13, "13th"), (22, "22nd"), (111, "111th")],
)
def test_a_rank_is_said_as_people_say_it(number: int, said: str) -> None:
    assert words.ordinal(number) == said


@pytest.mark.parametrize(
    ("ratings", "said"),
    [
        ([4], "You remembered it."),
        ([3, 4, 5], "You remembered all 3."),
        ([1], "It will come back soon."),
        ([1, 2], "All 2 will come back soon."),
        ([1, 4, 5], "You remembered 2; 1 will come back soon."),
    ],
)
def test_the_summary_counts_what_was_remembered(ratings: list[int], said: str) -> None:
    assert wording.remembered([Rating(value) for value in ratings]) == said


def test_one_of_something_is_no_plural() -> None:
    assert wording.todays_cards(1, "Rivers") == "Today's card: Rivers"
    assert wording.cards_ready(1) == "Today's card is ready."
    assert wording.minutes(1) == "About one minute, in private."
    assert wording.studied(1) == "1 person has studied."
    assert wording.closed(0) == "Closed; nobody studied."
    assert wording.own_due(1) == "One of your own cards is due too, half a minute."
    assert wording.import_counts({"added": 1, "kept": 0}) == "1 card added"
    assert wording.streak(1) == "You have studied 1 day in a row."
    assert wording.points_of("Sam", 1) == "Sam, 1 point"


def test_the_next_card_is_announced_by_weekday_within_a_week_and_by_date_after_it() -> None:
    assert wording.next_card(1, date(2026, 11, 3)) == "tomorrow"
    assert wording.next_card(3, date(2026, 11, 5)) == "on Thursday"
    assert wording.next_card(7, date(2026, 11, 9)) == "on Monday, 9 November"


def test_a_window_names_its_days() -> None:
    assert wording.window_title(Window.WEEK, date(2026, 11, 2), date(2026, 11, 8)) == "This week, 2 to 8 November"
    across = wording.window_title(Window.WEEK, date(2026, 11, 30), date(2026, 12, 6))
    assert across == "This week, 30 November to 6 December"
    assert wording.window_title(Window.MONTH, date(2026, 11, 1), date(2026, 11, 30)) == "This month, November 2026"
    assert wording.window_title(Window.ALL, None, None) == "All time"


@pytest.mark.parametrize("count", [1, 2, 5, 10, 50, 999])
def test_labels_with_a_number_in_them_fit_their_buttons(count: int) -> None:
    labels = [wording.repeat_now(count), wording.do_those(count), wording.meet_them(count), wording.KEEP_GOING]
    assert max(map(len, [*labels, *map(wording.rating, Rating)])) <= 24


def test_nothing_is_said_by_emoji_alone() -> None:
    said = [text for name, text in vars(wording).items() if name.isupper() and isinstance(text, str)]
    assert said
    assert all(ord(letter) < 0x2100 for text in said for letter in text)
