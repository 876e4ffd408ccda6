"""What a click costs on Discord: people who study all at once, beside a bare discord.py bot."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.testing.world import DECK
from tests.adapters.discord.double import DiscordDouble, Person, components, contracts
from tests.adapters.discord.double.words import Asked, Interaction, Payload, Posted

from .clicks import PATIENCE_S, Clicks, by_all, compared, ended, program, until
from .measure import Figures, interleaved

STUDY, REVEAL, RATE, HOW = "Study", "Show answer", "4 Well", "How it works"
CONFIG = """
[flashmob]
data = "."

[discord]
enabled = true
api_base = "{api_base}"
gateway_url = "{gateway_url}"
"""
COHORT = """
[[cohort]]
name = "Rivers"
platform = "discord"
workspace = "{guild}"
channel = "{channel}"
decks = ["rivers.deck.md"]
cards = {cards}
time = "23:58"
late_until = "23:59"
"""
Screens = list[list[Payload]]


class Crowd:
    """The double with its people, and where their clicks go."""

    def __init__(self, discord: DiscordDouble, members: int) -> None:
        self.discord = discord
        self.guild = discord.room.guild("Rivers")
        self.channel = discord.room.channel("flashcards", self.guild)
        self.people = {f"Learner {number}": self._arrived(f"Learner {number}") for number in range(members)}
        self.lead = self._arrived("The lead")
        self.guild.leads.append(self.lead.id)
        self.screens: dict[str, Posted] = {}
        self.clicked = Clicks()

    def _arrived(self, name: str) -> Person:
        user = self.discord.room.user(name)
        self.guild.members.append(user.id)
        return Person(self.discord, user, self.channel)

    async def all_study(self, post: Posted, cards: int) -> Clicks:
        """Everybody at once, after another press that counts for nothing."""
        self.screens = dict.fromkeys(self.people, post)
        await by_all(list(self.people), lambda who: self._click(who, HOW))
        self.screens = dict.fromkeys(self.people, post)
        self.clicked.took.clear()
        before = self._calls()
        await by_all(list(self.people), partial(self._study, cards))
        self.clicked.calls = self._calls() - before
        return self.clicked

    async def _study(self, cards: int, who: str) -> None:
        for label in (STUDY, *((REVEAL, RATE) * cards)):
            await self._click(who, label)

    async def _click(self, who: str, label: str) -> None:
        """On what this person has on the screen."""
        person, posted = self.people[who], self.screens[who]
        button = components.button(posted.payload["components"], label)
        assert button is not None, f"there is no {label}"
        data = {"custom_id": button["custom_id"], "component_type": components.BUTTON, "id": button["id"]}
        async with self.clicked.timed():
            made = self.discord.interactions.begin(Asked.COMPONENT, person.user, self.channel, data, posted)
            await _answered(made)
        self.screens[who] = made.shown[-1]

    def _calls(self) -> int:
        return sum("/callback" in call.path or call.path.startswith("/webhooks") for call in self.discord.calls)

    def posts(self) -> list[Posted]:
        return self.discord.room.history(self.channel.id)

    async def post_now(self) -> Posted:
        """Have today's post sent."""
        await _answered(self.lead.begin_type("/quiz-admin post"))
        await until(self.posts)
        return self.posts()[0]


async def _answered(made: Interaction) -> None:
    """Raises TimeoutError for whoever sees nothing, with what the answer was refused for."""
    try:
        async with asyncio.timeout(PATIENCE_S):
            await made.done.wait()
    except TimeoutError as error:
        raise TimeoutError(f"nothing was shown: {made.kind}, {[each.body for each in made.refused]}") from error


async def clicks(*, members: int, cards: int, runs: int) -> Figures:
    """Each member presses Study on the post, then looks at each card's answer and rates it."""
    contracts.MISSING = "holding every body against Discord's description is what tests do"
    drawn: Screens = []
    ran = await interleaved(runs, ours=partial(ours, members, cards, drawn), bare=partial(bare, members, cards, drawn))
    return Figures(compared(ran["ours"], ran["bare"]))


async def ours(members: int, cards: int, drawn: Screens) -> Clicks:
    """`flashmob run`, as it is; leaves in `drawn` what it showed: the post, a question and its answer."""
    async with crowd(members) as there:
        with TemporaryDirectory() as folder:
            place = {"guild": there.guild.id, "channel": there.channel.id, "cards": cards}
            config = configured(Path(folder), there.discord, COHORT.format(**place))
            async with running(there.discord, "-m", "bot", "run", "--config", config):
                post = await there.post_now()
                made = await there.all_study(post, cards)
        drawn[:] = [post.asked["components"], _screen(there, REVEAL), _screen(there, RATE)]
    return made


async def bare(members: int, cards: int, drawn: Screens) -> Clicks:
    """A bare bot, which shows one and the same question and answer to everybody."""
    async with crowd(members) as there:
        post, *screens = drawn
        with TemporaryDirectory() as folder:
            path = Path(folder) / "screens.json"
            path.write_text(json.dumps(screens))
            async with running(there.discord, *command(there.discord, str(path))):
                posted = there.discord.room.post(there.channel, {"components": post, "flags": 1 << 15}, {})
                return await there.all_study(posted, cards)


def _screen(there: Crowd, label: str) -> list[Payload]:
    """A screen with this button, as it was sent to somebody."""
    sent = [body["components"] for call, body in there.discord.bodies() if "/callback" in call.path]
    return next(each for each in reversed(sent) if components.button(each, label))


# ---- a double with a program before it -------------------------------------------------------------------------------


@asynccontextmanager
async def crowd(members: int) -> AsyncIterator[Crowd]:
    async with DiscordDouble() as discord:
        yield Crowd(discord, members)


def configured(folder: Path, discord: DiscordDouble, cohort: str = "") -> str:
    (folder / "rivers.deck.md").write_text(DECK)
    path = folder / "config.toml"
    path.write_text(CONFIG.format(api_base=discord.api_base, gateway_url=discord.gateway_url) + cohort)
    return str(path)


def command(discord: DiscordDouble, *more: str) -> tuple[str, ...]:
    return ("-m", "bench.bare_discord", discord.api_base, discord.gateway_url, *more)


@asynccontextmanager
async def running(discord: DiscordDouble, *arguments: str) -> AsyncIterator[int]:
    """The program in a process of its own, connected; gives its process id."""
    async with program(*arguments, env={"DISCORD_TOKEN": discord.token}) as process:
        await until(lambda: discord.gateway.connected or ended(process))
        await until(lambda: discord.commands or "bench.bare_discord" in arguments or ended(process))
        yield process.pid
