"""What is kept of me: seen, taken along as a file, and deleted in two steps."""

import asyncio
import json
from functools import partial
from typing import Any

from .. import actions, screens, wording
from ..actions import Request
from ..messages import Message
from ..store import erasing, learners
from ..store.database import Database
from ..store.tx import Tx

PAGE = 2_000


async def show(tx: Tx, request: Request, now: int) -> list[Message]:
    """What is kept, who sees it, and what can be done about it."""
    learner_id = await learners.of_account(tx, request.account)
    kept = await erasing.reviews_kept(tx, learner_id) if learner_id is not None else 0
    return [screens.privacy(kept)]


async def export(database: Database, request: Request, now: int) -> list[Message]:
    """Everything that is kept of the asker, as a file for them alone; read page by page."""
    learner_id = await database.read(partial(learners.of_account, account=request.account))
    if learner_id is None:
        return [screens.said(wording.NOTHING_KEPT)]
    found: dict[str, Any] = await database.read(partial(erasing.person, learner_id=learner_id))
    found["reviews"], after = [], 0
    while page := await database.read(partial(erasing.reviews_after, learner_id=learner_id, after=after, most=PAGE)):
        after = page[-1]["id"]
        found["reviews"] += [{**row, "id": str(row["id"])} for row in page]
    text = await asyncio.to_thread(json.dumps, found, ensure_ascii=False, indent=1)
    return [screens.my_data(text, len(found["reviews"]))]


async def delete(tx: Tx, request: Request, now: int) -> list[Message]:
    """First a question, then the deed."""
    assert isinstance(request.action, actions.DeleteMyData)
    learner_id = await learners.of_account(tx, request.account)
    if learner_id is None:
        return [screens.said(wording.NOTHING_KEPT, replaces=True)]
    if not request.action.sure:
        return [screens.sure_to_delete(await erasing.reviews_kept(tx, learner_id))]
    await erasing.forget(tx, learner_id, now)
    return [screens.said(wording.DELETED, replaces=True)]
