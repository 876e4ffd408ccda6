"""The ratings that stand under a message as reactions, read again where some may have been missed."""

from collections.abc import Mapping

import discord

from bot.model import Account, Rating

from . import parse

Standing = Mapping[Rating, tuple[Account, ...]]


async def standing(message: discord.PartialMessage, bot_id: int) -> Standing:
    """Who has put which rating there, people only; a rating that nobody has put is left out."""
    found: dict[Rating, tuple[Account, ...]] = {}
    whole = await message.fetch()
    for reaction in whole.reactions:
        rating = parse.rating_of(str(reaction.emoji))
        if rating is not None and reaction.count > reaction.me:
            found[rating] = await _people(reaction, bot_id)
    return found


async def _people(reaction: discord.Reaction, bot_id: int) -> tuple[Account, ...]:
    """Page by page: a hundred a request."""
    people = [person async for person in reaction.users(limit=None) if not person.bot and person.id != bot_id]
    return tuple(Account(parse.PLATFORM, "", str(person.id), person.display_name) for person in people)
