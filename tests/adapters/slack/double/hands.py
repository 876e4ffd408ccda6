"""What people do in Slack, as the payloads that Slack makes of it."""

import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .server import Double
from .state import Json
from .web_api import reacted

Values = Mapping[str, str | Sequence[str]]


@dataclass
class Hands:
    """`delivered` is how often Slack tells of one and the same deed.

    `visits_from` is the workspace of whoever acts in a channel that it shares with ours, empty for one of us;
    `whole_org`: our workspace has the app because its organisation installed it.
    """

    slack: Double
    visits_from: str = ""
    whole_org: bool = False

    # ---- presses

    async def press(self, user: str, channel: str, ts: str, button: str, delivered: int = 1, thread: str = "") -> None:
        """A button of a message, which may stand in a thread. A modal that lay over the channel is closed first."""
        self.slack.state.stacks.pop(user, None)
        message = self.slack.state.message(channel, ts)
        container = {"type": "message", "message_ts": ts, "channel_id": channel, "is_ephemeral": False}
        container |= {"thread_ts": thread} if thread else {}
        where = {"channel": {"id": channel, "name": "general"}, "message": message}
        body = {**self._pressed(user, button, _block_of(message["blocks"], button)), **where, "container": container}
        await self._tell("interactive", {**body, "response_url": self.slack.response_url(user, channel)}, delivered)

    async def press_view(self, user: str, button: str, delivered: int = 1) -> None:
        """A button of the modal on top."""
        view = self.slack.state.screen(user)
        assert view is not None
        await self._press_in(user, view, button, delivered)

    async def press_home(self, user: str, button: str) -> None:
        await self._press_in(user, self.slack.state.homes[user], button, 1)

    async def _press_in(self, user: str, view: Json, button: str, delivered: int) -> None:
        body = self._pressed(user, button, _block_of(view["blocks"], button))
        container = {"type": "view", "view_id": view["id"]}
        await self._tell("interactive", {**body, "view": dict(view), "container": container}, delivered)

    def _pressed(self, user: str, button: str, block: str) -> Json:
        action = {"type": "button", "action_id": button, "block_id": block, "action_ts": self.slack.state.ts()}
        return {"type": "block_actions", **self._base(user), "actions": [action], "state": {"values": {}}}

    async def shortcut(self, user: str, id: str) -> None:
        state = self.slack.state
        body = {"type": "shortcut", **self._base(user), "callback_id": id, "action_ts": state.ts()}
        await self._tell("interactive", body, 1)

    def _base(self, user: str) -> Json:
        state = self.slack.state
        name = state.users[user]["name"]
        return {
            "token": "v",
            "team": None if self.whole_org else {"id": self._acting_team, "domain": "double"},
            "enterprise": {"id": state.enterprise, "name": "Grid"} if state.enterprise else None,
            "is_enterprise_install": self.whole_org,
            "user": {"id": user, "username": name, "name": name, "team_id": self._acting_team},
            "api_app_id": state.app,
            "trigger_id": state.trigger(user),
        }

    @property
    def _acting_team(self) -> str:
        return self.visits_from or self.slack.state.team

    async def submit(
        self,
        user: str,
        values: Values,
        file: tuple[str, bytes] | None = None,
        delivered: int = 1,
    ) -> None:
        """Send the form on top with these values by the names of its fields; the rest as it is."""
        state = self.slack.state
        view = state.screen(user)
        assert view is not None, "there is no form on the screen"
        assert "submit" in view, "this view is no form"
        files = [self._uploaded(*file)] if file else []
        shown = {block["block_id"]: {block["block_id"]: _state(block, values, files)} for block in view["blocks"]}
        body = {"type": "view_submission", **self._base(user), "view": {**view, "state": {"values": shown}}}
        for _ in range(delivered):
            answer = await self.slack.tell("interactive", {**body, "response_urls": []})
            if answer and answer.get("response_action") == "update":
                self.slack.api.check("Modal", answer["view"])
                state.update_view(view["id"], "", answer["view"])

    def _uploaded(self, name: str, data: bytes) -> Json:
        number = str(self.slack.state.number())
        self.slack.state.files[number] = data
        address = self.slack.api_base.replace("/api/", f"/files/{number}")
        return {"id": f"F{number}", "name": name, "url_private_download": address, "size": len(data)}

    # ---- typing

    async def type(self, user: str, channel: str, text: str, command: str = "/quiz", delivered: int = 1) -> None:
        state = self.slack.state
        state.stacks.pop(user, None)
        body: Json = {
            "token": "v",
            "team_id": state.team,
            "team_domain": "double",
            "channel_id": channel,
            "channel_name": "general",
            "user_id": user,
            "user_name": state.users[user]["name"],
            "command": command,
            "text": text,
            "api_app_id": state.app,
            "is_enterprise_install": "false",
            "response_url": self.slack.response_url(user, channel),
            "trigger_id": state.trigger(user),
        }
        if state.enterprise:
            body |= {"enterprise_id": state.enterprise, "enterprise_name": "Grid"}
        await self._tell("slash_commands", body, delivered)

    # ---- events

    async def react(self, user: str, channel: str, ts: str, name: str, added: bool = True, delivered: int = 1) -> None:
        users = reacted(self.slack.state.message(channel, ts), name)
        if added and user not in users:
            users.append(user)
        elif not added and user in users:
            users.remove(user)
        kind = "reaction_added" if added else "reaction_removed"
        item = {"type": "message", "channel": channel, "ts": ts}
        await self.event({"type": kind, "user": user, "reaction": name, "item": item}, delivered)

    async def open_home(self, user: str, tab: str = "home") -> None:
        await self.event({"type": "app_home_opened", "user": user, "tab": tab, "channel": f"D{user[1:]}"})

    async def event(self, event: Json, delivered: int = 1) -> None:
        state = self.slack.state
        install = {
            "enterprise_id": state.enterprise or None,
            "team_id": state.team,
            "user_id": state.bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }
        body = {
            "token": "v",
            "team_id": self._acting_team,
            "api_app_id": state.app,
            "type": "event_callback",
            "event": {**event, "event_ts": state.ts()},
            "event_id": f"Ev{uuid.uuid4().hex[:10].upper()}",
            "event_time": int(time.time()),
            "authorizations": [install],
            "is_ext_shared_channel": bool(self.visits_from),
        }
        await self._tell("events_api", body, delivered)

    async def _tell(self, kind: str, body: Json, delivered: int) -> None:
        for _ in range(delivered):
            await self.slack.tell(kind, body)


