"""What those who lead a group ask."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """How are this group's posts doing?"""


@dataclass(frozen=True, slots=True)
class SetUpGroup:
    """Make a group of this channel, or change the one that is here; settings by name, in words."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class ChangeSettings:
    """Change settings by name, in words; `version` is the one that the asker saw, 0 for whichever there is."""

    values: tuple[tuple[str, str], ...]
    version: int = 0


@dataclass(frozen=True, slots=True)
class PausePosts:
    """Post nothing until this date ("2027-01-04"), or until somebody resumes."""

    until: str = ""


@dataclass(frozen=True, slots=True)
class ResumePosts:
    pass


@dataclass(frozen=True, slots=True)
class SkipToday:
    pass


@dataclass(frozen=True, slots=True)
class PostNow:
    """Bring today's post forward."""


@dataclass(frozen=True, slots=True)
class PreviewPost:
    """Show me alone what today's post would be."""


@dataclass(frozen=True, slots=True)
class CopySetUp:
    """Take over the set-up of another group of this workspace."""

    name: str
