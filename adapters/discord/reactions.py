"""The ratings that stand under a message as reactions, read again where some may have been missed."""

import discord

from bot.adapter import RatedBy
from bot.model import Account, Rating

from . import parse

NORMAL, SUPER = discord.ReactionType.normal, discord.ReactionType.burst


async def rated_by(message: discord.PartialMessage, bot_id: int) -> RatedBy:
    """Who has put which rating there, people only; a rating that nobody has put is left out."""
    found: dict[Rating, list[Account]] = {}
    whole = await message.fetch()
    for reaction in whole.reactions:
        rating = parse.rating_of(str(reaction.emoji))
        if rating is not None and reaction.count > reaction.me:
            found.setdefault(rating, []).extend(await _people(reaction, bot_id))
    return found


async def _people(reaction: discord.Reaction, bot_id: int) -> list[Account]:
    """Page by page, a hundred a request; super reactions are asked for by themselves."""
    kinds = [NORMAL] + [SUPER] * bool(reaction.burst_count)
    people = {person.id: person for kind in kinds async for person in reaction.users(limit=None, type=kind)}
    others = (person for person in people.values() if not person.bot and person.id != bot_id)
    return [Account(parse.PLATFORM, "", str(person.id), person.display_name) for person in others]
