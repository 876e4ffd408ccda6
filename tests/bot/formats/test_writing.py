"""Decks go out: what comes back when the file is read again, and what is said to be lost."""

import csv
import dataclasses
import json
import sqlite3
import zipfile
from io import BytesIO, StringIO

import pytest
from hypothesis import HealthCheck, given, settings
from msgspec import structs

from bot.errors import DeckError
from bot.formats.cells import guarded, read_choices, read_list, unguarded, write_choices, write_list
from bot.formats.identity import OURS
from bot.formats.markup import to_html
from bot.formats.problems import Kind
from bot.formats.reading import read_deck
from bot.formats.writing import TARGETS, file_name, write_deck
from bot.model import Card, CardKind, Choice, Deck

from .strategies import decks

NOW = 1_700_000_000_000
NATIVE = """\
# Norway

Q: Which river is the **longest**?
A:
Glomma

- 621 km
= Glommen
= a; b | c
Why: It runs far.
Tags: long norway
Id: river1

Q: Which ends in the Black Sea?
- [x] Danube; the long one
- [ ] Rhine | Rhein
Id: river2

# Seas

C: The {{c1::Danube}} rises in the {{c2::Black {{c3::Forest}}::hills}}.
Why: $x^2$ and ![map](map.png)
Id: river3

Q: 1 < 2?
A: =1+1
Id: river4
"""


def deck() -> Deck:
    found = read_deck(NATIVE.encode(), "rivers.deck.md")
    assert not found.problems
    return found


def cards_of(deck: Deck) -> list[Card]:
    return [structs.replace(card, line=0) for card in deck.cards]


def again(deck: Deck, target: str) -> Deck:
    return read_deck(write_deck(deck, target, NOW).data, file_name(deck, target))


# ---- native and CSV --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("target", ["native", "csv"])
def test_nothing_is_lost_on_the_way_out_and_back(target: str) -> None:
    assert cards_of(again(deck(), target)) == cards_of(deck())
    assert again(deck(), target).key == deck().key
    assert not write_deck(deck(), target, NOW).problems


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(decks())
def test_a_table_keeps_every_id_and_says_which_cards_change(deck: Deck) -> None:
    written = write_deck(deck, "csv", NOW)
    lossy = {problem.card for problem in written.problems}
    read = {card.id: card for card in again(deck, "csv").cards}
    assert list(read) == [card.id for card in deck.cards]
    for card in deck.cards:
        if card.id not in lossy:
            assert structs.replace(read[card.id], line=0) == structs.replace(
                card, section=" ".join(card.section.split())
            )


def test_no_cell_of_a_table_is_a_formula() -> None:
    texts = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1", "\t=1", "plain", "'quoted'"]
    cards = tuple(Card(f"c{number}", f"{text}", text) for number, text in enumerate(texts))
    written = write_deck(Deck("d", "d", "native", cards), "csv", NOW)
    rows = list(csv.reader(StringIO(written.data.decode("utf-8-sig"))))
    assert not any(cell[:1] in tuple("=+-@\t") for row in rows for cell in row if cell)
    assert [card.answer for card in again(Deck("d", "d", "native", cards), "csv").cards] == texts


def test_guards_come_off_again() -> None:
    for text in ("=", "'=", "''-", "a", "", "'a", "＝1"):
        assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("items", [(), ("a",), ("a", "b"), ("a;b",), ("a|b", "c\nd"), ("[x] a", "b")])
def test_lists_in_cells_come_back(items: tuple[str, ...]) -> None:
    assert read_list(write_list(items)) == items
    choices = tuple(Choice(item, number == 0) for number, item in enumerate(items))
    assert read_choices(write_choices(choices), "") == choices or "[x] a" in items


def test_rows_of_a_cloze_text_that_do_not_agree_are_reported() -> None:
    text = (
        "id,part,question,answer,cloze\n"
        "a,c1,Where is [...]?,Po,Where is {{c1::Po}}?\n"
        "b,c1,another,Po,In {{c1::Po}}?\n"
        "b,c1,,Po,At {{c1::Po}}?\n"
        "c,c1,x,y,no gap\n"
    )
    read = read_deck(text.encode(), "x.csv")
    assert [(card.id, card.part, card.prompt) for card in read.cards] == [
        ("a", "c1", "Where is [...]?"),
        ("b", "c1", "In [...]?"),
    ]
    assert [(problem.line, problem.kind) for problem in read.problems] == [
        (3, Kind.AMBIGUOUS),
        (4, Kind.AMBIGUOUS),
        (5, Kind.NO_DELETION),
    ]


def test_a_table_says_that_it_forgets_what_is_said_of_the_deck() -> None:
    rich = dataclasses.replace(deck(), licence="CC0-1.0", key="not a name")
    texts = [problem.text for problem in write_deck(rich, "csv", NOW).problems]
    assert "licence" in texts[0]
    assert "another deck" in texts[1]


# ---- Anki ------------------------------------------------------------------------------------------------------------


