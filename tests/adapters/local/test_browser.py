"""The page in a real browser: the keyboard, the focus, a phone's width, and looking as somebody else."""

import asyncio
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from adapters.local.app import Control, Local
from bot.messages import Audience, CardSide, Message, Side
from bot.model import Rating
from bot.testing.pictures import png

from .script import post

playwright = pytest.importorskip("playwright.async_api")
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium on this machine"),
    pytest.mark.asyncio(loop_scope="module"),
]

FOCUS = "(document.activeElement.closest('.side')?.className ?? '') + '|' + document.activeElement.textContent"
HARD = "word " * 400 + "\n\n```\n" + "x" * 300 + "\n```\n\n| " + "a | " * 30 + "\n|" + "---|" * 30 + "\n\n" + "y" * 400


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Any]:
    async with playwright.async_playwright() as started:
        opened = await started.chromium.launch(executable_path=CHROMIUM, args=list(ARGS))
        yield opened
        await opened.close()


@pytest_asyncio.fixture(loop_scope="module")
async def stage(make: Callable[..., Local], tmp_path: Path) -> AsyncIterator[Local]:
    local = make(path=str(tmp_path / "room.jsonl"))
    running = asyncio.create_task(local.run())
    await local.started()
    await local.send(local.place(), post(), "today")
    yield local
    await local.close()
    await running


@pytest_asyncio.fixture(loop_scope="module")
async def open_page(browser: Any, stage: Local) -> AsyncIterator[Callable[..., Any]]:
    contexts: list[Any] = []
    errors: list[str] = []

    async def opened(member: str = "maya", width: int = 1280, **settings: Any) -> Any:
        context = await browser.new_context(viewport={"width": width, "height": 800}, **settings)
        contexts.append(context)
        page = await context.new_page()
        page.set_default_timeout(8000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        await page.goto(f"{stage.address}?as={member}")
        await page.wait_for_selector("article")
        return page

    yield opened
    for context in contexts:
        await context.close()
    assert errors == []


async def focused(page: Any, words: str) -> None:
    """Wait until the element that has the focus says these words."""
    for _ in range(200):
        if words in (found := await page.evaluate(FOCUS)):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"the focus is on {found!r}")


async def test_a_session_is_played_with_the_keyboard_alone(stage: Local, open_page: Callable[..., Any]) -> None:
    stage.hint = "You are Maya. Press Study."
    page = await open_page()
    await focused(page, "Study")
    assert await page.locator(".hint").inner_text() == "You are Maya. Press Study."
    await page.keyboard.press("Enter")
    await focused(page, "side question|QuestionWhich river")
    assert await page.locator(".hint").count() == 0
    assert "Only Maya sees this" in await page.locator(".private").inner_text()
    await page.keyboard.press("Space")
    await focused(page, "side answer|AnswerThe Danube")
    assert await page.get_by_role("group", name="Yes").get_by_role("button").count() == 3
    await page.keyboard.press("4")
    await focused(page, "side question|QuestionWhat is 2³")
    assert await page.locator(".notice").inner_text() == "Saved: 4 Well.\nChange"
    await page.keyboard.press("Space")
    await focused(page, "side answer|Answer8")
    await page.keyboard.press("1")
    await page.wait_for_selector("text=Done for today.")
    await page.keyboard.press("/")
    await page.keyboard.type("lea")
    await page.keyboard.press("ArrowDown")
    words = page.get_by_role("combobox")
    assert await words.get_attribute("aria-activedescendant") == "option-0"
    await page.keyboard.press("Enter")
    await page.keyboard.press("Enter")
    await focused(page, "This week")


async def test_looking_as_another_member_shows_what_that_member_sees(
    stage: Local, open_page: Callable[..., Any]
) -> None:
    page = await open_page()
    await page.get_by_role("button", name="Study").click()
    await page.wait_for_selector(".private")
    await page.get_by_role("link", name="Sam").click()
    await page.wait_for_selector("#members a[aria-current]:has-text('Sam')")
    assert page.url.endswith("?as=sam")
    assert await page.locator("article").count() == 1
    assert await page.locator(".private").count() == 0
    await page.go_back()
    await page.wait_for_selector(".private")


