"""Formulas as pictures: drawn where they can be, harmless where they cannot."""

from typing import Any

import pytest

from adapters.discord import formulas, render
from bot.messages import CardSide, Message, Side, Text

from .double import components

pytestmark = [
    pytest.mark.skipif(not formulas.AVAILABLE, reason='needs the extra "render"'),
    pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning"),
]
PNG = b"\x89PNG\r\n"


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
    assert list(formulas.sources(text)) == worth


@pytest.mark.parametrize("source", [r"\frac{a+b}{2} \le x^2", r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}", "é中"])
def test_a_formula_becomes_a_picture(source: str) -> None:
    picture = formulas.draw(source)
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


@pytest.mark.parametrize("source", HOSTILE)
def test_what_is_no_formula_or_too_large_has_no_picture(source: str) -> None:
    assert formulas.draw(source) is None


async def test_a_message_carries_its_formulas_with_their_source_as_alt_text() -> None:
    answer = CardSide(Side.ANSWER, "The mean:\n\n$$\\frac{a+b}{2}$$\n\n$$\\foo{$$")
    screen = await render.drawn(Message((Text("Look."), answer), "Card"))
    every: list[dict[str, Any]] = list(components.walk(screen.to_components()))  # type: ignore[no-untyped-call]
    (gallery,) = [each for each in every if each["type"] == 12]
    assert [(item["media"]["url"], item["description"]) for item in gallery["items"]] == [
        ("attachment://formula-1.png", "\\frac{a+b}{2}")
    ]
    assert [file.filename for file in screen.files] == ["formula-1.png"]
    assert "(a+b)/2" in "".join(each.get("content", "") for each in every)


async def test_no_more_are_drawn_than_a_message_can_carry() -> None:
    many = "\n\n".join(f"$$x_{{{number}}}$$" for number in range(20))
    screen = await render.drawn(Message((CardSide(Side.ANSWER, many),), "Card"))
    assert len(screen.files) == formulas.MOST
