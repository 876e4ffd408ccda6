"""The platform itself: who sees what, and what survives a restart."""

from pathlib import Path

import pytest

from adapters.local.room import Change, Room
from adapters.local.words import Chip, Member, RoomMessage
from bot.actions import Study
from bot.errors import StoreError
from bot.messages import Buttons, CardSide, Message, Notice, Numbered, Side, Text, Title
from bot.model import Rating

from .script import NIGHT, answer, button, post, question

MAYA, SAM = Member("maya", "Maya", leads=True, zone="Asia/Tokyo"), Member("sam", "Sam")


def everything_said() -> Message:
    row = (button(Study(1), "Study", main=True, shortcut="s"),)
    parts = (Title("a"), Text("b", quiet=True), Notice("c", row), CardSide(Side.WHY, "d"), Numbered(("e",), (4,)))
    return Message((*parts, Buttons(row, "Yes:")), "All parts")


def test_a_private_message_is_seen_by_its_reader_alone() -> None:
    room = Room()
    public, private = room.post(post(), NIGHT), room.post(question(0), NIGHT, reader="maya")
    assert room.seen_by("maya") == [public, private]
    assert room.seen_by("sam") == [public]
    with pytest.raises(LookupError):
        room.message(private.id, reader="sam")


def test_the_same_key_posts_once() -> None:
    room = Room()
    first = room.post(post(), NIGHT, key="k")
    assert room.post(post(3), NIGHT + 1, key="k") == first
    assert room.find("k") == first
    assert room.find("other") is None
    assert room.find("") is None


def test_an_edit_keeps_the_place_the_key_and_the_reactions() -> None:
    room = Room()
    first = room.post(post(), NIGHT, key="k")
    room.post(question(0), NIGHT)
    room.seed(first.id, Rating.WELL)
    room.edit(first.id, post(4), NIGHT + 5)
    edited = room.seen_by("maya")[0]
    assert edited == RoomMessage(first.id, NIGHT, post(4), key="k", edited_at=NIGHT + 5, chips=(Chip(Rating.WELL),))


def test_reactions_are_counted_once_a_member() -> None:
    room = Room()
    message = room.post(post(), NIGHT)
    for rating in (Rating.WELL, Rating.BARELY, Rating.WELL):
        room.seed(message.id, rating)
    for member, added in (("maya", True), ("maya", True), ("sam", True), ("sam", False)):
        room.react(message.id, member, Rating.WELL, added)
    room.react(message.id, "sam", Rating.PERFECTLY, added=True)
    assert room.message(message.id).chips == (Chip(Rating.BARELY), Chip(Rating.WELL, ("maya",)))


def test_a_room_that_forgot_its_messages_uses_their_ids_for_no_others() -> None:
    before, after = (Room().post(post(), NIGHT).id for _ in range(2))
    assert before != after


def test_listeners_are_told_of_every_change() -> None:
    room, told = Room(), list[Change]()
    room.listen(told.append)
    room.enter([MAYA])
    message = room.post(post(), NIGHT)
    room.edit(message.id, post(1), NIGHT)
    room.seed(message.id, Rating.WELL)
    room.seed(message.id, Rating.WELL)
    room.clear()
    assert [change.kind.value for change in told] == ["entered", "posted", "edited", "reacted", "cleared"]


def test_a_room_with_a_file_is_the_same_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "room.jsonl"
    room = Room(path)
    room.enter([MAYA, SAM])
    kept = room.post(everything_said(), NIGHT, key="k")
    private = room.post(question(0), NIGHT, reader="maya", direct=True)
    room.edit(private.id, answer(0), NIGHT + 1)
    room.seed(kept.id, Rating.WELL)
    room.react(kept.id, "sam", Rating.WELL, added=True)
    room.close()

    again = Room(path)
    assert again.members == (MAYA, SAM)
    assert again.everything() == room.everything()
    assert again.find("k") == again.message(kept.id)
    assert again.post(post(), NIGHT).id not in (kept.id, private.id)
    again.close()


def test_a_line_that_a_crash_cut_off_is_dropped(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    room = Room(path)
    first = room.post(post(), NIGHT)
    room.post(post(1), NIGHT)
    room.close()
    path.write_bytes(path.read_bytes()[:-20])
    again = Room(path)
    assert again.everything() == (first,)
    again.close()


@pytest.mark.parametrize("line", ["not a line of ours", "7", '{"message": {}}', '{"members": [7]}'])
def test_a_file_that_is_no_room_is_told_by_its_line(tmp_path: Path, line: str) -> None:
    path = tmp_path / "room.jsonl"
    path.write_text(f'{{"members": []}}\n{line}\n')
    with pytest.raises(StoreError, match=r"room\.jsonl, line 2"):
        Room(path)


def test_a_cleared_room_stays_empty_after_a_restart(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    room = Room(path)
    room.enter([MAYA])
    room.post(post(), NIGHT)
    room.clear()
    room.close()
    again = Room(path)
    assert (again.members, again.everything()) == ((MAYA,), ())
    again.close()


def test_starting_drops_the_lines_that_were_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "room.jsonl"
    room = Room(path)
    message = room.post(post(), NIGHT)
    for studied in range(50):
        room.edit(message.id, post(studied), NIGHT)
    room.close()
    Room(path).close()
    assert len(path.read_text().splitlines()) == 2
