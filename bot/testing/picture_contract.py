"""What every adapter must do with the pictures of cards: a part of the contract in adapter_contract.py."""

from pathlib import Path

from ..model import PostStyle
from .counterpart import LEAD, MEMBER
from .group import Open
from .pictures import package, png


class PictureContract:
    """Needs the fixture `open_group`."""

    async def test_pictures_of_a_question_are_seen_by_all_and_those_of_an_answer_by_its_asker_alone(
        self, open_group: Open
    ) -> None:
        bend, river = png(1), png(2)
        deck = "Q: Which river is this?\n\n![A bend](bend.png)\n\n![](glomma.png)\nA: Glomma\n\n![](glomma.png)\n"
        async with open_group(deck='+++\ndeck = "maps"\n+++\nQ: Where?\nA: Here\n', style=PostStyle.CARDS) as group:
            await group.bring("maps.apkg", package(deck, {"bend.png": bend, "glomma.png": river}))
            await group.morning()
            seen = [("A bend", bend), ("not described", river)]
            assert await group.there.pictures(LEAD) == seen
            assert "Glomma" in await group.there.press(MEMBER, "Show answer")
            assert (await group.there.pictures(MEMBER))[-1] == ("glomma.png", river)
            assert await group.there.pictures(LEAD) == seen
            assert "glomma" not in group.others_see().lower()

    async def test_pictures_are_there_after_a_restart_and_where_a_message_is_drawn_anew(
        self, open_group: Open, tmp_path: Path
    ) -> None:
        (tmp_path / "bend.png").write_bytes(png(1))
        deck = "Q: Which river is this?\n\n![A bend](bend.png)\nA: Glomma\n"
        seen = ("A bend", png(1))
        async with open_group(deck=deck, style=PostStyle.CARDS) as group:
            await group.morning()
        async with open_group(deck=deck, style=PostStyle.CARDS) as group:
            await group.there.press(MEMBER, "Study")
            assert await group.there.pictures(MEMBER) == [seen] * 2
            await group.there.press(MEMBER, "Show answer")
            assert await group.there.pictures(MEMBER) == [seen] * 2
            await group.there.press(MEMBER, "4 Well")
            await group.later(2)
            assert "1 person has studied" in group.there.public()[0]
            assert await group.there.pictures(LEAD) == [seen]
