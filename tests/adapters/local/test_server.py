"""The page's server over real sockets: what each tab is told, and who is turned away."""

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest

from adapters.local import server
from adapters.local.app import Control, Local, Member
from bot import buttons
from bot.actions import FormKind, ImportDeck, OpenForm, RevealAnswer, SetUpGroup, Study
from bot.errors import ConfigError, QuizError
from bot.messages import Message
from bot.model import Rating
from bot.testing.pictures import png

from .script import NIGHT, SESSION, Script, answer, post

STUDY = buttons.write(Study(1))


class Page:
    """A tab without a browser; it keeps every byte it was sent."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws
        self.bytes = ""

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next frame of this kind."""
        while True:
            text = await self.ws.receive_str(timeout=5)
            self.bytes += text
            frame: dict[str, Any] = json.loads(text)
            if frame["type"] == kind:
                return frame

    async def say(self, **frame: object) -> None:
        await self.ws.send_str(json.dumps(frame))

    async def press(self, message: str, button: str, key: str) -> dict[str, Any]:
        await self.say(type="press", key=key, message=message, button=button)
        return await self.hear("done")


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


Open = Callable[[str], Any]


@pytest.fixture
async def look(served: Local, http: aiohttp.ClientSession) -> AsyncIterator[Open]:
    opened: list[Page] = []

    async def look(member: str) -> Page:
        origin = served.address.rstrip("/")
        opened.append(Page(await http.ws_connect(f"{origin}/live?as={member}", origin=origin)))
        return opened[-1]

    yield look
    for page in opened:
        await page.ws.close()


async def test_a_tab_gets_everything_at_first_and_then_each_change(served: Local, look: Open) -> None:
    served.banner, served.hint = "A made-up group.", "Press Study."
    ref = await served.send(served.place(), post(), "today")
    page = await look("sam")
    hello = await page.hear("hello")
    assert (hello["you"], hello["name"], hello["channel"]) == ("sam", "Evening group", "flashcards")
    assert (hello["banner"], hello["hint"]) == ("A made-up group.", "Press Study.")
    assert [member["name"] for member in hello["members"]] == ["Maya", "Sam", "Lin Ångström"]
    assert [command["name"] for command in hello["commands"]][:2] == ["quiz", "leaderboard"]
    assert hello["clock"]["says"] == "Tuesday, 3 November 2026, 09:00"
    assert [message["id"] for message in hello["messages"]] == [ref.message_id]

    await served.edit(ref, post(4))
    assert "4 people" in (await page.hear("edit"))["message"]["parts"][-1]["html"]
    await served.react(ref, Rating.WELL)
    assert (await page.hear("reactions"))["message"]["chips"][0]["rating"] == 4
    second = await served.send(served.place(), post(), "tomorrow")
    assert (await page.hear("message"))["message"]["id"] == second.message_id
    served.enter([Member("new", "New")])
    assert len((await page.hear("members"))["members"]) == 4
    served.clear()
    assert (await page.hear("hello"))["messages"] == []


async def test_not_a_byte_of_a_private_message_reaches_another_tab(served: Local, look: Open) -> None:
    ref = await served.send(served.place(), post(), "today")
    maya, sam = await look("maya"), await look("sam")
    await sam.hear("hello")
    shown = (await maya.press(ref.message_id, STUDY, "k1"))["shown"]
    await maya.press(shown[0], buttons.write(RevealAnswer(SESSION, 0)), "k2")
    assert "Danube" in maya.bytes
    await served.edit(ref, post(9))
    await sam.hear("edit")
    again = await look("sam")
    await again.hear("hello")
    refused = await again.press(shown[0], buttons.write(RevealAnswer(SESSION, 0)), "k3")
    assert refused["says"]
    for secret in ("Danube", "Welcome", "Only", f'"id":"{shown[0]}"'):
        assert secret not in sam.bytes + again.bytes


