"""Formats of plain text: hashcards, Obsidian, Quizlet, trivia lists, GIFT."""

import json
from base64 import b64encode

import pytest

from bot.formats import gift, hashcards, obsidian, opentdb, opentriviaqa, quizlet, trivia
from bot.formats.problems import Kind
from bot.formats.reading import read_deck
from bot.model import Card, CardKind, Choice, Deck

from . import seeds


def pairs(deck: Deck) -> list[tuple[str, str]]:
    return [(card.prompt, card.answer) for card in deck.cards]


def kinds(deck: Deck) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in deck.problems]


def rights(card: Card) -> list[tuple[str, bool]]:
    return [(choice.text, choice.right) for choice in card.choices]


@pytest.mark.parametrize("name", seeds.every())
def test_each_format_is_told_from_all_others_by_its_content(name: str) -> None:
    for data in seeds.every()[name]:
        assert read_deck(data, "x").format == name


# ---- hashcards -------------------------------------------------------------------------------------------------------


def test_hashcards_have_a_title_questions_and_a_card_for_each_gap() -> None:
    deck = hashcards.read(seeds.HASHCARDS, "x.md")
    assert deck.title == "Rivers"
    assert pairs(deck) == [
        ("Which river is the longest in Norway?", "Glomma"),
        ("The [...] rises in the Black Forest. ![map](map.png)", "Danube"),
        ("The Danube rises in the [...]. ![map](map.png)", "Black Forest"),
        ("Two\nlines?", "Yes."),
    ]
    assert [card.part for card in deck.cards] == ["", "c1", "c2", ""]
    assert kinds(deck) == [(8, Kind.MEDIA)]


def test_brackets_that_are_escaped_are_text_and_of_nested_ones_the_inner_count() -> None:
    deck = hashcards.read("C: \\[a\\] is [b [c] d]", "x")
    assert pairs(deck) == [("[a] is [b [...] d]", "c")]


def test_a_gap_that_a_cloze_text_cannot_hold_is_a_card_of_its_own() -> None:
    deck = hashcards.read("C: [std::vector] grows, [a] not", "x")
    assert pairs(deck) == [("[...] grows, a not", "std::vector"), ("std::vector grows, [...] not", "a")]
    assert {card.kind for card in deck.cards} == {CardKind.BASIC}


def test_text_outside_of_hashcards_is_reported() -> None:
    deck = hashcards.read("stray\nmore\n\nQ: a\nA: b\n---\nlost\nQ: c\nA: d\nA: e\n", "x")
    assert pairs(deck) == [("a", "b"), ("c", "d\nA: e")]
    assert kinds(deck) == [(1, Kind.STRAY), (7, Kind.STRAY)]


# ---- Obsidian --------------------------------------------------------------------------------------------------------


def test_a_note_of_obsidian_gives_lines_paragraphs_gaps_and_both_ways() -> None:
    deck = obsidian.read(seeds.OBSIDIAN, "note.md")
    assert pairs(deck) == [
        ("Longest?", "Glomma"),
        ("Oslo", "Akerselva"),
        ("Akerselva", "Oslo"),
        ("What bends?", "The Loire\nin France"),
        ("The [river] rises in the Black Forest.", "Danube"),
        ("The Danube rises in [...].", "the Black Forest"),
    ]
    assert [card.section for card in deck.cards] == ["rivers"] * 4 + ["sea"] * 2
    assert len({card.id for card in deck.cards}) == 5


def test_separators_in_code_formulas_and_links_are_text() -> None:
    note = "#flashcards\n\n`a::b`\n\n$a::b$\n\n[[a::b]]\n\n```\na::b\n\n?\n```\n\nreal::card\n"
    deck = obsidian.read(note, "x")
    assert pairs(deck) == [("real", "card")]
    assert deck.problems[0].text.endswith("no cards: 4.")


def test_a_note_without_the_tag_is_no_deck() -> None:
    assert not obsidian.recognise(seeds.OBSIDIAN.replace("flashcards", "cards"))


def test_an_embedded_picture_becomes_an_image_by_its_name() -> None:
    deck = obsidian.read("#flashcards\nWhich?::![[the map.png|200]]", "x")
    assert pairs(deck) == [("Which?", "![](the%20map.png)")]
    assert kinds(deck) == [(2, Kind.MEDIA)]
    assert "the map.png" in deck.problems[0].text


def test_a_picture_on_the_web_becomes_a_link() -> None:
    deck = obsidian.read("#flashcards\nWhich?::![map](https://example.org/a.png)", "x")
    assert pairs(deck) == [("Which?", "[map](https://example.org/a.png)")]
    assert kinds(deck) == [(2, Kind.MEDIA)]


# ---- Quizlet ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("a - b\nc - d\ne - f", None),
        ("a\tb;c\td;e\tf", None),
        ("a,b;c,d;e,f", "quizlet"),
        ("a,b;c,d;e,f", "quizlet:comma:semicolon"),
        ("a>>b##c>>d##e>>f", "quizlet:>>:##"),
    ],
)
def test_separators_of_quizlet_are_guessed_or_given(text: str, format: str | None) -> None:
    deck = read_deck(text.encode(), "x.txt", format)
    assert deck.format == "quizlet"
    assert pairs(deck) == [("a", "b"), ("c", "d"), ("e", "f")]


def test_a_row_that_a_separator_parts_twice_or_never_is_reported() -> None:
    deck = quizlet.read("a,b\nc,d,e\nf\n", "x", ",", "\n")
    assert pairs(deck) == [("a", "b"), ("c", "d,e")]
    assert kinds(deck) == [(2, Kind.AMBIGUOUS), (3, Kind.ONE_CELL)]


