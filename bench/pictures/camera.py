"""Chromium without a window, which looks at a page twice as closely as a screen and keeps a part of it as a file."""

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import async_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")
SCALE = 2
HIGH = 2_000
"""Pixels: so high that nothing has to be scrolled."""
COLOURS = 64
"""Enough for words on a plain ground, and a third of the bytes."""


@dataclass(frozen=True, slots=True)
class Camera:
    browser: Any
    folder: Path

    @asynccontextmanager
    async def page(self, width: int) -> AsyncIterator[Any]:
        context = await self.browser.new_context(
            viewport={"width": width, "height": HIGH}, device_scale_factor=SCALE, bypass_csp=True
        )
        yield await context.new_page()
        await context.close()

    async def keep(self, part: Any, name: str) -> None:
        """`part` is what playwright calls a locator."""
        path = self.folder / f"{name}.png"
        await part.screenshot(path=path, animations="disabled", caret="hide")
        Image.open(path).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
        print(path.name)


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Camera]:
    """Raises `SystemExit` where there is no Chromium."""
    found = next(filter(None, map(shutil.which, NAMES)), None)
    if found is None:
        raise SystemExit(f"There is no Chromium on this computer. I looked for {', '.join(NAMES)}.")
    async with async_playwright() as started:
        browser = await started.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        yield Camera(browser, folder)
        await browser.close()
