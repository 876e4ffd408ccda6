"""The only mention that there is: of the role that a group wants each of its posts to notify, where one is sent."""

import discord

from bot.messages import Message
from bot.model import Place

LONGEST = len("<@&>\n") + 20
MOST_DIGITS = 20


def role(message: Message, place: Place) -> int:
    """The role that this message notifies in this place, or 0: the role of everyone has the id of its server."""
    if not message.ping.isdecimal() or len(message.ping) > MOST_DIGITS or message.ping == place.workspace:
        return 0
    return int(message.ping)


def mention(role: int) -> str:
    return f"<@&{role}>"


def allowed(role: int = 0) -> discord.AllowedMentions:
    """This role and nobody else; nobody at all where there is none."""
    roles = [discord.Object(role)] if role else False
    return discord.AllowedMentions(everyone=False, users=False, roles=roles, replied_user=False)
