"""Cohorts: where they are, how they are set, and when their next post goes out."""

import msgspec

from ..clock import next_post
from ..errors import NotSetUp
from ..model import Account, Cohort, Place, Schedule, Settings
from .ids import new_id
from .tx import Row, Tx

_COLUMNS = "c.id, c.workspace_id, c.name, c.zone, c.settings"


async def here(tx: Tx, place: Place, account: Account) -> Cohort:
    """The cohort of a channel; in a direct message, the one in which this account was last active."""
    found = await (at_place(tx, place) if place.channel else _last_of(tx, account))
    if found is None:
        raise NotSetUp
    return found


async def at_place(tx: Tx, place: Place) -> Cohort | None:
    row = await tx.one(
        f"""select {_COLUMNS} from workspaces w join places p on p.workspace_id = w.id
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
        f"""select {_COLUMNS} from accounts a join memberships m on m.learner_id = a.learner_id
            join cohorts c on c.id = m.cohort_id
            where a.platform = :platform and a.realm = :realm and a.foreign_id = :foreign_id
              and m.left_at is null and c.ended_at is null
            order by m.active_day desc, c.id desc limit 1""",
        platform=account.platform,
        realm=account.realm,
        foreign_id=account.foreign_id,
    )
    return _cohort(row)


async def by_id(tx: Tx, cohort_id: int) -> Cohort:
    found = _cohort(await tx.one(f"select {_COLUMNS} from cohorts c where c.id = :id", id=cohort_id))
    if found is None:
        raise NotSetUp
    return found


async def every(tx: Tx) -> list[Cohort]:
    rows = await tx.all(f"select {_COLUMNS} from cohorts c where c.ended_at is null order by c.id")
    return [cohort for row in rows if (cohort := _cohort(row))]


def _cohort(row: Row | None) -> Cohort | None:
    if row is None:
        return None
    settings = msgspec.json.decode(row["settings"], type=Settings)
    return Cohort(row["id"], row["workspace_id"], row["name"], row["zone"], settings)


async def set_up(tx: Tx, place: Place, name: str, schedule: Schedule, settings: Settings, now: int) -> Cohort:
    """Make the cohort of a place what is asked: new, or changed where one of this name is there already."""
    workspace_id = await _workspace(tx, place, now)
    before = await tx.one(
        "select zone from cohorts where workspace_id = :workspace and name = :name", workspace=workspace_id, name=name
    )
    row = await tx.one(
        """insert into cohorts (id, workspace_id, name, zone, settings, created_at)
           values (:id, :workspace, :name, :zone, :settings, :now)
           on conflict (workspace_id, name) do update set zone = excluded.zone, settings = excluded.settings
           returning id""",
        id=new_id(now),
        workspace=workspace_id,
        name=name,
        zone=schedule.zone,
        settings=msgspec.json.encode(settings).decode(),
        now=now,
    )
    assert row is not None
    await _put_at(tx, row["id"], workspace_id, place.channel, now)
    same_zone = before is not None and before["zone"] == schedule.zone
    await _set_schedule(tx, row["id"], schedule, now, same_zone=same_zone)
    return await by_id(tx, row["id"])


async def _workspace(tx: Tx, place: Place, now: int) -> int:
    row = await tx.one(
        """insert into workspaces (id, platform, foreign_id, installed_at) values (:id, :platform, :foreign_id, :now)
           on conflict (platform, foreign_id) do update set installed_at = workspaces.installed_at returning id""",
        id=new_id(now),
        platform=place.platform,
        foreign_id=place.workspace,
        now=now,
    )
    assert row is not None
    return int(row["id"])


async def _put_at(tx: Tx, cohort_id: int, workspace_id: int, channel: str, now: int) -> None:
    """A place serves one cohort: the last one that was put there."""
    row = await tx.one(
        """insert into places (id, workspace_id, foreign_id) values (:id, :workspace, :channel)
           on conflict (workspace_id, foreign_id) do update set foreign_id = excluded.foreign_id returning id""",
        id=new_id(now),
        workspace=workspace_id,
        channel=channel,
    )
    assert row is not None
    await tx.run(
        """insert into cohort_places (place_id, cohort_id) values (:place, :cohort)
           on conflict (place_id) do update set cohort_id = excluded.cohort_id""",
        place=row["id"],
        cohort=cohort_id,
    )


async def _set_schedule(tx: Tx, cohort_id: int, schedule: Schedule, now: int, *, same_zone: bool) -> None:
    """An unchanged schedule keeps its next post, so that a restart between its time and its sending loses nothing."""
    weekdays = sum(1 << day for day in schedule.weekdays)
    local_time = schedule.local_time.strftime("%H:%M")
    row = await tx.one("select weekdays, local_time from schedules where cohort_id = :cohort", cohort=cohort_id)
    if same_zone and row is not None and (row["weekdays"], row["local_time"]) == (weekdays, local_time):
        return
    await tx.run(
        """insert into schedules (cohort_id, weekdays, local_time, run_at)
           values (:cohort, :weekdays, :local_time, :run_at)
           on conflict (cohort_id) do update
           set weekdays = excluded.weekdays, local_time = excluded.local_time, run_at = excluded.run_at""",
        cohort=cohort_id,
        weekdays=weekdays,
        local_time=local_time,
        run_at=next_post(schedule, now)[1],
    )


async def next_run(tx: Tx, cohort_id: int) -> int | None:
    """When the next post goes out."""
    row = await tx.one("select run_at from schedules where cohort_id = :cohort", cohort=cohort_id)
    return row["run_at"] if row else None
