"""How Discord writes its nouns: whole payloads, since a missing key ends discord.py's client."""

from datetime import UTC, datetime

from .words import EVERYBODY, Channel, Guild, Payload, Permission, User

JOINED = "2026-01-01T00:00:00+00:00"


def instant(at: int) -> str:
    return datetime.fromtimestamp(at / 1000, UTC).isoformat()


def user(who: User) -> Payload:
    return {
        "id": who.id,
        "username": "".join(filter(str.isalnum, who.name.lower())) or "somebody",
        "discriminator": "0",
        "avatar": None,
        "global_name": who.name,
        "public_flags": 0,
        "flags": 0,
        "primary_guild": None,
        **({"bot": True} if who.bot else {}),
    }


def me(who: User) -> Payload:
    """The bot's own account."""
    more = ("banner", "accent_color", "banner_color", "avatar_decoration_data", "collectibles", "clan", "email")
    found = {**user(who), **dict.fromkeys(more), "display_name_styles": None}
    return {**found, "mfa_enabled": False, "locale": "en-US", "verified": True}


def application(id: str, bot: User, owner: User) -> Payload:
    return {
        "id": id,
        "name": bot.name,
        "icon": None,
        "description": "",
        "type": None,
        "summary": "",
        "bot_public": True,
        "bot_require_code_grant": False,
        "verify_key": "00" * 32,
        "flags": 0,
        "flags_new": "0",
        "max_participants": -1,
        "explicit_content_filter": 0,
        "owner": user(owner),
        "team": None,
        "redirect_uris": [],
        "interactions_endpoint_url": None,
        "role_connections_verification_url": None,
        "event_webhooks_status": 1,
        "event_webhooks_url": None,
        "is_monetized": False,
        "is_verified": False,
        "is_discoverable": False,
        "integration_types_config": {},
        "approximate_guild_count": 1,
        "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0,
    }


def member(who: User, guild: Guild) -> Payload:
    return {
        "user": user(who),
        "nick": None,
        "avatar": None,
        "banner": None,
        "roles": [guild.lead_role] if who.id in guild.leads else [],
        "joined_at": JOINED,
        "premium_since": None,
        "deaf": False,
        "mute": False,
        "flags": 0,
        "pending": False,
        "communication_disabled_until": None,
    }


def permissions(user_id: str, guild: Guild) -> Permission:
    return EVERYBODY | (Permission.MANAGE_GUILD if user_id in guild.leads else Permission(0))


def role(id: str, name: str, held: Permission, position: int) -> Payload:
    return {
        "id": id,
        "name": name,
        "description": None,
        "permissions": str(int(held)),
        "position": position,
        "color": 0,
        "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        "hoist": False,
        "managed": False,
        "mentionable": False,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }


def channel(there: Channel, bot: User) -> Payload:
    if there.recipient:
        return {"id": there.id, "type": 1, "last_message_id": None, "flags": 0, "recipients": []}
    if there.parent:
        return _thread(there, bot)
    denied = {"id": bot.id, "type": 1, "allow": "0", "deny": str(int(there.denied))}
    return {
        "id": there.id,
        "type": 0,
        "name": there.name,
        "position": 0,
        "guild_id": there.guild_id,
        "permission_overwrites": [denied] if there.denied else [],
        "nsfw": False,
        "parent_id": None,
        "topic": None,
        "rate_limit_per_user": 0,
        "flags": 0,
        "last_message_id": None,
    }


def _thread(there: Channel, bot: User) -> Payload:
    return {
        "id": there.id,
        "type": 11,
        "name": there.name,
        "guild_id": there.guild_id,
        "parent_id": there.parent,
        "owner_id": bot.id,
        "message_count": 0,
        "member_count": 1,
        "rate_limit_per_user": 0,
        "flags": 0,
        "last_message_id": None,
        "thread_metadata": {
            "archived": False,
            "locked": False,
            "auto_archive_duration": 1440,
            "archive_timestamp": "2026-11-02T08:00:00+00:00",
        },
    }


def guild(there: Guild, channels: list[Payload], members: list[Payload]) -> Payload:
    empty = "emojis stickers threads voice_states presences stage_instances guild_scheduled_events soundboard_sounds"
    nothing = "icon description banner splash discovery_splash application_id afk_channel_id system_channel_id"
    more = "rules_channel_id public_updates_channel_id safety_alerts_channel_id vanity_url_code premium_progress_bar"
    zeros = (
        "verification_level default_message_notifications explicit_content_filter mfa_level nsfw_level premium_tier "
        "system_channel_flags premium_subscription_count"
    )
    return {
        "id": there.id,
        "name": there.name,
        "owner_id": there.owner_id,
        "roles": [
            role(there.id, "@everyone", EVERYBODY, 0),
            role(there.lead_role, "Leads", Permission.MANAGE_GUILD, 1),
        ],
        "features": [],
        "preferred_locale": "en-US",
        "region": "",
        "joined_at": JOINED,
        "large": False,
        "unavailable": False,
        "nsfw": False,
        "afk_timeout": 300,
        "incidents_data": None,
        "premium_progress_bar_enabled": False,
        "hub_type": None,
        "member_count": len(there.members),
        "members": members,
        "channels": channels,
        **{key: [] for key in empty.split()},
        **dict.fromkeys((nothing + " " + more).split()),
        **dict.fromkeys(zeros.split(), 0),
    }
