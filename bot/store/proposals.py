"""Cards of a staged import that may be cards which are there already: a person says so, or they come in as new."""

from collections.abc import Sequence

from ..formats.planning import Alike
from ..states import Proposal
from .tx import Tx


async def put(tx: Tx, staged_id: int, proposals: Sequence[Alike]) -> None:
    await tx.each(
        """insert into proposals (staged_id, number, position, card_id, was, now)
           values (:staged, :number, :position, :card, :was, :now)""",
        [
            {"staged": staged_id, "number": number, "position": one.position, "card": one.known_id,
             "was": one.was, "now": one.now}
            for number, one in enumerate(proposals, 1)
        ],
    )  # fmt: skip


async def page(tx: Tx, staged_id: int, first: int, most: int) -> list[Proposal]:
    """So many of them, from this number on."""
    rows = await tx.all(
        """select number, was, now, same from proposals where staged_id = :staged and number >= :first
           order by number limit :most""",
        staged=staged_id,
        first=first,
        most=most,
    )
    return [Proposal(row["number"], row["was"], row["now"], _said(row["same"])) for row in rows]


def _said(same: int | None) -> bool | None:
    return None if same is None else same == 1


async def settle(tx: Tx, staged_id: int, number: int, *, same: bool) -> None:
    await tx.run(
        "update proposals set same = :same where staged_id = :staged and number = :number",
        same=int(same),
        staged=staged_id,
        number=number,
    )


async def same(tx: Tx, staged_id: int, first: int, end: int) -> list[tuple[int, int]]:
    """Of the cards from one position to before another: the position and the card that it is, as somebody said."""
    rows = await tx.all(
        """select position, card_id from proposals
           where staged_id = :staged and same = 1 and position >= :first and position < :end""",
        staged=staged_id,
        first=first,
        end=end,
    )
    return [(row["position"], row["card_id"]) for row in rows]
