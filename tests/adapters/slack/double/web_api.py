"""The methods of Slack's Web API that the bot calls, with their scopes, their limits and their own words for errors."""

import asyncio
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from . import contracts
from .state import Json, SlackError, State

SCOPES = {
    "chat.postMessage": "chat:write",
    "chat.update": "chat:write",
    "reactions.add": "reactions:write",
    "reactions.get": "reactions:read",
    "users.info": "users:read",
    "conversations.history": "channels:history",
    "conversations.info": "channels:read",
    "files.getUploadURLExternal": "files:write",
    "files.completeUploadExternal": "files:write",
}
LONGEST_TEXT, LONGEST_UPDATE, LONGEST_BLOCKS = 40_000, 4_000, 13_000
SHOWN = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
PARSED = ("blocks", "view", "metadata")
NUMBERS_AND_FLAGS = ("unfurl_links", "unfurl_media", "link_names", "include_all_metadata", "limit", "full")
SOME_OF_THEM = 3


@dataclass
class Fault:
    """What goes wrong on the next `times` calls of a method: an error's word, or an HTTP status."""

    method: str
    word: str = ""
    status: int = 0
    retry_after: float = 0
    needed: str = ""
    times: int = 1
    after_it_is_done: bool = False
    cut: bool = False


@dataclass
class WebApi:
    """`calls` are all calls so far; `problems` what the schemas found; `delays` seconds that a method takes."""

    state: State
    calls: list[tuple[str, Json]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    tokens: list[tuple[str, str]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    delays: dict[str, float] = field(default_factory=dict)

    def called(self, method: str) -> list[Json]:
        return [arguments for name, arguments in self.calls if name == method]

    async def handle(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        arguments = await _arguments(request)
        token = request.headers.get("Authorization", "").removeprefix("Bearer ") or arguments.pop("token", "")
        self.calls.append((method, arguments))
        self.tokens.append((method, token))
        await asyncio.sleep(self.delays.get(method, 0))
        fault = self._fault(method)
        if fault and not fault.after_it_is_done:
            return self._fails(request, fault)
        answer = self._answer(method, arguments, token, request)
        if fault:
            return self._fails(request, fault)
        return web.json_response(answer, headers={"X-OAuth-Scopes": ",".join(sorted(self.state.scopes))})

    def _fault(self, method: str) -> Fault | None:
        for fault in self.faults:
            if fault.method == method:
                fault.times -= 1
                if fault.times <= 0:
                    self.faults.remove(fault)
                return fault
        return None

    def _fails(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault.cut:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        if fault.status == 429:
            headers = {"Retry-After": f"{fault.retry_after:g}"}
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
        if fault.status:
            return web.Response(status=fault.status, text="<html>upstream error</html>", content_type="text/html")
        more = {"needed": fault.needed, "provided": ",".join(sorted(self.state.scopes))} if fault.needed else {}
        return web.json_response({"ok": False, "error": fault.word, **more})

    def _answer(self, method: str, arguments: Json, token: str, request: web.Request) -> Json:
        try:
            self._check_token(method, token)
            known: Callable[[Json, web.Request], Json] | None = getattr(self, "_" + method.replace(".", "_"), None)
            if known is None:
                raise SlackError("unknown_method")
            self._check_arguments(method, arguments)
            return {"ok": True, **known(arguments, request)}
        except SlackError as error:
            notes = (
                {"response_metadata": {"messages": [f"[ERROR] {note}" for note in error.notes]}} if error.notes else {}
            )
            return {"ok": False, "error": error.word, **error.more, **notes}

    def _check_token(self, method: str, token: str) -> None:
        if method == "oauth.v2.access":
            return
        wanted = self.state.app_token if method == "apps.connections.open" else self.state.bot_token
        if token != wanted and token not in self.state.other_tokens:
            raise SlackError("invalid_auth" if token else "not_authed")
        if self.state.revoked and method != "apps.connections.open":
            raise SlackError("token_revoked")
        scope = SCOPES.get(method)
        if scope and scope not in self.state.scopes:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(self.state.scopes)))

    def _check_arguments(self, method: str, arguments: Json) -> None:
        found = contracts.problems_of_call(method, arguments)
        self.problems += found

    def check(self, kind: str, body: object) -> None:
        found = contracts.problems(kind, body)
        if found:
            self.problems += found
            raise SlackError("invalid_blocks" if kind == "Blocks" else "invalid_arguments", *found)

    # ---- who, and how to connect

    def _auth_test(self, arguments: Json, request: web.Request) -> Json:
        state = self.state
        enterprise = {"enterprise_id": state.enterprise} if state.enterprise else {}
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        who = {
            "team": "Double",
            "team_id": state.other_tokens.get(token, state.team),
            "user": "flashmob",
            "user_id": state.bot_user,
        }
        return {"url": "https://double.example/", **who, "bot_id": state.bot, **enterprise}

    def _oauth_v2_access(self, arguments: Json, request: web.Request) -> Json:
        """The code says the workspace. The client proves itself by name and secret."""
        if not request.headers.get("Authorization", "").startswith("Basic "):
            raise SlackError("bad_client_secret")
        if arguments.get("grant_type") == "refresh_token":
            return self._refreshed(arguments["refresh_token"])
        team = arguments["code"].removeprefix("code-of-")
        return {
            **self._tokens(team),
            "scope": ",".join(sorted(self.state.scopes)),
            "bot_user_id": self.state.bot_user,
            "app_id": self.state.app,
            "team": {"id": team, "name": f"Team {team}"},
            "enterprise": None,
            "authed_user": {"id": "U0ADMIN"},
            "is_enterprise_install": False,
        }

    def _refreshed(self, refresh_token: str) -> Json:
        """The next token; the one before is over, which Slack itself allows until it runs out."""
        team = self.state.refresh_tokens.pop(refresh_token, None)
        if team is None:
            raise SlackError("invalid_refresh_token")
        self.state.other_tokens = {token: of for token, of in self.state.other_tokens.items() if of != team}
        return {**self._tokens(team), "team": {"id": team, "name": f"Team {team}"}}

    def _tokens(self, team: str) -> Json:
        if not self.state.rotates:
            self.state.other_tokens[f"xoxb-of-{team}"] = team
            return {"access_token": f"xoxb-of-{team}", "token_type": "bot"}
        number = self.state.number()
        token, refresh_token = f"xoxe.xoxb-{number}-of-{team}", f"xoxe-{number}-of-{team}"
        self.state.other_tokens[token] = team
        self.state.refresh_tokens[refresh_token] = team
        return {"access_token": token, "refresh_token": refresh_token, "expires_in": 43_200, "token_type": "bot"}

    def _apps_connections_open(self, arguments: Json, request: web.Request) -> Json:
        return {"url": f"ws://{request.host}/link?ticket={self.state.number()}"}

    def _users_info(self, arguments: Json, request: web.Request) -> Json:
        found = self.state.users.get(arguments["user"])
        if found is None:
            raise SlackError("user_not_found")
        return {"user": found}

    # ---- messages

    def _chat_postMessage(self, arguments: Json, request: web.Request) -> Json:  # noqa: N802
        target = arguments["channel"]
        channel = self.state.direct(target) if target in self.state.users else target
        self.state.channel(channel)
        self._check_message(arguments, LONGEST_TEXT)
        message = self.state.post(
            channel, arguments.get("text", ""), arguments.get("blocks"), arguments.get("metadata")
        )
        return {"channel": channel, "ts": message["ts"], "message": message}

    def _chat_update(self, arguments: Json, request: web.Request) -> Json:
        self.state.channel(arguments["channel"])
        message = self.state.message(arguments["channel"], arguments["ts"])
        self._check_message(arguments, LONGEST_UPDATE)
        message.update(
            text=arguments.get("text", ""),
            blocks=self.state.named(arguments.get("blocks") or []),
            edited={"user": self.state.bot_user, "ts": self.state.ts()},
        )
        return {"channel": arguments["channel"], "ts": message["ts"], "text": message["text"], "message": message}

    def _check_message(self, arguments: Json, longest: int) -> None:
        if not arguments.get("text") and not arguments.get("blocks"):
            raise SlackError("no_text")
        if len(arguments.get("text", "")) > longest:
            raise SlackError("msg_too_long")
        blocks = arguments.get("blocks") or []
        self.check("Blocks", blocks)
        if len(blocks) > 50:
            raise SlackError("invalid_blocks", "no more than 50 items allowed [json-pointer:/blocks]")
        if len(json.dumps(blocks, ensure_ascii=False)) > LONGEST_BLOCKS:
            raise SlackError("msg_blocks_too_long")
        self._check_pictures(blocks, "invalid_blocks", "/blocks")

    def _reactions_add(self, arguments: Json, request: web.Request) -> Json:
        self.state.channel(arguments["channel"])
        message = self.state.message(arguments["channel"], arguments["timestamp"])
        users = reacted(message, arguments["name"])
        if self.state.bot_user in users:
            raise SlackError("already_reacted")
        users.append(self.state.bot_user)
        return {}

    def _reactions_get(self, arguments: Json, request: web.Request) -> Json:
        """Without `full` Slack names some of the people only."""
        self.state.channel(arguments["channel"])
        message = self.state.message(arguments["channel"], arguments["timestamp"])
        most = None if arguments.get("full") else SOME_OF_THEM
        shown = [
            {"name": each["name"], "users": each["users"][:most], "count": len(each["users"])}
            for each in message["reactions"]
            if each["users"]
        ]
        return {"type": "message", "channel": arguments["channel"], "message": {**message, "reactions": shown}}

    def _conversations_history(self, arguments: Json, request: web.Request) -> Json:
        self.state.channel(arguments["channel"])
        found = [message for (channel, _), message in self.state.messages.items() if channel == arguments["channel"]]
        whole = arguments.get("include_all_metadata")
        shown = [message if whole else {**message, "metadata": None} for message in reversed(found)]
        return {"messages": shown[: arguments.get("limit", 100)], "has_more": False}

    def _conversations_info(self, arguments: Json, request: web.Request) -> Json:
        found = self.state.channels.get(arguments["channel"])
        if found is None:
            raise SlackError("channel_not_found")
        member = self.state.bot_user in found.members
        channel = {"id": arguments["channel"], "name": found.name, "is_member": member, "is_archived": found.archived}
        return {"channel": channel}

    # ---- files

    def _files_getUploadURLExternal(self, arguments: Json, request: web.Request) -> Json:  # noqa: N802
        name = f"F{self.state.number():08}"
        if not arguments.get("filename") or int(arguments.get("length") or 0) <= 0:
            raise SlackError("invalid_arguments")
        self.state.promised[name] = int(arguments["length"])
        return {"upload_url": f"http://{request.host}/upload/{name}", "file_id": name}

    def _files_completeUploadExternal(self, arguments: Json, request: web.Request) -> Json:  # noqa: N802
        """Into a channel, or into none: then the file is the app's own, and is seen where the app shows it."""
        files = json.loads(arguments["files"]) if isinstance(arguments["files"], str) else arguments["files"]
        if any(file["id"] not in self.state.files for file in files):
            raise SlackError("file_not_found")
        self.state.uploaded |= {file["id"]: file.get("title", "") for file in files}
        if channel := arguments.get("channel_id"):
            self.state.channel(channel)
            self.state.shared += [(channel, file["id"]) for file in files]
        return {"files": files}

    def _check_pictures(self, blocks: list[Json], refusal: str, where: str) -> None:
        """Every picture can be fetched from the web, or is an uploaded file of a kind that Slack shows."""
        for place, block in enumerate(blocks):
            if ".unreachable/" in str(block.get("image_url", "")):
                raise SlackError(refusal, f"downloading image failed [json-pointer:{where}/{place}/image_url]")
            if "slack_file" in block and not self._can_show(block["slack_file"].get("id", "")):
                raise SlackError(refusal, f"invalid slack file [json-pointer:{where}/{place}/slack_file]")

    def _can_show(self, file: str) -> bool:
        if self.state.refusals_after_upload:
            self.state.refusals_after_upload -= 1
            return False
        whole = file in self.state.uploaded and bool(re.fullmatch("F[A-Z0-9]{8,}", file))
        return whole and self.state.files[file].startswith(SHOWN)

    # ---- views

    def _views_open(self, arguments: Json, request: web.Request) -> Json:
        return self._open(arguments, on_top=False)

    def _views_push(self, arguments: Json, request: web.Request) -> Json:
        return self._open(arguments, on_top=True)

    def _open(self, arguments: Json, *, on_top: bool) -> Json:
        user = self.state.spend(arguments.get("trigger_id", ""))
        self._check_view("Modal", arguments["view"])
        return {"view": self.state.open_view(user, arguments["view"], on_top=on_top)}

    def _views_update(self, arguments: Json, request: web.Request) -> Json:
        self._check_view("Modal", arguments["view"])
        return {"view": self.state.update_view(arguments["view_id"], arguments.get("hash", ""), arguments["view"])}

    def _views_publish(self, arguments: Json, request: web.Request) -> Json:
        self._check_view("Home", arguments["view"])
        view = {**arguments["view"], "blocks": self.state.named(arguments["view"]["blocks"])}
        self.state.homes[arguments["user_id"]] = {**view, "id": f"VHOME{arguments['user_id']}", "hash": "1"}
        return {"view": self.state.homes[arguments["user_id"]]}

    def _check_view(self, kind: str, view: Json) -> None:
        self.check(kind, view)
        if len(view["blocks"]) > 100 or len(json.dumps(view)) > 250_000:
            raise SlackError("view_too_large")
        self._check_pictures(view["blocks"], "invalid_arguments", "/view/blocks")


def reacted(message: Json, name: str) -> list[str]:
    """Who reacted with this name, as a list that can be added to."""
    for reaction in message["reactions"]:
        if reaction["name"] == name:
            users: list[str] = reaction["users"]
            return users
    added: list[str] = []
    message["reactions"].append({"name": name, "users": added})
    return added


async def _arguments(request: web.Request) -> Json:
    found: Json = dict(request.query)
    if request.content_type == "application/json":
        found |= await request.json()
    elif request.method == "POST":
        found |= dict(await request.post())
    for name in (*PARSED, *NUMBERS_AND_FLAGS):
        if isinstance(found.get(name), str):
            found[name] = _read(found[name])
    return found


def _read(text: str) -> Any:
    if text in ("True", "False"):
        return text == "True"
    return json.loads(text)
