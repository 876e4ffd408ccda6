"""What leads ask about importing a deck: a file is staged, looked at, and then applied or cancelled."""

import msgspec

from .leads import FormKind


class ImportDeck(msgspec.Struct, frozen=True):
    """Read this file and show me what making it a deck of this group, or (0) of the one that is here, would do.

    `form` is the one that it was filled into, if it was.
    """

    file_name: str
    data: bytes
    cohort_id: int = 0
    form: FormKind | None = None

    @property
    def called(self) -> str:
        """What people call it: a text that was pasted is no file, but for whoever reads it."""
        return self.file_name.removesuffix(".txt") if self.form is FormKind.PASTE else self.file_name


class ShowImport(msgspec.Struct, frozen=True):
    """What would it do, how far is it, what did it do?"""

    staged_id: int


class ShowProblems(msgspec.Struct, frozen=True):
    """Give me all that needs a look in the file."""

    staged_id: int


class ShowProposals(msgspec.Struct, frozen=True):
    """Which cards may be the same? Pages count from 1."""

    staged_id: int
    page: int = 1


class SettleProposal(msgspec.Struct, frozen=True):
    """These two cards are the same, or they are not."""

    staged_id: int
    number: int
    same: bool


class ApplyImport(msgspec.Struct, frozen=True):
    """Make it a deck of the group."""

    staged_id: int


class CancelImport(msgspec.Struct, frozen=True):
    """Forget the file."""

    staged_id: int
