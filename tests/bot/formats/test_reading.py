"""A file comes in: its encoding, its format, and every reason to refuse it."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DeckError
from bot.formats.problems import LABELS, Kind
from bot.formats.reading import read_deck
from bot.formats.text import MOST_BYTES, slug, stem

CSV = "Frage;Antwort\nGröße?;groß – “sehr”\n"


def prompts(data: bytes, name: str = "x.txt", format: str | None = None) -> list[str]:
    return [card.prompt for card in read_deck(data, name, format).cards]


@pytest.mark.parametrize(
    ("text", "format"),
    [
        ("Q: a\nA: b\n", "native"),
        ("C: a {{b}}\n", "native"),
        ('+++\ntitle = "x"\n+++\n\nQ: a\nA: b\n', "native"),
        ("1\nQ\na\nA\nb\n", "brainscape"),
        ("a\tb\n", "table"),
        ("front,back\na,b\n", "table"),
        ("Q: a\tA: b\nQ: c\tA: d\n", "table"),
    ],
)
def test_a_format_is_told_by_content_and_not_by_the_name_of_the_file(text: str, format: str) -> None:
    for name in ("x.deck.md", "x.csv", "x", ""):
        assert read_deck(text.encode(), name).format == format


@pytest.mark.parametrize(
    "data",
    [
        CSV.encode(),
        codecs.BOM_UTF8 + CSV.encode(),
        CSV.encode("utf-16"),
        codecs.BOM_UTF16_BE + CSV.encode("utf-16-be"),
        CSV.replace("\n", "\r\n").encode(),
        CSV.replace("\n", "\r").encode(),
    ],
)
def test_marks_and_line_ends_do_not_matter(data: bytes) -> None:
    deck = read_deck(data, "x.csv")
    assert [(card.prompt, card.answer) for card in deck.cards] == [("Größe?", "groß – “sehr”")]
    assert deck.problems == ()


def test_another_encoding_is_guessed_and_said() -> None:
    deck = read_deck(CSV.encode("cp1252"), "x.csv")
    assert [(card.prompt, card.answer) for card in deck.cards] == [("Größe?", "groß – “sehr”")]
    (problem,) = deck.problems
    assert (problem.kind, problem.line) == (Kind.ENCODING, 2)
    assert "cp1252" in problem.text


def test_cyrillic_is_told_from_western_letters() -> None:
    text = "Какая река самая длинная в России?;Лена\nКакая река течёт через Париж?;Сена\n"
    assert prompts(text.encode("cp1251"))[1] == "Какая река течёт через Париж?"


def test_a_stray_line_in_another_encoding_does_not_spoil_the_others() -> None:
    data = "Größe\tgroß\n".encode() + "Café\tcoffee\n".encode("cp1252") + "naïve\tsimple\n".encode()
    assert prompts(data) == ["Größe", "Café", "naïve"]


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "x.csv is empty."),
        (b" \n\n\t", "x.csv is empty."),
        (codecs.BOM_UTF8, "x.csv is empty."),
        (b"PK\x03\x04" + bytes(50), "Anki package"),
        (b"%PDF-1.7 abc", "PDF"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n", "Git LFS"),
        (b"\n<!DOCTYPE html>\n<p>Q: a\nA: b", "web page"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "not a text file"),
        (b"Q: a\nA: b\0\n", "not a text file"),
        (bytes(range(1, 32)) * 3, "not a text file"),
        (codecs.BOM_UTF16_LE + b"a\0b", "UTF-16 but is damaged"),
        (b"Just one sentence.", "nothing here looks like cards"),
        (b"Q: a", "line 1: This card has no answer."),
        (b"1\nQ\nA\n2\nQ\nA", "line 1: Card 1 is empty"),
        ("\ufeff+++\n+++\n".encode(), "there is no card in it"),
    ],
)
def test_what_is_no_deck_is_refused_with_a_reason(data: bytes, says: str) -> None:
    with pytest.raises(DeckError) as error:
        read_deck(data, "x.csv")
    assert says in str(error.value)
    assert error.value.hint


def test_a_large_file_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(DeckError, match="larger than 20 MB"):
        read_deck(bytes(100_000_000), "x.csv")
    assert MOST_BYTES == 20_000_000


def test_an_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(DeckError, match=r"Known are .*brainscape, .*native, .*table"):
        read_deck(b"Q: a\nA: b\n", "x", "pdf")


def test_a_named_format_is_not_guessed() -> None:
    assert prompts(b"Q: a,A: b\n", format="table") == ["Q: a"]
    with pytest.raises(DeckError):
        read_deck(b"a,b\n", "x", "native")


def test_a_card_of_fifty_thousand_characters_is_read() -> None:
    text = "x" * 50_000
    for data in (f"Q: a\nA: {text}\n", f"a\t{text}\n", f"1\nQ\na\nA\n{text}\n", f"C: {{{{a}}}} {text}\n"):
        deck = read_deck(data.encode(), "x")
        assert len(deck.cards) == 1
        assert [problem.kind for problem in deck.problems] == [Kind.LONG]


def test_every_kind_of_problem_has_a_label() -> None:
    assert set(LABELS) == set(Kind)


def test_names_of_files_become_titles_and_keys() -> None:
    assert [stem(name) for name in ("a/b.deck.md", "c:\\x\\Big Rivers.CSV", "v1.2 notes", "", ".deck.md")] == [
        "b", "Big Rivers", "v1.2 notes", "deck", "deck",
    ]  # fmt: skip
    assert [slug(title) for title in ("AWS: ML!", "Čeština 1", "漢字", "!!")] == ["aws-ml", "čeština-1", "漢字", "deck"]


WORDS = [
    *b"Q: A: C: {{ }} 1 2 Q A , ; | +++ ``` # = Id: #separator: tab question answer [ \x81 \xe4 \xff\xfe".split(),
    *(b"\n", b"\r", b"\t", b" ", b"  ", b'"', b"- [x] ", b"= ", b"# ", b"\xef\xbb\xbf", b"\xe2\x80\xa2"),
]


@settings(max_examples=400, deadline=None)
@given(st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(WORDS), max_size=40).map(b"".join)))
@pytest.mark.parametrize("format", [None, "native", "brainscape", "table"])
def test_no_bytes_crash_the_reader(format: str | None, data: bytes) -> None:
    try:
        deck = read_deck(data, "x", format)
    except DeckError:
        return
    assert deck.cards
    assert len({(card.id, card.part) for card in deck.cards}) == len(deck.cards)
    assert all(card.id and card.prompt and card.answer for card in deck.cards)
    assert all(problem.kind in set(Kind) and problem.line >= 1 for problem in deck.problems)
