"""Text copied from a Brainscape page. The page of the seed folder is somebody else's text: numbers of it only, here."""

import os
from collections import defaultdict
from pathlib import Path

import pytest
from msgspec.structs import replace

from bot.formats.brainscape import read, recognise
from bot.formats.native import read as read_native
from bot.formats.native import write_deck
from bot.formats.problems import Kind, summary
from bot.formats.reading import read_deck
from bot.model import Deck

FOOTER = "How well did you know this?\n1\nNot at all\n2\n3\n4\n5\nPerfectly\n"
CHECKOUT = Path(__file__).parents[3]
SEED = Path(os.environ.get("FLASHMOB_SEED", CHECKOUT.parent / "shared" / "seed")) / "brainscape-aws-ml.txt"
needs_seed = pytest.mark.skipif(not SEED.is_file(), reason="the sample page is not beside this checkout")


def page(*cards: tuple[str, str], footer: str = FOOTER) -> str:
    blocks = [f"{n}\nQ\n\n{question}\n\nA\n\n{answer}\n\n{footer}" for n, (question, answer) in enumerate(cards, 1)]
    return "Rivers Flashcards\n\n" + "".join(blocks)


def kinds(deck: Deck) -> list[tuple[str, str]]:
    return [(problem.card, problem.kind) for problem in deck.problems]


def test_a_page_is_recognised_by_a_number_and_a_q() -> None:
    assert recognise(page(("a", "b")))
    assert not recognise("1\nB\nA\n")
    assert not recognise("Q: a\nA: b\n")


def test_cards_lose_their_numbers_and_their_rating_buttons() -> None:
    deck = read(page(("Longest?", "Volga"), ("Two\n\nparagraphs", "Don\nand\n\nmore")), "x.txt")
    assert deck.title == "Rivers Flashcards"
    assert [(card.prompt, card.answer, card.line) for card in deck.cards] == [
        ("Longest?", "Volga", 3),
        ("Two\n\nparagraphs", "Don\nand\n\nmore", 20),
    ]
    assert deck.problems == ()


def test_pages_without_rating_buttons_or_blank_lines_read_the_same() -> None:
    deck = read("T\n1\nQ\na\nA\n  • b\n  • c\n2\nQ\nd\nA\ne", "x.txt")
    assert [(card.prompt, card.answer) for card in deck.cards] == [("a", "- b\n- c"), ("d", "e")]


def test_a_number_alone_or_a_q_alone_is_text() -> None:
    deck = read(page(("a", "2\n3\nx"), ("b", "Q\nx")), "x.txt")
    assert [card.answer for card in deck.cards] == ["2\n3\nx", "Q\nx"]


def test_a_number_out_of_order_is_text_while_the_expected_one_still_comes() -> None:
    deck = read(page(("a", "a quote:\n\n7\nQ\nx"), ("b", "c")), "x.txt")
    assert [card.answer for card in deck.cards] == ["a quote:\n\n7\nQ\nx", "c"]
    assert kinds(deck) == [("7", Kind.AMBIGUOUS)]


def test_a_gap_in_the_numbers_is_reported_and_reading_goes_on() -> None:
    deck = read("T\n\n1\nQ\na\nA\nb\n4\nQ\nc\nA\nd\n5\nQ\ne\nA\nf\n", "x.txt")
    assert [card.prompt for card in deck.cards] == ["a", "c", "e"]
    assert kinds(deck) == [("4", Kind.GAP)]


def test_a_quoted_footer_line_stays_in_the_answer() -> None:
    deck = read(page(("a", "They ask:\nHow well did you know this?\nEvery time.")), "x.txt")
    assert deck.cards[0].answer == "They ask:\nHow well did you know this?\nEvery time."


def test_a_card_without_a_side_is_named_and_not_added() -> None:
    deck = read("T\n\n1\nQ\nA\n2\nQ\n\nb\n\nA\n3\nQ\nA\nc\n4\nQ\nd\nA\ne\n5\nQ\nA", "x.txt")
    assert [card.prompt for card in deck.cards] == ["d"]
    assert kinds(deck) == [("1", Kind.EMPTY), ("2", Kind.NO_ANSWER), ("3", Kind.NO_QUESTION), ("5", Kind.EMPTY)]