async def test_a_phone_shows_hard_cards_without_scrolling_sideways(stage: Local, open_page: Callable[..., Any]) -> None:
    hard = Message((CardSide(Side.QUESTION, HARD), *post().parts), "Hard", Audience.EVERYONE)
    ref = await stage.send(stage.place(), hard, "hard")
    for rating in Rating:
        await stage.react(ref, rating)
    page = await open_page(width=360, has_touch=True, is_mobile=True)
    assert await page.evaluate("document.documentElement.scrollWidth") == 360
    assert await page.evaluate("log.scrollWidth <= log.clientWidth")
    await page.get_by_role("button", name="Show all of it").click()
    assert await page.evaluate("log.scrollWidth <= log.clientWidth")
    small = "[...document.querySelectorAll('button')].filter(b => b.offsetParent && b.offsetHeight < 44).length"
    assert await page.evaluate(small) == 0
    await page.get_by_role("button", name="Members and controls").click()
    await page.get_by_role("link", name="Lin").click()
    await page.wait_for_url("**/?as=lin")
    assert await page.get_by_role("button", name="Members and controls").get_attribute("aria-expanded") == "false"


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_text_stands_out_from_its_ground(stage: Local, open_page: Callable[..., Any], scheme: str) -> None:
    stage.banner = "A made-up group."
    stage.controls = (Control("next", "Next morning", "One day on", lambda member: asyncio.sleep(0)),)
    page = await open_page(color_scheme=scheme)
    dark = await page.evaluate("getComputedStyle(document.body).backgroundColor") != "rgb(255, 255, 255)"
    assert dark == (scheme == "dark")
    await page.get_by_role("button", name="Study").click()
    await page.get_by_role("button", name="Show answer").click()
    await page.wait_for_selector(".answer")
    assert await page.evaluate(FAINT) == []


# Every visible text whose contrast with the first ground behind it is under 4.5 (WCAG 2.2, 1.4.3).
FAINT = """() => {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] / 255 + below[i] * (1 - top[3] / 255)).concat(255);
  const ground = (element) => {
    const own = rgba(getComputedStyle(element).backgroundColor);
    return own[3] === 255 || !element.parentElement ? own : over(own, ground(element.parentElement));
  };
  const light = (c) => [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const part = c[i] / 255;
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  }, 0);
  const faint = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !element.checkVisibility({ visibilityProperty: true })) continue;
    if (element.closest("noscript, #drop, .skip, .unseen")) continue;
    const behind = ground(element);
    const [a, b] = [light(over(rgba(getComputedStyle(element).color), behind)), light(behind)].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(`${element.className}: ${walker.currentNode.data.trim()}`);
  }
  return faint;
}"""


async def test_the_page_finds_its_way_back_and_loses_no_press(
    stage: Local, make: Callable[..., Local], open_page: Callable[..., Any]
) -> None:
    page = await open_page()
    port = int(stage.address.rstrip("/").rpartition(":")[2])
    await stage.close()
    await page.wait_for_selector("#status span:has-text('Reconnecting…')")
    await page.get_by_role("button", name="Study").click()
    assert await page.get_by_role("button", name="Study").get_attribute("aria-busy") == "true"
    again = make(port=port, path=stage.settings.path)
    for _ in range(100):
        running = asyncio.create_task(again.run())
        await asyncio.wait([running, asyncio.ensure_future(again.started())], return_when=asyncio.FIRST_COMPLETED)
        if not running.done():
            break
        await asyncio.sleep(0.05)
    await page.wait_for_selector(".private")
    assert await page.locator("#status").inner_text() == ""
    assert len(again.seen_by("maya")) == 2
    await again.close()
    await running


async def test_a_reader_who_scrolled_up_is_not_moved(stage: Local, open_page: Callable[..., Any]) -> None:
    for number in range(12):
        await stage.send(stage.place(), post(number), str(number))
    page = await open_page()
    await page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    await page.evaluate("log.scrollTop = 0")
    await page.wait_for_selector("#log[data-bottom=false]")
    await stage.send(stage.place(), post(), "new")
    chip = page.get_by_role("button", name="New messages")
    await chip.wait_for()
    assert await page.evaluate("log.scrollTop") == 0
    await chip.click()
    assert await page.evaluate("log.scrollHeight - log.scrollTop - log.clientHeight") < 2
    assert not await chip.is_visible()


