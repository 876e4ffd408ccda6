"""The decks that come with Flashmob: whole, licensed, identified, broad enough, and nobody else's text."""

import os
import re
from pathlib import Path

import pytest

from bot.formats.native import format_text
from bot.formats.problems import ERRORS
from bot.formats.reading import read_deck
from bot.model import Card, CardKind, Deck

ROOT = Path(__file__).parents[2]
DECKS = ROOT / "decks"
FILES = sorted(DECKS.glob("*.deck.md"))
WELCOME = DECKS / "welcome.deck.md"
AWS = DECKS / "aws-machine-learning.deck.md"
SEED = Path(os.environ.get("FLASHMOB_SEED", ROOT.parent / "shared" / "seed")) / "brainscape-aws-ml.txt"
RUN = 8  # this many words in common are no accident

TOPICS = (
    "Storage",
    "Streaming",
    "Databases and warehouses",
    "Pipelines and orchestration",
    "EMR and Spark",
    "Feature engineering",
    "Statistics",
    "Neural networks",
    "Tuning and regularisation",
    "Metrics",
    "Ensembles",
    "SageMaker: from data to model",
    "SageMaker: deployment",
    "Built-in: Linear Learner",
    "Built-in: XGBoost",
    "Built-in: Sequence-to-Sequence",
    "Built-in: DeepAR",
    "Built-in: BlazingText",
    "Built-in: Object2Vec",
    "Built-in: images",
    "Built-in: Random Cut Forest",
    "Built-in: topics, clusters and recommendations",
    "Built-in: IP Insights",
    "Reinforcement learning and other methods",
    "AI services",
    "Security and monitoring",
)


def read(file: Path) -> Deck:
    return read_deck(file.read_bytes(), file.name)


def entries(deck: Deck) -> dict[str, Card]:
    """One card for each entry of the file: the parts of a cloze count once."""
    return {card.id: card for card in deck.cards}


def words(text: str) -> list[str]:
    """Lower-cased words without their punctuation."""
    bare = (re.sub(r"[\W_]", "", word) for word in text.lower().split())
    return [word for word in bare if word]


def runs(text: str) -> set[tuple[str, ...]]:
    """Every run of `RUN` words in a text."""
    said = words(text)
    return {tuple(said[at : at + RUN]) for at in range(len(said) - RUN + 1)}


def test_both_decks_are_here() -> None:
    assert {WELCOME, AWS} <= set(FILES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_deck_of_ours_has_no_errors(file: Path) -> None:
    assert [problem for problem in read(file).problems if problem.kind in ERRORS] == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_deck_of_ours_says_who_wrote_it_and_what_others_may_do_with_it(file: Path) -> None:
    deck = read(file)
    assert deck.licence
    assert deck.authors
    assert deck.language
    assert deck.key == file.name.removesuffix(".deck.md")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_every_card_of_ours_has_its_id_written_down(file: Path) -> None:
    text = file.read_text("utf-8")
    assert format_text(text) == text
    assert len(re.findall(r"^Id: [0-9a-z]+$", text, re.MULTILINE)) == len(entries(read(file)))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_choice_offers_a_wrong_answer_and_a_right_one(file: Path) -> None:
    for card in read(file).cards:
        if card.kind is CardKind.CHOICE:
            assert {choice.right for choice in card.choices} == {True, False}, card.prompt


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_two_cards_of_ours_ask_the_same(file: Path) -> None:
    prompts = [card.prompt for card in read(file).cards]
    assert len(prompts) == len(set(prompts))


def test_the_welcome_deck_shows_every_kind_of_card() -> None:
    cards = read(WELCOME).cards
    assert {card.kind for card in cards} == set(CardKind)
    assert any(card.accepted for card in cards)
    assert {sum(choice.right for choice in card.choices) for card in cards} >= {1, 2}
    assert {card.part for card in cards} >= {"c1", "c2"}
    answers = "\n".join(card.answer for card in cards)
    assert all(sign in answers for sign in ("```", "|---", "$$", "\n1. "))
    assert any("\n> " in card.prompt for card in cards)


def test_the_aws_deck_is_large_and_mixed() -> None:
    cards = entries(read(AWS)).values()
    assert len(cards) >= 150
    assert sum(bool(card.accepted) for card in cards) >= 40
    assert sum(card.kind is CardKind.CHOICE for card in cards) >= 30
    assert sum(card.kind is CardKind.CLOZE for card in cards) >= 20


def test_the_right_choice_of_the_aws_deck_cannot_be_guessed_from_its_place() -> None:
    choices = [card.choices for card in read(AWS).cards if card.kind is CardKind.CHOICE]
    first = sum(options[0].right for options in choices)
    several = sum(sum(choice.right for choice in options) > 1 for options in choices)
    assert 0.2 < first / len(choices) < 0.8
    assert 0.2 < several / len(choices) < 0.8


def test_the_aws_deck_covers_its_topics_in_an_order_to_learn_in() -> None:
    sections = [card.section for card in read(AWS).cards]
    assert tuple(dict.fromkeys(sections)) == TOPICS
    assert all(sections.count(topic) >= 4 for topic in TOPICS)


@pytest.mark.skipif(not SEED.exists(), reason="the sample page is not on this machine (FLASHMOB_SEED)")
@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_sentence_of_the_sample_page_is_in_a_deck_of_ours(file: Path) -> None:
    assert runs(file.read_text("utf-8")) & runs(SEED.read_text("utf-8")) == set()


def test_a_run_of_common_words_would_be_found() -> None:
    said = "It was, as one says, a Dark and stormy night; the rain fell."
    assert runs(said) & runs("as one says a dark and stormy night!")
    assert not runs(said) & runs("a dark and stormy night, and then the rain")
