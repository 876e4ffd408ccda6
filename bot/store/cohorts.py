"""Cohorts: where they are, how they are set, and when their next post goes out."""

from collections.abc import Sequence
from functools import lru_cache

import msgspec

from ..errors import CardGone, ChangedMeanwhile, InNoGroup, NotSetUp
from ..model import Account, Cohort, Place, Settings, SetUp
from ..settings import differences
from . import changes, learners, places, schedules
from .ids import new_id
from .tx import Row, Tx

COLUMNS = "c.id, c.workspace_id, c.name, c.zone, c.settings, c.version, c.learner_id, c.in_file"


async def here(tx: Tx, place: Place, account: Account) -> Cohort:
    """The cohort of a channel; in a direct message the one that was chosen there, else where one was last active."""
    found = await (at_place(tx, place) if place.channel else _last_of(tx, account))
    if found is None:
        raise NotSetUp if place.channel else InNoGroup
    return found


async def at_place(tx: Tx, place: Place) -> Cohort | None:
    row = await tx.one(
        f"""select {COLUMNS} from workspaces w join places p on p.workspace_id = w.id
            join cohort_places cp on cp.place_id = p.id join cohorts c on c.id = cp.cohort_id
            where w.platform = :platform and w.foreign_id = :workspace and p.foreign_id = :channel
              and c.ended_at is null""",
        platform=place.platform,
        workspace=place.workspace,
        channel=place.channel,
    )
    return _cohort(row)


async def _last_of(tx: Tx, account: Account) -> Cohort | None:
    row = await tx.one(
        f"""select {COLUMNS} from accounts a join memberships m on m.learner_id = a.learner_id
            join cohorts c on c.id = m.cohort_id
            where a.platform = :platform and a.realm = :realm and a.foreign_id = :foreign_id
              and m.left_at is null and c.ended_at is null
            order by m.chosen_at desc, m.active_day desc, c.id desc limit 1""",
        **learners.named(account),
    )
    return _cohort(row)


async def by_id(tx: Tx, cohort_id: int) -> Cohort:
    found = _cohort(await tx.one(f"select {COLUMNS} from cohorts c where c.id = :id", id=cohort_id))
    if found is None:
        raise NotSetUp
    return found


async def of_post(tx: Tx, post_id: int) -> Cohort:
    """Raises `CardGone` for a post that never was."""
    found = _cohort(
        await tx.one(
            f"select {COLUMNS} from posts p join cohorts c on c.id = p.cohort_id where p.id = :post", post=post_id
        )
    )
    if found is None:
        raise CardGone
    return found


async def named_or_here(tx: Tx, cohort_id: int, place: Place, account: Account) -> Cohort:
    """The cohort that a button names; 0 names the one that is here.

    It has to have a place in the asker's workspace, or to be the asker's own; in a direct message the asker may also be
    the one who led it last.
    """
    if not cohort_id:
        return await here(tx, place, account)
    row = await tx.one(
        f"""select {COLUMNS} from cohorts c where c.id = :id and c.ended_at is null and (
              exists (select 1 from cohort_places cp join places p on p.id = cp.place_id
                      join workspaces w on w.id = p.workspace_id
                      where cp.cohort_id = c.id and w.platform = :platform and w.foreign_id = :workspace)
              or exists (select 1 from accounts a
                      where (a.learner_id = c.learner_id or :channel = '' and a.learner_id = c.led_by)
                        and a.platform = :platform and a.realm = :realm
                        and a.foreign_id = :foreign_id))""",
        id=cohort_id,
        workspace=place.workspace,
        channel=place.channel,
        **learners.named(account),
    )
    found = _cohort(row) or await here(tx, place, account)
    if found.id != cohort_id:
        raise NotSetUp
    return found


async def every(tx: Tx) -> list[Cohort]:
    """Every group; not what learners have for themselves."""
    rows = await tx.all(
        f"select {COLUMNS} from cohorts c where c.ended_at is null and c.learner_id is null order by c.id"
    )
    return [cohort for row in rows if (cohort := _cohort(row))]


def _cohort(row: Row | None) -> Cohort | None:
    return cohort_of(row) if row else None