async def test_a_control_brings_the_night_and_lets_it_pass(stage: Local, open_page: Callable[..., Any]) -> None:
    seen = asyncio.Event()

    async def morning(member: str) -> None:
        await seen.wait()
        await stage.send(stage.place(), post(), f"next for {member}")

    stage.controls = (Control("next", "Next morning", "One day on", morning, veil="The night passes…"),)
    page = await open_page(reduced_motion="reduce")
    await page.get_by_role("button", name="Next morning").click()
    await page.wait_for_selector("#veil.down")
    seen.set()
    await page.wait_for_selector("#veil:not(.down)", state="attached")
    assert await page.locator("article").count() == 2


async def test_a_deck_is_brought_and_answered(stage: Local, open_page: Callable[..., Any]) -> None:
    stage.hint = "You are Maya. Press Study."
    page = await open_page()
    assert await page.locator(".hint").count() == 1
    await page.set_input_files("#file", files=[{"name": "rivers.csv", "mimeType": "text/csv", "buffer": b"a,b"}])
    await page.wait_for_selector("text=rivers.csv: 3 bytes read.")
    assert await page.locator(".hint").count() == 0
    assert len(stage.seen_by("sam")) == 1


async def test_whoever_was_at_the_bottom_is_there_when_a_picture_has_come(
    stage: Local, open_page: Callable[..., Any]
) -> None:
    name = f"{'a' * 64}.png"

    async def media(wanted: str) -> bytes | None:
        return png(side=600) if wanted == name else None

    stage.media = media
    page = await open_page()
    shown = CardSide(Side.QUESTION, f"Which?\n\n![A bend](media:{name})")
    for number in range(3):
        await stage.send(stage.place(), Message((shown,), "Card", Audience.EVERYONE), f"picture:{number}")
    await page.wait_for_selector("article:last-child img[alt='A bend']")
    await page.evaluate("Promise.all([...document.images].map((one) => one.decode()))")
    settled = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
    await page.evaluate(settled)
    assert await page.evaluate("log.scrollHeight - log.scrollTop - log.clientHeight") < 60
    assert await page.evaluate("log.scrollHeight > 2 * log.clientHeight")


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
async def test_a_form_is_filled_in_with_the_keyboard_and_answered(
    stage: Local, open_page: Callable[..., Any], width: int, scheme: str
) -> None:
    page = await open_page(width=width, color_scheme=scheme)
    await page.fill("#words", "/quiz-admin setup")
    await page.press("#words", "Enter")
    dialog = page.get_by_role("dialog", name="Set up Flashmob")
    await dialog.wait_for()
    assert await page.evaluate("document.activeElement.name") == "name"
    assert await page.evaluate("document.querySelector('dialog').scrollWidth <= innerWidth")
    assert await page.evaluate(FAINT) == []
    assert await dialog.get_by_label("Time zone").input_value() == "Europe/<b>Paris</b>"
    await page.keyboard.type("Rivers & *lakes*")
    await page.keyboard.press("Tab")  # to Monday
    await page.keyboard.press("Space")
    assert await dialog.get_by_role("checkbox", checked=True).count() == 1
    await dialog.get_by_label("Time", exact=True).fill("18:30")
    await page.keyboard.press("Enter")
    await page.wait_for_selector("text=Rivers & *lakes*: weekdays=friday, time=18:30, zone=Europe/<b>Paris</b>")
    await dialog.wait_for(state="detached")
    await focused(page, "Rivers & *lakes*")


async def test_a_form_says_what_is_missing_and_escape_closes_it(stage: Local, open_page: Callable[..., Any]) -> None:
    page = await open_page()
    await page.fill("#words", "/quiz-admin setup")
    await page.press("#words", "Enter")
    dialog = page.get_by_role("dialog")
    for day in ("Monday", "Friday"):
        await dialog.get_by_role("checkbox", name=day).uncheck()
    await dialog.get_by_label("Name of the group").fill("Rivers")
    await dialog.get_by_role("button", name="Set up").click()
    monday = dialog.get_by_role("checkbox", name="Monday")
    assert await monday.evaluate("box => box.validationMessage") == "Choose at least one."
    await page.keyboard.press("3")  # which would rate a card behind it
    await page.keyboard.press("Escape")
    await dialog.wait_for(state="detached")
    assert len(stage.seen_by("maya")) == 1
