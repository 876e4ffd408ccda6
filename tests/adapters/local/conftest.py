"""A room with three members and a scripted counterpart; `served` has its page open on a free port."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest

from adapters.local.app import Local, Member

from .script import NIGHT, Script

MEMBERS = (Member("maya", "Maya", leads=True), Member("sam", "Sam"), Member("lin", "Lin Ångström"))


@pytest.fixture
def script() -> Script:
    return Script()


@pytest.fixture
def make(script: Script) -> Callable[..., Local]:
    def made(**settings: object) -> Local:
        local = Local({"port": 0, "name": "Evening group", **settings}, script.act, lambda: NIGHT)
        local.enter(MEMBERS)
        return local

    return made


@pytest.fixture
def local(make: Callable[..., Local]) -> Local:
    return make()


@pytest.fixture
async def served(local: Local) -> AsyncIterator[Local]:
    running = asyncio.create_task(local.run())
    await local.started()
    yield local
    await local.close()
    await running
