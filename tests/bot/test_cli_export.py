"""`flashmob deck export` and `deck diff`, as typed in a terminal."""

import argparse
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.cli_export import add_diff, add_export
from bot.errors import DeckError
from bot.formats.reading import read_deck
from bot.testing.pictures import png

DECK = """\
+++
deck = "my-rivers"
license = "CC0-1.0"
+++
# Norway

Q: Which river is the longest?
A: Glomma
= Glommen
Id: r1

Q: Which one is in Italy?
A: Po
Id: r2
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rivers.deck.md"
    path.write_text(DECK, encoding="utf-8")
    return path


def run(*words: str | Path) -> int:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers()
    add_export(commands)
    add_diff(commands)
    options = parser.parse_args([str(word) for word in words])
    code: int = options.command(options)
    return code


def lines_of(capsys: pytest.CaptureFixture[str]) -> Sequence[str]:
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("target", ["csv", "apkg", "anki-text", "native"])
def test_export_writes_a_file_that_is_read_again(file: Path, target: str, capsys: pytest.CaptureFixture[str]) -> None:
    out = file.with_name("out")
    assert run("export", file, "--to", target, "--out", out) == 0
    assert lines_of(capsys)[0] == f"{out}: 2 cards"
    assert [card.id for card in read_deck(out.read_bytes(), "my-rivers").cards] == ["r1", "r2"]


def test_export_says_what_is_lost(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("export", file, "--to", "apkg", "--out", file.with_name("x.apkg"))
    assert lines_of(capsys)[1] == "  2 with something that this format cannot hold: line 1, r1"


def test_export_names_the_file_by_the_key_and_replaces_none_unasked(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(file.parent)
    assert run("export", file, "--to", "csv") == 0
    assert lines_of(capsys)[0] == "my-rivers.csv: 2 cards"
    with pytest.raises(DeckError, match="is there already"):
        run("export", file, "--to", "csv")
    assert run("export", file, "--to", "csv", "--out", "my-rivers.csv") == 0


def test_pictures_go_along_into_a_package_and_beside_a_native_file(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_text(DECK.replace("longest?", "longest?\n\n![A map](map.png)"), encoding="utf-8")
    file.with_name("map.png").write_bytes(png())
    package, away = tmp_path / "rivers.apkg", tmp_path / "away"
    away.mkdir()
    assert run("export", file, "--to", "apkg", "--out", package) == 0
    assert run("export", package, "--to", "native", "--out", away / "rivers.deck.md") == 0
    assert (away / "map.png").read_bytes() == png()
    assert "![A map](map.png)" in (away / "rivers.deck.md").read_text("utf-8")
    (away / "map.png").write_bytes(png(1))
    capsys.readouterr()
    assert run("export", package, "--to", "native", "--out", away / "rivers.deck.md") == 0
    assert "map.png was left as it is" in lines_of(capsys)[-1]
    assert (away / "map.png").read_bytes() == png(1)


def test_export_into_a_folder_that_is_not_there_leaves_nothing(file: Path) -> None:
    with pytest.raises(DeckError, match="cannot be written"):
        run("export", file, "--to", "csv", "--out", file.parent / "none" / "x.csv")


def test_diff_names_what_was_added_changed_moved_and_retired(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = file.with_name("new.deck.md")
    text = DECK.replace("A: Glomma", "A: The Glomma") + "\nQ: new?\nA: yes\nId: r3\n"
    new.write_text(text, encoding="utf-8")
    assert run("diff", file, new) == 1
    assert lines_of(capsys) == [
        "1 added, 1 changed, 0 moved, 0 retired, 1 kept",
        "+ r3  new?",
        "~ r1  Which river is the longest?  (answer)",
    ]
    assert run("diff", new, file) == 1
    assert lines_of(capsys)[2] == "- r3  new?"


def test_diff_proposes_what_may_be_the_same_card(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new = file.with_name("new.deck.md")
    text = DECK.replace("Id: r2\n", "").replace("one is", "river is").replace("# Norway", "# North")
    new.write_text(text, encoding="utf-8")
    assert run("diff", file, new) == 1
    lines = lines_of(capsys)
    assert lines[0] == "1 added, 0 changed, 1 moved, 1 retired, 0 kept"
    assert lines[2] == "> r1  Which river is the longest?  (Norway -> North)"
    assert lines[4].startswith("? is r2  Which one is in Italy? now ")


def test_diff_of_equal_decks_is_silent_but_for_the_counts(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("diff", file, file) == 0
    assert lines_of(capsys) == ["0 added, 0 changed, 0 moved, 0 retired, 2 kept"]
