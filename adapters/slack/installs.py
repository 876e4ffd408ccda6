"""Workspaces that installed the app themselves: their tokens, encrypted, in a database of the adapter's own.

Rules of this file:
- a token is on the disk only encrypted, with the key of the environment;
- one that runs out is renewed in time (rotation.py);
- what Slack tells of an uninstallation may come late, so it ends only an installation that is older;
- a workspace of an organisation that installed the app as a whole is found by the organisation.
"""

import asyncio
import json
import secrets
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet, InvalidToken

from bot.adapter import Now
from bot.errors import ConfigError, DatabaseUnusable

from .rotation import Renew, Renewals
from .workspaces import There, Workspace

STATE_MS = 10 * 60 * 1000
SCHEMA = """
create table if not exists installations
    (realm text primary key, sealed blob not null, installed_at integer not null) strict;
create table if not exists teams (team text primary key, realm text not null) strict;
create table if not exists states (state text primary key, expires_at integer not null) strict;
"""


class Installs:
    """Asked for every event and every post, and remembered while the process lives."""

    def __init__(self, path: Path, key: str, now: Now, renew: Renew | None = None, there: There | None = None) -> None:
        """Without `renew` tokens are used as they are. `there` hears of each workspace that the app is in, once it is
        met, and met again after an installation or a removal of any.

        Raises `ConfigError` for a key that is none, `DatabaseUnusable` for a file that is none.
        """
        self._path = path
        self._now = now
        self._renewals = Renewals(renew, now, self._load_anew, self._replace) if renew else None
        self._there = there
        self._seal = _sealing(key)
        self._known: dict[str, Workspace] = {}
        self._do(lambda db: db.executescript(SCHEMA))

    @property
    def known(self) -> Workspace | None:
        """There are many: what they granted differs."""
        return None

    async def find(self, *realms: str) -> Workspace | None:
        for realm in filter(None, realms):
            found = self._known.get(realm) or await self._call(partial(self._load, realm=realm))
            if found is not None:
                found = await self._renewals.lasting(found) if self._renewals else found
                await self._remember(realms[0], realm, found)
                return replace(found, team=found.team or realms[0])
        return None

    async def save(self, workspace: Workspace) -> None:
        """An installation, or one again with other scopes."""
        realm = workspace.team or workspace.enterprise
        sealed = self._sealed(workspace)

        def keep(db: sqlite3.Connection) -> None:
            db.execute(
                "insert into installations (realm, sealed, installed_at) values (?, ?, ?)"
                " on conflict (realm) do update set sealed = excluded.sealed, installed_at = excluded.installed_at",
                (realm, sealed, self._now()),
            )
            if workspace.realm != realm:  # people of a Grid are reached by their enterprise
                db.execute("insert or replace into teams values (?, ?)", (workspace.realm, realm))

        await self._call(keep)
        self.forget()
        await self.find(realm)

    async def settle(self) -> None:
        """Wait for tokens that are being renewed."""
        if self._renewals is not None:
            await self._renewals.settle()

    async def _load_anew(self, realm: str) -> Workspace | None:
        found: Workspace | None = await self._call(partial(self._load, realm=realm))
        return found

    async def _replace(self, realm: str, renewed: Workspace) -> None:
        sealed = self._sealed(renewed)
        await self._call(lambda db: db.execute("update installations set sealed = ? where realm = ?", (sealed, realm)))

    def _sealed(self, workspace: Workspace) -> bytes:
        return self._seal.encrypt(json.dumps({**asdict(workspace), "scopes": sorted(workspace.scopes)}).encode())

    async def removed(self, realm: str, at: int) -> list[str]:
        """The token is deleted at once. Of an organisation's, all workspaces are returned that were heard of."""
        gone: list[str] = await self._call(partial(self._delete, realm=realm, at=at))
        self.forget()
        return gone

    def _delete(self, db: sqlite3.Connection, realm: str, at: int) -> list[str]:
        if self._load(db, realm) is None:
            return [realm]
        deleted = db.execute(
            "delete from installations where installed_at <= ?"
            " and realm in (?, (select realm from teams where team = ?)) returning realm",
            (at, realm, realm),
        ).fetchall()
        names = [name for (name,) in deleted]
        for name in list(names):
            names += [team for (team,) in db.execute("delete from teams where realm = ? returning team", (name,))]
        return names

    def forget(self) -> None:
        self._known.clear()

    # ---- the state of an installation that is under way

    async def issue_state(self) -> str:
        state, now = secrets.token_urlsafe(24), self._now()

        def keep(db: sqlite3.Connection) -> None:
            db.execute("delete from states where expires_at < ?", (now,))
            db.execute("insert into states (state, expires_at) values (?, ?)", (state, now + STATE_MS))

        await self._call(keep)
        return state

    async def consume_state(self, state: str) -> bool:
        """Whether it is one of ours, once."""
        found = await self._call(
            lambda db: db.execute(
                "delete from states where state = ? and expires_at >= ? returning state", (state, self._now())
            ).fetchall()
        )
        return bool(found)

    # ---- within

    def _load(self, db: sqlite3.Connection, realm: str) -> Workspace | None:
        row = db.execute(
            "select sealed from installations where realm = ? or realm = (select realm from teams where team = ?)",
            (realm, realm),
        ).fetchone()
        return self._opened(row[0]) if row else None

    def _opened(self, sealed: bytes) -> Workspace:
        try:
            said: dict[str, Any] = json.loads(self._seal.decrypt(sealed))
        except InvalidToken as error:
            raise DatabaseUnusable(
                f"{self._path}: FLASHMOB_ENCRYPTION_KEY does not open the tokens in it.",
                "Give the key that it was written with, or have the workspaces install the app again.",
            ) from error
        return Workspace(**{**said, "scopes": frozenset(said["scopes"])})

    async def _remember(self, team: str, realm: str, found: Workspace) -> None:
        if team and team != realm and team not in self._known:
            await self._call(lambda db: db.execute("insert or replace into teams values (?, ?)", (team, realm)))
        if team and team not in self._known and self._there is not None:
            await self._there(team)
        self._known[team or realm] = self._known[realm] = found

    async def _call(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        return await asyncio.to_thread(self._do, work)

    def _do(self, work: Callable[[sqlite3.Connection], Any]) -> Any:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=5)) as db, db:
                return work(db)
        except (sqlite3.Error, OSError) as error:
            raise DatabaseUnusable(f"{self._path}: the installations cannot be kept ({error}).") from error


def _sealing(key: str) -> Fernet:
    try:
        return Fernet(key.encode())
    except ValueError as error:
        raise ConfigError(
            "FLASHMOB_ENCRYPTION_KEY is no key.",
            "Make one: python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'",
        ) from error
