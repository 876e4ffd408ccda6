"""Pictures on Discord: files that go along under names that say nothing, and formulas that are drawn."""

from pathlib import Path
from typing import Any

import pytest

from adapters.discord import render
from bot import drawing
from bot.adapter import no_media
from bot.messages import CardSide, Message, Side, Text
from bot.model import PostStyle
from bot.testing.counterpart import LEAD
from bot.testing.pictures import png

from .conftest import Open
from .counterpart import DiscordCounterpart
from .double import components
from .double.words import Permission, Posted

pytestmark = pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")
needs_drawing = pytest.mark.skipif(not drawing.AVAILABLE, reason='needs the extra "render"')
PNG = b"\x89PNG\r\n"
DECK = "Q: Which river is this?\n\n![A bend](bend.png)\nA: Glomma\n\n![](glomma.png)\n"


@pytest.mark.parametrize(
    ("text", "worth"),
    [
        ("$$x^2$$", ["x^2"]),
        ("so $\\frac{a}{b}$ and $x^2$", ["\\frac{a}{b}"]),
        ("- **$\\sqrt{2}$**\n\n> $$y$$", ["\\sqrt{2}", "y"]),
        ("`$\\frac{a}{b}$` costs 5$", []),
    ],
)
def test_what_a_line_says_as_well_is_not_drawn(text: str, worth: list[str]) -> None:
    assert list(drawing.sources(text)) == worth


@needs_drawing
@pytest.mark.parametrize("source", [r"\frac{a+b}{2} \le x^2", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "é中"])
def test_a_formula_becomes_a_picture(source: str) -> None:
    picture = drawing.draw(source)
    assert picture
    assert picture.startswith(PNG)


HOSTILE = [
    "",
    r"\foo{",
    "{" * 200,
    r"\sqrt{" * 40,
    "x" * 301,
    r"\hspace{100000em}x",
    "\\\\" * 100,
    r"\text{<b>&}",
    "\x00",
]


@needs_drawing
@pytest.mark.parametrize("source", HOSTILE)
def test_what_is_no_formula_or_too_large_has_no_picture(source: str) -> None:
    assert drawing.draw(source) is None


@needs_drawing
async def test_a_message_carries_its_formulas_with_their_source_as_alt_text() -> None:
    answer = CardSide(Side.ANSWER, "The mean:\n\n$$\\frac{a+b}{2}$$\n\n$$\\foo{$$")
    screen = await render.drawn(Message((Text("Look."), answer), "Card"), no_media)
    every: list[dict[str, Any]] = list(components.walk(screen.to_components()))
    (gallery,) = [each for each in every if each["type"] == 12]
    assert [(item["media"]["url"], item["description"]) for item in gallery["items"]] == [
        ("attachment://picture-1.png", "\\frac{a+b}{2}")
    ]
    assert [file.filename for file in screen.files] == ["picture-1.png"]
    assert "(a+b)/2" in "".join(each.get("content", "") for each in every)


@needs_drawing
async def test_no_more_are_drawn_than_a_message_can_carry() -> None:
    many = "\n\n".join(f"$$x_{{{number}}}$$" for number in range(20))
    screen = await render.drawn(Message((CardSide(Side.ANSWER, many),), "Card"), no_media)
    assert len(screen.files) == drawing.MOST


# ---- kept pictures ---------------------------------------------------------------------------------------------------


def urls(posted: Posted) -> list[str]:
    galleries = [each for each in components.walk(posted.payload["components"]) if each["type"] == 12]
    return [item["media"]["url"] for each in galleries for item in each["items"]]


async def test_files_say_nothing_by_their_names_and_are_replaced_where_a_message_is_drawn_anew(
    open_group: Open, counterpart: DiscordCounterpart, tmp_path: Path
) -> None:
    (tmp_path / "bend.png").write_bytes(png(1))
    (tmp_path / "glomma.png").write_bytes(png(2))
    async with open_group(deck=DECK, style=PostStyle.CARDS) as group:
        await group.morning()
        for label in ("Study", "Show answer", "4 Well"):
            await counterpart.press("sam", label)
        await group.later(2)
        (post,) = counterpart.there.room.history(counterpart.channel.id)
        assert "1 person has studied" in counterpart.public()[0]
        for posted in counterpart.there.room.messages.values():
            assert [url.rsplit("/", 1)[1] for url in urls(posted)] == ["picture-1.png"] * len(urls(posted))
            assert [each["url"] for each in posted.payload["attachments"]] == urls(posted)
        assert counterpart.there.room.files[urls(post)[0].split("/")[-2]] == png(1)


async def test_where_no_files_are_allowed_a_picture_is_described_and_the_post_goes_out(
    open_group: Open, counterpart: DiscordCounterpart, tmp_path: Path
) -> None:
    (tmp_path / "bend.png").write_bytes(png(1))
    counterpart.channel.denied = Permission.ATTACH_FILES
    async with open_group(deck=DECK, style=PostStyle.CARDS) as group:
        await group.morning()
        assert "Picture: A bend" in counterpart.public()[0]
        assert await counterpart.pictures(LEAD) == []


async def test_what_is_too_much_for_a_message_stays_in_the_text() -> None:
    names = [f"{number:064x}.png" for number in range(12)]
    kept = {name: png() + bytes(7 * 2**20) for name in names}

    async def media(name: str) -> bytes | None:
        return kept.get(name)

    sides = [
        CardSide(Side.ANSWER, "\n".join(f"![Map {name[-6]}](media:{name})" for name in part))
        for part in (names[:6], names[6:])
    ]
    screen = await render.drawn(Message(tuple(sides), "Card"), media)
    assert len(screen.files) == 3
    every: list[dict[str, Any]] = list(components.walk(screen.to_components()))
    said = "".join(each.get("content", "") for each in every)
    assert all(f"Picture: Map {name[-6]}" in said for name in names)


async def test_a_kept_picture_that_is_gone_is_described() -> None:
    side = CardSide(Side.ANSWER, f"![A bend](media:{'0' * 64}.png)")
    screen = await render.drawn(Message((side,), "Card"), no_media)
    every: list[dict[str, Any]] = list(components.walk(screen.to_components()))
    assert [each for each in every if each["type"] == 12] == []
    assert "Picture: A bend" in "".join(each.get("content", "") for each in every)
