"""Anki packages of all three generations: what they hold, what is refused."""

import contextlib
import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import genanki
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from bot.errors import DeckError
from bot.formats.anki import crowdanki
from bot.formats.anki.cards import CardMaker
from bot.formats.anki.filling import fill
from bot.formats.anki.notes import Note, NoteType, Template
from bot.formats.anki.package import read_media
from bot.formats.anki.templates import cut
from bot.formats.problems import Kind
from bot.formats.reading import read_deck
from bot.model import Card, CardKind, Deck

from .packages import (
    TYPES,
    Made,
    Type,
    basic,
    hashed_collection,
    json_collection,
    latest,
    legacy,
    message,
    number,
    packed,
    zipped,
)

Maker = Callable[..., bytes]
both = pytest.mark.parametrize("make", [latest, legacy])
PNG = b"\x89PNG\r\n\x1a\n picture"


def read(data: bytes, name: str = "rivers.apkg") -> Deck:
    return read_deck(data, name)


def pairs(deck: Deck) -> list[tuple[str, str]]:
    return [(card.prompt, card.answer) for card in deck.cards]


def only(deck: Deck) -> Card:
    (card,) = deck.cards
    return card


def kinds(deck: Deck) -> list[str]:
    return [problem.kind for problem in deck.problems]


# ---- three generations -----------------------------------------------------------------------------------------------


@both
def test_both_newer_generations_are_read_and_not_their_placeholder(make: Maker) -> None:
    deck = read(make(basic(("Longest in <b>Norway</b>?", "Glomma"), ("Through Paris?", "Seine"))))
    assert (deck.format, deck.title, deck.key) == ("anki", "Rivers", "rivers")
    assert pairs(deck) == [("Longest in **Norway**?", "Glomma"), ("Through Paris?", "Seine")]
    assert deck.problems == ()


def test_the_oldest_generation_is_read(tmp_path: Path) -> None:
    deck = genanki.Deck(2059400110, "World::Rivers")
    deck.add_note(genanki.Note(model=genanki.BASIC_MODEL, fields=["Through Paris?", "Seine"], tags=["short"]))
    genanki.Package([deck]).write_to_file(tmp_path / "x.apkg")
    read_back = read((tmp_path / "x.apkg").read_bytes())
    assert read_back.title == "Rivers"
    assert pairs(read_back) == [("Through Paris?", "Seine")]
    assert only(read_back).tags == ("short",)


def test_a_generation_that_nobody_knows_is_refused_and_not_read_as_an_older_one() -> None:
    data = zipped({"meta": b"\x08\x04", "collection.anki2": json_collection(basic(("a", "b")), TYPES)})
    with pytest.raises(DeckError, match="newer Anki"):
        read(data)


def test_without_meta_the_newest_collection_counts() -> None:
    old, new = (json_collection(basic((text, "b")), TYPES) for text in ("old", "new"))
    data = zipped({"collection.anki2": old, "collection.anki21": new, "media": b"{}"})
    assert pairs(read(data)) == [("new", "b")]


def test_a_collection_that_was_closed_with_a_log_beside_it_is_read() -> None:
    data = bytearray(json_collection(basic(("a", "b")), TYPES))
    data[18:20] = b"\x02\x02"
    assert pairs(read(zipped({"collection.anki21": bytes(data)}))) == [("a", "b")]


@pytest.mark.parametrize("name", ["me.colpkg", "collection.apkg"])
def test_a_whole_collection_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(DeckError, match="choose one deck, then Export"):
        read(latest(basic(("a", "b"))), name)


LATEST = {"meta": b"\x08\x03"}


@pytest.mark.parametrize(
    "data",
    [
        zipped(
            {**LATEST, "collection.anki21b": packed(hashed_collection(basic(("a", "b")), TYPES, ["_nt_1_lastDeck"]))}
        ),
        zipped({"collection.anki21": json_collection(basic(("a", "b")), TYPES, '{"_deck_1_lastNotetype": 1}')}),
    ],
)
def test_a_whole_collection_is_known_by_its_content_too(data: bytes) -> None:
    with pytest.raises(DeckError, match="whole Anki collection"):
        read(data)


