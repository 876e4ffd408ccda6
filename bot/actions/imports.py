"""What leads ask about importing a deck: a file is staged, looked at, and then applied or cancelled."""

from dataclasses import dataclass

from .leads import FormKind


@dataclass(frozen=True, slots=True)
class ImportDeck:
    """Read this file and show me what making it a deck of this group, or (0) of the one that is here, would do.

    `form` is the one that it was filled into, if it was.
    """

    file_name: str
    data: bytes
    cohort_id: int = 0
    form: FormKind | None = None


@dataclass(frozen=True, slots=True)
class ShowImport:
    """What would it do, how far is it, what did it do?"""

    staged_id: int


@dataclass(frozen=True, slots=True)
class ShowProblems:
    """Give me all that needs a look in the file."""

    staged_id: int


@dataclass(frozen=True, slots=True)
class ShowProposals:
    """Which cards may be the same? Pages count from 1."""

    staged_id: int
    page: int = 1


@dataclass(frozen=True, slots=True)
class SettleProposal:
    """These two cards are the same, or they are not."""

    staged_id: int
    number: int
    same: bool


@dataclass(frozen=True, slots=True)
class ApplyImport:
    """Make it a deck of the group."""

    staged_id: int


@dataclass(frozen=True, slots=True)
class CancelImport:
    """Forget the file."""

    staged_id: int
