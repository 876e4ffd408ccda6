"""What a writer gives back."""

from dataclasses import dataclass

from bot.model import Problem


@dataclass(frozen=True, slots=True)
class Written:
    """A file, and what of the deck it cannot carry."""

    data: bytes
    problems: tuple[Problem, ...] = ()
