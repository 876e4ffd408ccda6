"""What every adapter must do, on Discord's double."""

import pytest

from bot.testing.adapter_contract import AdapterContract

from .double import contracts


class TestDiscord(AdapterContract):
    """The fixture `counterpart` is in conftest.py."""

    counterpart = None  # type: ignore[assignment]


@pytest.mark.skipif(bool(contracts.MISSING), reason=contracts.MISSING or "it is there")
def test_bodies_are_held_against_discords_own_description() -> None:
    path = "/channels/1/messages"
    assert contracts.request("POST", path, {"content": "x" * 4_000}) == []
    assert contracts.request("POST", path, {"content": "x" * 4_001}) != []
