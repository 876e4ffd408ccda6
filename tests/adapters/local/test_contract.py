"""What every adapter must do, on the local one, with either of its private surfaces."""

import pytest

from bot.adapter import PrivateSurface
from bot.testing.adapter_contract import AdapterContract
from bot.testing.counterpart import Counterpart

from .counterpart import LocalCounterpart


class TestInTheChannel(AdapterContract):
    @pytest.fixture
    def counterpart(self) -> Counterpart:
        return LocalCounterpart(PrivateSurface.EPHEMERAL)


class TestInDirectMessages(AdapterContract):
    @pytest.fixture
    def counterpart(self) -> Counterpart:
        return LocalCounterpart(PrivateSurface.DIRECT_MESSAGE)
