import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats import cloze
from bot.formats.cloze import Part, insert, numbering, parts

PIECES = ["{{", "}}", "{{c1::", "{{c2::", "{{c1,2::", "{{c0::", "::", "a", "b ", "\n", "{", "}", "c1"]


def test_several_deletions_of_one_number_are_asked_together() -> None:
    assert parts("{{c1::a}} and {{c1::b}}") == [Part(1, "[...] and [...]", "a, b")]


def test_a_hint_stands_in_place_of_the_dots() -> None:
    assert parts("{{c1::a::first letter}}") == [Part(1, "[first letter]", "a")]


def test_deletions_nest() -> None:
    assert parts("{{c1::the {{c2::Black}} Forest}}!") == [
        Part(1, "[...]!", "the Black Forest"),
        Part(2, "the [...] Forest!", "Black"),
    ]


def test_one_deletion_can_belong_to_several_cards() -> None:
    assert parts("{{c1,3::a}} b") == [Part(1, "[...] b", "a"), Part(3, "[...] b", "a")]


def test_deletions_without_a_number_get_the_next_ones() -> None:
    text = "{{a}} {{c4::b}} {{c}}"
    assert insert(text, numbering(text)) == "{{c5::a}} {{c4::b}} {{c6::c}}"


def test_code_keeps_its_braces() -> None:
    assert numbering("{{a}} {{b}} {{c}}", [(6, 11)]) == [(2, "c1::"), (14, "c2::")]


def test_braces_without_a_partner_are_text() -> None:
    assert parts("}} {{c1::a}} {{c2::") == [Part(1, "}} [...] {{c2::", "a")]


def test_no_nesting_is_too_deep() -> None:
    deep = "{{c1::" * 20_000 + "x" + "}}" * 20_000
    assert parts(deep) == [Part(1, "[...]", "x")]


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_no_text_breaks_the_reader_and_numbering_it_twice_changes_nothing(text: str) -> None:
    cloze.parts(text)
    once = insert(text, numbering(text))
    assert numbering(once) == []


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("$a + {{c1::\\frac{1}{2} }}$", "$\\frac{1}{2}$"),
        ("$$\na + {{c1::b}}\n$$", "$$b$$"),
        ("$a$ {{c1::b}} $c$", "b"),
        ("{{c1::$a$ b}}", "$a$ b"),
        ("costs $5, {{c1::not}} $6", "not"),
        ("\\$a {{c1::b}} c\\$", "b"),
    ],
)
def test_what_is_hidden_inside_a_formula_is_a_formula_too(text: str, answer: str) -> None:
    (part,) = parts(text)
    assert part.answer == answer
