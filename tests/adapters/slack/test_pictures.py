"""Pictures on Slack: uploaded once, shown where they belong, and no picture is worth a message."""

import asyncio
from pathlib import Path

import pytest

from adapters.slack import limits
from bot import drawing
from bot.model import PostStyle
from bot.testing.counterpart import LEAD, MEMBER, STRANGER
from bot.testing.pictures import WEBP, png

from .conftest import OpenGroup
from .counterpart import SlackCounterpart
from .double.web_api import Fault

DECK = "Q: Which river is this?\n\n![A bend](bend.png)\nA: Glomma\n"
SEEN = ("A bend", png(1))
CARDS = {"deck": DECK, "style": PostStyle.CARDS}


@pytest.fixture(autouse=True)
def bend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The picture lies beside the deck; nobody rests between two tries."""
    (tmp_path / "bend.png").write_bytes(png(1))
    monkeypatch.setattr(limits, "UPLOAD_RESTS_S", (0.0, 0.0))


def uploads(there: SlackCounterpart) -> int:
    return len(there.double.api.called("files.completeUploadExternal"))


async def test_a_picture_is_uploaded_once_however_many_look_at_it(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(**CARDS) as group:
        await group.morning()
        await asyncio.gather(*(there.press(who, "Study") for who in (LEAD, MEMBER, STRANGER)))
        assert await there.pictures(MEMBER) == [SEEN, SEEN]
        assert uploads(there) == 1


async def test_people_who_look_at_a_new_picture_at_once_wait_for_one_upload(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(deck=DECK) as group:
        await group.morning()
        there.double.api.delays["files.getUploadURLExternal"] = 0.2
        await asyncio.gather(*(there.press(who, "Study") for who in (LEAD, MEMBER, STRANGER)))
        assert [await there.pictures(who) for who in (LEAD, MEMBER)] == [[SEEN], [SEEN]]
        assert uploads(there) == 1


async def test_the_window_opens_before_its_picture_is_uploaded(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group(deck=DECK) as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        (opened,), (updated,) = there.double.api.called("views.open"), there.double.api.called("views.update")
        assert [block["type"] for block in opened["view"]["blocks"]].count("image") == 0
        assert [block["type"] for block in updated["view"]["blocks"]].count("image") == 1
        called = [name for name, _ in there.double.api.calls]
        assert called.index("views.open") < called.index("files.getUploadURLExternal") < called.index("views.update")


async def test_nothing_of_a_card_is_in_the_names_that_slack_keeps(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(**CARDS) as group:
        await group.morning()
        (asked,) = there.double.api.called("files.getUploadURLExternal")
        assert (asked["filename"], asked.get("alt_txt")) == ("picture.png", None)
        assert set(there.state.uploaded.values()) == {"picture"}
        assert there.state.shared == []


async def test_without_the_scope_a_picture_is_described_in_the_text(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    there.state.scopes -= {"files:write"}
    async with open_group(**CARDS) as group:
        await group.morning()
        assert "Picture: A bend" in there.public()[0]
        assert "Picture: A bend" in await there.press(MEMBER, "Study")
        assert await there.pictures(MEMBER) == []
        assert there.double.api.called("files.getUploadURLExternal") == []


async def test_what_slack_still_looks_at_is_shown_as_soon_as_it_may_be(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(deck=DECK) as group:
        await group.morning()
        there.state.refusals_after_upload = 2
        await there.press(MEMBER, "Study")
        assert await there.pictures(MEMBER) == [SEEN]


async def test_a_file_that_slack_has_lost_costs_no_message_and_is_uploaded_anew(
    open_group: OpenGroup, there: SlackCounterpart
) -> None:
    async with open_group(**CARDS) as group:
        await group.morning()
        there.state.uploaded.clear()
        await there.press(MEMBER, "Study")
        assert await there.pictures(MEMBER) == [SEEN]
        there.state.refusals_after_upload = 99
        await there.press(MEMBER, "Show answer")
        assert (await there.pictures(MEMBER)) == [SEEN]
        there.state.refusals_after_upload = 0
        assert "Saved: 4 Well" in await there.press(MEMBER, "4 Well")


@pytest.mark.parametrize(
    "fault",
    [
        Fault("files.getUploadURLExternal", "internal_error"),
        Fault("files.getUploadURLExternal", status=503),
        Fault("files.completeUploadExternal", cut=True),
    ],
)
async def test_an_upload_that_fails_costs_no_message(
    open_group: OpenGroup, there: SlackCounterpart, fault: Fault
) -> None:
    async with open_group(**CARDS) as group:
        there.double.api.faults.append(fault)
        await group.morning()
        assert "Picture: A bend" in there.public()[0]
        await there.press(MEMBER, "Study")
        assert await there.pictures(MEMBER) == [SEEN]


async def test_a_picture_that_slack_does_not_show_is_described(
    open_group: OpenGroup, there: SlackCounterpart, tmp_path: Path
) -> None:
    (tmp_path / "bend.png").write_bytes(WEBP)
    async with open_group(**CARDS) as group:
        await group.morning()
        assert "Picture: A bend" in there.public()[0]
        assert uploads(there) == 0


@pytest.mark.skipif(not drawing.AVAILABLE, reason='needs the extra "render"')
@pytest.mark.filterwarnings("ignore:path is deprecated:DeprecationWarning")
async def test_a_formula_is_a_picture_whose_source_is_read_out(open_group: OpenGroup, there: SlackCounterpart) -> None:
    async with open_group(deck="Q: The mean?\nA: Half of both:\n\n$$\\frac{a+b}{2}$$\n") as group:
        await group.morning()
        await there.press(MEMBER, "Study")
        assert "(a+b)/2" in await there.press(MEMBER, "Show answer")
        ((said, drawn),) = await there.pictures(MEMBER)
        assert said == "\\frac{a+b}{2}"
        assert drawn == drawing.draw("\\frac{a+b}{2}")
