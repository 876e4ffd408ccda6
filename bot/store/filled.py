"""What somebody filled in that could not be done, so that a form can be opened again as it was."""

from collections.abc import Mapping

import msgspec

from ..actions import FormKind
from ..model import Account
from . import learners
from .tx import Tx


async def keep(tx: Tx, account: Account, form: FormKind, given: Mapping[str, str], now: int) -> None:
    """In the place of whatever this person had filled in before."""
    await tx.run(
        """insert into filled_forms (learner_id, form, given, filled_at) values (:learner, :form, :given, :now)
           on conflict (learner_id) do update set form = excluded.form, given = excluded.given,
             filled_at = excluded.filled_at""",
        learner=await learners.known_or_new(tx, account, account.zone or "UTC", now),
        form=form.value,
        given=msgspec.json.encode(given).decode(),
        now=now,
    )


async def last(tx: Tx, account: Account, form: FormKind) -> dict[str, str]:
    """What this person had filled in, by the names of the fields; nothing where it was done since."""
    row = await tx.one(
        """select f.given from filled_forms f join accounts a on a.learner_id = f.learner_id
           where a.platform = :platform and a.realm = :realm and a.foreign_id = :foreign_id and f.form = :form""",
        **learners.named(account),
        form=form.value,
    )
    return msgspec.json.decode(row["given"], type=dict[str, str]) if row else {}


async def done(tx: Tx, account: Account) -> None:
    """What this person had filled in is done."""
    await tx.run(
        """delete from filled_forms where learner_id in (
             select learner_id from accounts
             where platform = :platform and realm = :realm and foreign_id = :foreign_id)""",
        **learners.named(account),
    )
