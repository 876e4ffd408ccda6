"""The bench of Anki packages: what it imports is a package as people have them, and without Anki it still measures."""

from math import isnan
from pathlib import Path

import pytest

from bench import packages
from bench.against_anki.notes import PICTURES, package_of
from bot.formats.pictures import pictures_of
from bot.formats.reading import read_deck, read_media


def test_the_package_is_read_whole_and_holds_what_people_have() -> None:
    data = package_of(1_000)
    deck = read_deck(data, "rivers.apkg")
    assert 1_000 < len(deck.cards) < 1_300
    assert {problem.kind for problem in deck.problems} <= {"shared-question"}
    assert any(card.cloze for card in deck.cards)
    assert {card.section for card in deck.cards} == {f"Part {number}" for number in range(1, 9)}
    assert any("\n- " in card.answer and "**" in card.prompt for card in deck.cards)
    assert len(read_media(data, "anki", pictures_of(deck.cards))) == PICTURES


async def test_where_ankis_backend_cannot_be_installed_its_figures_are_skipped_and_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "no-folder").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "no-folder"))
    found = await packages.import_of_a_package(notes=50, runs=1)
    assert found["seconds"] > 0
    assert isnan(found["of_anki"])
    assert "skipped: Anki's backend could not be installed" in capsys.readouterr().err


async def test_people_rate_while_a_package_comes_in() -> None:
    found = await packages.package_beside_ratings(notes=50, runs=1)
    assert found["wait"] > 0
