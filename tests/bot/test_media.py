"""Pictures of cards: what is taken, under which name, and what a card says of it."""

from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import media
from bot.errors import DeckError
from bot.formats.pictures import file_of
from bot.formats.problems import Kind
from bot.formats.reading import read_deck
from bot.markdown import MEDIA, MEDIA_NAME, parse, pictures
from bot.media import checking, keeping, naming
from bot.model import Card, Deck
from bot.testing.pictures import GIF, JPEG, SVG, WEBP, png
from bot.testing.world import MONDAY, open_world
from tests.bot.formats.packages import basic, latest


def kept(data: bytes, suffix: str = "png") -> str:
    return f"{sha256(data).hexdigest()}.{suffix}"


def package(question: str, answer: str, **files: bytes) -> bytes:
    return latest(basic((question, answer)), {name.replace("_", "."): data for name, data in files.items()})


def read(data: bytes, name: str = "rivers.apkg") -> media.Pictured:
    return media.pictured(read_deck(data, name), data)


def of(deck: Deck) -> list[str]:
    return [problem.text for problem in deck.problems]


def stored(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


# ---- what is taken ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("data", "suffix"), [(png(), "png"), (JPEG, "jpg"), (GIF, "gif"), (WEBP, "webp")])
def test_a_picture_is_what_its_first_bytes_say(data: bytes, suffix: str) -> None:
    found = read(package("Which?<img src=river.bmp>", "Glomma", river_bmp=data))
    assert found.deck.cards[0].prompt.endswith(f"![river.bmp]({MEDIA}{kept(data, suffix)})")
    assert found.files == {kept(data, suffix): data}


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (SVG, "it is an SVG, which may hold scripts; save it as PNG"),
        (b"<html><script>alert(1)</script></html>", "it is no PNG, JPEG, GIF or WebP"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "it is a pointer of Git LFS"),
        (b"", "it is no PNG, JPEG, GIF or WebP"),
        (png() + b"\0" * checking.MOST_BYTES, "it is larger than 8 MB"),
    ],
)
def test_what_is_no_picture_is_named_and_the_card_stays(data: bytes, why: str) -> None:
    found = read(package("Which?<img src=map.png>", "Glomma", map_png=data))
    (card,) = found.deck.cards
    assert "![map.png](map.png)" in card.prompt
    assert not found.files
    assert any(text.startswith(f"map.png is not shown: {why}") for text in of(found.deck))


def test_a_picture_that_is_not_there_is_named_once_and_the_card_stays() -> None:
    found = read(package('Which?<img src="map.png" alt="A map">', "Glomma"))
    assert "![A map](map.png)" in found.deck.cards[0].prompt
    assert of(found.deck) == ["A picture is not at hand: map.png."]


def test_a_deck_has_no_more_and_no_larger_pictures_than_it_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "MOST_PICTURES", 2)
    four = "".join(f"<img src={n}.png>" for n in "abcd")
    data = package(f"Which?{four}", "Glomma", a_png=png(1), b_png=SVG, c_png=png(2), d_png=png(3))
    found = read(data)
    assert set(found.files) == {kept(png(1)), kept(png(2))}
    assert any(text == "d.png is not shown: a deck has at most 2 pictures." for text in of(found.deck))
    monkeypatch.setattr(checking, "MOST_IN_ALL", len(png(1)) + 1)
    assert set(read(data).files) == {kept(png(1))}


# ---- what cards say --------------------------------------------------------------------------------------------------


def test_the_same_picture_in_two_decks_is_one_file_and_the_same_text(tmp_path: Path) -> None:
    first = package("Which?<img src=a.png>", "Glomma", a_png=png())
    second = package("Where?<img src=b.png>", "Norway", b_png=png())
    for data in (first, second, first):
        deck = media.keep_pictures(read_deck(data, "rivers.apkg"), data, tmp_path)
        assert f"]({MEDIA}{kept(png())})" in deck.cards[0].prompt
    assert stored(tmp_path) == [f"{kept(png())[:2]}/{kept(png())}"]
    assert (tmp_path / stored(tmp_path)[0]).read_bytes() == png()


def test_a_picture_keeps_what_is_said_of_it_and_else_has_its_name() -> None:
    found = read(package('<img src=a.png alt="A bend of the river">', "B<img src=b.png>", a_png=png(1), b_png=png(2)))
    (card,) = found.deck.cards
    assert card.prompt == f"![A bend of the river]({MEDIA}{kept(png(1))})"
    assert f"![b.png]({MEDIA}{kept(png(2))})" in card.answer
    assert [(problem.kind, problem.text) for problem in found.deck.problems] == [
        (Kind.UNDESCRIBED, "Nobody described b.png for those who cannot see it.")
    ]


@pytest.mark.parametrize(
    ("image", "said"),
    [
        ("<img src=glomma2.png>", naming.UNSAID),
        ('<img src=glomma2.png alt="glomma2.png">', naming.UNSAID),
        ('<img src=glomma2.png alt="The Glomma in June">', naming.UNSAID),
        ('<img src=glomma2.png alt="A river in June">', "A river in June"),
    ],
)
def test_nothing_of_the_answer_is_said_with_a_question(image: str, said: str) -> None:
    found = read(package(f"Which river?{image}", "Glomma<img src=glomma2.png>", glomma2_png=png()))
    (card,) = found.deck.cards
    assert [image.alt for image in pictures(card.prompt)] == [said]
    assert [image.alt for image in pictures(card.answer)] == ["glomma2.png"]


