"""What Flashmob needs to be allowed to do in a channel, and what of that is missing."""

from typing import Any

import discord

from bot.adapter import SendFailed
from bot.model import Place

from . import failures

NEEDED = {
    "view_channel": "View Channel",
    "send_messages": "Send Messages",
    "embed_links": "Embed Links",
    "attach_files": "Attach Files",
    "read_message_history": "Read Message History",
}
TO_SEND = ("view_channel", "send_messages")
TO_LOOK = ("view_channel", "read_message_history")
"""Without the latter Discord says that there are no messages, and does not refuse."""
TO_ATTACH = ("attach_files",)
TO_REACT = ("view_channel", "read_message_history", "add_reactions")
NAMES = {**NEEDED, "add_reactions": "Add Reactions"}


def asked_for() -> discord.Permissions:
    """What the invite link asks for: never Administrator."""
    return discord.Permissions(**dict.fromkeys(NAMES, True))


def lacking(channel: discord.abc.GuildChannel, needed: tuple[str, ...], me: discord.Member | None = None) -> list[str]:
    """The permissions that are missing here, by the names that people see. `me`: Flashmob, where it is not cached."""
    someone = me or channel.guild.get_member(channel._state.self_id or 0)
    allowed = channel.permissions_for(someone) if someone else discord.Permissions.all()
    return [NAMES[name] for name in needed if not getattr(allowed, name)]


def lacks(interaction: discord.Interaction[Any], where: Place) -> tuple[str, ...]:
    """What is missing in that channel, in words for a lead: Discord says it of the channel that one is in."""
    if interaction.guild is None:
        return ()
    if where.channel == str(interaction.channel_id):
        missing = [NAMES[name] for name in NEEDED if not getattr(interaction.app_permissions, name)]
    else:
        channel = interaction.guild.get_channel(int(where.channel)) if where.channel.isdecimal() else None
        missing = lacking(channel, tuple(NEEDED)) if channel else []
    return tuple(f"the permission {name}, in the settings of the channel" for name in missing)


def check(client: discord.Client, place: Place, needed: tuple[str, ...]) -> None:
    """Raises `SendFailed` where Discord would refuse; what is not known here is left to Discord.

    Each 403 counts towards a ban of the whole address, so what is known to fail is not tried.
    """
    guild = _guild(client, place)
    if guild is not None and guild.unavailable:
        raise SendFailed("Discord has an outage, and this server cannot be reached")
    if missing := lacking_at(client, place, needed):
        raise failures.not_allowed(" and ".join(missing))


def lacking_at(client: discord.Client, place: Place, needed: tuple[str, ...]) -> list[str]:
    """The permissions that are missing in a place, as far as that is known here."""
    guild = _guild(client, place)
    channel = guild.get_channel(int(place.channel)) if guild and place.channel.isdecimal() else None
    return lacking(channel, needed) if channel is not None else []


def _guild(client: discord.Client, place: Place) -> discord.Guild | None:
    return client.get_guild(int(place.workspace)) if place.workspace.isdecimal() else None
