"""What platforms tell by themselves. Nobody asked for it, so nobody is answered."""

from ..actions import Request
from ..messages import Message
from ..store import deliveries
from ..store.tx import Tx


async def began_anew(tx: Tx, request: Request, now: int) -> list[Message]:
    """With a new session something may have been missed: have the reactions to open posts read again."""
    await deliveries.read_again(tx, request.place.platform, now)
    return []


async def say_nothing(tx: Tx, request: Request, now: int) -> list[Message]:
    """It was told twice."""
    return []