def cohort_of(row: Row) -> Cohort:
    """What `COLUMNS` of a cohort `c` hold."""
    return Cohort(
        id=row["id"],
        workspace_id=row["workspace_id"],
        name=row["name"],
        zone=row["zone"],
        settings=settings_of(row["settings"]),
        version=row["version"],
        personal=row["learner_id"] is not None,
        in_file=row["in_file"] == 1,
    )


@lru_cache(maxsize=1_024)
def settings_of(kept: str) -> Settings:
    """Settings as they are kept; what an older version did not know has its default."""
    return msgspec.json.decode(kept, type=Settings)


async def set_up(tx: Tx, place: Place, wanted: SetUp, by: str, now: int) -> Cohort:
    """Make the cohort of a place what is asked: new, or changed where one of this name is there already."""
    workspace_id = await places.workspace(tx, place, now)
    found = await tx.one(
        "select id from cohorts where workspace_id = :workspace and name = :name",
        workspace=workspace_id,
        name=wanted.name,
    )
    if found is None:
        cohort = await new(tx, workspace_id, wanted, by, now)
    else:
        cohort = await change(tx, await by_id(tx, found["id"]), wanted, by, now)
    await places.put(tx, cohort.id, place, now)
    return cohort


async def new(tx: Tx, workspace_id: int, wanted: SetUp, by: str, now: int, *, learner_id: int | None = None) -> Cohort:
    """A cohort without a place; `learner_id`: a personal one, and whose it is."""
    cohort_id = new_id(now)
    await tx.run(
        """insert into cohorts (id, workspace_id, name, zone, settings, learner_id, created_at)
           values (:id, :workspace, :name, :zone, :settings, :learner, :now)""",
        id=cohort_id,
        workspace=workspace_id,
        name=wanted.name,
        zone=wanted.schedule.zone,
        settings=msgspec.json.encode(wanted.settings).decode(),
        learner=learner_id,
        now=now,
    )
    await schedules.put(tx, cohort_id, wanted.schedule, now)
    await changes.note(tx, cohort_id, by, ["set up"], now)
    return await by_id(tx, cohort_id)


async def set_up_of(tx: Tx, cohort: Cohort) -> SetUp:
    """All that is set of a cohort now."""
    return SetUp((await schedules.of(tx, cohort)).schedule, cohort.settings, cohort.name)


async def change(tx: Tx, cohort: Cohort, wanted: SetUp, by: str, now: int) -> Cohort:
    """Make the set-up what is asked, and keep who changed what. Where nothing changes, nothing is touched.

    Raises `ChangedMeanwhile` where somebody else changed the cohort since this version of it was read.
    """
    before = await set_up_of(tx, cohort)
    what = differences(before, wanted)
    if not what:
        return cohort
    moved = await tx.run(
        """update cohorts set name = :name, zone = :zone, settings = :settings, version = version + 1
           where id = :id and version = :version""",
        id=cohort.id,
        name=wanted.name,
        zone=wanted.schedule.zone,
        settings=msgspec.json.encode(wanted.settings).decode(),
        version=cohort.version,
    )
    if not moved:
        raise ChangedMeanwhile
    if before.schedule != wanted.schedule:  # an unchanged one keeps its next post: a restart at its time loses nothing
        await schedules.put(tx, cohort.id, wanted.schedule, now)
    await changes.note(tx, cohort.id, by, what, now)
    return await by_id(tx, cohort.id)


async def put_in_file(tx: Tx, cohort_ids: Sequence[int]) -> None:
    """These cohorts stand in the configuration file, and no others."""
    await tx.run("update cohorts set in_file = 0 where in_file = 1")
    await tx.each("update cohorts set in_file = 1 where id = :id", [{"id": cohort_id} for cohort_id in cohort_ids])


async def led_by(tx: Tx, cohort_id: int, learner_id: int) -> None:
    """Troubles with this cohort are told to this learner from now on."""
    await tx.run("update cohorts set led_by = :learner where id = :id", learner=learner_id, id=cohort_id)


async def lead_of(tx: Tx, cohort_id: int) -> int | None:
    """The learner who is told of its troubles."""
    row = await tx.one("select led_by from cohorts where id = :id", id=cohort_id)
    return row["led_by"] if row else None
