"""What a platform tells by itself: nobody asked, so nobody is answered."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BeganAnew:
    """The connection begins with a new session: reactions may have been put and taken back unseen."""


@dataclass(frozen=True, slots=True)
class WorkspaceLeft:
    """Flashmob was removed from the request's workspace, when the request says; that may be long ago."""


@dataclass(frozen=True, slots=True)
class WorkspaceBack:
    """Flashmob is in the request's workspace, when the request says: for the first time, again, or still."""


@dataclass(frozen=True, slots=True)
class WorkspacesAre:
    """These are all the workspaces of the platform that Flashmob is in, by the platform's own names."""

    workspaces: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PersonLeft:
    """The request's person is not on the platform any more."""
