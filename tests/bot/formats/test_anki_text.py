"""Anki's text exports and CrowdAnki's JSON."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.errors import DeckError
from bot.formats.problems import Kind
from bot.formats.reading import read_deck
from bot.model import Deck

HEAD = "#separator:tab\n#html:true\n#guid column:1\n#notetype column:2\n#deck column:3\n#tags column:7\n"
ROWS = (
    "O5,W\tBasic\tGeo::Europe\t<b>Longest</b> in&nbsp;Norway?\tGlomma\t\teasy\n"
    '"#v/c"\tBasic\tGeo\t"Through\n""Paris""?"\t<ul><li>Seine</li></ul>\t\t\n'
    "NaQ|\tCloze\tGeo::Cl\tThe {{c1::Danube::river}} rises in {{c2::Germany}}\textra\t\ta::b leech\n"
)


def read(text: str, name: str = "rivers.txt") -> Deck:
    return read_deck(text.encode(), name)


def pairs(deck: Deck) -> list[tuple[str, str]]:
    return [(card.prompt, card.answer) for card in deck.cards]


# ---- text ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_text_export_is_read_with_its_decks_tags_and_guids(mark: str) -> None:
    deck = read(mark + HEAD + ROWS)
    assert (deck.format, deck.title) == ("anki-text", "Geo")
    assert pairs(deck) == [
        ("**Longest** in Norway?", "Glomma"),
        ('Through "Paris"?', "- Seine"),
        ("The [river] rises in Germany", "Danube"),
        ("The Danube rises in [...]", "Germany"),
    ]
    assert [(card.line, card.section, card.tags) for card in deck.cards[:3]] == [
        (7, "Europe", ("easy",)), (8, "", ()), (10, "Cl", ("a::b",)),
    ]  # fmt: skip
    assert deck.cards[2].why == "extra"
    assert len({card.id for card in deck.cards}) == 3
    assert deck.problems == ()


def test_a_guid_keeps_the_card_and_without_guids_the_prompt_does() -> None:
    first, changed = read(HEAD + ROWS), read(HEAD + ROWS.replace("Longest", "Shortest"))
    assert [card.id for card in first.cards] == [card.id for card in changed.cards]
    bare = read("#html:true\na\tb\n").cards[0]
    assert bare.id == read_deck(b"a\tb\n", "x.csv").cards[0].id


def test_without_html_texts_mean_what_they_say_and_the_loss_is_said() -> None:
    deck = read("#separator:tab\n#html:false\n<b> *x*\ta & b\n")
    assert pairs(deck) == [("<b> \\*x\\*", "a & b")]
    assert [problem.kind for problem in deck.problems] == [Kind.NOT_CARRIED]


@pytest.mark.parametrize(("html", "answer"), [("a &lt; b<br>c", "a < b\nc"), ("a & b", "a & b")])
def test_whether_it_is_html_is_seen_where_it_is_not_said(html: str, answer: str) -> None:
    assert pairs(read(f"#separator:Tab\nx\t{html}\n")) == [("x", answer)]


@pytest.mark.parametrize(
    ("head", "row"),
    [
        ("#separator:Semicolon;;\n#deck:Geo;;\n#tags:one two;;", "a;b"),
        ("#separator:|\n#deck:Geo\n#tags:one two", "a|b"),
        ("#separator:comma\n#deck:Geo\n#tags:two\n#tags column:3", "a,b,one"),
        ("#deck:Geo\n#html:false\n#tags:one two", "a\tb"),
    ],
)
def test_what_is_said_at_the_top_holds_for_all_rows(head: str, row: str) -> None:
    deck = read(f"{head}\n{row}\n")
    assert pairs(deck) == [("a", "b")]
    assert deck.title == "Geo"
    assert set(deck.cards[0].tags) == {"one", "two"}


def test_further_fields_come_after_the_answer_under_their_names() -> None:
    deck = read("#separator:tab\n#html:true\n#columns:Country\tCapital\tInfo\t\nNorway\tOslo\tcold\tred\n")
    assert pairs(deck) == [("Norway", "Oslo")]
    assert deck.cards[0].why == "Info: cold\nField 4: red"
    assert [problem.kind for problem in deck.problems] == [Kind.AMBIGUOUS]


def test_pictures_and_sounds_are_missing_and_said() -> None:
    deck = read('#html:true\n<img src="a.png">\tb [sound:x.mp3]\n')
    assert pairs(deck) == [("![](a.png)", "b")]
    assert [problem.kind for problem in deck.problems] == [Kind.MEDIA, Kind.MEDIA]


def test_a_quote_that_is_never_closed_costs_its_row_only() -> None:
    deck = read('#separator:tab\n#html:true\n"a\tb\nc\td\n')
    assert pairs(deck) == [('"a', "b"), ("c", "d")]
    assert [problem.kind for problem in deck.problems] == [Kind.QUOTES]


def test_a_note_with_one_field_is_no_card_and_is_said() -> None:
    deck = read("#html:true\na\tb\nc\nd\t\n")
    assert pairs(deck) == [("a", "b")]
    assert [(problem.line, problem.kind) for problem in deck.problems] == [(3, Kind.ONE_CELL), (4, Kind.ONE_CELL)]


def test_a_row_that_only_looks_like_a_line_of_the_top_is_a_row() -> None:
    assert pairs(read("#separator:tab\na\tb\n#html:true\tc\n")) == [("a", "b"), ("#html:true", "c")]


TOKENS = st.sampled_from(
    ["#separator:", "#html:", "#tags column:", "#columns:", "tab", "true", "1", "99999", "\n", "\t", '"', "|", ",",
     "{{c1::", "}}", "<b>", "a", " ", ":", "\ufeff", "[sound:", "&nbsp;", "\\(", "\\)"]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(TOKENS, max_size=40).map("".join))
def test_no_text_crashes_the_reader(text: str) -> None:
    try:
        deck = read_deck(b"#html:true\n" + text.encode(), "x", "anki-text")
    except DeckError:
        return
    assert all(card.id and card.prompt and card.answer for card in deck.cards)


# ---- CrowdAnki -------------------------------------------------------------------------------------------------------

MODEL = {
    "__type__": "NoteModel",
    "crowdanki_uuid": "m",
    "name": "Two ways",
    "type": 0,
    "flds": [{"name": "Back", "ord": 1}, {"name": "Front", "ord": 0}],
    "tmpls": [
        {"name": "there", "ord": 0, "qfmt": "{{Front}}", "afmt": "{{FrontSide}}<hr id=answer>{{Back}}"},
        {"name": "back", "ord": 1, "qfmt": "{{#Back}}{{Back}}{{/Back}}", "afmt": "{{Front}}"},
    ],
}


def note(*fields: str, guid: str = "g", tags: tuple[str, ...] = ()) -> dict[str, Any]:
    return {"__type__": "Note", "fields": fields, "guid": guid, "note_model_uuid": "m", "tags": tags}


def crowd(**more: Any) -> str:
    return json.dumps({"__type__": "Deck", "name": "Geo", "children": [], "note_models": [MODEL], "notes": [], **more})


def test_crowdanki_is_read_with_its_children_and_the_note_types_of_their_parent() -> None:
    child = {"__type__": "Deck", "name": "North", "children": [], "notes": [note("c", "", guid="h")]}
    deck = read(crowd(notes=[note("a", "b<br>c", tags=("x y", "z"))], children=[child]), "deck.json")
    assert (deck.format, deck.title) == ("crowdanki", "Geo")
    assert pairs(deck) == [("a", "b\nc"), ("b\nc", "a")]
    assert deck.cards[0].tags == ("x-y", "z")
    assert [(problem.kind, problem.card) for problem in deck.problems] == [(Kind.NO_ANSWER, "c")]


def test_sections_are_the_path_below_the_deck() -> None:
    grandchild = {"name": "Oslo", "notes": [note("a", "")], "note_models": []}
    child = {"name": "North", "children": [grandchild], "notes": [note("b", "c", guid="h")]}
    deck = read(crowd(children=[child]), "deck.json")
    assert {card.section for card in deck.cards} == {"North"}
    deck = read(crowd(children=[{**child, "children": [{**grandchild, "notes": [note("a", "d")]}]}]), "deck.json")
    assert [card.section for card in deck.cards] == ["North", "North", "North::Oslo", "North::Oslo"]


@pytest.mark.parametrize(
    "more",
    [
        {"notes": [5]}, {"notes": [{}]}, {"notes": {"a": 1}}, {"children": [[]]}, {"note_models": [{}]}, {"name": None},
        {"note_models": [{**MODEL, "tmpls": 3}]}, {"note_models": 7}, {"notes": [{**note("a"), "fields": 3}]},
        {"notes": [note("a", "b") | {"note_model_uuid": "other"}]},
    ],
)  # fmt: skip
def test_a_deck_that_is_damaged_is_refused_with_a_sentence(more: dict[str, Any]) -> None:
    with pytest.raises(DeckError) as error:
        read(crowd(**more), "deck.json")
    assert error.value.hint


@pytest.mark.parametrize("text", ["[" * 50_000, "1" * 50_000, '"\\ud800"'])
def test_json_that_is_a_trap_is_refused_or_cleaned(text: str) -> None:
    start = '{"__type__": "Deck", "notes": [], "name": '
    with pytest.raises(DeckError):
        read(start + text + "}", "deck.json")
    assert pairs(read(crowd(notes=[note("a\ud800\0", "b")]), "deck.json"))[0] == ("a", "b")
