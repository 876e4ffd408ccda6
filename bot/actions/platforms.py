"""What a platform tells by itself: nobody asked, so nobody is answered."""

import msgspec


class BeganAnew(msgspec.Struct, frozen=True):
    """The connection begins with a new session: reactions may have been put and taken back unseen."""


class WorkspaceLeft(msgspec.Struct, frozen=True):
    """Flashmob was removed from the request's workspace, when the request says; that may be long ago."""


class WorkspaceBack(msgspec.Struct, frozen=True):
    """Flashmob is in the request's workspace, when the request says: for the first time, again, or still."""


class WorkspacesAre(msgspec.Struct, frozen=True):
    """These are all the workspaces of the platform that Flashmob is in, by the platform's own names."""

    workspaces: tuple[str, ...]


class PersonLeft(msgspec.Struct, frozen=True):
    """The request's person is not on the platform any more."""
