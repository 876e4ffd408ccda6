"""The control of the benches on Discord: a bare discord.py bot that answers each click with one and the same screen.

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

Component = dict[str, Any]


class Constant(ui.LayoutView):
    """The same words and buttons every time, built for each click as discord.py's own examples do; then forgotten."""

    def __init__(self, components: list[Component]) -> None:
        super().__init__(timeout=None)
        for each in components:
            self.add_item(_item(each))

    def is_finished(self) -> bool:
        return True


def _item(made: Component) -> ui.Item[Any]:
    inner = map(_item, made.get("components", ()))
    match discord.ComponentType(made["type"]):
        case discord.ComponentType.container:
            return ui.Container(*inner)
        case discord.ComponentType.section:
            return ui.Section(*inner, accessory=_item(made["accessory"]))
        case discord.ComponentType.action_row:
            return ui.ActionRow(*inner)
        case discord.ComponentType.button:
            style = discord.ButtonStyle(made["style"])
            return ui.Button(label=made["label"], custom_id=made["custom_id"], style=style)
        case _:
            return ui.TextDisplay(made["content"])


class Bare(discord.Client):
    def __init__(self, screens: list[list[Component]]) -> None:
        super().__init__(intents=discord.Intents(guilds=True, guild_reactions=True))
        self._screens = screens

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        view = Constant(self._screens[":show:" in str(interaction.data)])
        if interaction.message is not None and interaction.message.flags.ephemeral:
            await interaction.response.edit_message(view=view)
        else:
            await interaction.response.send_message(view=view, ephemeral=True)


def main(api_base: str, gateway_url: str, screens: str = "") -> None:
    Route.BASE, DiscordWebSocket.DEFAULT_GATEWAY = api_base, yarl.URL(gateway_url)
    Bare(json.loads(Path(screens).read_text()) if screens else []).run(environ["DISCORD_TOKEN"], log_handler=None)


if __name__ == "__main__":
    main(*sys.argv[1:])
