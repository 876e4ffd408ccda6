"""The pictures of Slack: what is drawn is what was sent, and no word of it becomes part of the page."""

import pytest

from adapters.slack import render
from bench.pictures import block_kit
from bot.messages import Button, Buttons, CardSide, Message, Side, Text, Title

CARD = Message(
    (
        Title("Card 1 of 5"),
        CardSide(Side.QUESTION, "Is `<b>` **bold**?\n\n- yes\n- <script>"),
        Buttons((Button("f1:help", "Show <answer>"),)),
        Text("Small.", quiet=True),
    ),
    "Card 1 of 5",
)


def test_a_card_is_drawn_as_it_was_sent() -> None:
    drawn = block_kit.modal(render.modal([CARD]))
    for part in (
        "Card 1 of 5",
        "<code>&lt;b&gt;</code>",
        "<b>bold</b>",
        "<li>yes</li>",
        "Show &lt;answer&gt;",
        "Small.",
    ):
        assert part in drawn
    assert "<script>" not in drawn


def test_a_block_that_nobody_draws_is_an_error() -> None:
    with pytest.raises(AssertionError, match="video"):
        block_kit.blocks([{"type": "video"}])
