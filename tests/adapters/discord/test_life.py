"""Staying connected, counting refusals, and what is read before anything starts."""

import asyncio
import subprocess
import sys
from types import SimpleNamespace

import discord
import pytest

from adapters.discord import failures, life, limits, marks, parse, settings
from adapters.discord.invalid import Budget
from bot.adapter import SendFailed, Trouble
from bot.errors import ConfigError
from bot.model import Rating
from bot.states import Health


@pytest.fixture
def no_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "FIRST_REST_S", 0.001)
    monkeypatch.setattr(limits, "LONGEST_REST_S", 0.004)


@pytest.mark.usefixtures("no_rest")
async def test_whatever_ends_the_connection_it_is_begun_again() -> None:
    closing, attempts = asyncio.Event(), 0

    async def connect() -> None:
        nonlocal attempts
        attempts += 1
        if attempts == 5:
            closing.set()
        if attempts % 2:
            raise KeyError("a gateway parser met what it does not know")

    await life.stay(connect, closing)
    assert attempts == 5


@pytest.mark.usefixtures("no_rest")
@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (discord.LoginFailure("Improper token has been passed."), "does not accept the token"),
        (discord.PrivilegedIntentsRequired(None), "refuses what Flashmob listens to"),
    ],
)
async def test_what_a_person_has_to_mend_is_said_and_not_tried_again(error: Exception, sentence: str) -> None:
    attempts = 0

    async def connect() -> None:
        nonlocal attempts
        attempts += 1
        raise error

    with pytest.raises(ConfigError, match=sentence):
        await life.stay(connect, asyncio.Event())
    assert attempts == 1


@pytest.mark.parametrize(("code", "ends"), [(4004, True), (4014, True), (4011, True), (4000, False), (1006, False)])
def test_some_closings_are_for_good(code: int, ends: bool) -> None:
    socket = SimpleNamespace(close_code=code)
    error = discord.ConnectionClosed(socket, shard_id=None)  # type: ignore[arg-type]
    assert (life.hopeless(error) is not None) is ends


async def test_a_rest_ends_when_flashmob_is_closed() -> None:
    closing = asyncio.Event()
    attempts = asyncio.Event()

    async def connect() -> None:
        attempts.set()
        raise OSError("no network")

    staying = asyncio.create_task(life.stay(connect, closing))
    await attempts.wait()
    closing.set()
    await asyncio.wait_for(staying, 5)


def test_half_of_the_invalid_requests_are_never_exceeded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "INVALID_REQUESTS", 10)
    now = 1_000_000
    budget = Budget(lambda: now)
    for status, scope in [(200, ""), (429, "shared"), (404, ""), (403, ""), (401, ""), (429, "user"), (403, "")]:
        budget.note(status, scope)
    budget.check()
    budget.note(403)
    with pytest.raises(SendFailed) as failed:
        budget.check()
    assert failed.value.trouble is Trouble.RATE_LIMITED
    assert failed.value.retry_after_s == 600
    now += limits.INVALID_WINDOW_MS
    budget.check()


def test_a_wait_that_discord_asks_for_is_handed_on() -> None:
    failed = failures.send_failed(discord.RateLimited(61.5))
    assert (failed.trouble, failed.retry_after_s) == (Trouble.RATE_LIMITED, 61.5)


def test_a_broken_line_passes() -> None:
    assert failures.send_failed(ConnectionResetError()).trouble is Trouble.PASSING
    assert failures.send_failed(TimeoutError()).trouble is Trouble.PASSING


@pytest.mark.parametrize("key", ["post:1:0", "post:1:1", "", "é" * 300])
def test_a_key_names_a_message_within_discords_limits(key: str) -> None:
    first, second = marks.ids(key)
    assert marks.ids(key) == (first, second)
    assert len(marks.nonce(key)) <= limits.NONCE
    assert first != second
    assert all(1 << 30 <= number <= limits.COMPONENT_ID for number in (first, second))


def test_keys_that_differ_name_different_messages() -> None:
    keys = [f"post:{number}" for number in range(2_000)]
    assert len({marks.ids(key) for key in keys}) == len({marks.nonce(key) for key in keys}) == 2_000


@pytest.mark.parametrize("rating", Rating)
def test_a_keycap_is_read_in_both_its_forms(rating: Rating) -> None:
    assert parse.rating_of(parse.EMOJI[rating]) is rating
    assert parse.rating_of(f"{rating.value}\u20e3") is rating


@pytest.mark.parametrize("emoji", ["0\ufe0f\u20e3", "6\ufe0f\u20e3", "1", "", "🎉", "12\u20e3", "①"])
def test_no_other_emoji_is_a_rating(emoji: str) -> None:
    assert parse.rating_of(emoji) is None


def test_settings_that_are_not_there_are_named() -> None:
    with pytest.raises(ConfigError, match=r"\[discord\]: there is no setting `api_bass`. Did you mean `api_base`"):
        settings.read({"api_bass": ""})
    with pytest.raises(ConfigError, match="`gateway_url` is"):
        settings.read({"gateway_url": "https://example.org"})


def test_a_missing_token_is_said_and_a_token_is_never_shown() -> None:
    with pytest.raises(ConfigError, match="DISCORD_TOKEN"):
        settings.secrets({})
    held = settings.secrets({"DISCORD_TOKEN": " Bot abc.def "})
    assert held.token == "abc.def"
    assert "abc" not in repr(held)


def test_without_the_library_it_is_said_how_to_get_it() -> None:
    program = (
        "import sys; sys.modules['discord'] = None\n"
        "from adapters.discord.entry import open_adapter\n"
        "from bot.errors import ConfigError\n"
        "try: open_adapter({}, None, None)\n"
        "except ConfigError as error: print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert "In Flashmob's folder run `make demo`" in said
    assert 'pip install ".[discord]"' in said


def test_health_is_said_in_words() -> None:
    assert [str(health) for health in Health] == ["connecting", "connected", "reconnecting", "closed"]
