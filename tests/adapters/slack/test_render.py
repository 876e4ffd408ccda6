"""Messages as Block Kit: inside Slack's limits whatever a card holds, with nothing in them that pings."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.slack import limits, render
from bot import screens
from bot.actions import ReadOn
from bot.markdown import drawable
from bot.markdown import pages as pages_of
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
from bot.model import Source, SourceKind

from .double import contracts
from .reading import pings_of, text_of, text_of_view

READ_ON = ReadOn(Source(SourceKind.POST, 7), 0, Side.ANSWER, 1)
hostile = st.sampled_from(
    [
        *("<!channel>", "<@U0SAM>", "<#C1|x>", "&lt;!here&gt;", "@everyone", "*b*", "```", "# h", "> q", "$x^2$"),
        *("- a\n- b", "1. a\n   - b", "\x00", "\u202e", "| a | b |\n|---|---|\n| c | d |"),
        *("[x](https://e.example)", "![p](https://e.example/p.png)"),
    ]
)
markdown = st.lists(st.one_of(hostile, st.text(max_size=200)), max_size=12).map("\n\n".join)
labels = st.text(max_size=120)
ids = st.text("abcdef0123456789:", min_size=1, max_size=64)
faces = st.builds(Button, ids, labels, st.sampled_from(ButtonStyle))
rows = st.lists(faces, max_size=30).map(tuple)
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Title, st.text(max_size=400)),
    st.builds(Text, markdown, st.booleans()),
    st.builds(Notice, markdown, rows),
    st.builds(CardSide, st.sampled_from(Side), st.one_of(markdown, st.text(max_size=200).map(lambda text: text * 90))),
    st.builds(Numbered, st.lists(markdown, max_size=20).map(tuple)),
    st.builds(Buttons, rows, labels),
    st.builds(Attachment, labels, st.text(max_size=3_000)),
)
messages = st.builds(
    Message, st.lists(parts, max_size=25).map(tuple), st.text(max_size=500), st.just(Audience.ONLY_YOU)
)


@settings(max_examples=25, deadline=None)
@given(messages)
def test_any_message_is_inside_slacks_limits(message: Message) -> None:
    drawn = render.blocks(message)
    assert len(drawn) <= limits.BLOCKS_IN_MESSAGE
    assert len(json.dumps(drawn, ensure_ascii=False)) <= limits.PAYLOAD
    assert contracts.problems("Blocks", drawn) == []
    assert len(render.fallback(message)) <= limits.FALLBACK
    assert render.fallback(message)


@settings(max_examples=15, deadline=None)
@given(st.lists(messages, min_size=1, max_size=3))
def test_any_messages_make_a_modal_that_slack_takes(said: list[Message]) -> None:
    view = render.modal(said, "C0GENERAL")
    assert contracts.problems("Modal", view) == []
    assert 0 < len(view["title"]["text"]) <= limits.MODAL_TITLE
    assert 0 < len(view["blocks"]) <= limits.BLOCKS_IN_VIEW


@settings(max_examples=25, deadline=None)
@given(markdown)
def test_no_text_pings(text: str) -> None:
    message = Message((Text(text), Text(text, quiet=True), CardSide(Side.ANSWER, text), Numbered((text,))), text)
    pings = pings_of(render.blocks(message), render.fallback(message))
    assert set(pings) <= {"link", "image"}


@pytest.mark.parametrize("view", [render.loading("C1"), render.home([], [])])
def test_the_views_of_our_own_are_valid(view: dict[str, Any]) -> None:
    assert contracts.problems(view["type"].capitalize(), view) == []


# ---- what it looks like ----------------------------------------------------------------------------------------------


def blocks(*inside: Part) -> list[dict[str, Any]]:
    return render.blocks(Message(inside, "A card"))


def test_a_short_title_is_the_modals_own_and_a_long_one_its_first_line() -> None:
    short = render.modal([Message((Title("Card 2 of 5"), Text("Hello.")), "A card")])
    assert short["title"]["text"] == "Card 2 of 5"
    assert text_of_view(short).count("Card 2 of 5") == 1
    long = render.modal([Message((Title("Decks of this group and of others"),), "Decks")])
    assert long["title"]["text"] == "Flashmob"
    assert "Decks of this group and of others" in text_of(long["blocks"])


def test_a_list_is_slacks_own_and_shared_ranks_keep_their_numbers() -> None:
    (plain,) = blocks(Numbered(("Maya", "Sam")))
    assert plain["elements"][0]["style"] == "ordered"
    (shared,) = blocks(Numbered(("Maya", "Sam", "Lin"), (1, 1, 3)))
    assert text_of([shared]).split("\n")[:3] == ["1. Maya", "1. Sam", "3. Lin"]


def test_card_text_keeps_its_looks() -> None:
    (card,) = blocks(CardSide(Side.ANSWER, "The **Danube**, *not* ~~Rhine~~ `code` $x^2$\n\n```\nprint(1)\n```"))
    runs = [run for element in card["elements"] for run in element["elements"]]
    styles = {run["text"]: set(run.get("style", {})) for run in runs}
    assert styles["Answer:"] == styles["Danube"] == {"bold"}
    assert (styles["not"], styles["Rhine"], styles["code"]) == ({"italic"}, {"strike"}, {"code"})
    assert "x\u00b2" in "".join(styles)
    assert card["elements"][-1]["type"] == "rich_text_preformatted"


def test_a_nested_list_is_told_apart_by_its_indent() -> None:
    (card,) = blocks(Text("- rivers\n  - Danube\n  - Rhine\n- lakes"))
    assert [(each["indent"], len(each["elements"])) for each in card["elements"]] == [(0, 1), (1, 2), (0, 1)]


def test_a_picture_stands_below_its_side_with_its_alt_text() -> None:
    drawn = blocks(CardSide(Side.QUESTION, "Where? ![The delta of a river](https://e.example/a.png)"))
    assert drawn[1] == {"type": "image", "image_url": "https://e.example/a.png", "alt_text": "The delta of a river"}


@pytest.mark.parametrize(
    "target", ["http://e.example/a.png", "a.png", "javascript:alert(1)", "data:image/png;base64,x"]
)
def test_only_what_slack_can_fetch_is_a_picture(target: str) -> None:
    assert len(blocks(CardSide(Side.QUESTION, f"Where? ![Delta]({target})"))) == 1


def test_a_row_of_ratings_says_what_each_button_means() -> None:
    label, row = blocks(Buttons((Button("f1:a", "1 Not at all"), Button("f1:b", "2 Barely")), "No:"))
    assert label["text"]["text"] == "No:"
    assert [button["accessibility_label"] for button in row["elements"]] == ["No: 1 Not at all", "No: 2 Barely"]


def test_a_long_side_is_cut_at_a_paragraph_and_says_so() -> None:
    text = "\n\n".join(f"Paragraph {n} " + "word " * 60 for n in range(80))
    side, more = blocks(CardSide(Side.ANSWER, text))
    assert text_of([side]).rstrip().endswith("word")
    assert text_of([more]) == render.CUT


def test_a_side_that_was_cut_has_a_button_for_the_rest_of_it_and_others_have_none() -> None:
    more = Button("f1:more:x", "More of the answer")
    *_, row = blocks(CardSide(Side.ANSWER, "word " * 4_000, more))
    assert [each["action_id"] for each in row["elements"]] == ["f1:more:x"]
    assert len(blocks(CardSide(Side.ANSWER, "word", more))) == 1


PIECES = st.sampled_from(
    ["| a long heading of a column | b |\n|-|-|\n", "|x|y|\n", "- ", "> ", "**a** ", "`b` ", "![](https://e.example/p.png)",
     "[c](https://e.example/long/address)", "$\\frac{1}{2}$ ", "\n", "\n\n", "```\n", "~~d~~", "*_", '"', "<@1>", "1. ",
     "words "]
)  # fmt: skip


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6), st.sampled_from([1, 9, 400]))
def test_a_page_of_a_card_is_never_cut_again(pieces: list[str], times: int) -> None:
    pages = pages_of("".join(pieces) * times)
    for page in (pages[0], pages[-1]):
        drawn = blocks(*screens.one_page(READ_ON, drawable(page), 1, len(pages)).parts)
        assert render.CUT not in text_of(drawn), page