async def test_the_same_key_again_is_answered_and_does_nothing_more(served: Local, look: Open, script: Script) -> None:
    ref = await served.send(served.place(), post(), "today")
    first = await look("maya")
    done = await first.press(ref.message_id, STUDY, "k")
    await first.ws.close()
    second = await look("maya")
    assert await second.press(ref.message_id, STUDY, "k") == done
    assert len(script.asked) == 1
    assert script.asked[0].key == "maya-k"


async def test_a_press_goes_on_when_its_tab_is_lost(script: Script) -> None:
    going = asyncio.Event()

    async def slow(request: Any) -> list[Message]:
        await going.wait()
        return await script.act(request)

    local = Local({"port": 0}, slow, lambda: NIGHT)
    local.enter([Member("maya", "Maya")])
    running = asyncio.create_task(local.run())
    await local.started()
    ref = await local.send(local.place(), post(), "today")
    origin = local.address.rstrip("/")
    async with aiohttp.ClientSession() as http:
        lost = Page(await http.ws_connect(f"{origin}/live?as=maya", origin=origin))
        await lost.hear("hello")
        await lost.say(type="press", key="k", message=ref.message_id, button=STUDY)
        await lost.say(type="earlier", before="1")
        await lost.hear("earlier")
        await lost.ws.close()
        page = Page(await http.ws_connect(f"{origin}/live?as=maya", origin=origin))
        await page.say(type="press", key="k", message=ref.message_id, button=STUDY)
        going.set()
        answered = await page.hear("done")
        assert answered["shown"] == [message.id for message in local.seen_by("maya")][1:]
    assert len(script.asked) == 1
    await local.close()
    await running


@pytest.mark.parametrize("origin", ["https://elsewhere.example", "http://127.0.0.1:1", "null", ""])
async def test_a_foreign_page_cannot_drive_it(
    served: Local, http: aiohttp.ClientSession, script: Script, origin: str
) -> None:
    headers = {"Origin": origin} if origin else {}
    with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
        await http.ws_connect(f"{served.address}live?as=maya", headers=headers)
    assert refused.value.status == 403
    async with http.post(f"{served.address}deck?as=maya&name=x", data=b"a", headers=headers) as answered:
        assert answered.status == 403
    assert script.asked == []


async def test_a_rebound_host_name_is_turned_away(served: Local, http: aiohttp.ClientSession) -> None:
    async with http.get(served.address, headers={"Host": "rebound.example"}) as answered:
        assert answered.status == 403
    headers = {"Host": "rebound.example", "Origin": "http://rebound.example"}
    async with http.post(f"{served.address}deck", data=b"a", headers=headers) as answered:
        assert answered.status == 403