def test_a_cloze_text_keeps_its_pictures_for_each_of_its_parts() -> None:
    deck = read_deck(b"C: The {{Danube}} and the {{Sava}} ![](meet.png) meet here\n", "a.deck.md")
    found = media.pictured(deck, b"")
    assert [card.prompt.count("![meet.png](meet.png)") for card in found.deck.cards] == [1, 1]
    assert len({card.cloze for card in found.deck.cards}) == 1


def test_code_that_looks_like_a_picture_and_pictures_on_the_web_stay_as_they_are() -> None:
    text = b"Q: What does `![x](a.png)` show?\n\n![](https://e.example/b.png)\nA: a picture\n"
    deck = read_deck(text, "a.deck.md")
    assert media.pictured(deck, text) == media.Pictured(deck, {})


# ---- pictures beside a file ------------------------------------------------------------------------------------------


def beside(folder: Path, name: str) -> media.Pictured:
    text = f"Q: Which?\n\n![]({name})\nA: Glomma\n".encode()
    return media.pictured(read_deck(text, "a.deck.md"), text, folder)


def test_a_deck_of_text_finds_its_pictures_in_its_own_folder(tmp_path: Path) -> None:
    (tmp_path / "maps").mkdir()
    (tmp_path / "maps" / "north west.png").write_bytes(png())
    assert beside(tmp_path, "maps/north%20west.png").files == {kept(png()): png()}
    assert beside(tmp_path, "<maps/north west.png>").files == {kept(png()): png()}


def test_crowdankis_folder_of_pictures_is_found(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()
    (tmp_path / "media" / "map.png").write_bytes(png())
    assert beside(tmp_path, "map.png").files == {kept(png()): png()}


def test_no_name_leads_out_of_the_folder(tmp_path: Path) -> None:
    inside = tmp_path / "decks"
    inside.mkdir()
    (tmp_path / "secret.png").write_bytes(png())
    (inside / "link.png").symlink_to(tmp_path / "secret.png")
    for name in ("../secret.png", "%2e%2e/secret.png", str(tmp_path / "secret.png"), "link.png", "x/../../secret.png"):
        found = beside(inside, name)
        assert not found.files
        assert any(text.startswith("A picture is not at hand") for text in of(found.deck))


# ---- hostile names and bytes -----------------------------------------------------------------------------------------

TEXTS = st.text(st.sampled_from("a/.%2\\\0:<>[]()!`|_*$ \n\u202eé@#\"'{}"), max_size=40)


@settings(max_examples=150, deadline=None)
@given(alt=TEXTS, name=TEXTS, data=st.one_of(st.binary(max_size=40), st.sampled_from([png(), GIF, SVG])))
def test_whatever_a_card_names_it_shows_a_kept_picture_or_its_own_words(alt: str, name: str, data: bytes) -> None:
    card = Card("a", f"See ![{alt}]({name}) and ![](<{name}>)", f"![{alt}]({name}) it is")
    names, refused = checking.judged({file_of(name): data})
    made, _ = naming.named(card, names, refused)
    for text in (made.prompt, made.answer):
        parse(text)
        for image in pictures(text):
            assert image.media in (*names.values(), "")
    for under in names.values():
        assert MEDIA_NAME.fullmatch(under)
        assert checking.suffix_of(data)


@settings(max_examples=60, deadline=None)
@given(name=st.one_of(TEXTS, st.sampled_from(["../../etc/passwd", "a" * 300, "/etc/passwd", "\ud800"])))
def test_no_name_makes_looking_beside_a_file_fail(name: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    assert checking.files_beside(tmp_path_factory.getbasetemp() / "nothing", (name,)) == {}


# ---- what is kept ----------------------------------------------------------------------------------------------------


async def test_only_names_of_ours_are_read_and_only_from_the_folder(tmp_path: Path) -> None:
    media.keep({kept(png()): png()}, tmp_path / "media")
    (tmp_path / "media" / "..png").write_bytes(b"no")
    assert await media.read(tmp_path / "media", kept(png())) == png()
    for name in ("../flashmob.db", "..png", kept(png(1)), kept(png()).upper(), f"x/{kept(png())}", f"{kept(png())}\n"):
        assert await media.read(tmp_path / "media", name) is None


def test_a_picture_that_a_crash_left_half_is_made_whole(tmp_path: Path) -> None:
    name = kept(png())
    path = tmp_path / name[:2] / name
    path.parent.mkdir()
    path.write_bytes(png()[:10])
    (path.parent / f"tmp123{keeping.UNFINISHED}").write_bytes(b"half")
    media.keep({name: png()}, tmp_path)
    assert path.read_bytes() == png()


def test_where_pictures_cannot_be_kept_nothing_is_imported(tmp_path: Path) -> None:
    (tmp_path / "media").write_text("a file where the folder should be")
    with pytest.raises(DeckError, match=r"cannot be kept in .* so nothing was imported"):
        media.keep({kept(png()): png()}, tmp_path / "media")
    assert [path.name for path in tmp_path.iterdir()] == ["media"]


async def test_a_line_of_a_post_says_what_a_picture_shows_and_nothing_of_how_it_is_kept(tmp_path: Path) -> None:
    (tmp_path / "bend.png").write_bytes(png())
    async with open_world(tmp_path, deck="Q: Which river is this? ![A bend](bend.png)\nA: Glomma\n") as world:
        await world.morning(MONDAY)
        post = world.text([world.newest_post()])
        assert "Which river is this? A bend" in post
        assert MEDIA not in post