# ---- trivia lists ----------------------------------------------------------------------------------------------------


def test_yaml_turns_nothing_into_booleans_or_numbers() -> None:
    text = (
        "Yes?:\n- yes\n- on\nOctal?:\n- 010\n- 12:30\nWhen?:\n- 2001-01-01\n- 1.10\n- null\nTwice?: [a]\nTwice?: [b]\n"
    )
    deck = trivia.read(text, "x")
    assert [(card.answer, *card.accepted) for card in deck.cards] == [
        ("yes", "on"), ("010", "12:30"), ("2001-01-01", "1.10", "null"), ("a",), ("b",),
    ]  # fmt: skip
    assert [kind for _, kind in kinds(deck)] == [Kind.SHARED_QUESTION] * 2


def test_a_list_says_who_made_it_and_its_settings_are_no_cards() -> None:
    deck = trivia.read(seeds.TRIVIA, "x")
    assert (deck.authors, deck.source) == (("Ada Example",), "Rivers")
    assert pairs(deck) == [("Is the Nile long?", "yes"), ("Which one?", "Glomma")]


@pytest.mark.parametrize(
    "text",
    ["[" * 100_000, "a: " + "[" * 100_000, "- a\n- b\n", "? {a: b}\n: c\n", "a: &x [b]\nc: [*x, *x]\n", "a: [b\nc: d"],
)
def test_yaml_that_nests_refers_or_is_broken_is_reported(text: str) -> None:
    assert trivia.read(text, "x").problems


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def percent(text: str) -> str:
    return "".join(f"%{byte:02X}" if byte > 127 or not chr(byte).isalnum() else chr(byte) for byte in text.encode())


def test_open_trivia_database_is_read_in_each_of_its_encodings() -> None:
    plain = {
        "type": "multiple",
        "category": "Geography: Rivers",
        "difficulty": "easy",
        "question": 'Is "Lågen" a river?',
        "correct_answer": "Yes & no",
    }
    entities = {key: value.replace("&", "&amp;").replace('"', "&quot;") for key, value in plain.items()}
    base64 = {key: encoded(value) for key, value in plain.items()}
    url = {key: percent(value) for key, value in plain.items()}
    for question, wrong in ((plain, "No"), (entities, "No"), (base64, encoded("No")), (url, "No")):
        text = json.dumps({"results": [{**question, "incorrect_answers": [wrong]}]})
        (card,) = opentdb.read(text, "x").cards
        assert (card.prompt, card.answer) == ('Is "Lågen" a river?', "Yes & no")
        assert (card.section, card.tags) == ("Geography: Rivers", ("easy",))
        assert rights(card) == [("No", False), ("Yes & no", True)]


def test_json_that_is_cut_off_or_no_question_is_reported() -> None:
    assert kinds(opentdb.read(seeds.OPENTDB[:-30], "x")) == [(1, Kind.BAD_HEADER)]
    assert kinds(opentdb.read("[" * 100_000, "x")) == [(1, Kind.BAD_HEADER)]
    assert kinds(opentdb.read('[3, {"question": []}]', "x")) == [(1, Kind.STRAY), (2, Kind.STRAY)]


def test_open_trivia_qa_has_questions_of_several_lines_and_stray_bytes() -> None:
    deck = read_deck(seeds.OPENTRIVIAQA.encode() + b"\r\n#Q \x93Po\x94?\n^ Yes\nA No\nB Yes\nC\n", "x")
    assert deck.format == "opentriviaqa"
    assert pairs(deck)[0] == ("Which of these rivers\nends in the Black Sea?", "Danube")
    assert rights(deck.cards[0]) == [("Rhine", False), ("Danube", True)]
    assert deck.cards[2].prompt == "“Po”?"
    assert {problem.kind for problem in deck.problems} == {Kind.ENCODING, Kind.STRAY}


def test_a_choice_that_starts_like_a_letter_stays_whole() -> None:
    deck = opentriviaqa.read("#Q x\n^ A river\nA A river\nB The sea\n", "x")
    assert deck.cards[0].choices == (Choice("A river", True), Choice("The sea", False))


# ---- GIFT ------------------------------------------------------------------------------------------------------------


def test_each_kind_of_question_in_gift_becomes_a_card() -> None:
    deck = gift.read(seeds.GIFT, "x")
    assert pairs(deck) == [
        ("Which {one} is the longest?", "Glomma"),
        ("The _____ ends in the North Sea.", "Rhine"),
        ("How long?", "621 ± 5"),
        ("It is wet.", "True"),
        ("Match.\n\nNorway", "Glomma"),
        ("Match.\n\nFrance", "Loire"),
        ("**Where** is the Po?", "Italy"),
    ]
    first = deck.cards[0]
    assert (first.id, first.tags, first.section, first.why) == ("q1", ("norway",), "Rivers", "It runs far.")
    assert deck.cards[2].accepted == ("621",)
    assert rights(deck.cards[4]) == [("Glomma", True), ("Loire", False)]
    assert [kind for _, kind in kinds(deck)] == [Kind.NOT_CARRIED, Kind.SKIPPED]


def test_points_say_which_choices_are_right() -> None:
    deck = gift.read("a {~%50%x ~%50%y ~%-100%z}\n\nb {=x ~%50%y ~z}\n", "x")
    assert [rights(card) for card in deck.cards] == [
        [("x", True), ("y", True), ("z", False)],
        [("x", True), ("y", False), ("z", False)],
    ]


def test_latex_and_code_are_no_gift() -> None:
    assert not gift.recognise("The sum $\\frac{=}{2}$ and\n\nsome prose\n\nmore prose\n")
    assert not gift.recognise('{"a": {"=b": 1}}')
