"""Rules that hold for every screen: a played day is looked at as a whole, and a few screens one by one."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from adapters.local.room import Change
from bot import buttons, screens
from bot.markdown import plain
from bot.messages import Audience, Button, Buttons, Message, Notice, Numbered, Text, Title
from bot.model import Card, CardKind, Choice, PostStyle, Rating, RatingInput, SessionMode, Source, SourceKind
from bot.states import AskedCard, OwnRating, PostState, SessionState
from bot.testing.world import MONDAY, open_world

CARD = Card(
    "card0001",
    "Which of *these* is in Spain?",
    "SECRET the Ebro",
    kind=CardKind.CHOICE,
    choices=(Choice("Loire", right=False), Choice("Ebro", right=True)),
    why="SECRET why",
    accepted=("SECRET",),
)
POST = Source(SourceKind.POST, (1 << 63) - 1)


def post(style: PostStyle = PostStyle.DIGEST, *cards: Card, **changes: Any) -> PostState:
    asked = tuple(AskedCard(POST, n, 0, n, 1, card) for n, card in enumerate(cards or (CARD,)))
    reasons = ("new to everyone",) * len(asked)
    state = PostState(POST.id, 1, MONDAY, style, RatingInput.BOTH, True, False, "Rivers", asked, reasons, 0)
    return replace(state, **changes)


def buttons_of(message: Message) -> Iterator[Button]:
    for part in message.parts:
        match part:
            case Buttons(row) | Notice(_, row):
                yield from row


async def test_every_button_of_a_played_day_fits_and_is_understood(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        seen: list[Message] = []

        def note(change: Change) -> None:
            if change.message:
                seen.append(change.message.message)

        world.channel.room.listen(note)
        await world.morning(MONDAY)
        await world.press("sam", "Study")
        await world.press("sam", "Show answer")
        await world.press("sam", "Skip or flag")
        await world.press("sam", "Back")
        await world.rate_all("sam", "1 Not at all")
        await world.press("sam", "Change last rating")
        await world.rate_all("sam", "2 Barely")
        await world.says("sam", "/privacy hide")
        await world.says("sam", "/help")
        await world.morning(MONDAY + 1)
        await world.press("sam", "See answers", on=world.channel.seen_by("sam")[0])
        for command in ("/privacy show", "/quiz", "/leaderboard", "/stats", "/decks", "/nonsense"):
            await world.says("sam", command)
        await world.press("sam", "Share")
        assert len(seen) > 20
        for message in seen:
            assert message.summary
            assert plain(message.summary) == message.summary
            for button in buttons_of(message):
                assert 0 < len(button.label) <= 24
                assert buttons.write(buttons.read(button.id)) == button.id
            ids = [button.id for button in buttons_of(message)]
            assert len(ids) == len(set(ids)) <= 25


@pytest.mark.parametrize("style", PostStyle)
@pytest.mark.parametrize("closed", [False, True])
def test_a_public_message_holds_nothing_of_an_answer(style: PostStyle, closed: bool) -> None:
    message = screens.post_message(post(style, closed=closed, open=not closed), 0)
    assert message.audience is Audience.EVERYONE
    assert "SECRET" not in repr(message)
    assert "right" not in repr(message)


def test_the_choices_stand_in_the_question_of_a_card_and_not_in_the_digest() -> None:
    assert "Loire" in repr(screens.post_message(post(PostStyle.CARDS), 0))
    assert "Loire" not in repr(screens.post_message(post(PostStyle.DIGEST), 0))


@pytest.mark.parametrize("prompt", ["x" * 500, "word " * 100, "*_`[" * 100, "@everyone " * 50, "a\n\nb\n\n" * 60])
def test_a_digest_question_is_one_line_of_at_most_120_characters(prompt: str) -> None:
    message = screens.post_message(post(PostStyle.DIGEST, Card("a", prompt, "b")), 0)
    (listed,) = [part for part in message.parts if isinstance(part, Numbered)]
    assert len(plain(listed.items[0])) <= 120
    assert "\n" not in listed.items[0]


def test_a_question_with_markup_is_listed_with_its_words_as_they_are() -> None:
    card = Card("a", "What does `snake_case_name` mean in *C*?", "b")
    message = screens.post_message(post(PostStyle.DIGEST, card), 0)
    (listed,) = [part for part in message.parts if isinstance(part, Numbered)]
    assert plain(listed.items[0]) == "What does snake_case_name mean in C?"
    own = screens.my_ratings(1, [OwnRating("2 * 3 * 4?", Rating.WELL)])
    (listed,) = [part for part in own.parts if isinstance(part, Numbered)]
    assert plain(listed.items[0]) == "2 * 3 * 4? 4 Well"


def test_a_deck_named_after_today_keeps_its_name_when_it_is_closed() -> None:
    title = next(part for part in screens.answers(post(title="Today's news"), 1).parts if isinstance(part, Title))
    assert title.text == "The post's card: Today's news"


def test_an_error_shows_words_of_a_file_as_they_are() -> None:
    (text,) = screens.error("*x*.deck.md, line 3: <!channel> `x`").parts
    assert isinstance(text, Text)
    assert plain(text.markdown) == "*x*.deck.md, line 3: <!channel> `x`"


def test_a_closed_post_invites_nobody_and_offers_its_answers() -> None:
    message = screens.post_message(post(closed=True, open=False, studied=12), 0)
    assert [button.label for button in buttons_of(message)] == ["See answers", "Study"]
    assert "Closed; 12 people studied." in repr(message)
    assert "then press" not in repr(message)


def test_the_keys_of_a_keyboard_rate_and_go_on() -> None:
    asked = AskedCard(Source(SourceKind.SESSION, 1), 0, 1, 1, 1, CARD, 1, 5)
    shown = buttons_of(screens.reveal(asked, 1, None))
    shortcuts = {button.shortcut: button.label for button in shown if button.shortcut}
    assert shortcuts == {"1": "1 Not at all", "2": "2 Barely", "3": "3 With effort", "4": "4 Well", "5": "5 Perfectly"}
    (first, *_) = buttons_of(screens.question(asked))
    assert (first.label, first.shortcut) == ("Show answer", " ")


def test_a_summary_offers_what_there_is_and_no_more() -> None:
    done = (OwnRating("q?", Rating.WELL),)
    labels = [b.label for b in buttons_of(screens.summary(SessionState(1, SessionMode.STUDY, None, done)))]
    assert labels == ["See my ratings", "Finish"]
    state = SessionState(1, SessionMode.STUDY, None, done, waiting=2, due=4, catch_up=0)
    assert [b.label for b in buttons_of(screens.summary(state))][:2] == ["Try those 2 once more", "Do those 4"]
    empty = screens.summary(SessionState(1, SessionMode.STUDY, None))
    assert "You have done these cards already." in repr(empty)
    assert [b.label for b in buttons_of(empty)] == ["Finish"]
