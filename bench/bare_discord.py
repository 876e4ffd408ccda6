"""The control of the benches on Discord: a bare discord.py bot that answers each click with a screen made before.

    python -m bench.bare_discord API_BASE GATEWAY_URL [SCREENS]

The token is DISCORD_TOKEN. SCREENS is a JSON file with two screens as Discord takes them, a question and its answer.
"""

import json
import sys
from os import environ
from pathlib import Path
from typing import Any

import discord
import yarl
from discord import ui
from discord.gateway import DiscordWebSocket
from discord.http import Route

Components = list[dict[str, Any]]


class Constant(ui.LayoutView):
    """The same components every time, sent and forgotten."""

    def __init__(self, components: Components) -> None:
        super().__init__(timeout=None)
        self._components = components

    def to_components(self) -> Components:
        return self._components

    def has_components_v2(self) -> bool:
        return True

    def is_finished(self) -> bool:
        return True


class Bare(discord.Client):
    def __init__(self, screens: list[Components]) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_reactions=True))
        self._screens = list(map(Constant, screens))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        view = self._screens[":show:" in str(interaction.data)]
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)


def main(api_base: str, gateway_url: str, screens: str = "") -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_base, yarl.URL(gateway_url)
    Bare(json.loads(Path(screens).read_text()) if screens else []).run(environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