def package(deck: Deck, media: dict[str, bytes] | None = None) -> tuple[sqlite3.Connection, zipfile.ZipFile]:
    archive = zipfile.ZipFile(BytesIO(write_deck(deck, "apkg", NOW, media).data))
    database = sqlite3.connect(":memory:")
    database.deserialize(archive.read("collection.anki2"))
    return database, archive


def test_a_package_for_anki_has_notes_cards_tags_and_a_tree_of_decks() -> None:
    database, _ = package(deck())
    notes = database.execute("select guid, tags, flds from notes order by id").fetchall()
    assert [guid for guid, _, _ in notes] == [f"{OURS}river{number}" for number in (1, 2, 3, 4)]
    assert notes[0][1].split() == ["long", "norway"]
    assert notes[0][2].split("\x1f")[0] == "Which river is the <b>longest</b>?"
    assert notes[3][2] == "1 &lt; 2?\x1f=1+1"
    assert database.execute("select count(*) from cards").fetchone() == (6,)
    ords = database.execute(
        "select c.ord from cards c join notes n on n.id = c.nid where guid = ? order by 1", [f"{OURS}river3"]
    )
    assert ords.fetchall() == [(0,), (1,), (2,)]
    (tree,) = database.execute("select decks from col").fetchone()
    assert {"rivers::Norway", "rivers::Seas"} <= {one["name"] for one in json.loads(tree).values()}


def test_a_package_holds_the_pictures_that_are_given() -> None:
    _, archive = package(deck(), {"map.png": b"picture", "unused.png": b"x"})
    assert json.loads(archive.read("media")) == {"0": "map.png"}
    assert archive.read("0") == b"picture"
    missing = [problem for problem in write_deck(deck(), "apkg", NOW).problems if problem.kind is Kind.MEDIA]
    assert "map.png" in missing[0].text


def test_the_same_deck_gives_the_same_package() -> None:
    assert write_deck(deck(), "apkg", NOW).data == write_deck(deck(), "apkg", NOW).data


def test_text_for_anki_has_its_columns_named_above() -> None:
    lines = write_deck(deck(), "anki-text", NOW).data.decode()
    assert lines.startswith("#separator:tab\n#html:true\n#guid column:1\n")
    body = lines.partition("#tags column:6\n")[2]
    rows = list(csv.reader(StringIO(body), delimiter="\t"))
    assert [row[:3] for row in rows] == [
        [f"{OURS}river1", "Basic", "rivers::Norway"],
        [f"{OURS}river2", "Basic", "rivers::Norway"],
        [f"{OURS}river3", "Cloze", "rivers::Seas"],
        [f"{OURS}river4", "Basic", "rivers::Seas"],
    ]
    assert {len(row) for row in rows} == {6}


@pytest.mark.parametrize("target", ["apkg", "anki-text"])
def test_a_deck_that_comes_back_from_anki_is_the_same_deck_with_the_same_cards(target: str) -> None:
    came = again(deck(), target)
    assert [(card.id, card.part) for card in came.cards] == [(card.id, card.part) for card in deck().cards]


def test_what_anki_cannot_know_is_said() -> None:
    for target in ("apkg", "anki-text"):
        named = {
            problem.card for problem in write_deck(deck(), target, NOW).problems if problem.kind is Kind.NOT_CARRIED
        }
        assert named == {"river1", "river2"}


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
@given(decks())
def test_any_deck_can_be_written_in_any_format(deck: Deck) -> None:
    for target in TARGETS:
        assert write_deck(deck, target, NOW).data


def test_an_unknown_format_to_write_lists_the_known_ones() -> None:
    with pytest.raises(DeckError, match="Known are native, csv, apkg, anki-text"):
        write_deck(deck(), "pdf", NOW)


# ---- HTML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("a < b & *c*", "a &lt; b &amp; <i>c</i>"),
        ("<script>x</script>", "&lt;script&gt;x&lt;/script&gt;"),
        ("a\nb", "a<br>b"),
        ("a\n\nb", "<p>a</p><p>b</p>"),
        ("- a\n- b", "<ul><li>a</li><li>b</li></ul>"),
        ("3. a", '<ol start="3"><li>a</li></ol>'),
        ("$x<y$", "\\(x&lt;y\\)"),
        ("```py\na<b\n```", '<pre><code class="language-py">a&lt;b</code></pre>'),
        ("[a](javascript:x)", "[a](javascript:x)"),
        ("[a](https://example.org)", '<a href="https://example.org">a</a>'),
        ('![a"b](c.png)', '<img src="c.png" alt="a&quot;b">'),
        ("|a|b|\n|-|-|\n|c|d|", "<table><tr><th>a</th><th>b</th></tr><tr><td>c</td><td>d</td></tr></table>"),
        ("# a\n\n> b\n\n---", "<h1>a</h1><blockquote><p>b</p></blockquote><hr>"),
    ],
)
def test_card_text_becomes_html_and_never_more_than_it_says(text: str, html: str) -> None:
    assert to_html(text).replace("\n</code>", "</code>") == html


def test_every_target_has_a_suffix_of_its_own() -> None:
    assert len({target.suffix for target in TARGETS.values()}) == len(TARGETS)
    assert CardKind.CLOZE in {card.kind for card in deck().cards}
