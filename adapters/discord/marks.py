"""What names a message for ever: Discord's nonce for some minutes, and two numbers in its components after that."""

import hashlib

import discord

from . import limits

_HIGH = 1 << 30
"""Discord numbers the components that have no id from one on; ours stay out of its way."""


def nonce(key: str) -> str:
    """Sent twice within some minutes, a message with this nonce is there once."""
    return hashlib.sha256(key.encode()).hexdigest()[: limits.NONCE - 1]


def ids(key: str) -> tuple[int, int]:
    """The ids of a message's container and of the first thing in it: 60 bits of the key's hash."""
    number = int.from_bytes(hashlib.sha256(key.encode()).digest()[-8:])
    first, second = number >> 32 & (_HIGH - 1), number & (_HIGH - 1)
    return first | _HIGH, (second ^ (second == first)) | _HIGH


def has(message: discord.Message, key: str) -> bool:
    """Whether this message was sent with this key."""
    match message.components:
        case [discord.Container(id=first, children=[inner, *_])]:
            return (first, getattr(inner, "id", None)) == ids(key)
    return False
