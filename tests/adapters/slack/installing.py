"""Installing the app in a workspace, as an admin does it in a browser."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit

import aiohttp
from cryptography.fernet import Fernet

from .counterpart import SlackCounterpart

KEY = Fernet.generate_key().decode()


@asynccontextmanager
async def browser(there: SlackCounterpart) -> AsyncIterator[tuple[aiohttp.ClientSession, str]]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        yield session, there.slack.address.removesuffix("/events")


async def install(there: SlackCounterpart, team: str, state: str = "") -> tuple[int, str]:
    """Press "Add to Slack", agree, and come back; gives the status and the page."""
    async with browser(there) as (session, base):
        async with session.get(f"{base}/install") as page:
            found = re.search(r'<a href="([^"]+)"', await page.text())
            assert found
            asked = parse_qs(urlsplit(found[1].replace("&amp;", "&")).query)
            cookie = page.headers["Set-Cookie"].split(";")[0]
        assert found[1].startswith("https://slack.example/authorize")
        assert "chat:write" in asked["scope"][0]
        query = {"code": f"code-of-{team}", "state": state or asked["state"][0]}
        async with session.get(f"{base}/oauth_redirect", params=query, headers={"Cookie": cookie}) as back:
            return back.status, await back.text()
