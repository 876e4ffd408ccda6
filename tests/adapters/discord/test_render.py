"""Messages as Components V2: within every limit, whatever a card says, and without an answer where everyone reads."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.discord import budget, inline, limits, render
from adapters.discord.screen import Screen
from bot import markdown, screens
from bot.actions import ReadOn
from bot.messages import (
    Attachment,
    Audience,
    Button,
    Buttons,
    ButtonStyle,
    CardSide,
    Message,
    Notice,
    Numbered,
    Part,
    Side,
    Text,
    Title,
)
from bot.model import Card, PostStyle, RatingInput, Source, SourceKind
from bot.states import AskedCard, PostState

from .double import components, contracts
from .double.reading import Read

LETTERS = st.text(alphabet=st.sampled_from("ab <>@&#:/*_~`|[]()\\1.-\n😀\u0000\u200b"), max_size=80)
LONG = st.builds(lambda text, times: text * times, LETTERS, st.sampled_from([1, 1, 1, 200]))
BUTTON = st.builds(
    Button,
    st.sampled_from([f"f1:help:{n}" for n in range(30)]),
    st.text("ab é", min_size=1, max_size=99).filter(str.strip),
)
ROW = st.lists(BUTTON, max_size=7).map(tuple)
PART: st.SearchStrategy[Part] = st.one_of(
    st.builds(Title, LONG),
    st.builds(Text, LONG, st.booleans()),
    st.builds(Notice, LONG, ROW),
    st.builds(CardSide, st.sampled_from(Side), LONG),
    st.builds(Numbered, st.lists(LETTERS, max_size=5).map(tuple)),
    st.builds(Buttons, ROW, LETTERS),
    st.builds(Attachment, LETTERS, LETTERS),
)
MESSAGE = st.builds(Message, st.lists(PART, max_size=12).map(tuple), LETTERS, st.sampled_from(Audience))


READ_ON = ReadOn(Source(SourceKind.POST, 7), 0, Side.ANSWER, 1)


def body(message: Message) -> list[dict[str, Any]]:
    return components_of(render.screen(message))


def components_of(screen: Screen) -> list[dict[str, Any]]:
    return screen.to_components()


def texts(message: Message) -> list[str]:
    return [each["content"] for each in components.walk(body(message)) if each["type"] == 10]


def text(message: Message) -> str:
    return "\n".join(texts(message))


@settings(max_examples=100, deadline=None)
@given(MESSAGE)
def test_every_message_fits(message: Message) -> None:
    every = list(components.walk(body(message)))
    assert len(every) <= limits.COMPONENTS
    assert sum(inline.size(each["content"]) for each in every if each["type"] == 10) <= limits.TEXT
    assert all(each["content"].strip() for each in every if each["type"] == 10)
    assert all(each["components"] for each in every if each["type"] in (1, 17))
    ids = [each["custom_id"] for each in every if "custom_id" in each]
    assert len(ids) == len(set(ids))
    assert all(0 < len(each["label"]) <= limits.LABEL for each in every if each["type"] == 2)
    assert Read().take("\n".join(each["content"] for each in every if each["type"] == 10)) is not None


@pytest.mark.skipif(bool(contracts.MISSING), reason=contracts.MISSING or "it is there")
@settings(max_examples=15, deadline=None)
@given(MESSAGE)
def test_every_message_is_what_discord_describes(message: Message) -> None:
    posted = {"components": body(message), "flags": 1 << 15, "allowed_mentions": {"parse": []}}
    assert contracts.request("POST", "/channels/1/messages", posted) == []


def test_a_message_is_drawn_in_one_container_in_its_order() -> None:
    message = Message(
        (
            Notice("Saved: 4 Well.", (Button("f1:redo", "Change last rating"),)),
            Title("Card 2 of 5"),
            CardSide(Side.QUESTION, "Where?"),
            Buttons((Button("f1:show", "Show answer", ButtonStyle.MAIN), Button("f1:skip", "Skip or flag"))),
            Text("Small.", quiet=True),
        ),
        "Card 2 of 5",
    )
    (box,) = body(message)
    section, card, row, small = box["components"]
    assert section["components"][0]["content"] == "Saved: 4 Well."
    assert section["accessory"]["label"] == "Change last rating"
    assert card["content"] == "### Card 2 of 5\n**Question**\nWhere?"
    assert [(each["label"], each["style"]) for each in row["components"]] == [("Show answer", 1), ("Skip or flag", 2)]
    assert small["content"] == "-# Small."


def test_an_empty_line_ends_a_list_and_parts_the_sides_of_a_card() -> None:
    told = Message((Title("Today"), Numbered(("Where?", "Why?")), Text("Press **Study**."), Text("Then wait.")), "")
    assert text(told) == "### Today\n1. Where?\n2. Why?\n\nPress **Study**.\nThen wait."
    card = Message((CardSide(Side.QUESTION, "Where?"), CardSide(Side.ANSWER, "Here"), Text("Did you know?")), "")
    assert text(card) == "**Question**\nWhere?\n\n**Answer**\nHere\n\nDid you know?"


def test_a_list_keeps_ranks_that_are_shared() -> None:
    assert text(Message((Numbered(("Maya", "Sam")),), "")) == "1. Maya\n2. Sam"
    assert text(Message((Numbered(("Maya", "Sam", "Lin"), (1, 1, 3)),), "")) == "1\\. Maya\n1\\. Sam\n3\\. Lin"


def test_a_message_that_says_nothing_says_its_summary() -> None:
    assert text(Message((Text(""),), "Nothing is due")) == "Nothing is due"
    assert text(Message((Text("\u0000 "),), "")) == "…"


def test_answers_for_everyone_stand_below_a_spoiler() -> None:
    sides = (CardSide(Side.QUESTION, "Where?"), CardSide(Side.ANSWER, "There"))
    public, hidden = body(Message((Title("Closed"), *sides), "Closed", Audience.EVERYONE))
    assert "There" not in str(public)
    assert hidden["spoiler"]
    assert "There" in str(hidden)
    assert len(body(Message(sides, "Card"))) == 1
    assert len(body(Message(sides[:1], "Card", Audience.EVERYONE))) == 1


def test_a_long_answer_is_cut_at_a_paragraph_and_a_short_question_is_not() -> None:
    paragraphs = "\n\n".join(f"Paragraph {number} says something." for number in range(400))
    message = Message((CardSide(Side.QUESTION, "Why?" * 20), CardSide(Side.ANSWER, paragraphs)), "Card")
    said = text(message)
    assert "Why?" * 20 in said
    assert said.endswith(f"says something.\n\n{budget.CUT}")
    assert inline.size(said) > limits.TEXT * 0.9


def test_the_answers_of_twenty_long_cards_fit_into_a_message() -> None:
    sides = [CardSide(side, f"{side} " * 300) for _ in range(20) for side in Side]
    for audience in Audience:
        said = text(Message(tuple(sides), "Answers", audience))
        assert limits.TEXT * 0.8 < inline.size(said) <= limits.TEXT
        assert said.count("**Answer**\nAnswer") == 20


def test_what_is_left_is_shared_out_to_those_who_need_it() -> None:
    assert budget.shares([10, 1000, 20], 130) == [10, 100, 20]
    assert budget.shares([1000, 1000], 100) == [50, 50]
    assert budget.shares([10], -5) == [0]
    assert budget.shares([], 5) == []


@given(st.lists(st.integers(0, 5000), max_size=12), st.integers(-100, 5000))
def test_shares_never_exceed_the_room(sizes: list[int], room: int) -> None:
    given_out = budget.shares(sizes, room)
    assert sum(given_out) <= max(0, room)
    assert all(part <= size for part, size in zip(given_out, sizes, strict=True))
    assert sum(sizes) > room or given_out == sizes


def test_too_many_lines_of_ours_end_in_an_ellipsis() -> None:
    lines = "\n".join(f"- line {number}" for number in range(2000))
    said = text(Message((Title("Status"), Text(lines)), "Status"))
    assert inline.size(said) <= limits.TEXT
    assert said.endswith("…")


def test_pictures_of_a_card_are_shown_with_their_alt_text() -> None:
    card = CardSide(Side.QUESTION, "Which river?\n\n![A map of Bonn](https://e.example/m.png) ![x](file:///etc/passwd)")
    (box,) = body(Message((card,), "Card"))
    gallery = box["components"][1]
    assert gallery["items"] == [{"media": {"url": "https://e.example/m.png"}, "description": "A map of Bonn"}]


def test_a_file_comes_along_under_a_harmless_name() -> None:
    drawn = render.screen(Message((Text("All of it."), Attachment("../my data.json", '{"a": 1}')), "Data"))
    assert [file.filename for file in drawn.files] == ["my-data.json"]
    assert drawn.files[0].fp.read() == b'{"a": 1}'
    assert components_of(drawn)[0]["components"][1]["file"]["url"] == "attachment://my-data.json"


PIECES = st.sampled_from(
    ["| a long heading of a column | b |\n|-|-|\n", "|x|y|\n", "- ", "> ", "**a** ", "`b` ", "![](https://e.example/p.png)",
     "[c](https://e.example/long/address)", "$\\frac{1}{2}$ ", "\n", "\n\n", "```\n", "~~d~~", "*_", "@everyone ",
     "<@1>", "😀", "1. ", "words ", "#", "\\", "***\n"]
)  # fmt: skip
HOSTILE = st.builds(
    lambda pieces, times: "".join(pieces) * times,
    st.lists(PIECES, min_size=1, max_size=6),
    st.sampled_from([1, 9, 400]),
)


@settings(max_examples=150, deadline=None)
@given(HOSTILE)
def test_a_page_of_a_card_is_never_cut_again(text: str) -> None:
    pages = markdown.pages(text)
    for page in (pages[0], pages[-1]):
        message = screens.one_page(READ_ON, markdown.drawable(page), 1, len(pages))
        assert budget.CUT not in "\n".join(texts(message)), page
        assert sum(map(inline.size, texts(message))) <= limits.TEXT


def test_a_side_that_was_cut_has_a_button_for_the_rest_of_it_and_others_have_none() -> None:
    more = Button("f1:more:x", "More of the answer")
    short, long = CardSide(Side.QUESTION, "Where?", more), CardSide(Side.ANSWER, "word " * 2_000, more)
    (box,) = body(Message((short, long, Buttons((Button("f1:a", "4 Well"),))), "Card"))
    assert [each["type"] for each in box["components"]] == [10, 1, 1]
    assert [each["custom_id"] for each in components.walk([box]) if "custom_id" in each] == ["f1:more:x", "f1:a"]
    (box,) = body(Message((short,), "Card"))
    assert [each["type"] for each in box["components"]] == [10]


def test_the_answers_of_five_long_cards_can_all_be_read_on_beside_their_pictures() -> None:
    text = "![map](https://e.example/m.png) " + "word " * 2_000
    asked = [AskedCard(Source(SourceKind.POST, 7), n, 0, n, 1, Card(str(n), text, text)) for n in range(12)]
    post = PostState(7, 1, 1, PostStyle.DIGEST, RatingInput.BUTTONS, False, True, "Rivers", tuple(asked), (), 0)
    labels = [each["label"] for each in components.walk(body(screens.answers(post, 2))) if each["type"] == 2]
    assert labels == ["More of the question", "More of the answer"] * 5 + ["Previous page", "Next page"]


def test_more_than_forty_components_are_never_sent() -> None:
    card = CardSide(Side.QUESTION, "![map](https://e.example/m.png)")
    crowd = [part for n in range(30) for part in (card, Buttons((Button(f"f1:help:{n}", str(n)),)))]
    every = list(components.walk(body(Message(tuple(crowd), "Many"))))
    assert 36 <= len(every) <= limits.COMPONENTS
    assert "".join(each.get("content", "") for each in every).count("[Picture: map]") == 30
    rows = tuple(Buttons(tuple(Button(f"f1:help:{5 * n + m}", "x") for m in range(5)), "Row") for n in range(5))
    every = list(components.walk(body(Message(rows, "Many"))))
    assert sum(each["type"] == 2 for each in every) == limits.BUTTONS


def test_nothing_of_a_layout_is_kept_by_the_library() -> None:
    assert render.screen(Message((Text("Hello"),), "Hello")).is_finished()
