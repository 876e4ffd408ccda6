"""What every adapter must do about reactions and its connection: a part of the contract in adapter_contract.py."""

import pytest

from ..model import PostStyle, Rating, RatingInput
from ..states import Health
from .counterpart import LEAD, MEMBER
from .group import Open


class LifeContract:
    """Needs the fixture `open_group`."""

    # ---- reactions, where there are any

    async def test_reactions_are_put_there_and_read(self, open_group: Open) -> None:
        async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
            if not group.adapter.capabilities.reactions:
                pytest.skip("this platform has no reactions")
            await group.morning()
            there = group.there
            assert there.reactions() == dict.fromkeys(Rating, 0)
            await there.react(MEMBER, Rating.WELL, delivered=2)
            assert there.reactions()[Rating.WELL] == 1
            assert [row[0] for row in await group.rows("select rating from reviews")] == [4]
            await there.react(MEMBER, Rating.WELL, added=False)
            assert [row[0] for row in await group.rows("select rating from reviews")] == [None]

    async def test_reactions_that_nobody_told_of_are_read_again(self, open_group: Open) -> None:
        async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
            if not group.adapter.capabilities.reactions:
                pytest.skip("this platform has no reactions")
            await group.morning()
            await group.there.react(MEMBER, Rating.WELL)
            await group.there.react(LEAD, Rating.PERFECTLY)
        await group.there.react_unseen(MEMBER, Rating.WELL, added=False)
        await group.there.react_unseen(LEAD, Rating.PERFECTLY, added=False)
        await group.there.react_unseen(LEAD, Rating.BARELY)
        async with open_group(style=PostStyle.CARDS, rating_input=RatingInput.REACTIONS) as group:
            await group.reread()
            assert [row[0] for row in await group.rows("select rating from reviews order by id")] == [None, 2]

    # ---- how it is doing

    async def test_it_says_how_its_connection_is_doing(self, open_group: Open) -> None:
        async with open_group() as group:
            adapter = group.adapter
            healths = [adapter.health]
        assert [*healths, adapter.health] == [Health.CONNECTED, Health.CLOSED]
