"""What changed between two states of a deck."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.formats.difference import Difference, compare, what_changed
from bot.model import Card

A, B, C, D = (Card(name, f"Which river is {name}?", f"the {name}", section="one") for name in "abcd")


def ids(difference: Difference) -> dict[str, list[str]]:
    return {
        "added": [card.id for card in difference.added],
        "changed": [pair.new.id for pair in difference.changed],
        "moved": [pair.new.id for pair in difference.moved],
        "retired": [card.id for card in difference.retired],
        "kept": [pair.new.id for pair in difference.kept],
    }


def test_the_same_deck_has_no_difference() -> None:
    difference = compare([A, B], [A, B])
    assert difference.is_empty
    assert ids(difference)["kept"] == ["a", "b"]


def test_cards_are_known_by_their_ids_whatever_they_say() -> None:
    new = replace(B, prompt="Something else?", answer="else")
    difference = compare([A, B, C], [A, new, D])
    assert ids(difference) == {"added": ["d"], "changed": ["b"], "moved": [], "retired": ["c"], "kept": ["a"]}
    assert what_changed(difference.changed[0]) == ("question", "answer")


def test_a_card_whose_id_is_gone_is_known_by_its_question() -> None:
    difference = compare([A, B], [A, replace(B, id="new", answer="mended")])
    assert ids(difference)["changed"] == ["new"]
    assert difference.changed[0].old is B
    difference = compare([A, B], [A, replace(B, id="new", prompt=B.prompt.replace(" ", "  "))])
    assert difference.changed[0].old is B


def test_a_question_that_several_cards_ask_settles_nothing() -> None:
    old = [replace(A, answer="x"), replace(A, id="a2", answer="y")]
    new = [replace(A, id="n", answer="z"), replace(A, id="n2", answer="w")]
    difference = compare(old, new)
    assert (len(difference.added), len(difference.retired)) == (2, 2)
    assert difference.proposals == ()


def test_another_section_or_another_place_is_a_move_of_as_few_cards_as_possible() -> None:
    assert ids(compare([A, B, C], [replace(A, section="two"), B, C]))["moved"] == ["a"]
    assert ids(compare([A, B, C, D], [D, A, B, C]))["moved"] == ["d"]


def test_the_same_answer_with_a_similar_question_is_proposed_and_not_taken() -> None:
    new = Card("new", "Which big river is b?", B.answer)
    other = Card("other", "Something quite unlike it", C.answer)
    difference = compare([A, B, C], [A, new, other])
    assert [(pair.old.id, pair.new.id) for pair in difference.proposals] == [("b", "new")]
    assert ids(difference)["added"] == ["new", "other"]
    assert ids(difference)["retired"] == ["b", "c"]


def test_each_card_is_proposed_once_with_what_is_most_like_it() -> None:
    old = [Card("o1", "Which river is long?", "x"), Card("o2", "Which river is longest?", "x")]
    new = [Card("n1", "Which river is the longest?", "x")]
    assert [(pair.old.id, pair.new.id) for pair in compare(old, new).proposals] == [("o2", "n1")]


cards = st.lists(
    st.builds(Card, st.sampled_from("abcdefgh"), st.sampled_from(["p", "q", "r s", "r  s"]), st.sampled_from("xy")),
    max_size=8,
    unique_by=lambda card: card.id,
)


@settings(max_examples=40, deadline=None)
@given(cards, cards)
def test_every_card_is_in_exactly_one_place(old: list[Card], new: list[Card]) -> None:
    difference = compare(old, new)
    pairs = (*difference.changed, *difference.moved, *difference.kept)
    assert sorted(card.id for card in new) == sorted([*(p.new.id for p in pairs), *(c.id for c in difference.added)])
    assert sorted(card.id for card in old) == sorted([*(p.old.id for p in pairs), *(c.id for c in difference.retired)])
    assert difference.is_empty == (len(difference.kept) == len(old) == len(new))


def test_many_cards_with_one_answer_are_compared_in_a_moment() -> None:
    old = [Card(f"o{number}", f"{number} " * 50, "yes") for number in range(1000)]
    new = [Card(f"n{number}", f"x{number} " * 50, "yes") for number in range(1000)]
    assert len(compare(old, new).added) == 1000


def test_a_card_whose_id_and_question_changed_is_known_by_what_its_source_calls_it() -> None:
    old = replace(B, native_id="mochi:b1")
    difference = compare([A, old], [A, replace(old, id="new", prompt="Something else?")])
    assert ids(difference) == {"added": [], "changed": ["new"], "moved": [], "retired": [], "kept": ["a"]}


def test_a_card_that_was_retired_is_back_again_under_the_same_rule() -> None:
    difference = compare([A], [A, replace(B, id="new", answer="mended")], gone=[B, C])
    assert [(pair.old.id, pair.new.id) for pair in difference.back] == [("b", "new")]
    assert ids(difference)["added"] == []
    assert not difference.is_empty


def test_a_card_that_is_there_is_taken_before_one_that_was_retired() -> None:
    difference = compare([A], [replace(A, id="new")], gone=[replace(A, id="gone")])
    assert (difference.kept[0].old.id, difference.back) == ("a", ())