# ---- decks, tags, ids ------------------------------------------------------------------------------------------------


@both
def test_decks_below_a_shared_one_are_sections(make: Maker) -> None:
    notes = [
        Made(("c", "3"), guid="c", cards=((0, "Geo::Europe::North"),)),
        Made(("a", "1"), guid="a", cards=((0, "Geo"),)),
        Made(("b", "2"), guid="b", cards=((0, "Geo::Asia"),)),
    ]
    deck = read(make(notes))
    assert deck.title == "Geo"
    assert [(card.prompt, card.section) for card in deck.cards] == [("a", ""), ("b", "Asia"), ("c", "Europe::North")]


def test_decks_that_share_nothing_keep_their_names_and_the_file_gives_the_title() -> None:
    deck = read(latest([Made(("a", "1"), cards=((0, "X"),)), Made(("b", "2"), guid="g", cards=((0, "Y"),))]))
    assert deck.title == "rivers"
    assert [card.section for card in deck.cards] == ["X", "Y"]


def test_tags_are_kept_but_not_those_about_how_someone_studies() -> None:
    assert only(read(latest([Made(("a", "b"), tags="geo::rivers easy leech marked easy")]))).tags == (
        "geo::rivers",
        "easy",
    )


def test_an_id_is_made_of_the_guid_so_texts_may_change() -> None:
    before = only(read(latest([Made(("a", "b"), guid="O5,W~GZ=|.")])))
    after = only(read(legacy([Made(("changed", "too"), guid="O5,W~GZ=|.", cards=((0, "Other"),))])))
    other = only(read(latest([Made(("a", "b"), guid="O5,W~GZ=|,")])))
    assert before.id == after.id != other.id
    assert len(before.id) == 8


def test_each_template_makes_a_card_with_an_id_of_its_own() -> None:
    deck = read(latest([Made(("dog", "Hund"), "Reversed", "g", cards=((0, "W"), (1, "W")))]))
    assert pairs(deck) == [("dog", "Hund"), ("Hund", "dog")]
    assert len({card.id for card in deck.cards}) == 2


def test_a_note_that_flashmob_wrote_gets_its_own_id_back() -> None:
    assert only(read(latest([Made(("a", "b"), guid="flashmob:7k2m9qx4")]))).id == "7k2m9qx4"


def test_crowdanki_gives_the_same_ids_as_a_package() -> None:
    template = {"name": "Card 1", "qfmt": "{{Front}}", "afmt": "{{Back}}"}
    model = {"crowdanki_uuid": "m", "name": "B", "flds": [{"name": "Front"}, {"name": "Back"}], "tmpls": [template]}
    note = {"fields": ["a", "b"], "guid": "g", "note_model_uuid": "m"}
    text = json.dumps({"__type__": "Deck", "name": "Rivers", "note_models": [model], "notes": [note]})
    assert only(crowdanki.read(text, "deck.json")).id == only(read(latest([Made(("a", "b"), guid="g")]))).id


# ---- note types ------------------------------------------------------------------------------------------------------


@both
def test_what_is_to_be_typed_is_accepted(make: Maker) -> None:
    card = only(read(make([Made(("2 + 2", "<b>four</b>"), "Typed")])))
    assert (card.prompt, card.answer, card.accepted) == ("2 + 2", "**four**", ("four",))


@both
def test_a_cloze_note_is_one_card_for_each_number(make: Maker) -> None:
    text = "The {{c1::Danube::river}} rises in the {{c2::Black {{c3::Forest}}}}{{c1,4::.}}"
    deck = read(make([Made((text, "<i>Germany</i>"), "Cloze", "g", cards=tuple((one, "R") for one in range(4)))]))
    assert [(card.part, card.prompt, card.answer) for card in deck.cards] == [
        ("c1", "The [river] rises in the Black Forest[...]", "Danube, ."),
        ("c2", "The Danube rises in the [...].", "Black Forest"),
        ("c3", "The Danube rises in the Black [...].", "Forest"),
        ("c4", "The Danube rises in the Black Forest[...]", "."),
    ]
    assert {card.kind for card in deck.cards} == {CardKind.CLOZE}
    assert {card.cloze for card in deck.cards} == {text}
    assert {card.why for card in deck.cards} == {"*Germany*"}
    assert len({card.id for card in deck.cards}) == 1


