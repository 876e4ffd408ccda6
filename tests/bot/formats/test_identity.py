from hashlib import sha256

from bot.formats.identity import Draft, provisional_id, settle
from bot.formats.problems import Kind
from bot.model import Card


def _draft(prompt: str, answer: str, line: int, id: str = "") -> Draft:
    return Draft((Card(id="", prompt=prompt, answer=answer, line=line),), prompt, answer, line, id, id)


def test_an_id_is_forty_bits_of_the_prompt_in_crockfords_letters() -> None:
    bits = bin(int.from_bytes(sha256(b"Which river is the longest?").digest()))[2:].zfill(256)[:40]
    letters = "".join("0123456789abcdefghjkmnpqrstvwxyz"[int(bits[at : at + 5], 2)] for at in range(0, 40, 5))
    assert provisional_id("Which river is the longest?") == letters


def test_white_space_and_the_form_of_accents_do_not_change_an_id() -> None:
    assert provisional_id("Caf\u00e9\n  au   lait ") == provisional_id("Cafe\u0301 au lait")


def test_mathematical_letters_are_not_folded_into_plain_ones() -> None:
    assert provisional_id("𝜎2") != provisional_id("σ2")


def test_of_two_cards_with_one_question_the_first_keeps_the_id_of_the_prompt() -> None:
    settled = settle([_draft("S", "one", 1), _draft("S", "two", 2), _draft("S", "three", 3)])
    assert [card.id for card in settled.cards] == [
        provisional_id("S"),
        provisional_id("S", "two"),
        provisional_id("S", "three"),
    ]
    assert [problem.kind for problem in settled.problems] == [Kind.SHARED_QUESTION] * 3


def test_cards_that_differ_in_white_space_alone_still_get_different_ids() -> None:
    settled = settle([_draft("S", "a b", 1), _draft("S", "a  b", 2), _draft("S ", "a b", 3)])
    assert len({card.id for card in settled.cards}) == 3


def test_an_explicit_id_is_never_taken_by_a_card_without_one() -> None:
    settled = settle([_draft("S", "one", 1), _draft("changed", "two", 2, provisional_id("S"))])
    assert [card.id for card in settled.cards] == [provisional_id("S", "one"), provisional_id("S")]


def test_an_exact_repeat_is_reported_and_not_added() -> None:
    settled = settle([_draft("S", "one", 1), _draft("S", "one", 9)])
    assert len(settled.cards) == 1
    assert [(problem.kind, problem.line) for problem in settled.problems] == [(Kind.DUPLICATE, 9)]


def test_two_equal_explicit_ids_are_an_error_that_names_both_lines() -> None:
    settled = settle([_draft("a", "b", 3, "river"), _draft("c", "d", 17, "river")])
    assert [card.prompt for card in settled.cards] == ["a"]
    (problem,) = settled.problems
    assert problem.kind == Kind.SAME_ID
    assert "line 3" in problem.text
    assert "line 17" in problem.text


def test_a_card_of_fifty_thousand_characters_is_accepted_and_reported() -> None:
    settled = settle([_draft("long", "x" * 50_000, 1)])
    assert len(settled.cards) == 1
    assert [problem.kind for problem in settled.problems] == [Kind.LONG]


def test_a_question_that_equals_its_answer_is_accepted_and_reported() -> None:
    settled = settle([_draft("same", "same", 1)])
    assert len(settled.cards) == 1
    assert [problem.kind for problem in settled.problems] == [Kind.SAME_TEXT]
