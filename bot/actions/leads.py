"""What those who lead a group ask."""

from enum import StrEnum

import msgspec


class ShowStatus(msgspec.Struct, frozen=True):
    """How are this group's posts doing?"""


class SetUpGroup(msgspec.Struct, frozen=True):
    """Make a group of this channel, or change the one that is here; settings by name, in words."""

    name: str
    values: tuple[tuple[str, str], ...] = ()


class ChangeSettings(msgspec.Struct, frozen=True):
    """Change settings by name, in words; `version` is the one that the asker saw, 0 for whichever there is."""

    values: tuple[tuple[str, str], ...]
    version: int = 0
    cohort_id: int = 0


class PausePosts(msgspec.Struct, frozen=True):
    """Post nothing until this date ("2027-01-04"), or until somebody resumes."""

    until: str = ""


class ResumePosts(msgspec.Struct, frozen=True):
    pass


class SkipToday(msgspec.Struct, frozen=True):
    pass


class PostNow(msgspec.Struct, frozen=True):
    """Bring today's post forward."""


class PreviewPost(msgspec.Struct, frozen=True):
    """Show me alone what today's post would be, of this group or (0) of the one that is here."""

    cohort_id: int = 0


class CopySetUp(msgspec.Struct, frozen=True):
    """Take over the set-up of another group of this workspace."""

    name: str


class FormKind(StrEnum):
    """The forms that leads fill in."""

    SET_UP = "setup"
    CHANGE = "change"
    POSTS = "posts"
    PASTE = "paste"
    UPLOAD = "upload"


class OpenForm(msgspec.Struct, frozen=True):
    """Show me a form, of this group or (0) of the one that is here; `again`: with what I had filled in last.

    What is written of it is the form's own id too (see `bot/forms.py`), with the `version` that the group then had.
    """

    which: FormKind
    cohort_id: int = 0
    version: int = 0
    again: bool = False


class ImportStarter(msgspec.Struct, frozen=True):
    """Make a deck that comes with Flashmob, named by its key, a deck of the group."""

    key: str
    cohort_id: int = 0


class FinishSetUp(msgspec.Struct, frozen=True):
    """That is all: say when the first post comes."""

    cohort_id: int = 0