def test_deletions_inside_formulas_stay_apart_from_the_braces_around_them() -> None:
    card = only(read(latest([Made(("\\(\\frac{a}{{{c1::b}}}\\)", ""), "Cloze")])))
    assert card.prompt == "$\\frac{a}{ [...]}$"


GEO = Type(
    "Geo",
    ("Country", "More info", "Capital", "Flag", "Hint"),
    (
        ("{{Country}}", "{{Country}}<hr id=answer>{{Capital}}{{#More info}}<div>{{More info}}</div>{{/More info}}"),
        ("{{#Flag}}{{Flag}}{{/Flag}}", "{{FrontSide}}<hr id='answer'>{{Country}}{{^More info}} (done){{/More info}}"),
        ("<script>x()</script>{{text:Capital}} {{hint:Hint}}", "<style>b{}</style>{{Country}} {{tts en_US:Country}}"),
    ),
)  # fmt: skip


@given(
    st.lists(st.sampled_from(["{{Front}}", "{{ Back }}", "{{FrontSide}}", "{{Tags}}", "<hr id=answer>", "so "])),
    st.sampled_from(["", "the Rhine", "x" * 600_000]),
    st.sampled_from(["", "the Po"]),
)
def test_a_plain_template_is_filled_in_one_go_as_it_is_part_by_part(pieces: list[str], front: str, back: str) -> None:
    template, values = cut("".join(pieces), frozenset({"Front", "Back"})), {"Front": front, "Back": back, "Tags": "x"}
    one, other = fill(template, values), fill(replace(template, plain=()), values)
    assert (one.html, one.size, bool(one.shown)) == (other.html, other.size, bool(other.shown))
    assert {name for name in one.shown if values.get(name)} == set(other.shown)


def test_templates_decide_what_is_asked() -> None:
    fields = ("Norway", "", "<b>Oslo</b> &amp; fjord", "<img src=no.png>", "begins with O")
    data = latest([Made(fields, "Geo", "g", cards=((0, "G"), (1, "G"), (2, "G")))], {"no.png": PNG}, [GEO])
    deck = read(data)
    assert pairs(deck) == [
        ("Norway", "**Oslo** & fjord"),
        ("![](no.png)", "Norway (done)"),
        ("Oslo & fjord", "Norway"),
    ]
    assert deck.cards[2].why == "Hint: begins with O"
    assert kinds(deck) == [Kind.NOT_CARRIED]


def test_a_template_that_cannot_be_read_is_replaced_and_said() -> None:
    for front in ("{{Missing}}", "{{#Front}}never closed", "{{/Front}}"):
        odd = Type("Odd", ("Front", "Back"), ((front, "{{Back}}"),))
        deck = read(latest([Made(("a", "b"), "Odd")], types=[odd]))
        assert pairs(deck) == [("a", "b")]
        assert kinds(deck) == [Kind.AMBIGUOUS]


def test_readings_above_japanese_stand_in_brackets() -> None:
    odd = Type("Kanji", ("F",), (("{{kanji:F}}", "{{furigana:F}} {{kana:F}}"),))
    assert pairs(read(latest([Made(("漢字[かんじ]",), "Kanji")], types=[odd]))) == [("漢字", "漢字(かんじ) かんじ")]


def test_notes_that_hide_parts_of_pictures_and_cards_of_sounds_are_said() -> None:
    occlusion = Made(("{{c1::image-occlusion:rect:left=.1}}", "<img src=x.png>"), "Cloze", "g")
    deck = read(latest([Made(("ok", "[sound:ok.mp3]fine")), occlusion, Made(("[sound:a.mp3]", "b"), guid="h")]))
    assert pairs(deck) == [("ok", "fine")]
    assert [(one.line, one.kind) for one in deck.problems] == [
        (1, Kind.MEDIA), (2, Kind.SKIPPED), (3, Kind.MEDIA), (3, Kind.SKIPPED),
    ]  # fmt: skip


