"""What every adapter must do, written once: for the adapters of this tree and for those that others write.

    from bot.testing.adapter_contract import AdapterContract

    class TestOurPlatform(AdapterContract):
        @pytest.fixture
        def counterpart(self) -> OurCounterpart:
            return OurCounterpart()

Needs pytest and pytest-asyncio. `pytest.register_assert_rewrite("bot.testing.adapter_contract")` in a conftest.py makes
a failure show its values. Nothing here is local to a platform: tests speak to a `Counterpart` (see counterpart.py).
"""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from ..adapter import SendFailed
from ..clock import instant
from ..messages import Audience, Message, Text
from ..model import MessageRef, PostStyle, Rating
from .counterpart import LEAD, MARKUP, MEMBER, STRANGER, Counterpart, Setting
from .form_contract import FormContract
from .group import Group, Open
from .life_contract import LifeContract
from .picture_contract import PictureContract
from .world import DECK, MINUTE_MS, MONDAY, POST_TIME, StillClock

CUT = "longer than a message can be"
"""What every adapter says beside a card that was cut."""
MORE, NEXT = "More of the answer", "Next page"

MENTIONS = "<@1> <@U1> <@&1> @everyone @here <!here> <!subteam^S1> <#C1> <t:0:R> </quiz:1> <b>f</b> ||d||"
"""What is no Markdown, so it is text inside a card as well."""


