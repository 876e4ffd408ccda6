"""What Discord's refusals mean, and what there is to do about them."""

import asyncio

import aiohttp
import discord

from bot.adapter import SendFailed, Trouble

ALREADY_ANSWERED = 40060
TOO_LATE = 10062
_GONE = {
    10003: "the channel is not there any more",
    10004: "the server is not there any more, or Flashmob was removed from it",
    10008: "the message is not there any more",
    50007: "this person takes no direct messages from Flashmob",
    50083: "the thread is archived",
}
_LEFT = {50278: "this person shares no server with Flashmob any more"}
_NOT_ALLOWED = {50001: "View Channel", 50013: "Send Messages", 160002: "Read Message History"}
_UNFIT = {
    30010: "the message has all the reactions that it can have",
    30046: "the message is too old to be edited again",
    90001: "a member has blocked Flashmob, so it cannot react to their message",
}
NETWORK = (OSError, aiohttp.ClientError, asyncio.TimeoutError)
KNOWN = (discord.DiscordException, *NETWORK)


def send_failed(error: BaseException, lacking: str = "") -> SendFailed:
    """`lacking` names the permissions that are missing there, as far as Flashmob can see."""
    match error:
        case SendFailed():
            return error
        case discord.RateLimited(retry_after=wait):
            return SendFailed("Discord asks to wait", Trouble.RATE_LIMITED, wait)
        case discord.HTTPException():
            return _by_answer(error, lacking)
        case discord.GatewayNotFound() | discord.ConnectionClosed():
            return SendFailed("Discord cannot be reached")
        case discord.DiscordException():
            return SendFailed(f"Discord's library refused it ({error})", Trouble.UNFIT)
    return SendFailed(f"Discord cannot be reached ({error or type(error).__name__})")


def _by_answer(error: discord.HTTPException, lacking: str) -> SendFailed:
    if error.status == 429:
        return SendFailed("Discord asks to wait", Trouble.RATE_LIMITED, _retry_after(error))
    if error.code in _GONE:
        return SendFailed(_GONE[error.code], Trouble.GONE)
    if error.code in _LEFT:
        return SendFailed(_LEFT[error.code], Trouble.LEFT)
    if error.code in _UNFIT:
        return SendFailed(_UNFIT[error.code], Trouble.UNFIT)
    if error.code in _NOT_ALLOWED or error.status == 403:
        return not_allowed(lacking or _NOT_ALLOWED.get(error.code, ""), error.code)
    if error.status == 401:
        return SendFailed("Discord does not accept the bot's token any more", Trouble.NOT_ALLOWED)
    if error.status == 404:
        return SendFailed(f"what it was meant for is not there any more (Discord's code {error.code})", Trouble.GONE)
    if error.status >= 500:
        return SendFailed(f"Discord has trouble of its own ({error.status})")
    return SendFailed(f"Discord refused the message ({error.code}: {error.text})", Trouble.UNFIT)


def not_allowed(lacking: str, code: int = 0) -> SendFailed:
    what = f"I need the permission {lacking} in this channel" if lacking else "a permission is missing in this channel"
    return SendFailed(what + (f" (Discord's code {code})" if code else ""), Trouble.NOT_ALLOWED)


def _retry_after(error: discord.HTTPException) -> float:
    """Seconds, from the answer's header; a minute where there is none."""
    try:
        return float(error.response.headers.get("Retry-After", "60"))
    except ValueError:
        return 60.0