def test_a_card_without_an_answer_is_named_by_its_first_field() -> None:
    deck = read(latest([Made(("ok", "fine")), Made((f"{'long ' * 20}<br>question", ""), guid="g")]))
    (problem,) = deck.problems
    assert (problem.line, problem.kind) == (2, Kind.NO_ANSWER)
    assert problem.card == "long long long long long long long long…"


def test_notes_without_their_note_type_and_notes_as_long_as_books_are_said() -> None:
    deck = read(latest([Made(("ok", "fine")), Made(("a", "b"), "Gone", "g"), Made(("a", "b" * 1_100_000), guid="h")]))
    assert pairs(deck) == [("ok", "fine")]
    assert sorted(kinds(deck)) == [Kind.SKIPPED, Kind.TOO_LARGE]


# ---- pictures --------------------------------------------------------------------------------------------------------


@both
def test_pictures_are_given_by_the_names_that_cards_use(make: Maker) -> None:
    media = {"a b.png": PNG, "naïve.png": PNG + b"2"}
    data = make(basic(('<img src="a b.png">', '<img src="na%C3%AFve.png"> <img src="gone.png" alt="x">')), media)
    deck = read(data)
    assert pairs(deck) == [("![](a%20b.png)", "![](naïve.png) ![x](gone.png)")]
    (problem,) = deck.problems
    assert problem.kind == Kind.MEDIA
    assert "gone.png" in problem.text
    assert read_media(data, ["a b.png", "naïve.png", "gone.png", "../etc/passwd"]) == media


def test_a_picture_inside_the_text_is_given_too_and_one_on_the_web_is_a_link() -> None:
    data = latest(basic(('<img src="data:image/png;base64,iVBORw0KGgo=">', '<img src="https://example.org/x.png">')))
    card = only(deck := read(data))
    name = card.prompt.removeprefix("![](").removesuffix(")")
    assert read_media(data, [name]) == {name: b"\x89PNG\r\n\x1a\n"}
    assert card.answer == "[picture](https://example.org/x.png)"
    assert kinds(deck) == [Kind.MEDIA]


@pytest.mark.parametrize("name", ["../x.png", "/etc/passwd", "a\\b.png", "C:x", "..", "a\0b", "a\nb", "x" * 300, ""])
@both
def test_a_name_that_is_no_plain_file_name_is_left_out(make: Maker, name: str) -> None:
    data = make(basic(("a", "b")), {name: PNG, "ok.png": PNG})
    assert kinds(read(data)) == [Kind.MEDIA]
    assert read_media(data, [name, "ok.png"]) == {"ok.png": PNG}


def test_a_picture_that_is_far_too_large_is_left_out_and_the_others_are_not() -> None:
    data = latest(basic(("a", "b")), {"big.png": bytes(11 * 2**20), "ok.png": PNG})
    assert read_media(data, ["big.png", "ok.png"]) == {"ok.png": PNG}


# ---- hostile files ---------------------------------------------------------------------------------------------------


def changed(statement: str) -> bytes:
    """A package whose collection was worked upon."""
    database = sqlite3.connect(":memory:")
    database.deserialize(json_collection(basic(("a", "b")), TYPES))
    database.executescript(statement)
    data = database.serialize()
    database.close()
    return zipped({"collection.anki21": data})


ENDLESS = "with recursive n(i) as (select 1 union all select i + 1 from n) select i as id, i as guid, 1 as mid, '' as"


