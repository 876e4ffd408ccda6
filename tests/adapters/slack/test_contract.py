"""What every adapter must do, on Slack's double, over the socket and over HTTP."""

from collections.abc import AsyncIterator

import pytest

from bot.testing.adapter_contract import AdapterContract

from .counterpart import HTTP, SOCKET, SlackCounterpart


class TestOverTheSocket(AdapterContract):
    @pytest.fixture
    async def counterpart(self) -> AsyncIterator[SlackCounterpart]:
        there = SlackCounterpart(SOCKET)
        yield there
        await there.close()


class TestOverHttp(AdapterContract):
    @pytest.fixture
    async def counterpart(self) -> AsyncIterator[SlackCounterpart]:
        there = SlackCounterpart(HTTP)
        yield there
        await there.close()
