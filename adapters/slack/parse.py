"""What Slack tells, as an action with its circumstances. No payload, however odd, makes these functions raise."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot import actions, buttons
from bot.actions import Action, React, Request
from bot.model import Account, MessageRef, Place, Rating

from . import commands

Payload = Mapping[str, Any]
PLATFORM = "slack"
REACTIONS = {
    "one": Rating.NOT_AT_ALL,
    "two": Rating.BARELY,
    "three": Rating.WITH_EFFORT,
    "four": Rating.WELL,
    "five": Rating.PERFECTLY,
}


@dataclass(frozen=True, slots=True)
class OpenView:
    """The modal that was pressed in; `top`: it lies on another one."""

    id: str
    hash: str
    top: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked, by whom and where, with what is needed to answer. `enterprise` is empty outside of a Grid."""

    action: Action
    key: str
    person: str
    handle: str
    team: str
    enterprise: str
    channel: str
    trigger: str = field(default="", repr=False)
    response_url: str = field(default="", repr=False)
    view: OpenView | None = None

    @property
    def place(self) -> Place:
        return place(self.team, self.channel)

    def account(self, realm: str, name: str, leads: bool, zone: str) -> Account:
        """`realm` is that of our installation (`Workspace.realm`), also for somebody of another workspace."""
        return Account(PLATFORM, realm, self.person, name, leads, zone)

    def request(self, account: Account, at: int, lacks: tuple[str, ...] = ()) -> Request:
        return Request(self.action, self.key, at, account, self.place, lacks)


def place(team: str, channel: str) -> Place:
    """A channel; a direct message (its id begins with D) belongs to no group."""
    return Place(PLATFORM, team, "" if channel.startswith("D") else channel)


def press(body: Payload) -> Asked:
    """A button, on a message, in a modal or on the app's own page (`block_actions`)."""
    pressed = _first(body.get("actions"))
    button = _text(pressed, "action_id")
    view, container = _part(body, "view"), _part(body, "container")
    where = _text(container, "view_id") or _text(view, "id") or _text(container, "message_ts")
    return _interaction(body, buttons.read(button), f"{where}:{button}:{_text(pressed, 'action_ts')}")


def shortcut(body: Payload) -> Asked:
    """A global shortcut; its id is a button's id."""
    button = _text(body, "callback_id")
    return _interaction(body, buttons.read(button), f"{button}:{_text(body, 'action_ts')}")


def command(body: Payload) -> Asked:
    team, person, trigger = _text(body, "team_id"), _text(body, "user_id"), _text(body, "trigger_id")
    return Asked(
        action=commands.read(_text(body, "text")),
        key=_key(team, person, "command", trigger),
        person=person,
        handle=_text(body, "user_name"),
        team=team,
        enterprise=_text(body, "enterprise_id"),
        channel=_text(body, "channel_id"),
        trigger=trigger,
        response_url=_text(body, "response_url"),
    )


def form(body: Payload) -> Asked:
    """A form that was sent (`view_submission`); what stands in it is read in forms.py."""
    return _interaction(body, actions.ShowStatus(), f"{_text(_part(body, 'view'), 'id')}:sent")


def reaction(body: Payload) -> Asked | None:
    """A reaction set or taken back; None for one that is no rating."""
    event = _part(body, "event")
    item = _part(event, "item")
    rating = REACTIONS.get(_text(event, "reaction"))
    if rating is None or _text(item, "type") != "message":
        return None
    ref = MessageRef(place(_text(body, "team_id"), _text(item, "channel")), _text(item, "ts"))
    return _of_event(body, React(ref, rating, _text(event, "type") == "reaction_added"), _text(item, "channel"))


def opened_home(body: Payload) -> Asked | None:
    """Somebody looks at the app's own page; None for its other tabs."""
    if _text(_part(body, "event"), "tab") != "home":
        return None
    return _of_event(body, actions.ShowStats(), "")


def _of_event(body: Payload, action: Action, channel: str) -> Asked:
    """In a channel that workspaces share, `authorizations` says whose installation it is, and not `team_id`."""
    install = _first(body.get("authorizations")) or body
    return Asked(
        action=action,
        key=f"{PLATFORM}:{_text(body, 'event_id')}",
        person=_text(_part(body, "event"), "user"),
        handle="",
        team=_text(install, "team_id") or _text(body, "team_id"),
        enterprise=_text(install, "enterprise_id"),
        channel=channel,
    )


def _interaction(body: Payload, action: Action, what: str) -> Asked:
    user, view = _part(body, "user"), _part(body, "view")
    team, person = _installed_team(body), _text(user, "id")
    channel = _text(_part(body, "channel"), "id") or _text(_part(body, "container"), "channel_id")
    return Asked(
        action=action,
        key=_key(team, person, "press", what),
        person=person,
        handle=_text(user, "username") or _text(user, "name"),
        team=team,
        enterprise=_text(_part(body, "enterprise"), "id"),
        channel=channel or _text(view, "private_metadata"),
        trigger=_text(body, "trigger_id"),
        response_url=_text(body, "response_url"),
        view=_open_view(view),
    )


def _installed_team(body: Payload) -> str:
    """Whose installation a press belongs to: our modal and our message know it, whoever presses in a shared channel.

    Where an organisation installed the app as a whole, only the person and the view name a workspace.
    """
    view, posted_in = _part(body, "view"), _text(_part(body, "message"), "team")
    return (
        _text(view, "app_installed_team_id")
        or (posted_in if posted_in.startswith("T") else "")
        or _text(_part(body, "team"), "id")
        or _text(_part(body, "user"), "team_id")
        or _text(view, "team_id")
    )


def _open_view(view: Payload) -> OpenView | None:
    if _text(view, "type") != "modal":
        return None
    top = bool(_text(view, "previous_view_id")) or _text(view, "root_view_id") not in ("", _text(view, "id"))
    return OpenView(_text(view, "id"), _text(view, "hash"), top)


def _key(team: str, person: str, kind: str, what: str) -> str:
    return f"{PLATFORM}:{team}:{person}:{kind}:{what}"


def _part(body: Payload, name: str) -> Payload:
    found = body.get(name)
    return found if isinstance(found, dict) else {}


def _text(body: Payload, name: str) -> str:
    found = body.get(name)
    return found if isinstance(found, str) else ""


def _first(found: object) -> Payload:
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else {}
