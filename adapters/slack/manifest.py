"""The manifest of the app at Slack, made from what the adapter listens to, so that the two cannot differ.

`flashmob slack manifest` prints it; it is pasted into "Create new app, from a manifest".
"""

import json
from typing import Any

from .home import START_REVIEW
from .listening import EVENTS
from .scopes import OPTIONAL_SCOPES, REQUIRED_SCOPES
from .settings import Mode, SlackSettings
from .transport import PATH

NAME = "Flashmob"
DESCRIPTION = "Daily flashcards for your study group, with private answers and spaced repetition."
LONG_DESCRIPTION = (
    "Flashmob posts a few flashcards in your group's channel every day. Everybody looks at the answers in private and "
    "says how well they remembered, from 1 to 5. Flashmob knows when each member will forget each card, chooses "
    "tomorrow's cards for the whole group, and keeps a leaderboard. It reads no messages and sends nothing elsewhere."
)
COLOUR = "#2f5d50"


def manifest(
    settings: SlackSettings, address: str = "", *, optional: bool = True, many_workspaces: bool = False
) -> dict[str, Any]:
    """`address` is the public https address of HTTP mode; with `optional` off, only what is required is asked for."""
    http = settings.mode is Mode.HTTP
    url = f"{(address or 'https://flashmob.example').rstrip('/')}{PATH}" if http else ""
    scopes = [*REQUIRED_SCOPES, *(OPTIONAL_SCOPES if optional else ())]
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": NAME,
            "description": DESCRIPTION,
            "long_description": LONG_DESCRIPTION,
            "background_color": COLOUR,
        },
        "features": _features(settings, url),
        "oauth_config": {
            "scopes": {"bot": scopes},
            **({"redirect_urls": [url.replace(PATH, "/slack/oauth_redirect")]} if http and many_workspaces else {}),
        },
        "settings": {
            "event_subscriptions": {
                "bot_events": [event for event, scope in EVENTS.items() if not scope or scope in scopes],
                **({"request_url": url} if http else {}),
            },
            "interactivity": {"is_enabled": True, **({"request_url": url} if http else {})},
            "org_deploy_enabled": False,
            "socket_mode_enabled": not http,
            "token_rotation_enabled": False,
        },
    }


def _features(settings: SlackSettings, url: str) -> dict[str, Any]:
    command = {
        "command": settings.command,
        "description": "Cards for you alone, and everything else of Flashmob",
        "usage_hint": "[deck] | leaderboard | stats | decks | remind | privacy | admin | help",
        "should_escape": False,
        **({"url": url} if url else {}),
    }
    review = {
        "name": "Start review",
        "type": "global",
        "callback_id": START_REVIEW,
        "description": "Go through the cards that are due for you, in private",
    }
    return {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": True,
        },
        "bot_user": {"display_name": NAME, "always_online": True},
        "shortcuts": [review],
        "slash_commands": [command],
    }


def as_text(made: dict[str, Any]) -> str:
    return json.dumps(made, indent=2, ensure_ascii=False)
