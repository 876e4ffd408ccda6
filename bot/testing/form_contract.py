"""What every adapter must do with forms: a part of the contract in adapter_contract.py."""

import re

from ..forms import LONGEST_NAME
from .counterpart import LEAD, MARKUP, STRANGER
from .group import Open

FILLED = {"name": "French", "zone": "Europe/Paris"}
ANIMALS = "le chat\tthe cat\nle chien\tthe dog"


class FormContract:
    """Needs the fixture `open_group`."""

    async def test_a_group_is_set_up_from_nothing_in_a_form(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            there = group.there
            assert "no group in this channel yet" in await there.type(LEAD, "/quiz")
            opened = await there.press(LEAD, "Set up")
            assert re.search(r"^Set up Flashmob\n(.+\n)*Time: 09:00", opened, re.MULTILINE)
            said = await there.fill(LEAD, {**FILLED, "weekdays": ["monday", "friday"], "time": "18:30"})
            assert "French is set up: Monday and Friday at 18:30, Europe/Paris time." in said
            assert "Next post: " in said
            assert "Import Welcome to Flashmob?" in await there.press(LEAD, "Welcome to Flashmob")
            assert "Welcome to Flashmob is in: " in await there.press(LEAD, "Import")
            assert "Nothing was posted" in await there.press(LEAD, "Test post to me only")
            assert "All set." in await there.press(LEAD, "Done")
            assert "French" not in there.sees(STRANGER)

    async def test_a_form_that_is_sent_twice_is_done_once(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            await group.there.type(LEAD, "/quiz-admin setup")
            await group.there.fill(LEAD, FILLED, delivered=2)
            assert [await group.count(table) for table in ("cohorts", "changes")] == [1, 1]

    async def test_a_form_is_understood_after_a_restart(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            await group.there.type(LEAD, "/quiz-admin setup")
        async with open_group(grouped=False) as group:
            assert "French is set up" in await group.there.fill(LEAD, FILLED)

    async def test_a_wrong_value_comes_back_with_a_sentence_and_nothing_is_lost(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            there = group.there
            await there.type(LEAD, "/quiz-admin setup")
            said = await there.fill(LEAD, {**FILLED, "zone": "Europe/Pariss", "time": "07:15"})
            assert '"Europe/Pariss" is not a time zone' in said
            assert "Europe/Paris" in said
            assert await group.count("cohorts") == 0
            opened = await there.press(LEAD, "Fill it in again")
            for line in ("Name of the group: French", "Time: 07:15", "Time zone: Europe/Pariss"):
                assert line in opened
            assert "at 07:15, Europe/Paris time." in await there.fill(LEAD, {"zone": "Europe/Paris"})

    async def test_a_deck_is_pasted_and_settings_are_changed(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            there = group.there
            await there.type(LEAD, "/quiz-admin setup")
            await there.fill(LEAD, FILLED)
            await there.press(LEAD, "Paste a deck")
            offered = await there.fill(LEAD, {"name": "Animals", "deck": ANIMALS})
            assert "I read Animals: 2 cards." in offered
            assert "2 cards are new" in offered
            assert "Animals is in: 2 cards added" in await there.press(LEAD, "Import")
            await there.type(LEAD, "/quiz-admin status")
            await there.press(LEAD, "Change cards or style")
            assert "Cards in a post: 7 (was 5)" in await there.fill(LEAD, {"cards": "7"})
            await there.type(LEAD, "/quiz-admin status")
            await there.press(LEAD, "Change name or times")
            assert "Name of the group: Italian (was French)" in await there.fill(LEAD, {"name": "Italian"})

    async def test_a_pasted_deck_that_cannot_be_read_comes_back_to_be_mended(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            there = group.there
            await there.type(LEAD, "/quiz-admin setup")
            await there.fill(LEAD, FILLED)
            await there.press(LEAD, "Paste a deck")
            said = await there.fill(LEAD, {"name": "Animals", "deck": "Dear diary"})
            assert "nothing here looks like cards" in said
            assert "Nothing was saved, and what you filled in is not lost." in said
            opened = await there.press(LEAD, "Fill it in again")
            assert "Name of the deck: Animals" in opened
            assert "Cards: Dear diary" in opened
            assert "2 cards are new" in await there.fill(LEAD, {"deck": ANIMALS})
            assert await group.count("filled_forms") == 0

    async def test_a_deck_is_uploaded(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            await group.there.type(LEAD, "/quiz-admin setup")
            await group.there.fill(LEAD, FILLED)
            assert "Deck file" in await group.there.press(LEAD, "Upload a deck")
            said = await group.there.fill(LEAD, {}, file=("animals.tsv", ANIMALS.encode()))
            assert "2 cards are new" in said
            assert "animals is in: 2 cards added" in await group.there.press(LEAD, "Import")

    async def test_mentions_and_markup_in_a_form_stay_text(self, open_group: Open) -> None:
        async with open_group(grouped=False) as group:
            there = group.there
            await there.type(LEAD, "/quiz-admin setup")
            name = MARKUP[:LONGEST_NAME].strip()
            await there.fill(LEAD, {**FILLED, "name": name, "zone": "Narnia"})
            assert name in await there.press(LEAD, "Fill it in again")
            assert f"{name} is set up" in await there.fill(LEAD, {"zone": "Europe/Paris"})
            assert there.pings() == []
