"""Who learns: accounts, learners, and their memberships in cohorts."""

import msgspec

from ..clock import learning_day
from ..model import Account, Cohort
from .ids import new_id
from .tx import Row, Tx


class Member(msgspec.Struct, frozen=True):
    """A learner in a cohort, on this day of theirs. `joined`: this very action made them a member.

    `away_days` counts the days since they were last active, before today.
    """

    learner_id: int
    name: str
    hidden: bool
    day: int
    cohort_day: int
    away_days: int = 0
    joined: bool = False


COLUMNS = "m.learner_id as member_id, m.name as member_name, m.hidden, m.active_day, l.zone as member_zone"
MEMBER = """accounts a on a.platform = :platform and a.realm = :realm and a.foreign_id = :foreign_id
            left join memberships m on m.learner_id = a.learner_id and m.cohort_id = c.id and m.left_at is null
            left join learners l on l.id = m.learner_id"""
"""Joined to a cohort `c`: the member that an account is there, if it is one."""


def named(account: Account) -> dict[str, str]:
    """By what statements find an account."""
    return {"platform": account.platform, "realm": account.realm, "foreign_id": account.foreign_id}


async def find(tx: Tx, account: Account, cohort: Cohort, now: int) -> Member | None:
    row = await tx.one(
        f"select {COLUMNS} from cohorts c join {MEMBER} where c.id = :cohort",
        cohort=cohort.id,
        **named(account),
    )
    return member_of(row, cohort, now) if row else None


def member_of(row: Row, cohort: Cohort, now: int) -> Member | None:
    """What `COLUMNS` hold; None where the account is no member."""
    if row["member_id"] is None:
        return None
    day = learning_day(now, row["member_zone"])
    return Member(
        learner_id=row["member_id"],
        name=row["member_name"],
        hidden=row["hidden"] == 1,
        day=day,
        cohort_day=day if row["member_zone"] == cohort.zone else learning_day(now, cohort.zone),
        away_days=day - row["active_day"],
    )


async def find_or_enrol(tx: Tx, account: Account, cohort: Cohort, now: int) -> Member:
    """The member that this account is, made one at the first press."""
    return await find(tx, account, cohort, now) or await enrol(tx, account, cohort, now)


async def enrol(tx: Tx, account: Account, cohort: Cohort, now: int) -> Member:
    """Make this account a member."""
    learner_id = await known_or_new(tx, account, cohort.zone, now)
    day = learning_day(now, cohort.zone)
    await tx.run(
        """insert into memberships (cohort_id, learner_id, name, joined_at, active_day)
           values (:cohort, :learner, :name, :now, :day)
           on conflict (cohort_id, learner_id) do update set left_at = null, name = excluded.name""",
        cohort=cohort.id,
        learner=learner_id,
        name=account.name,
        now=now,
        day=day,
    )
    return Member(learner_id, account.name, hidden=False, day=day, cohort_day=day, joined=True)


async def known_or_new(tx: Tx, account: Account, zone: str, now: int) -> int:
    """The account's learner, made where there is none; whoever loses a race takes the one that won it."""
    known = await of_account(tx, account)
    if known is not None:
        return known
    learner_id = new_id(now)
    await tx.run(
        "insert into learners (id, zone, joined_at) values (:id, :zone, :now)", id=learner_id, zone=zone, now=now
    )
    ours = await tx.run(
        """insert into accounts (platform, realm, foreign_id, learner_id)
           values (:platform, :realm, :foreign_id, :learner)
           on conflict (platform, realm, foreign_id) do nothing""",
        learner=learner_id,
        **named(account),
    )
    won = learner_id if ours else await of_account(tx, account)
    assert won is not None
    return won


async def settle(tx: Tx, learner_id: int, zone: str) -> None:
    """Whoever is in no group yet lives by the clock of the one that they set up."""
    await tx.run(
        """update learners set zone = :zone
           where id = :id and not exists (select 1 from memberships where learner_id = :id)""",
        id=learner_id,
        zone=zone,
    )


async def of_account(tx: Tx, account: Account) -> int | None:
    """Whose account it is, if it is known."""
    row = await tx.one(
        "select learner_id from accounts where platform = :platform and realm = :realm and foreign_id = :foreign_id",
        **named(account),
    )
    return row["learner_id"] if row else None


async def was_active(tx: Tx, cohort_id: int, member: Member) -> None:
    """Keep the day of the last activity, for the welcome back and for who is likely to answer."""
    if member.away_days:
        await tx.run(
            "update memberships set active_day = :day where cohort_id = :cohort and learner_id = :learner",
            day=member.day,
            cohort=cohort_id,
            learner=member.learner_id,
        )


async def set_hidden(tx: Tx, cohort_id: int, learner_id: int, *, hidden: bool) -> None:
    await tx.run(
        "update memberships set hidden = :hidden where cohort_id = :cohort and learner_id = :learner",
        hidden=int(hidden),
        cohort=cohort_id,
        learner=learner_id,
    )


async def leave(tx: Tx, learner_id: int, now: int) -> None:
    """They are a member of nothing any more, until they press something again."""
    await tx.run(
        "update memberships set left_at = :now where learner_id = :learner and left_at is null",
        now=now,
        learner=learner_id,
    )


async def zone_of(tx: Tx, learner_id: int) -> str:
    """The learner's own time zone."""
    row = await tx.one("select zone from learners where id = :id", id=learner_id)
    return str(row["zone"]) if row else "UTC"


async def move_to(tx: Tx, learner_id: int, zone: str) -> None:
    """The learner lives by the clocks of this zone from now on."""
    await tx.run("update learners set zone = :zone where id = :id", zone=zone, id=learner_id)


async def cohorts_of(tx: Tx, learner_id: int, now: int) -> list[tuple[int, int]]:
    """The cohorts that this learner is a member of, each with the learner's day; not those that Flashmob was removed
    from altogether.
    """
    rows = await tx.all(
        """select m.cohort_id, l.zone from memberships m join learners l on l.id = m.learner_id
           left join cohort_places cp on cp.cohort_id = m.cohort_id left join places p on p.id = cp.place_id
           left join workspaces w on w.id = p.workspace_id
           where m.learner_id = :learner and m.left_at is null
           group by m.cohort_id, l.zone having count(w.left_at) = 0 or count(*) > count(w.left_at)
           order by m.cohort_id""",
        learner=learner_id,
    )
    return [(row["cohort_id"], learning_day(now, row["zone"])) for row in rows]
