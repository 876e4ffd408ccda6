"""`flashmob deck show`, `check` and `fmt`, as typed in a terminal."""

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli_deck import add_deck_commands
from bot.errors import DeckError
from bot.formats.identity import provisional_id
from bot.testing.pictures import png

DECK = """\
+++
title = "Rivers"
license = "CC0-1.0"
+++

# Norway

Q: Which river is the longest?
A: Glomma
= Glåma
Why: It runs far.
Tags: length
Id: river1

Q: Which of these ends in the Black Sea?
- [x] Danube
- [ ] Rhine
Id: river2

C: The {{c1::Danube}} ends there.
Id: river3
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rivers.deck.md"
    path.write_text(DECK, encoding="utf-8")
    return path


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    add_deck_commands(parser.add_subparsers())
    options = parser.parse_args(["deck", *map(str, words)])
    code: int = options.command(options)
    return code


def lines_of(capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    return capsys.readouterr().out.splitlines()


def test_show_as_json_gives_every_card_and_every_problem(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with file.open("a", encoding="utf-8") as deck:
        deck.write("\nQ: unanswered\n")
    assert run("show", file, "--json") == 0
    printed = capsys.readouterr().out
    assert "Glåma" in printed
    shown = json.loads(printed)
    assert list(shown) == ["title", "format", "cards", "problems"]
    assert (shown["title"], shown["format"]) == ("Rivers", "native")
    assert shown["cards"][0] == {
        "id": "river1",
        "part": "",
        "kind": "basic",
        "prompt": "Which river is the longest?",
        "answer": "Glomma",
        "accepted": ["Glåma"],
        "choices": [],
        "why": "It runs far.",
        "tags": ["length"],
        "section": "Norway",
        "line": 8,
    }
    assert shown["cards"][1]["choices"] == [{"text": "Danube", "right": True}, {"text": "Rhine", "right": False}]
    assert (shown["cards"][2]["kind"], shown["cards"][2]["part"]) == ("cloze", "c1")
    (problem,) = shown["problems"]
    assert (problem["line"], problem["card"], problem["kind"]) == (23, "", "no-answer")


def test_show_is_a_page_with_the_problems_grouped_by_kind(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "page.txt"
    path.write_text("Seas\n\n1\nQ\na [b] *c*\nA\nd\n2\nQ\nA\n3\nQ\nA\n", encoding="utf-8")
    assert run("show", path) == 0
    assert lines_of(capsys) == [
        "Seas",
        "1 card, format brainscape, no licence: private, do not share",
        f"{provisional_id('a [b] *c*')}  a [b] *c*  d",
        "",
        "Worth a look",
        "2 empty: 2, 3",
    ]


def test_show_does_not_let_a_deck_steer_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "x.csv"
    path.write_text("\x1b[2Jred and blue\tb\nmore\tc\n", encoding="utf-8")
    assert run("show", path) == 0
    assert "\x1b" not in capsys.readouterr().out


def test_show_reads_in_the_format_it_is_told(file: Path) -> None:
    with pytest.raises(DeckError, match='There is no format "pdf"'):
        run("show", file, "--format", "pdf")


def test_check_says_ok_with_the_number_of_cards(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("check", file) == 0
    assert lines_of(capsys) == [f"{file}: ok, 3 cards"]


def test_check_names_cards_without_an_id_and_a_missing_licence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.deck.md"
    path.write_text("Q: a\nA: b\n\nQ: c\nA: d\n", encoding="utf-8")
    assert run("check", path) == 0
    ok, ids, licence = lines_of(capsys)
    assert ok == f"{path}: ok, 2 cards"
    assert ids == f"  note: 2 cards without an id, at lines 1, 4. Run: flashmob deck fmt {path}"
    assert "private: do not share" in licence


def test_check_fails_with_the_place_of_every_error(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(DECK + "\nQ: a\nA: b\nId: river1\nstray\n", encoding="utf-8")
    assert run("check", file) == 1
    same, stray = lines_of(capsys)
    assert "at line 8 and at line 23" in same
    assert stray.startswith(f"{file}, line 26: Text after the end of a card.")


def test_check_looks_at_the_pictures_beside_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "bend.png").write_bytes(png())
    deck = tmp_path / "rivers.deck.md"
    deck.write_text("Q: Which?\n\n![](bend.png) ![A map](map.png)\nA: Glomma\nId: r1\n", encoding="utf-8")
    assert run("check", deck) == 0
    told = capsys.readouterr().out
    assert "Nobody described bend.png" in told
    assert "A picture is not at hand: map.png." in told


def test_check_goes_on_after_a_file_that_cannot_be_read(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    binary = file.with_name("picture.deck.md")
    binary.write_bytes(b"\x89PNG\0\0")
    large = file.with_name("large.txt")
    with large.open("wb") as sparse:
        sparse.truncate(100_000_000)
    assert run("check", file.parent, file.with_name("none.deck.md"), binary, large, file) == 1
    folder, missing, picture, too_large, good = lines_of(capsys)
    assert "this is a folder" in folder
    assert "there is no such file" in missing
    assert "is not a text file" in picture
    assert "too large" in too_large
    assert good == f"{file}: ok, 3 cards"


def test_fmt_writes_ids_once(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = DECK.replace("Id: river1\n", "").replace("c1::", "")
    file.write_bytes(text.replace("\n", "\r\n").encode())
    file.chmod(0o640)
    assert run("fmt", file) == 0
    assert run("fmt", file) == 0
    assert lines_of(capsys) == [f"{file}: formatted", f"{file}: nothing to do"]
    expected = DECK.replace("river1", provisional_id("Which river is the longest?"))
    assert file.read_bytes().decode() == expected.replace("\n", "\r\n")
    assert file.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_fmt_with_check_changes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = DECK.replace("Id: river1\n", "")
    file.write_text(text, encoding="utf-8")
    assert run("fmt", "--check", file) == 1
    assert lines_of(capsys) == [f"{file}: would be formatted"]
    assert file.read_text(encoding="utf-8") == text


def test_fmt_leaves_other_formats_and_other_encodings_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table, latin = tmp_path / "x.csv", tmp_path / "x.deck.md"
    table.write_text("a\tb\n", encoding="utf-8")
    latin.write_bytes("Q: Größe\nA: b\n".encode("cp1252"))
    assert run("fmt", table, latin) == 1
    first, second = lines_of(capsys)
    assert "this is table" in first
    assert "not UTF-8" in second
    assert latin.read_bytes() == "Q: Größe\nA: b\n".encode("cp1252")
