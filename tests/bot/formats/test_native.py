"""Reading the native format: what each form means, and what is said when something is wrong."""

import pytest

from bot.formats.identity import provisional_id
from bot.formats.native import read
from bot.formats.problems import ERRORS, Kind
from bot.model import CardKind, Choice, Deck

EXAMPLE = """\
+++
deck    = "rivers-of-europe"
title   = "Rivers of Europe"
lang    = "en"
license = "CC0-1.0"
authors = ["Ada Example"]
source  = "Written for this example"
tags    = ["geography"]
+++

# Norway

Q: Which river is the longest in Norway?
A: Glomma
= Glåma
Why: It runs about 600 km from the Røros plateau to Fredrikstad.
Tags: length
Id: 7k2m9qx4

# The Black Sea

Q: Which of these rivers end in the Black Sea?
- [x] Danube
- [x] Dnieper
- [ ] Rhine
- [ ] Po
Id: b4t8z0wn

C: The {{c1::Danube}} rises in the {{c2::Black Forest::German hills}}.
Id: h3v6r1pd

Q:
Which river bends like this?

![sketch of a river with one wide bend](img/wide-bend.png)
A:
The Loire:

- source in the Massif Central
- mouth at Saint-Nazaire

```text
A: inside a fence this is only text
```
= Loire
Id: zq5c2y8e
"""


def deck_of(text: str) -> Deck:
    return read(text, "rivers.deck.md")


def kinds(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in deck_of(text).problems]


def test_the_header_says_what_the_deck_is() -> None:
    deck = deck_of(EXAMPLE)
    assert (deck.key, deck.title, deck.format) == ("rivers-of-europe", "Rivers of Europe", "native")
    assert (deck.language, deck.licence, deck.source) == ("en", "CC0-1.0", "Written for this example")
    assert (deck.authors, deck.tags) == (("Ada Example",), ("geography",))
    assert deck.problems == ()


def test_a_question_has_an_answer_further_answers_a_reason_tags_an_id_and_a_section() -> None:
    card = deck_of(EXAMPLE).cards[0]
    assert (card.id, card.prompt, card.answer) == ("7k2m9qx4", "Which river is the longest in Norway?", "Glomma")
    assert (card.accepted, card.tags, card.section, card.line) == (("Glåma",), ("length",), "Norway", 13)
    assert card.why.startswith("It runs")


def test_choices_make_the_answer() -> None:
    card = deck_of(EXAMPLE).cards[1]
    assert card.kind is CardKind.CHOICE
    assert card.choices == (
        Choice("Danube", True),
        Choice("Dnieper", True),
        Choice("Rhine", False),
        Choice("Po", False),
    )
    assert card.answer == "- Danube\n- Dnieper"
    assert deck_of("Q: Which?\n\n- [ ] a\n- [X] b").cards[0].answer == "b"


def test_an_explicit_answer_stands_before_the_one_made_of_choices() -> None:
    card = deck_of("Q: Which?\n- [ ] a\n- [x] b\nA: b, because").cards[0]
    assert (card.kind, card.answer) == (CardKind.CHOICE, "b, because")


def test_each_cloze_number_is_a_card() -> None:
    first, second = deck_of(EXAMPLE).cards[2:4]
    assert (first.id, first.part, first.kind) == ("h3v6r1pd", "c1", CardKind.CLOZE)
    assert (first.prompt, first.answer) == ("The [...] rises in the Black Forest.", "Danube")
    assert (second.id, second.part) == ("h3v6r1pd", "c2")
    assert (second.prompt, second.answer) == ("The Danube rises in the [German hills].", "Black Forest")


def test_fenced_code_is_opaque() -> None:
    card = deck_of(EXAMPLE).cards[-1]
    assert card.answer.endswith("```text\nA: inside a fence this is only text\n```")
    assert card.prompt.startswith("Which river bends like this?\n\n![sketch")


def test_a_card_without_an_id_gets_the_one_of_its_prompt() -> None:
    assert deck_of("Q: Which?\nA: this").cards[0].id == provisional_id("Which?")
    assert deck_of("C: The {{Danube}}").cards[0].id == provisional_id("The {{c1::Danube}}")


def test_an_escaped_line_is_text_without_its_backslash() -> None:
    card = deck_of("Q: a\nA:\n\\Q: text\n\\\\A: one\n\\begin{x}\n\\# no heading\n\\```").cards[0]
    assert card.answer == "Q: text\n\\A: one\n\\begin{x}\n# no heading\n```"


def test_a_note_is_text() -> None:
    assert deck_of("Q: a\nA: b\nNote: c").cards[0].answer == "b\nNote: c"


