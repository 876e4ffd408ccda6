"""What Slack answers when it does not take something, as a `SendFailed` that says what there is to do about it."""

import asyncio

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.adapter import SendFailed, Trouble

BOT = "Flashmob"
GONE = {
    "is_archived": "That channel is archived. Unarchive it, or choose another one.",
    "channel_not_found": (
        f"Slack does not show me that channel: it is gone, or it is private and I am not in it. "
        f"Type /invite @{BOT} there."
    ),
    "message_not_found": "That message is not there any more.",
    "cant_update_message": "That message cannot be changed by me.",
    "edit_window_closed": "That message is too old to be changed.",
    "thread_not_found": "That thread is not there any more.",
    "user_not_visible": "That person cannot be seen by me.",
    "cannot_dm_bot": "That is a bot, which reads no messages.",
    "messages_tab_disabled": "That person cannot get messages from me: the app's Messages tab is switched off.",
    "bad_timestamp": "That message is not there any more.",
    "team_not_found": "That workspace is not there any more.",
    "no_item_specified": "That message is not there any more.",
}
LEFT = {
    "user_not_found": "That person is not in this workspace any more.",
    "user_disabled": "That person's account was closed.",
}
REMOVED = ("token_revoked", "account_inactive", "invalid_auth", "not_authed", "org_login_required")
RUN_OUT = "token_expired"
"""The app is there still: its token was not renewed in time, or the clock is wrong."""
NOT_ALLOWED = {
    "not_in_channel": f"I am not in that channel. Type /invite @{BOT} there.",
    "restricted_action": "Only some people may post in that channel. Let me post there too, or choose another one.",
    "restricted_action_read_only_channel": "That channel is read-only. Let me post there too, or choose another one.",
    "restricted_action_non_threadable_channel": "That channel takes no replies. Choose another one.",
    "restricted_action_thread_only_channel": "That channel takes replies alone. Choose another one.",
    "access_denied": "Slack does not let me in there. Ask an admin of the workspace to allow it.",
    "ekm_access_denied": "An admin of the workspace has suspended posting there.",
    "no_permission": "I may not do that there. Ask an admin of the workspace to allow it.",
    RUN_OUT: "My token for this workspace ran out. See whether the clock is right, or install me there again.",
    "team_access_not_granted": "That workspace has not allowed me yet. Ask an admin to add me to it.",
}
UNFIT = (
    "msg_too_long", "msg_blocks_too_long", "no_text", "invalid_blocks", "invalid_blocks_format", "invalid_arguments",
    "invalid_array_arg", "metadata_too_large", "invalid_metadata_format", "too_many_attachments", "view_too_large",
    "too_many_emoji", "too_many_reactions", "invalid_name",
)  # fmt: skip
PERHAPS = ("fatal_error", "internal_error")
"""After these some of it may be done; after any other word of Slack's, nothing is."""
HARMLESS = ("already_reacted", "no_reaction")
CUT_LINE = (aiohttp.ClientError, asyncio.TimeoutError, OSError, SlackClientError)


class Removed(SendFailed):
    """The app is not in that workspace any more, as far as Slack says."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, Trouble.GONE)


def code(error: Exception) -> str:
    """Slack's own word for what went wrong, or an empty text."""
    if isinstance(error, SlackApiError):
        response = error.response
        data = getattr(response, "data", response)
        return str(data.get("error", "")) if isinstance(data, dict) else ""
    return ""


def as_send_failed(error: Exception, *, sending: bool = True) -> SendFailed:
    """`error` is what the SDK raised; `sending`: a message was on its way, so it may have arrived."""
    word = code(error)
    if _status(error) == 429 or word in ("ratelimited", "rate_limited"):
        return SendFailed("Slack asks me to slow down.", Trouble.RATE_LIMITED, _retry_after(error))
    if word == "missing_scope":
        return SendFailed(_missing(error), Trouble.NOT_ALLOWED)
    if word in NOT_ALLOWED:
        return SendFailed(NOT_ALLOWED[word], Trouble.NOT_ALLOWED)
    if word in GONE:
        return SendFailed(GONE[word], Trouble.GONE)
    if word in LEFT:
        return SendFailed(LEFT[word], Trouble.LEFT)
    if word in REMOVED:
        return Removed(f"I was removed from this workspace ({word}). Install me again.")
    if word in UNFIT:
        return SendFailed(f"Slack does not take this message ({word}{_details(error)}).", Trouble.UNFIT)
    return SendFailed(
        f"Slack did not take it: {word or type(error).__name__}.",
        Trouble.PASSING,
        may_have_arrived=sending and _perhaps(error, word),
    )


def _perhaps(error: Exception, word: str) -> bool:
    """Whether it may have been done all the same: not where there was no connection, nor where Slack said no."""
    return not isinstance(error, aiohttp.ClientConnectorError) and (not word or word in PERHAPS)


def _status(error: Exception) -> int:
    return int(getattr(getattr(error, "response", None), "status_code", 0) or 0)


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    said = next((value for name, value in headers.items() if name.lower() == "retry-after"), "1")
    try:
        return max(0.0, float(said))
    except ValueError:
        return 1.0


def _missing(error: Exception) -> str:
    data = getattr(getattr(error, "response", None), "data", None) or {}
    needed = str(data.get("needed", "")) if isinstance(data, dict) else ""
    return f"I lack the scope {needed or 'for this'}. Add it in the app's settings under OAuth, then reinstall the app."


def _details(error: Exception) -> str:
    """What Slack says about where a message is wrong; it names places, and never holds its text."""
    data = getattr(getattr(error, "response", None), "data", None) or {}
    notes = (data.get("response_metadata") or {}).get("messages") or [] if isinstance(data, dict) else []
    return f": {str(notes[0])[:120]}" if notes else ""