def _state(block: Json, values: Values, files: list[Json]) -> Json:
    """What an input comes back with; raises where Slack lets nobody send it."""
    element = block["element"]
    said = values.get(block["block_id"])
    chosen = None if said is None else [said] if isinstance(said, str) else list(said)
    match element["type"]:
        case "plain_text_input":
            value = element.get("initial_value") if chosen is None else chosen[0]
            assert len(value or "") <= element.get("max_length", 3_000)
            found: Json = {"value": value or None}
        case "timepicker":
            found = {"selected_time": element.get("initial_time") if chosen is None else chosen[0]}
        case "conversations_select":
            found = {"selected_conversation": element.get("initial_conversation") if chosen is None else chosen[0]}
        case "static_select":
            first = element.get("initial_option")
            found = {"selected_option": first if chosen is None else _options(element, chosen)[0]}
        case "checkboxes":
            first = element.get("initial_options", [])
            found = {"selected_options": first if chosen is None else _options(element, chosen)}
        case "file_input":
            found = {"files": files}
    assert block.get("optional") or any(found.values()), f"{block['block_id']} is empty"
    return {"type": element["type"], **found}


def _options(element: Json, chosen: list[str]) -> list[Json]:
    offered = {option["value"]: option for option in element["options"]}
    return [offered[value] for value in chosen]


def _block_of(blocks: list[Json], button: str) -> str:
    """The id of the block that holds the button; a button that is not there any more was in one that is not either."""
    for block in blocks:
        elements: list[Any] = block.get("elements", [])
        if any(isinstance(element, dict) and element.get("action_id") == button for element in elements):
            return str(block["block_id"])
    return "gone"