class AdapterContract(LifeContract, PictureContract, FormContract):
    """Subclass it, give the fixture `counterpart`, and pytest runs what follows."""

    pytestmark = pytest.mark.asyncio

    @pytest.fixture
    def counterpart(self) -> Counterpart:
        raise NotImplementedError("give your platform's counterpart in a fixture of this name")

    @pytest.fixture
    def open_group(self, counterpart: Counterpart, tmp_path: Path) -> Open:
        """Open the group; a second opening goes on where the first one ended."""
        clock = StillClock(instant(MONDAY, POST_TIME, "Europe/Berlin") - 60 * MINUTE_MS)

        @asynccontextmanager
        async def opened(**settings: Any) -> AsyncIterator[Group]:
            setting = Setting(tmp_path, **settings)
            async with counterpart.open(setting, clock) as app:
                yield Group(counterpart, app, clock, setting.zone)

        return opened

    # ---- private stays private

    async def test_an_answer_and_a_rating_are_seen_by_nobody_else(self, open_group: Open) -> None:
        async with open_group() as group:
            await group.morning()
            there = group.there
            assert "Question 1" in await there.press(MEMBER, "Study")
            assert "Answer 1" in await there.press(MEMBER, "Show answer")
            assert "Answer 1" in there.sees(MEMBER)
            assert not re.search(r"Answer \d|Not at all", group.others_see())
            assert "Saved: 2 Barely" in await there.press(MEMBER, "2 Barely")
            await group.later(2)
            assert not re.search(r"Answer \d|Barely|Sam", group.others_see())

    async def test_a_card_shown_from_its_own_message_is_seen_by_nobody_else(self, open_group: Open) -> None:
        async with open_group(style=PostStyle.CARDS) as group:
            await group.morning()
            assert re.search(r"Answer \d", await group.there.press(MEMBER, "Show answer"))
            assert "Saved" in await group.there.press(MEMBER, "4 Well")
            await group.later(2)
            assert not re.search(r"Answer \d|Saved|Well", group.others_see())

    @pytest.mark.parametrize("command", ["/quiz", "/stats", "/leaderboard", "/decks", "/help", "/nonsense"])
    async def test_what_is_typed_is_answered_in_private(self, open_group: Open, command: str) -> None:
        async with open_group() as group:
            await group.morning()
            before = group.others_see()
            said = await group.there.type(MEMBER, command)
            assert said.strip()
            assert group.there.sees(MEMBER) != group.there.sees(STRANGER)
            assert group.others_see() == before

    @pytest.mark.parametrize("style", PostStyle)
    async def test_a_post_and_its_notification_hold_no_answer(self, open_group: Open, style: PostStyle) -> None:
        async with open_group(style=style) as group:
            await group.morning()
            public = "\n".join(group.there.public())
            assert all(f"Question {number}?" in public for number in range(1, 6))
            assert not re.search(r"Answer \d", group.others_see())

    # ---- buttons

    async def test_old_buttons_work_after_a_restart(self, open_group: Open) -> None:
        async with open_group() as group:
            await group.morning()
        async with open_group() as group:
            assert "Question 1" in await group.there.press(MEMBER, "Study")
        async with open_group() as group:
            assert "Answer 1" in await group.there.press(MEMBER, "Show answer")
        async with open_group() as group:
            assert "Saved: 4 Well" in await group.there.press(MEMBER, "4 Well")
            assert len(group.there.public()) == 1

    @pytest.mark.parametrize("button_id", ["f0:old:1", "f1:study", "f1:rate:x:y:z:w", "hello"])
    async def test_an_unknown_button_is_answered_kindly(self, open_group: Open, button_id: str) -> None:
        async with open_group() as group:
            await group.morning()
            assert "nothing was changed" in await group.there.press_id(MEMBER, button_id)
            assert "Question 1" in await group.there.press(MEMBER, "Study")

    async def test_the_same_event_delivered_twice_is_handled_once(self, open_group: Open) -> None:
        async with open_group() as group:
            await group.morning()
            there = group.there
            for label in ("Study", "Show answer", "4 Well"):
                handled = await group.count("handled")
                await there.press(MEMBER, label, delivered=2)
                assert await group.count("handled") == handled + 1
            await there.type(MEMBER, "/quiz", delivered=2)
            assert await group.count("sessions") == 1
            assert await group.count("review_changes") == 1

    # ---- what is drawn

    async def test_a_long_answer_is_cut_and_says_so(self, open_group: Open) -> None:
        lines = "\n".join(f"line {number} of the listing" for number in range(2_100))
        answer = f"The answer begins here.\n\n```\n{lines}\n```\n\nThe answer ends here."
        assert len(answer) > 50_000
        async with open_group(deck=DECK.replace("Answer 1\n", f"{answer}\n", 1)) as group:
            await group.morning()
            await group.there.press(MEMBER, "Study")
            shown = await group.there.press(MEMBER, "Show answer")
            assert "The answer begins here." in shown
            assert "line 0 of the listing" in shown
            assert "The answer ends here." not in shown
            assert CUT in shown
            assert "Saved: 4 Well" in await group.there.press(MEMBER, "4 Well")

    async def test_an_answer_that_was_cut_is_read_to_its_end_in_private(self, open_group: Open) -> None:
        lines = [f"line {number} of the listing" for number in range(700)]
        answer = "\n".join(["The answer begins here.", "", "```", *lines, "```", "", "The answer ends here."])
        async with open_group(deck=DECK.replace("Answer 1\n", f"{answer}\n", 1)) as group:
            await group.morning()
            await group.there.press(MEMBER, "Study")
            await group.there.press(MEMBER, "Show answer")
            pages = [await group.there.press(MEMBER, MORE)]
            while NEXT in pages[-1]:
                pages.append(await group.there.press(MEMBER, NEXT))
            read = "\n".join(pages)
            assert all(
                line in read.splitlines() for line in ["The answer begins here.", *lines, "The answer ends here."]
            )
            assert CUT not in read
            assert "listing" not in group.others_see()

    async def test_what_was_not_cut_is_read_as_it_stands(self, open_group: Open) -> None:
        async with open_group() as group:
            await group.morning()
            await group.there.press(MEMBER, "Study")
            assert MORE not in await group.there.press(MEMBER, "Show answer")

    async def test_mentions_and_markup_in_a_card_stay_text(self, open_group: Open) -> None:
        deck = DECK.replace("Question 1?", f"{MENTIONS}?").replace("Answer 1\n", f"So: {MENTIONS}\n", 1)
        async with open_group(deck=deck) as group:
            await group.morning()
            assert MENTIONS in group.there.public()[0]
            assert MENTIONS in await group.there.press(MEMBER, "Study")
            assert f"So: {MENTIONS}" in await group.there.press(MEMBER, "Show answer")
            assert group.there.pings() == []

    async def test_mentions_and_markup_in_a_deck_title_stay_text(self, open_group: Open) -> None:
        async with open_group(deck=DECK.replace("Rivers of Europe", MARKUP)) as group:
            await group.morning()
            assert MARKUP in group.there.public()[0]
            assert MARKUP in await group.there.type(MEMBER, "/decks")
            assert group.there.pings() == []

    async def test_mentions_and_markup_in_a_name_stay_text(self, open_group: Open) -> None:
        async with open_group(names={LEAD: "Maya", MEMBER: MARKUP, STRANGER: "Lin"}) as group:
            await group.morning()
            assert MARKUP in await group.there.press(MEMBER, "Study")
            await group.there.press(MEMBER, "Show answer")
            await group.there.press(MEMBER, "4 Well")
            assert MARKUP in await group.there.type(LEAD, "/leaderboard")
            assert group.there.pings() == []

    async def test_an_edit_draws_the_message_anew_with_its_count(self, open_group: Open) -> None:
        async with open_group() as group:
            await group.morning()
            assert "Nobody has studied yet" in group.there.public()[0]
            for label in ("Study", "Show answer", "4 Well"):
                await group.there.press(MEMBER, label)
            await group.later(2)
            (post,) = group.there.public()
            assert "1 person has studied" in post
            assert "Nobody has studied yet" not in post
            assert "Question 1?" in post

    # ---- sending

    async def test_the_same_key_twice_gives_one_message_that_its_key_finds(self, open_group: Open) -> None:
        async with open_group() as group:
            message = Message((Text("Hello, everyone."),), "Hello", Audience.EVERYONE)
            first = await group.adapter.send(group.there.place, message, "hello:1")
            second = await group.adapter.send(group.there.place, message, "hello:1")
            assert first == second
            assert len(group.there.public()) == 1
            assert await group.adapter.find(group.there.place, "hello:1") == first
            assert await group.adapter.find(group.there.place, "hello:2") is None

    async def test_the_post_is_found_by_the_key_of_its_delivery(self, open_group: Open) -> None:
        async with open_group() as group:
            await group.morning()
        async with open_group() as group:
            ((key, message_id),) = await group.rows("select key, message_id from deliveries where kind = 'post'")
            found = await group.adapter.find(group.there.place, key)
            assert found == MessageRef(group.there.place, message_id)

    async def test_what_is_not_there_cannot_be_sent_to_or_changed(self, open_group: Open) -> None:
        async with open_group() as group:
            message = Message((Text("Is anybody here?"),), "Hello", Audience.EVERYONE)
            with pytest.raises(SendFailed):
                await group.adapter.send(group.there.nowhere, message, "hello:1")
            with pytest.raises(SendFailed):
                await group.adapter.edit(MessageRef(group.there.nowhere, "1"), message)
            with pytest.raises(SendFailed):
                await group.adapter.react(MessageRef(group.there.nowhere, "1"), Rating.WELL)
            assert await group.adapter.find(group.there.nowhere, "hello:1") is None

    async def test_after_a_restart_no_two_posts_share_a_message(self, open_group: Open) -> None:
        """Whatever the platform forgot since, the database remembers the ids of its messages."""
        async with open_group() as group:
            await group.morning()
        async with open_group() as group:
            await group.later(24 * 60)
            rows = await group.rows("select state, message_id from deliveries where kind = 'post'")
            assert [row["state"] for row in rows] == ["sent", "sent"]
            assert len({row["message_id"] for row in rows}) == 2

    # ---- when something goes wrong

    async def test_a_failure_in_the_engine_is_answered_with_its_reference(
        self, open_group: Open, caplog: pytest.LogCaptureFixture
    ) -> None:
        async with open_group() as group:
            await group.morning()
            await group.run("alter table sessions rename to sessions_gone")
            said = await group.there.press(MEMBER, "Study")
            found = re.search(r"Something went wrong.*Reference ([0-9a-f]{4})", said, re.DOTALL)
            assert found
            assert f"reference {found[1]}" in caplog.text
            await group.run("alter table sessions_gone rename to sessions")
            assert "Question 1" in await group.there.press(MEMBER, "Study")
