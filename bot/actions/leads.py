"""What those who lead a group ask."""

from dataclasses import dataclass
from enum import StrEnum


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
    cohort_id: int = 0


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
    """Show me alone what today's post would be, of this group or (0) of the one that is here."""

    cohort_id: int = 0


@dataclass(frozen=True, slots=True)
class CopySetUp:
    """Take over the set-up of another group of this workspace."""

    name: str


class FormKind(StrEnum):
    """The forms that leads fill in."""

    SET_UP = "setup"
    CHANGE = "change"
    POSTS = "posts"
    PASTE = "paste"
    UPLOAD = "upload"


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Show me a form, of this group or (0) of the one that is here; `again`: with what I had filled in last.

    What is written of it is the form's own id too (see `bot/forms.py`), with the `version` that the group then had.
    """

    which: FormKind
    cohort_id: int = 0
    version: int = 0
    again: bool = False


@dataclass(frozen=True, slots=True)
class ImportStarter:
    """Make a deck that comes with Flashmob, named by its key, a deck of the group."""

    key: str
    cohort_id: int = 0


@dataclass(frozen=True, slots=True)
class FinishSetUp:
    """That is all: say when the first post comes."""

    cohort_id: int = 0
