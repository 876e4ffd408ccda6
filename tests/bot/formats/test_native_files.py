"""Writing the native format, and `deck fmt`."""

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from bot.formats.identity import provisional_id
from bot.formats.native import format_text, lines_without_id, read, write_deck
from bot.model import Card, Deck

from .strategies import NASTY_LINES, decks
from .test_native import EXAMPLE


def without_lines(deck: Deck) -> list[Card]:
    return [replace(card, line=0) for card in deck.cards]


@settings(max_examples=100, deadline=None)
@given(decks())
def test_every_deck_that_is_written_reads_back_the_same(deck: Deck) -> None:
    again = read(write_deck(deck), "x.deck.md")
    assert without_lines(again) == without_lines(deck)
    assert (again.key, again.title, again.licence, again.authors) == (deck.key, deck.title, deck.licence, deck.authors)


@settings(max_examples=250, deadline=None)
@given(
    st.lists(st.sampled_from([*NASTY_LINES, "C: {{a}} {{c2::b}}", "Q: x", "A: y"]), max_size=15),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_formatting_twice_is_formatting_once(lines: list[str], newline: str) -> None:
    text = newline.join(lines)
    once = format_text(text)
    assert format_text(once) == once
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    assert without_lines(read(plain, "x")) == without_lines(read(once.replace("\r\n", "\n").replace("\r", "\n"), "x"))


def test_the_parts_of_a_cloze_text_are_written_as_one_card() -> None:
    written = write_deck(read(EXAMPLE, "x.deck.md"))
    assert written.count("\nC: ") == 1
    assert "C: The {{c1::Danube}} rises in the {{c2::Black Forest::German hills}}.\nId: h3v6r1pd\n" in written
    assert without_lines(read(written, "x.deck.md")) == without_lines(read(EXAMPLE, "x.deck.md"))


def test_formatting_writes_the_id_as_the_last_line_of_each_card_and_nothing_else() -> None:
    text = "# S\n\nQ: a\nA:\nb\n\n```\nQ: code\n```\n\n\nQ: c\nA: d  \n= e\n---\nQ: f\nA: g\nId: mine\n"
    first, second = provisional_id("a"), provisional_id("c")
    expected = text.replace("```\n\n\n", f"```\nId: {first}\n\n\n").replace("= e\n", f"= e\nId: {second}\n")
    assert format_text(text) == expected
    assert lines_without_id(text) == (3, 12)
    assert lines_without_id(expected) == ()


def test_formatting_numbers_the_deletions() -> None:
    text = "C: The {{Danube}} and\n\\Q: the {{c3::Po}} and {{Rhine::German}}\n"
    numbered = "C: The {{c4::Danube}} and\n\\Q: the {{c3::Po}} and {{c5::Rhine::German}}\n"
    card_id = read(text, "x").cards[0].id
    assert format_text(text) == f"{numbered}Id: {card_id}\n"


def test_formatting_does_not_change_the_id_of_a_card() -> None:
    text = "C: {{a}} {{b}}\n\nQ: S\nA: 1\n\nQ: S\nA: 2\n"
    assert without_lines(read(format_text(text), "x")) == without_lines(read(text, "x"))


def test_formatting_keeps_line_ends_and_the_byte_order_mark() -> None:
    card_id = provisional_id("a")
    assert format_text("\ufeffQ: a\r\nA: b\r\n") == f"\ufeffQ: a\r\nA: b\r\nId: {card_id}\r\n"
    assert format_text("Q: a\nA: b") == f"Q: a\nA: b\nId: {card_id}\n"


def test_formatting_fills_an_empty_id() -> None:
    assert format_text("Q: a\nId:\nA: b\n") == f"Q: a\nId: {provisional_id('a')}\nA: b\n"


def test_formatting_leaves_a_formatted_deck_alone() -> None:
    assert format_text(EXAMPLE) == EXAMPLE
