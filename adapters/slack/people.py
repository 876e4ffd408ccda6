"""What people are called, and whether they lead, as their workspace says: asked where `users:read` was granted.

Without that scope people have the names that Slack sends along, and nobody is known to lead: such a group is led by
whoever keeps the configuration file.
"""

import logging
from collections import OrderedDict
from dataclasses import dataclass, replace

from slack_sdk.errors import SlackApiError

from bot.adapter import Now

from . import failures, limits
from .workspaces import Clients, Workspace

log = logging.getLogger("flashmob.slack")
NAMELESS = "Member"
MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Person:
    """`zone` is an IANA name, or empty; `sure` is off where Slack would have known, and did not answer."""

    name: str
    leads: bool
    zone: str = ""
    sure: bool = True


class People:
    """Answers are believed for ten minutes; what is forgotten is asked again.

    Somebody waits meanwhile, so whatever Slack says, it is asked once.
    """

    def __init__(self, clients: Clients, now: Now) -> None:
        self._clients = clients
        self._now = now
        self._known: OrderedDict[tuple[str, str], tuple[int, Person]] = OrderedDict()

    async def who(self, workspace: Workspace, id: str, handle: str) -> Person:
        """Never raises: who cannot be asked about has the name that came along."""
        said = Person(handle or NAMELESS, leads=False)
        if "users:read" not in workspace.scopes:
            return said
        at, known = self._known.get((workspace.team, id), (0, said))
        if at and abs(self._now() - at) < limits.PERSON_S * 1000:
            return known
        try:
            answer = await self._clients.posting(workspace.token).users_info(user=id)
        except (SlackApiError, *failures.CUT_LINE) as error:
            log.info("people: %s", failures.code(error) or type(error).__name__)
            return known if at else replace(said, sure=False)
        found = _person(answer.get("user"), said.name, workspace)
        self._remember((workspace.team, id), found)
        return found

    def forget(self, workspace: str, id: str) -> None:
        self._known.pop((workspace, id), None)

    def _remember(self, key: tuple[str, str], person: Person) -> None:
        self._known[key] = (self._now(), person)
        if len(self._known) > MOST_KNOWN:
            self._known.popitem(last=False)


def _person(said: object, otherwise: str, workspace: Workspace) -> Person:
    """Only an admin of this workspace leads: one of another, here through a shared channel, is a member."""
    if not isinstance(said, dict):
        return Person(otherwise, leads=False)
    profile = said["profile"] if isinstance(said.get("profile"), dict) else {}
    names = (profile.get("display_name"), profile.get("real_name"), said.get("real_name"), said.get("name"))
    name = next((name for name in names if isinstance(name, str) and name.strip()), otherwise)
    theirs = {said.get("team_id"), (said.get("enterprise_user") or {}).get("enterprise_id")} - {None, ""}
    leads = bool(said.get("is_admin") or said.get("is_owner")) and bool(theirs & {workspace.team, workspace.enterprise})
    return Person(name.strip(), leads, zone=str(said.get("tz") or ""))