@pytest.mark.parametrize(
    "statement",
    [
        f"drop table notes; create view notes as {ENDLESS} tags, 'a' as flds from n",
        "drop table cards; create view cards as select id as nid, 1 as did, 0 as ord, 0 as odid from notes",
        "create table n (id, guid, mid, tags); drop table notes; alter table n rename to notes;"
        " alter table notes add flds text as (hex(zeroblob(100000000)))",
        "drop table notes; create virtual table notes using fts5(id, guid, mid, tags, flds)",
        "drop table notes",
        "delete from col",
        "update col set models = '[]'",
        "update col set models = 'x'",
        "update col set models = '{\"1\": {}}'",
        "update col set decks = '{\"1\": 7}'",
        "update col set ver = 18",
        "update col set conf = '{'",
        f"update col set models = '{'[' * 5000}'",
        "insert into notes values (9, 'g', 1, 0, 0, '', zeroblob(20000000), '', 0, 0, '')",
    ],
)
def test_a_collection_that_is_not_what_it_says_is_refused(statement: str) -> None:
    with pytest.raises(DeckError, match="damaged"):
        read(changed(statement))


def test_values_of_another_type_do_no_harm() -> None:
    statements = (
        "update notes set guid = 5, tags = 7, mod = 'x'",
        "insert into notes values (8, x'ff00fe', 1, 0, 0, x'ff', x'ff1f62', '', 0, 0, '')",
        "insert into cards values (77, 8, 1, 0, 0,0,0,0,0,0,0,0,0,0,0,0,0,'')",
    )
    deck = read(changed(";".join(statements)))
    assert sorted(pairs(deck)) == [("a", "b"), ("\ufffd", "b")]


@pytest.mark.parametrize(
    "data",
    [
        zipped({"meta": b"\x08\x03"}),
        zipped({"meta": b"\x08\x03", "collection.anki21b": b"not zstd"}),
        zipped({"meta": b"\x08\x03", "collection.anki21b": packed(b"not a database")}),
        zipped({"meta": b"\xff" * 20, "collection.anki2": b"x"}),
        zipped({"meta": b"\x08\x02", "collection.anki21": b"SQLite format 3\0" + bytes(2000)}),
        zipped({"collection.anki2": b""}),
        zipped({"collection.anki2": json_collection(basic(("a", "b")), TYPES), "media": b"[" * 10_000}),
        zipped({"collection.anki2": json_collection(basic(("a", "b")), TYPES), "media": b"\xff\xfe"}),
        latest(basic(("a", "b")))[:-200],
        latest(basic(("a", "b")))[:300],
        b"PK\x03\x04" + bytes(100),
    ],
)
def test_a_damaged_package_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(DeckError) as error:
        read(data)
    assert error.value.hint


def test_a_bomb_inside_zstd_is_not_unpacked_to_its_end() -> None:
    bomb = zstandard_of_zeros(300 * 2**20)
    assert len(bomb) < 100_000
    with pytest.raises(DeckError, match="larger than a deck may be"):
        read(zipped({"meta": b"\x08\x03", "collection.anki21b": bomb}))
    held = {"meta": b"\x08\x03", "collection.anki21b": packed(hashed_collection(basic(("a", "b")), TYPES))}
    with pytest.raises(DeckError, match="larger than a deck may be"):
        read(zipped({**held, "media": bomb}))
    listed = packed(message(1, message(1, b"big.png") + number(2, 5)))
    assert read_media(zipped({**held, "media": listed, "0": bomb}), ["big.png"]) == {}