def test_repeats_equal_sides_and_shared_questions_are_named() -> None:
    deck = read(page(("S", "1"), ("S", "2"), ("S", "1"), ("t", "t"), ("u v", "U, v!\nmore")), "x.txt")
    found = {problem.kind: problem for problem in deck.problems}
    assert found[Kind.DUPLICATE].card == "3"
    assert found[Kind.DUPLICATE].text == "Card 3 repeats card 1 exactly, so it was not added."
    assert found[Kind.SAME_TEXT].card == "4"
    assert found[Kind.REPEATS_QUESTION].card == "5"
    assert [problem.card for problem in deck.problems if problem.kind == Kind.SHARED_QUESTION] == ["1", "2"]


def test_bullets_become_lists_and_other_text_stays() -> None:
    rest = "not • split\n\u200aϕ 𝜎2 “quoted” – __x__"
    answer = f"Sides:\n  • left\n    • far\n      • out\n• one • two\n• three• four\n{rest}"
    deck = read(page(("a", answer)), "x.txt")
    assert deck.cards[0].answer == f"Sides:\n- left\n  - far\n    - out\n- one\n- two\n- three\n- four\n{rest}"
    assert kinds(deck) == [("1", Kind.BULLET)]


@pytest.mark.parametrize(
    "leftover", ["© 2022 Somebody", "example.com", "example.org other.example.com", "so it is.[4]", "so it is.["]
)
def test_leftovers_of_the_source_are_named(leftover: str) -> None:
    assert kinds(read(page(("a", f"b\n\n{leftover}")), "x.txt")) == [("1", Kind.RESIDUE)]


def test_indexes_and_lists_of_numbers_are_no_leftovers() -> None:
    assert kinds(read(page(("a", "x = [1, 2]\nlist [3] of m5.large\nsee it at example.com")), "x.txt")) == []


def test_an_empty_paragraph_may_be_a_lost_picture() -> None:
    assert kinds(read("T\n1\nQ\na\nA\n\n\nb\n", "x.txt")) == [("1", Kind.LOST_PICTURE)]


@needs_seed
def test_the_sample_page_gives_150_cards_and_names_all_others() -> None:
    deck = read_deck(SEED.read_bytes(), SEED.name)
    assert (deck.format, len(deck.cards), len({card.id for card in deck.cards})) == ("brainscape", 150, 150)
    named = defaultdict(list)
    for problem in deck.problems:
        named[Kind(problem.kind)].append(int(problem.card))
    assert named == {
        Kind.EMPTY: [118, 152, 155],
        Kind.NO_ANSWER: [126],
        Kind.DUPLICATE: [47],
        Kind.SAME_TEXT: [7],
        Kind.SHARED_QUESTION: [1, 15, 61, 62, 124],
        Kind.REPEATS_QUESTION: [35, 36, 37, 48, 125, 144, 153],
        Kind.RESIDUE: [22, 46, 47, 107, 119, 131, 148],
        Kind.LOST_PICTURE: [43, 44],
        Kind.BULLET: [1, 18, 32, 41, 58, 60, 74, 98, 145],
    }
    assert summary(deck.problems)[0] == "3 empty: 118, 152, 155"


@needs_seed
def test_the_sample_page_keeps_its_odd_characters_and_survives_the_native_format() -> None:
    deck = read_deck(SEED.read_bytes(), SEED.name)
    everything = "\n".join(card.prompt + "\n" + card.answer for card in deck.cards)
    page_text = SEED.read_text(encoding="utf-8")
    for character in "\u200a…—𝜎𝜆𝑘𝑖𝑤©":
        assert everything.count(character) == page_text.count(character)
    assert "__label__4" in everything
    again = read_native(write_deck(deck), "again.deck.md")
    assert [replace(card, line=0) for card in again.cards] == [replace(card, line=0) for card in deck.cards]
