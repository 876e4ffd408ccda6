"""What a click costs on Slack: people who study all at once, over a socket and over HTTP, beside a bare Bolt app."""

import json
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.testing.world import DECK
from tests.adapters.slack.counterpart import CHANNEL, environment
from tests.adapters.slack.double import contracts
from tests.adapters.slack.double.state import Json
from tests.adapters.slack.reading import buttons_of

from .clicks import Clicks, compared, ended, program, until
from .measure import Figures, interleaved
from .slack import LEAD, RATE, REVEAL, Slack, opened

CONFIG = """
[flashmob]
data = "."

[slack]
enabled = true
mode = "{mode}"
api_base = "{api_base}"
host = "127.0.0.1"
port = {port}

[[cohort]]
name = "Rivers"
platform = "slack"
workspace = "{team}"
channel = "{channel}"
decks = ["rivers.deck.md"]
cards = {cards}
time = "23:58"
late_until = "23:59"
"""


async def clicks(*, members: int, cards: int, runs: int) -> Figures:
    """Each member presses Study on the post, then looks at each card's answer and rates it."""
    found: dict[str, float] = {}
    contracts.FOLDER = Path("/none")  # holding every body against the schemas is what tests do
    for mode in ("socket", "http"):
        views: list[Json] = []
        ran = await interleaved(
            runs,
            ours=partial(ours, mode, members, cards, views),
            bare=partial(bare, mode, members, cards, views),
        )
        found |= {f"{mode}_{name}": figure for name, figure in compared(ran["ours"], ran["bare"]).items()}
    return Figures(found)


async def ours(mode: str, members: int, cards: int, drawn: list[Json]) -> Clicks:
    """`flashmob run`, as it is; leaves in `drawn` what it showed: the post, a question and its answer."""
    async with opened(mode, members) as there:
        with TemporaryDirectory() as folder:
            config = _configured(Path(folder), there, cards)
            async with program("-m", "bot", "run", "--config", config, env=environment(there.double.state)) as process:
                await until(lambda: there.is_heard(sockets=2) or ended(process))
                ts = await _posted(there)
                clicked = await there.all_study(ts, cards)
        drawn[:] = _shown(there, ts)
        return clicked


def _configured(folder: Path, there: Slack, cards: int) -> str:
    (folder / "rivers.deck.md").write_text(DECK)
    place = {"team": there.double.state.team, "channel": CHANNEL}
    path = folder / "config.toml"
    path.write_text(
        CONFIG.format(mode=there.mode, api_base=there.double.api_base, port=there.port, cards=cards, **place)
    )
    return str(path)


async def _posted(there: Slack) -> str:
    """Have today's post sent; gives its ts."""
    await there.click(LEAD, there.hands.type(LEAD, CHANNEL, "admin post"))
    await until(lambda: there.posts())
    return there.posts()[0]


def _shown(there: Slack, ts: str) -> list[Json]:
    """The post, and the views that somebody saw: a question, and an answer with its ratings."""
    views = [json.loads(arguments["view"]) if isinstance(arguments["view"], str) else arguments["view"]
             for method, arguments in there.api.calls if method == "views.update"]  # fmt: skip
    labels = [{label for label, _ in buttons_of(view["blocks"])} for view in views]
    question = next(view for view, found in zip(views, labels, strict=True) if REVEAL in found)
    answer = next(view for view, found in zip(views, labels, strict=True) if RATE in found)
    return [{"blocks": there.double.state.message(CHANNEL, ts)["blocks"]}, question, answer]


async def bare(mode: str, members: int, cards: int, drawn: list[Json]) -> Clicks:
    """A bare Bolt app, which shows one and the same question and answer to everybody."""
    async with opened(mode, members) as there:
        post, *views = drawn
        with TemporaryDirectory() as folder:
            path = Path(folder) / "views.json"
            path.write_text(json.dumps(views))
            command = ("-m", "bench.bare_bolt", mode, there.double.api_base, str(there.port), str(path))
            async with program(*command, env=environment(there.double.state)) as process:
                await until(lambda: there.is_heard(sockets=1) or ended(process))
                message = there.double.state.post(CHANNEL, "Today", post["blocks"], None)
                return await there.all_study(message["ts"], cards)
