"""Discord on loopback: REST and the gateway, as far as discord.py 2.7.1 asks for them."""

from .hands import Person
from .server import DiscordDouble

__all__ = ["DiscordDouble", "Person"]