def test_a_bare_heading_ends_a_section() -> None:
    deck = deck_of("# One\nQ: a\nA: b\n#\nQ: c\nA: d\n## Two\nQ: e\nA: f")
    assert [card.section for card in deck.cards] == ["One", "", "Two"]


def test_without_a_header_the_file_gives_the_name() -> None:
    deck = read("Q: a\nA: b", "decks/Big Rivers.deck.md")
    assert (deck.key, deck.title, deck.licence) == ("big-rivers", "Big Rivers", "")


@pytest.mark.parametrize(
    ("text", "line", "kind", "cards"),
    [
        ("hello\nQ: a\nA: b", 1, Kind.STRAY, 1),
        ("A: b\nQ: a\nA: b", 1, Kind.STRAY, 1),
        ("= b\nQ: a\nA: b", 1, Kind.STRAY, 1),
        ("Q: a\nA: b\nId: x\nmore", 4, Kind.STRAY, 1),
        ("Q: a\n- [x] b\nmore\nmore", 3, Kind.STRAY, 1),
        ("C: {{a}}\nA: b", 2, Kind.STRAY, 1),
        ("C: {{a}} {{b}}\n= c", 1, Kind.STRAY, 2),
        ("Q: a\nA: b\nA: c\nd", 3, Kind.REPEATED_LINE, 1),
        ("Q: a\nA: b\nId: c\nId: d", 4, Kind.REPEATED_LINE, 1),
        ("Q: a\nA: b\n```\nQ: c\nA: d", 3, Kind.UNCLOSED_FENCE, 2),
        ("Q: a\nA: ```py\nx\n\nQ: c\nA: d", 2, Kind.UNCLOSED_FENCE, 2),
        ('+++\nlicence = "MIT"\n+++\nQ: a\nA: b', 2, Kind.UNKNOWN_KEY, 1),
        ("+++\n\ntitle = Rivers\n+++\nQ: a\nA: b", 3, Kind.BAD_HEADER, 1),
        ("+++\ntitle = 3\n+++\nQ: a\nA: b", 2, Kind.BAD_HEADER, 1),
        ("+++\ntags = 'x'\n+++\nQ: a\nA: b", 2, Kind.BAD_HEADER, 1),
        ("+++\ntitle = 'x'\n\nQ: a\nA: b", 1, Kind.BAD_HEADER, 1),
        ("Q: a\nA: b\nId: x\n\nQ: c\nA: d\nId: x", 5, Kind.SAME_ID, 1),
        ("Q: a\nA: b\nId: two words", 3, Kind.BAD_ID, 1),
        ("Q: a\n- [ ] b\n- [ ] c", 1, Kind.NO_RIGHT_CHOICE, 0),
        ("Q: a\n- [x] b\n- [ ]", 1, Kind.EMPTY, 0),
        ("C: nothing hidden", 1, Kind.NO_DELETION, 0),
        ("C: {{c1:: }} {{}}", 1, Kind.NO_DELETION, 0),
        ("Q:\nA:\n", 1, Kind.EMPTY, 0),
        ("C:", 1, Kind.EMPTY, 0),
        ("Q: a", 1, Kind.NO_ANSWER, 0),
        ("Q:\nA: b", 1, Kind.NO_QUESTION, 0),
    ],
)  # fmt: skip
def test_what_is_wrong_is_an_error_with_its_line_and_the_rest_is_read(
    text: str, line: int, kind: Kind, cards: int
) -> None:
    deck = deck_of(text)
    assert [(problem.line, problem.kind) for problem in deck.problems] == [(line, kind)]
    assert len(deck.cards) == cards
    assert kind in ERRORS


def test_a_misspelt_key_gets_a_hint() -> None:
    (problem,) = deck_of('+++\nlicence = "MIT"\n+++\nQ: a\nA: b').problems
    assert 'Did you mean "license"?' in problem.text


def test_equal_ids_name_both_lines() -> None:
    (problem,) = deck_of("Q: a\nA: b\nId: x\n\nQ: c\nA: d\nId: x").problems
    assert "at line 1 and at line 5" in problem.text


def test_an_exact_repeat_is_a_note() -> None:
    assert kinds("Q: a\nA: b\n\nQ: a\nA: b") == [(4, Kind.DUPLICATE)]
    assert Kind.DUPLICATE not in ERRORS


def test_mentions_and_markup_of_both_platforms_are_text() -> None:
    text = "@everyone <@123> <!channel> <https://x.org|x> *b* __u__ ||s|| :tada:"
    assert deck_of(f"Q: {text}\nA: {text}!").cards[0].prompt == text
