"""Formats of bytes: Moodle XML, Kahoot's spreadsheet, Mochi's package."""

import re
import zipfile
from io import BytesIO

import pytest

from bot.errors import DeckError
from bot.formats import lisp, mochi, moodle
from bot.formats.problems import Kind
from bot.formats.reading import read_deck, read_media
from bot.model import CardKind, Deck

from . import seeds


def pairs(deck: Deck) -> list[tuple[str, str]]:
    return [(card.prompt, card.answer) for card in deck.cards]


def kinds(deck: Deck) -> list[tuple[int, str]]:
    return [(problem.line, problem.kind) for problem in deck.problems]


def repacked(data: bytes, **changed: bytes) -> bytes:
    """The zip file with other bytes in the entries whose names end so."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        entries = {name: package.read(name) for name in package.namelist()}
    for end, content in changed.items():
        named = (name for name in entries if name.rpartition("/")[2].partition(".")[0] == end)
        name = next(named, f"xl/{end}.xml")
        entries[name] = content
    return seeds.zipped(entries)


# ---- Moodle ----------------------------------------------------------------------------------------------------------


def test_each_kind_of_question_of_moodle_becomes_a_card() -> None:
    deck = moodle.read(seeds.MOODLE.encode(), "x")
    assert pairs(deck) == [
        ("Which is the **longest**? ![map](the%20map.png)", "Glomma"),
        ("Wet?", "True"),
        ("1 < km?", "621 ± 5"),
        ("Po?", "Italy"),
        ("Match.\n\nNorway", "Glomma"),
        ("Match.\n\nFrance", "Loire"),
    ]
    first = deck.cards[0]
    assert (first.id, first.tags, first.section, first.why) == ("mc1", ("long-rivers",), "Rivers", "*Far.*")
    assert (first.kind, first.line) == (CardKind.CHOICE, 4)
    assert deck.cards[3].accepted == ("Italia",)
    assert kinds(deck) == [(25, Kind.SKIPPED)]


def test_pictures_of_moodle_are_in_the_file() -> None:
    assert read_media(seeds.MOODLE.encode(), "moodle", ["the map.png", "other.png"]) == {"the map.png": b"picture"}


@pytest.mark.parametrize(
    "data",
    [
        b"<quiz>" + b"<question>" * 100_000,
        b"<quiz>" + b"<a/>" * 100_000,
        b'<!DOCTYPE q [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><quiz><question type="essay">&c;</question></quiz>',
        b'<!DOCTYPE q SYSTEM "file:///etc/passwd"><quiz><question/></quiz>',
        b'<?xml version="1.0" encoding="no-such"?><quiz><question/></quiz>',
        seeds.MOODLE.encode()[:1500],
    ],
)
def test_xml_that_grows_or_ends_early_is_reported(data: bytes) -> None:
    assert Kind.BAD_HEADER in [problem.kind for problem in moodle.read(data, "x").problems]


def test_what_comes_before_the_end_of_a_cut_off_quiz_is_read() -> None:
    assert len(read_deck(seeds.MOODLE.encode()[:1500], "x").cards) == 4


# ---- Kahoot ----------------------------------------------------------------------------------------------------------


def test_the_rows_below_kahoots_headings_are_questions() -> None:
    deck = read_deck(seeds.kahoot(), "x.xlsx")
    assert pairs(deck) == [("Longest?", "Glomma"), ("Which two?", "- Po\n- Loire")]
    assert [choice.text for choice in deck.cards[0].choices] == ["Glomma", "Rhine", "3", "True"]
    assert [choice.text for choice in deck.cards[1].choices] == ["Po", "4", "Loire"]
    assert kinds(deck) == [(6, Kind.NO_RIGHT_CHOICE)]


def test_a_formula_in_a_spreadsheet_is_never_read() -> None:
    rows = (*seeds.KAHOOT[:3], (1, '=HYPERLINK("http://x")', "a", "b", None, None, 20, 1), *seeds.KAHOOT[3:])
    deck = read_deck(seeds.kahoot(rows), "x.xlsx")
    assert len(deck.cards) == 2
    assert kinds(deck)[0] == (4, Kind.NO_QUESTION)


def test_another_spreadsheet_is_refused_with_the_way_to_go() -> None:
    with pytest.raises(DeckError, match="Save any other one as CSV"):
        read_deck(seeds.kahoot([("front", "back"), ("a", "b")]), "x.xlsx")


def test_a_spreadsheet_that_unpacks_into_too_much_is_refused() -> None:
    text = b"<sst xmlns='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>" + b"<si/>" * 1_000_000 + b"</sst>"
    data = repacked(seeds.kahoot(), sharedStrings=text)
    assert len(data) < 20_000
    with pytest.raises(DeckError, match="larger than any quiz"):
        read_deck(data, "x.xlsx")


@pytest.mark.parametrize("part", ["workbook", "sheet1"])
def test_a_damaged_spreadsheet_is_refused(part: str) -> None:
    for content in (b"", b"<a>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"\0\0"):
        with pytest.raises(DeckError):
            read_deck(repacked(seeds.kahoot(), **{part: content}), "x.xlsx")


def test_texts_that_are_shared_between_cells_are_found() -> None:
    data = seeds.kahoot()
    with zipfile.ZipFile(BytesIO(data)) as package:
        types = package.read("[Content_Types].xml")
        sheet = package.read("xl/worksheets/sheet1.xml")
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    strings = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>Glomma?</t></si></sst>'
    shared = re.sub(rb't="inlineStr"><is><t>Longest\?</t></is>', b't="s"><v>0</v>', sheet)
    assert shared != sheet
    changed = {"[Content_Types]": types.replace(b"</Types>", part), "sheet1": shared, "sharedStrings": strings}
    assert pairs(read_deck(repacked(data, **changed), "x.xlsx"))[0] == ("Glomma?", "Glomma")
    damaged = {**changed, "sharedStrings": strings[:-20]}
    with pytest.raises(DeckError, match="damaged"):
        read_deck(repacked(data, **damaged), "x.xlsx")


def test_a_row_far_down_costs_nothing() -> None:
    data = seeds.kahoot()
    with zipfile.ZipFile(BytesIO(data)) as package:
        sheet = package.read("xl/worksheets/sheet1.xml")
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    assert len(read_deck(repacked(data, sheet1=far), "x.xlsx").cards) == 2


# ---- Mochi -----------------------------------------------------------------------------------------------------------


def test_a_package_of_mochi_has_sides_gaps_templates_and_decks_in_decks() -> None:
    deck = read_deck(seeds.mochi_edn(), "x.mochi")
    assert deck.title == "Rivers"
    assert [(card.id, card.part, card.prompt, card.answer) for card in deck.cards] == [
        ("a1", "", "Longest?", "Glomma ![](map.png)"),
        ("a2", "c1", "The [...] and the Rhine", "Danube"),
        ("a2", "c2", "The Danube and [...]", "the Rhine"),
        ("a3", "", "Po", "Italy"),
        ("a3-r", "", "Italy", "Po"),
    ]
    assert [card.section for card in deck.cards] == ["", "", "", "Sea", "Sea"]
    assert deck.cards[0].tags == ("norway",)
    assert kinds(deck) == [(1, Kind.SKIPPED)]


def test_transit_names_what_it_said_before_by_codes() -> None:
    deck = read_deck(seeds.mochi_transit(), "x.mochi")
    assert [(card.id, card.prompt, card.answer) for card in deck.cards] == [
        ("two", "Longest?", "Glomma"),
        ("cat", "~Po", "Italy"),
    ]


def test_pictures_of_mochi_are_entries_and_never_paths() -> None:
    data = seeds.zipped({"data.edn": b"{}", "map.png": b"picture", "../evil": b"x", "/etc/passwd": b"x", "a\\b": b"x"})
    names = ["map.png", "../evil", "/etc/passwd", "a\\b", "passwd", "none"]
    assert read_media(data, "mochi", names) == {"map.png": b"picture"}


def test_a_template_cannot_fill_the_memory() -> None:
    fields = '{:b {:id :b :value "' + "x" * 10_000 + '"}}'
    template = "<< Back >>" * 10_000
    text = (
        f"{{:decks [{{:id :d :cards [{{:id :a :template-id :t :fields {fields}}}]}}] :templates [{{:id :t :content "
        f'"{template}\\n---\\nx" :fields {{:b {{:id :b :name "Back"}}}}}}]}}'
    )
    with pytest.raises(DeckError, match="too large"):
        read_deck(seeds.mochi_edn(text), "x.mochi")


def test_a_deck_that_lies_in_itself_ends() -> None:
    text = (
        '{:decks [{:id :a :parent-id :b :name "A" :cards [{:content "x\\n---\\ny"}]} {:id :b :parent-id :a :name "B"}]}'
    )
    assert len(mochi.read(seeds.mochi_edn(text), "x").cards) == 1


@pytest.mark.parametrize("text", ["", "{", "}", "(]", "[" * 100_000, '"open', "\\", "#", "#_", "#_ #_ 1", "{:a"])
def test_edn_that_is_none_is_not_readable(text: str) -> None:
    with pytest.raises(lisp.NotReadable):
        lisp.read_edn(text)


def test_edn_has_text_numbers_names_and_comments() -> None:
    text = '{:a [1 -2 2.5 nil true \\a \\newline "q\\"\\u00e5\\n"] , "k" #{x} ; no\n :t #uuid "u" #_ #_ 1 2}'
    assert lisp.read_edn(text) == {"a": [1, -2, "2.5", None, True, "a", "\n", 'q"å\n'], "k": ["x"], "t": "u"}


@pytest.mark.parametrize("text", ["", "[", "[" * 50_000, '["^9"]', '[["^ ","^zz",1]]', "{]"])
def test_transit_that_is_none_is_not_readable(text: str) -> None:
    with pytest.raises(lisp.NotReadable):
        lisp.read_transit(text)


def test_verbose_transit_has_maps_of_json() -> None:
    text = '{"~:name": "a", "~:tags": {"~#set": ["~:x", "~i5", "~?t", "~_", "~^y"]}}'
    assert lisp.read_transit(text) == {"name": "a", "tags": ["x", "5", True, None, "^y"]}
