"""Every reader, with broken files of its own format: always cards or a sentence. `make fuzz` does this for longer."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.fuzz import mutated
from bot.errors import DeckError
from bot.formats.problems import Kind
from bot.formats.reading import BINARY_FORMATS, FORMATS, read_deck, read_media
from bot.media import pictured

from . import seeds

FILES = seeds.every()


def test_there_is_a_file_of_every_format_to_begin_with() -> None:
    assert FILES.keys() == {*FORMATS, *BINARY_FORMATS}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
@pytest.mark.parametrize("name", FILES)
def test_a_broken_file_gives_cards_or_a_sentence(name: str, seed: int) -> None:
    chance = Random(seed)
    data = mutated(chance.choice(FILES[name]), chance)
    for said in (name, None):
        try:
            deck = read_deck(data, "x", said)
            held = read_media(data, deck.format, ["map.png", "the map.png"])
        except DeckError:
            continue
        assert deck.cards
        assert len({(card.id, card.part) for card in deck.cards}) == len(deck.cards)
        assert all(card.id and card.prompt and card.answer for card in deck.cards)
        assert all(problem.kind in set(Kind) and problem.line >= 0 for problem in deck.problems)
        assert held.keys() <= {"map.png", "the map.png"}
        assert len(pictured(deck, data).deck.cards) == len(deck.cards)


ODD = "\u202eright to left\u202c עברית \u200f 👩‍👩‍👧‍👦🏳️‍🌈 e\u0301 \ufeff \u2028 \U000e0041"


@pytest.mark.parametrize(
    ("format", "text"),
    [
        ("hashcards", "Q: {}\nA: {}\n"),
        ("obsidian", "#flashcards\n{}::{}\n"),
        ("quizlet", "{}\t{}\n"),
        ("opentriviaqa", "#Q {}\n^ {}\n"),
        ("gift", "{} {{={}}}\n"),
        ("table", "question,answer\n{},{}\n"),
        ("moodle", '<quiz><question type="shortanswer"><questiontext format="markdown"><text>{}</text></questiontext>'
         '<answer fraction="100"><text>{}</text></answer></question></quiz>'),
    ],
)  # fmt: skip
def test_letters_of_every_direction_and_pictograms_stay_as_they_are(format: str, text: str) -> None:
    (card,) = read_deck(text.format(ODD, ODD).encode(), "x", format).cards
    assert (card.prompt, card.answer) == (ODD, ODD)


def test_a_hundred_thousand_cards_are_read() -> None:
    text = "".join(f"Q: {number}?\nA: {number}\n" for number in range(100_000))
    assert len(read_deck(text.encode(), "x", "hashcards").cards) == 100_000