async def test_the_page_runs_only_its_own_script(served: Local, http: aiohttp.ClientSession) -> None:
    kinds = {"": "text/html", "page.css": "text/css", "page.js": "text/javascript", "icon.svg": "image/svg+xml"}
    for path, kind in kinds.items():
        async with http.get(served.address + path) as answered:
            assert answered.status == 200
            assert answered.headers["Content-Type"].startswith(kind)
            policy = answered.headers["Content-Security-Policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            text = await answered.text()
            assert "http://" not in text.replace("http://www.w3.org/", "")
            assert "https://" not in text
    async with http.get(f"{served.address}app.py") as answered:
        assert answered.status == 404


async def test_a_dropped_deck_is_read(served: Local, http: aiohttp.ClientSession, script: Script) -> None:
    headers = {"Origin": served.address.rstrip("/")}
    for _ in range(2):
        query = "as=sam&name=Fl%C3%BCsse.csv&key=k"
        async with http.post(f"{served.address}deck?{query}", data=b"a,b", headers=headers) as answered:
            assert (await answered.json())["says"] == ""
    (request,) = script.asked
    assert request.action == ImportDeck("Flüsse.csv", b"a,b")
    assert request.account.foreign_id == "sam"
    assert len(served.seen_by("sam")) == 1


async def test_a_form_is_opened_and_what_is_filled_in_is_read_once(
    served: Local, look: Open, http: aiohttp.ClientSession, script: Script
) -> None:
    page = await look("maya")
    await page.say(type="command", key="k", text="/quiz-admin setup")
    form = (await page.hear("done"))["form"]
    channel, *_, zone = form["fields"]
    assert channel["options"] == [{"value": "flashcards", "label": "# flashcards"}]
    assert zone["values"] == ["Europe/<b>Paris</b>"]  # text, which the page sets as text
    url = f"{served.address}form?as=maya&key=f&form={form['id']}"
    for _ in range(2):
        filled = aiohttp.FormData({"name": "Rivers", "time": "18:30"})
        filled.add_field("weekdays", "monday")
        filled.add_field("weekdays", "friday")
        async with http.post(url, data=filled, headers={"Origin": served.address.rstrip("/")}) as answered:
            assert len((await answered.json())["shown"]) == 1
    _, request = script.asked
    assert request.action == SetUpGroup("Rivers", (("weekdays", "monday friday"), ("time", "18:30")))
    assert request.account.zone == "UTC"
    assert len(served.seen_by("maya")) == 1


async def test_a_file_comes_with_its_form(served: Local, http: aiohttp.ClientSession, script: Script) -> None:
    form = buttons.write(OpenForm(FormKind.UPLOAD, 7))
    filled = aiohttp.FormData(quote_fields=False)  # as a browser does it
    filled.add_field("file", b"a,b", filename="Flüsse.csv")
    headers = {"Origin": served.address.rstrip("/")}
    async with http.post(f"{served.address}form?as=maya&form={form}", data=filled, headers=headers) as answered:
        assert (await answered.json())["says"] == ""
    assert [request.action for request in script.asked] == [ImportDeck("Flüsse.csv", b"a,b", 7, FormKind.UPLOAD)]


@pytest.mark.parametrize(
    ("origin", "body", "kind", "status"),
    [
        ("http://elsewhere.example", b"name=Rivers", "application/x-www-form-urlencoded", 403),
        ("", b"x" * (server.MOST_BYTES + 1), "application/x-www-form-urlencoded", 413),
        ("", b"no parts here", "multipart/form-data; boundary=x", 400),
    ],
)
async def test_a_form_that_cannot_be_taken_is_refused_and_does_nothing(
    served: Local, http: aiohttp.ClientSession, script: Script, origin: str, body: bytes, kind: str, status: int
) -> None:
    headers = {"Origin": origin or served.address.rstrip("/"), "Content-Type": kind}
    async with http.post(f"{served.address}form?as=maya&form=x", data=io.BytesIO(body), headers=headers) as answered:
        assert answered.status == status
    assert script.asked == []


async def test_a_file_that_is_too_large_is_refused_kindly(
    served: Local, http: aiohttp.ClientSession, script: Script
) -> None:
    headers = {"Origin": served.address.rstrip("/")}
    large = io.BytesIO(b"x" * (server.MOST_BYTES + 1))
    async with http.post(f"{served.address}deck?as=sam&name=x", data=large, headers=headers) as answered:
        assert answered.status == 413
        assert "larger than 20 MB" in (await answered.json())["says"]
    assert script.asked == []


@pytest.mark.parametrize(
    "text", ["", "x", "[]", "{}", '{"type":"press"}', '{"type":"control","key":"","name":"x"}', "[" * 5000, '"\\ud800"']
)
async def test_what_cannot_be_read_is_said_and_the_tab_lives_on(served: Local, look: Open, text: str) -> None:
    page = await look("maya")
    await page.ws.send_str(text)
    assert (await page.hear("says"))["text"]
    await page.say(type="command", key="k", text="/quiz")
    assert len((await page.hear("done"))["shown"]) == 1


async def test_a_control_shows_that_it_is_under_way_and_then_the_time(served: Local, look: Open) -> None:
    ran: list[str] = []

    async def morning(member: str) -> None:
        ran.append(member)
        await served.send(served.place(), post(), "tomorrow")

    async def broken(member: str) -> None:
        raise QuizError("The night was too short.", "Try again.")

    async def worse(member: str) -> None:
        raise ZeroDivisionError

    served.controls = (
        Control("next", "Next morning", "One day on", morning, veil="The night passes…"),
        Control("broken", "Broken", "Breaks", broken),
        Control("worse", "Worse", "Breaks badly", worse),
    )
    page = await look("sam")
    await page.say(type="control", key="k", name="next")
    begun = await page.hear("control")
    assert (begun["busy"], begun["veil"]) == (True, "The night passes…")
    await page.hear("message")
    await page.hear("clock")
    assert not (await page.hear("control"))["busy"]
    assert ran == ["sam"]
    await page.say(type="control", key="k2", name="broken")
    assert (await page.hear("done"))["says"] == ""
    assert (await page.hear("done"))["says"] == "The night was too short. Try again."
    await page.say(type="control", key="k3", name="worse")
    assert "Something went wrong" in (await page.hear("done"))["says"]


async def test_reactions_and_commands_come_from_the_page(served: Local, look: Open, script: Script) -> None:
    ref = await served.send(served.place(), post(), "today")
    await served.react(ref, Rating.WELL)
    page = await look("sam")
    await page.say(type="react", key="k1", message=ref.message_id, rating=4, added=True)
    chip = (await page.hear("reactions"))["message"]["chips"][0]
    assert (chip["count"], chip["mine"]) == (1, True)
    await page.say(type="command", key="k2", text="/leaderboard")
    assert (await page.hear("message"))["message"]["reader"] == "Sam"
    assert [type(request.action).__name__ for request in script.asked] == ["React", "ShowLeaderboard"]


async def test_older_messages_come_when_asked_for(served: Local, look: Open) -> None:
    sent = [await served.send(served.place(), post(number), str(number)) for number in range(130)]
    page = await look("sam")
    hello = await page.hear("hello")
    assert (len(hello["messages"]), hello["more"]) == (120, True)
    await page.say(type="earlier", before=hello["messages"][0]["id"])
    earlier = await page.hear("earlier")
    assert [message["id"] for message in earlier["messages"]] == [ref.message_id for ref in sent[:10]]
    assert not earlier["more"]


async def test_somebody_unknown_looks_as_the_first_member(look: Open) -> None:
    page = await look("nobody")
    assert (await page.hear("hello"))["you"] == "maya"


async def test_a_port_that_is_taken_is_said(served: Local, make: Callable[..., Local]) -> None:
    other = make(port=int(served.address.rstrip("/").rpartition(":")[2]))
    with pytest.raises(ConfigError, match="Another port can be set"):
        await other.run()


async def test_after_a_restart_a_tab_finds_its_old_message_and_presses_it(
    make: Callable[..., Local], script: Script, http: aiohttp.ClientSession, tmp_path: Any
) -> None:
    path = str(tmp_path / "room.jsonl")
    message = ""
    for button in ("Study", buttons.write(RevealAnswer(SESSION, 0))):
        local = make(path=path)
        running = asyncio.create_task(local.run())
        await local.started()
        message = message or (await local.send(local.place(), post(), "today")).message_id
        origin = local.address.rstrip("/")
        page = Page(await http.ws_connect(f"{origin}/live?as=maya", origin=origin))
        message = (await page.press(message, button, f"key-{button}"))["shown"][0]
        assert local.room.message(message).reader == "maya"
        await local.close()
        await running
    assert local.room.message(message).message == answer(0)


# ---- pictures --------------------------------------------------------------------------------------------------------


async def test_a_kept_picture_is_served_for_good_and_as_nothing_but_a_picture(http: aiohttp.ClientSession) -> None:
    name = f"{'a' * 64}.png"

    async def media(wanted: str) -> bytes | None:
        return png() if wanted == name else None

    local = Local({"port": 0}, Script().act, lambda: NIGHT, media)
    running = asyncio.create_task(local.run())
    await local.started()
    async with http.get(f"{local.address}media/{name}") as response:
        assert await response.read() == png()
        assert response.headers["Content-Type"] == "image/png"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in response.headers["Cache-Control"]
    for wrong in (f"{'b' * 64}.png", f"{'a' * 64}.svg", "..%2fflashmob.db", "%00", f"{'A' * 64}.png"):
        async with http.get(f"{local.address}media/{wrong}") as response:
            assert response.status == 404
    await local.close()
    await running