def zstandard_of_zeros(size: int) -> bytes:
    maker = zstandard.ZstdCompressor().compressobj()
    pieces = [maker.compress(bytes(2**20)) for _ in range(size // 2**20)]
    return b"".join([*pieces, maker.flush()])


def test_a_zip_file_with_countless_entries_is_refused_before_they_are_read() -> None:
    data = latest(basic(("a", "b"))) + b"PK\x01\x02" * 50_000
    with pytest.raises(DeckError):
        read(data)


def test_a_template_that_repeats_a_field_without_end_is_stopped() -> None:
    bomb = Type("Bomb", ("F", "G"), (("{{F}}" * 1_500, "{{G}}"),))
    notes = [Made(("x" * 900, "y"), "Bomb", f"g{one}") for one in range(20)]
    with pytest.raises(DeckError, match="more text"):
        read(latest(notes, types=[bomb]))
    deck = read(latest([Made(("ok", "fine")), Made(("x" * 900, "y"), "Bomb", "g")], types=[*TYPES, bomb]))
    assert kinds(deck) == [Kind.TOO_LARGE]


def test_nul_bytes_and_lone_halves_of_characters_never_come_out() -> None:
    deck = read(latest([Made(("a\0b\x07&#0;", "c\u202e <i>d</i>"), guid="g\0")]))
    assert pairs(deck) == [("ab\ufffd", "c\u202e *d*")]


def test_unclosed_cloze_braces_and_no_deletion_at_all_are_said() -> None:
    deck = read(latest([Made(("ok", "fine")), Made(("{{c1::open", ""), "Cloze", "g")]))
    assert kinds(deck) == [Kind.NO_DELETION]


# ---- whatever comes --------------------------------------------------------------------------------------------------

WHOLE = hashed_collection(
    [*basic(("a", "b"), ("c <b>d</b>", "e")), Made(("{{c1::x}} {{c2::y}}", ""), "Cloze", "c")], TYPES
)
OLD = json_collection(basic(("a", "b"), ("c", "d")), TYPES)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8), st.booleans())
def test_no_damage_to_a_collection_crashes_the_reader(patches: list[tuple[float, bytes]], old: bool) -> None:
    data = bytearray(OLD if old else WHOLE)
    for where, patch in patches:
        at = int(where * len(data))
        data[at : at + len(patch)] = patch
    entries = {"collection.anki21": bytes(data)} if old else {**LATEST, "collection.anki21b": packed(bytes(data))}
    try:
        deck = read(zipped(entries))
    except DeckError:
        return
    assert all(card.id and card.prompt and card.answer for card in deck.cards)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.floats(0, 1), st.binary(min_size=1, max_size=6)), min_size=1, max_size=8))
def test_no_damage_to_a_package_crashes_the_reader(patches: list[tuple[float, bytes]]) -> None:
    data = bytearray(latest(basic(("a", "b")), {"x.png": PNG}))
    for where, patch in patches:
        at = int(where * len(data))
        data[at : at + len(patch)] = patch
    for asked in (lambda: read(bytes(data)), lambda: read_media(bytes(data), ["x.png"])):
        with contextlib.suppress(DeckError):
            asked()


PARTS = ["{{FrontSide}}", "{{F}}", "{{G}}", "{{hint:G}}", "<hr id=answer>", "<hr>", "<b>so</b>", " "]


@given(st.lists(st.sampled_from(PARTS), max_size=8), st.sampled_from(["", "w", "u<hr id=answer>v", "<i>w</i>"]))
def test_the_answer_is_the_same_whether_a_template_is_cut_after_its_line_or_not(parts: list[str], text: str) -> None:
    def made(*backs: str) -> list[Card]:
        maker = CardMaker()
        kinds = [NoteType("Odd", ("F", "G"), {0: Template("Card 1", "{{F}}", back)}) for back in backs]
        maker.add(Note("g", kind, ("What?", text)) for kind in kinds)
        return [structs.replace(card, line=0) for draft in maker.gathering.drafts for card in draft.cards]

    back = "".join(parts)
    assert made(back) == made(f"{{{{#F}}}}{{{{/F}}}}{back}")


MARKS = [
    "{{", "}}", "#F", "^G", "/F", "/G", "F", "G", "hint:", "type:", "cloze:", "text:", "c1", "FrontSide", "<%",
    "{{=<% %>=}}", "<hr id=answer>", "<script>", "{{c1::", "furigana:", " ",
]  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(MARKS), max_size=25).map("".join), st.booleans())
def test_no_template_crashes_the_reader(template: str, is_cloze: bool) -> None:
    kind = NoteType("Odd", ("F", "G"), {0: Template("Card 1", template, template)}, is_cloze)
    maker = CardMaker()
    maker.add([Note("g", kind, ("x [y] {{c1::z}}", "w"), section="S")])
    assert maker.gathering.drafts or maker.gathering.problems
