"""What a message looks like on the page: safe, whole, and from here alone."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from adapters.local import markup, render
from adapters.local.words import Chip, RoomMessage
from bot.actions import Study
from bot.messages import Buttons, CardSide, Message, Notice, Numbered, Part, Side, Text, Title
from bot.model import Rating

from .script import NIGHT, RATINGS, answer, button, post

LOADS = {"img", "script", "iframe", "object", "embed", "link", "style", "svg", "video", "audio", "form", "base"}
PIECES = st.sampled_from(
    [
        "<script>", "</p>", "<img src=x onerror=1>", '"', "'", "`", "```\n", "[a](javascript:x)", "[b](https://c.example)",
        "![d](https://e.example)", "<!channel>", "@everyone", "||", "$", "$$", "| a |\n|-|\n", "\n", "- ", "> ", "&lt;",
        "*",
    ]
)  # fmt: skip


class Seen(HTMLParser):
    """The tags and attributes that a browser would find."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def drawn(*parts: Part) -> list[dict[str, Any]]:
    shown = RoomMessage("1", NIGHT, Message(parts, "A message"))
    made: list[dict[str, Any]] = render.message(shown, "maya", "", "UTC")["parts"]
    return made


@given(st.lists(PIECES | st.text(max_size=8), max_size=30).map("".join))
def test_no_card_text_can_load_or_run_anything(text: str) -> None:
    for tag, attributes in Seen(markup.render(text)).tags:
        assert tag not in LOADS
        assert not any(name.startswith("on") or name in ("src", "style") for name in attributes)
        if tag == "a":
            assert re.match(r"(https?|mailto):", attributes["href"] or "", re.IGNORECASE)
            assert attributes["rel"] == "noopener noreferrer nofollow"


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "<!channel>", "@everyone", "||hidden||", "<@U123>"])
def test_markup_of_other_platforms_is_shown_as_it_is_written(text: str) -> None:
    assert markup.render(text) == f"<p>{text.replace('<', '&lt;').replace('>', '&gt;')}</p>"


def test_a_picture_is_a_link_with_its_description() -> None:
    assert markup.render_line("![A *red* door](https://d.example/x.png)") == (
        '<a href="https://d.example/x.png" target="_blank" rel="noopener noreferrer nofollow">'
        '<span class="picture">Picture: A red door</span></a>'
    )
    assert "<a" not in markup.render("![A door](door.png)")


def test_a_link_with_another_scheme_is_only_its_words() -> None:
    assert markup.render_line("[a](ftp://b.example) [c](//d.example) [e](f.png)") == "a c e"


def test_a_formula_is_readable_and_named_by_its_source() -> None:
    said = markup.render_line(r"$x^2 \le 4$")
    assert said == r'<span class="formula" role="math" aria-label="x^2 \le 4">x² ≤ 4</span>'


def test_lists_tables_and_code_keep_their_shape() -> None:
    assert markup.render("3. a\n4. b") == '<ol start="3"><li>a</li><li>b</li></ol>'
    assert markup.render("```py\na < b\n```") == "<pre><code>a &lt; b</code></pre>"
    assert '<th scope="col">a</th>' in markup.render("| a | b |\n|---|---|\n| 1 | 2 |")


def test_a_card_of_fifty_thousand_characters_is_cut_and_says_so() -> None:
    (side,) = drawn(CardSide(Side.ANSWER, "word " * 10_000))
    assert side["cut"]
    assert len(side["html"]) < render.MOST_CHARACTERS + 100
    (whole,) = drawn(CardSide(Side.ANSWER, "word"))
    assert not whole["cut"]


def test_a_title_is_plain_text() -> None:
    assert drawn(Title("*2* < 3"))[0]["html"] == "*2* &lt; 3"


def test_ranks_may_be_shared() -> None:
    (board,) = drawn(Numbered(("Maya", "Sam", "Lin"), (1, 1, 3)))
    assert [item["number"] for item in board["items"]] == [1, 1, 3]
    (plain,) = drawn(Numbered(("a", "b"), (7,)))
    assert [item["number"] for item in plain["items"]] == [1, 2]


def test_rating_rows_say_what_they_are_for() -> None:
    rows = [part for part in drawn(*answer(0).parts) if part["kind"] == "buttons"]
    assert [row["label"] for row in rows] == ["No:", "Yes:"]
    assert [each["label"] for row in rows for each in row["buttons"]] == list(RATINGS)
    assert [each["shortcut"] for row in rows for each in row["buttons"]] == list("12345")


def test_every_part_is_drawn() -> None:
    row = (button(Study(1), "Study", main=True),)
    made = drawn(Title("a"), Text("b"), Notice("c", row), CardSide(Side.WHY, "d"), Numbered(("e",)), Buttons(row))
    assert [part["kind"] for part in made] == ["title", "text", "notice", "side", "numbered", "buttons"]
    assert made[-1]["buttons"][0]["main"]


def test_a_message_knows_its_reader_its_day_and_its_chips() -> None:
    chips = (Chip(Rating.BARELY, ("maya", "sam")), Chip(Rating.WELL))
    shown = render.message(RoomMessage("9", NIGHT, post(), reader="maya", chips=chips), "maya", "Maya", "Asia/Tokyo")
    assert (shown["reader"], shown["time"], shown["date"]) == ("Maya", "18:00", "Tuesday, 3 November 2026")
    assert [(chip["rating"], chip["count"], chip["mine"]) for chip in shown["chips"]] == [(2, 2, True), (4, 0, False)]
