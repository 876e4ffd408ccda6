"""Decks that are offered while one is typed: soon or not at all, and never an error, since nobody asked for anything.

Discord does not hold anyone to what was offered, so what comes with the command is read as words all the same.
"""

import asyncio
import logging
from collections.abc import Iterator, Sequence

from discord.app_commands import Choice

from bot import actions, markdown
from bot.adapter import Act
from bot.messages import Message, Numbered

from . import failures, inline, limits, parse
from .parse import Interaction

log = logging.getLogger("flashmob.discord")


async def suggest(interaction: Interaction, act: Act) -> None:
    """Offer what may be meant by the words so far. Never raises, but for being cancelled."""
    try:
        offered = list(choices(await _asked(interaction, act)))[: limits.SUGGESTIONS]
        await interaction.response.autocomplete(offered)
    except failures.KNOWN as error:
        log.info("nothing could be suggested: %s", error)
    except Exception:
        log.exception("nothing could be suggested")


async def _asked(interaction: Interaction, act: Act) -> Sequence[Message]:
    try:
        async with asyncio.timeout(limits.SUGGEST_WITHIN_S):
            return await act(parse.request(interaction, actions.SuggestDecks(parse.typed(interaction))))
    except TimeoutError:
        return ()


def choices(messages: Sequence[Message]) -> Iterator[Choice[str]]:
    """The items of a list as Discord takes them: plain words, of which the first ones are enough to find a deck."""
    lists = [part for message in messages for part in message.parts if isinstance(part, Numbered)]
    for item in (item for listed in lists for item in listed.items):
        title = " ".join(inline.clean(markdown.plain(item)).split())
        if title:
            yield Choice(name=_shown(title), value=_within(title, limits.CHOICE))


def _shown(title: str) -> str:
    return title if inline.size(title) <= limits.CHOICE else _within(title, limits.CHOICE - 1) + "…"


def _within(title: str, most: int) -> str:
    """The beginning of a title in at most `most` units of UTF-16."""
    while inline.size(title) > most:
        title = title[: most - inline.size(title)]
    return title
