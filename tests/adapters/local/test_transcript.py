"""The room as plain text."""

from adapters.local.app import Local
from bot.messages import Audience, CardSide, Message, Side
from bot.model import Rating

from .script import post

WHOLE = """\
---- Tuesday, 3 November 2026 ----------

09:00 Flashmob
  Today's 2 cards: Rivers
  1. Which river runs through Vienna?
  2. What is 2³?
  [Study] [Share]
  0 people have studied.
  (4: 1)

09:00 Flashmob | Only Maya sees this
  Question: Which river runs through
  Vienna?
  Answer: The Danube
  Did you remember it before you looked?
  No: [1 Not at all] [2 Barely]
  Yes: [3 With effort] [4 Well]
  [5 Perfectly]
"""


async def talk(local: Local) -> None:
    ref = await local.send(local.place(), post(), "today")
    await local.react(ref, Rating.WELL)
    await local.tap("sam", ref.message_id, Rating.WELL)
    (private,) = await local.press("maya", ref.message_id, "Study")
    await local.press("maya", private.id, "Show answer")


async def test_the_whole_room_marks_what_is_private(local: Local) -> None:
    await talk(local)
    assert local.transcript(width=40) == WHOLE


async def test_one_member_reads_what_that_member_sees(local: Local) -> None:
    await talk(local)
    assert "Danube" in local.transcript("maya")
    assert local.transcript("sam", width=40) == WHOLE.split("\n09:00 Flashmob |")[0]


async def test_long_lines_are_wrapped_and_lists_hang(local: Local) -> None:
    answer = "- " + "word " * 30 + "\n- two\n\n```\nx = 1\n```"
    await local.send(local.place(), Message((CardSide(Side.ANSWER, answer),), "", Audience.EVERYONE), "k")
    lines = local.transcript(width=40).splitlines()
    assert max(map(len, lines)) <= 40
    assert lines[3:5] == ["  Answer:", "  • word word word word word word word"]
    assert lines[5].startswith("    word")
    assert lines[-3:] == ["  • two", "", "  x = 1"]
