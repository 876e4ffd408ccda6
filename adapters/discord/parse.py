"""What Discord tells of, as an action with its circumstances."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import discord
from discord import app_commands

from bot import actions, buttons
from bot import forms as core_forms
from bot.actions import Action, Request
from bot.forms import File
from bot.model import Account, MessageRef, Place, Rating

from . import commands, forms, permissions

PLATFORM = "discord"
NAMELESS = "A member"
"""Who took a reaction back, where Discord does not say more; the name counts for nobody who has joined already."""
_WIDE, _KEYCAP = "\ufe0f", "\u20e3"
EMOJI = {rating: f"{rating.value}{_WIDE}{_KEYCAP}" for rating in Rating}
"""1️⃣ to 5️⃣, as Discord takes them."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has to be fetched before its action is known."""

    file: discord.Attachment
    action: Callable[[File], Action]


Interaction = discord.Interaction[Any]


def asked(interaction: Interaction) -> Action | Upload:
    """What a press, a form or a command asks for."""
    data = cast(Mapping[str, Any], interaction.data or {})
    if interaction.type is discord.InteractionType.modal_submit:
        return _form(interaction, data)
    if interaction.type is not discord.InteractionType.application_command:
        return buttons.read(str(data.get("custom_id", "")))
    subcommand, options = _filled_in(data)
    if files := (data.get("resolved") or {}).get("attachments"):
        found = app_commands.Namespace(interaction, data["resolved"], options)
        file = next(value for _, value in found if isinstance(value, discord.Attachment) and files)
        return Upload(file, lambda file: actions.ImportDeck(file.name, file.data))
    values = {option["name"]: option.get("value") for option in options}
    return commands.action(str(data.get("name", "")), values, subcommand)


def typed(interaction: Interaction) -> str:
    """What stands so far in the option that is being typed."""
    _, options = _filled_in(cast(Mapping[str, Any], interaction.data or {}))
    return next((str(option.get("value", "")) for option in options if option.get("focused")), "")


def _form(interaction: Interaction, data: Mapping[str, Any]) -> Action | Upload:
    filled = forms.filled(data)
    if not filled.file:
        return core_forms.read(filled.id, filled.values)
    file = discord.Attachment(data=data["resolved"]["attachments"][filled.file], state=interaction._state)
    return Upload(file, lambda file: core_forms.read(filled.id, filled.values, file))


def _filled_in(data: Mapping[str, Any]) -> tuple[str, list[Any]]:
    """The subcommand, if there is one, and the options that were filled in."""
    options = list(data.get("options") or [])
    if options and options[0].get("type") == commands.Kind.SUBCOMMAND:
        return str(options[0]["name"]), list(options[0].get("options") or [])
    return "", options


def request(interaction: Interaction, action: Action) -> Request:
    at = int(interaction.created_at.timestamp() * 1000)
    where = place(interaction)
    lacks = permissions.lacks(interaction, where) if isinstance(action, actions.LOOKED_AT) else ()
    return Request(action, f"discord:{interaction.id}", at, account(interaction), where, lacks)


def account(interaction: Interaction) -> Account:
    """Who acts. The right to lead is looked at again at each press: Discord's own setting can be overridden."""
    leads = interaction.guild_id is not None and interaction.permissions.manage_guild
    return Account(PLATFORM, "", str(interaction.user.id), interaction.user.display_name, leads)


def place(interaction: Interaction) -> Place:
    """Where it was asked, or the channel that a form chose; a thread counts as the channel that it belongs to."""
    if interaction.guild_id is None:
        return direct(str(interaction.user.id))
    if chosen := _chosen(interaction):
        return Place(PLATFORM, str(interaction.guild_id), chosen)
    channel = interaction.channel
    above = channel.parent_id if isinstance(channel, discord.Thread) else None
    return Place(PLATFORM, str(interaction.guild_id), str(above or interaction.channel_id))


def _chosen(interaction: Interaction) -> str:
    if interaction.type is not discord.InteractionType.modal_submit:
        return ""
    return core_forms.channel(forms.filled(cast(Mapping[str, Any], interaction.data or {})).values)


def direct(person: str) -> Place:
    return Place(PLATFORM, "", "", person)


# ---- reactions -------------------------------------------------------------------------------------------------------


def rating_of(emoji: str) -> Rating | None:
    """The rating that an emoji stands for, with or without the mark that asks for the wide form."""
    digit = emoji.removesuffix(_KEYCAP).removesuffix(_WIDE)
    return Rating(int(digit)) if emoji.endswith(_KEYCAP) and digit in ("1", "2", "3", "4", "5") else None


def reaction(payload: discord.RawReactionActionEvent, bot_id: int, key: str, at: int) -> Request | None:
    """A rating by reaction, or None for what is none of ours: another emoji, a bot, somebody else's message."""
    rating = rating_of(payload.emoji.name or "") if payload.emoji.id is None else None
    person = payload.member
    if rating is None or payload.guild_id is None or payload.user_id == bot_id or (person and person.bot):
        return None
    if payload.message_author_id not in (None, bot_id):
        return None
    where = Place(PLATFORM, str(payload.guild_id), str(payload.channel_id))
    action = actions.React(MessageRef(where, str(payload.message_id)), rating, payload.event_type == "REACTION_ADD")
    who = Account(PLATFORM, "", str(payload.user_id), person.display_name if person else NAMELESS)
    return Request(action, key, at, who, where)
