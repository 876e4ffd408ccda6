"""The control of clicks_slack.py: a bare Bolt app that answers each click with one of two views made before.

    python -m bench.bare_bolt socket|http API_BASE PORT VIEWS

VIEWS is a JSON file with two modals, a question and its answer.
"""

import asyncio
import json
import re
import sys
from os import environ
from pathlib import Path
from typing import Any

from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_server import AsyncSlackAppServer
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

PATH = "/slack/events"


def app(api_base: str, question: dict[str, Any], answer: dict[str, Any]) -> AsyncApp:
    client = AsyncWebClient(token=environ["SLACK_BOT_TOKEN"], base_url=api_base)
    bare = AsyncApp(client=client, signing_secret=environ["SLACK_SIGNING_SECRET"])

    async def pressed(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        reveals = ":show:" in body["actions"][0]["action_id"]
        view = answer if reveals else question
        if "view" in body:
            await client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view)
        else:
            await client.views_open(trigger_id=body["trigger_id"], view=view)

    bare.action(re.compile(".*"))(pressed)
    return bare


async def main(mode: str, api_base: str, port: str, views: str) -> None:
    bare = app(api_base, *json.loads(Path(views).read_text()))  # noqa: ASYNC240
    if mode == "socket":
        handler: Any = AsyncSocketModeHandler(bare, environ["SLACK_APP_TOKEN"], web_client=bare.client)
        await handler.start_async()
    else:
        runner = web.AppRunner(AsyncSlackAppServer(int(port), PATH, bare, "127.0.0.1").web_app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", int(port)).start()
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
