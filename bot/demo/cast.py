"""Who is in the made-up group, and how they are at remembering."""

from collections import defaultdict
from dataclasses import dataclass, field
from random import Random

from ..model import Rating


@dataclass(frozen=True, slots=True)
class Habits:
    """How often somebody studies, and how likely a new card is to be remembered the first time; both from 0 to 1."""

    id: str
    name: str
    studies: float
    knows: float
    leads: bool = False


VIEWER = "maya"
CAST = (
    Habits(VIEWER, "Maya", studies=0.9, knows=0.6, leads=True),
    Habits("sam", "Sam", studies=0.95, knows=0.7),
    Habits("lin", "Lin", studies=0.85, knows=0.8),
    Habits("noor", "Noor", studies=0.8, knows=0.55),
    Habits("jonas", "Jonas", studies=0.6, knows=0.5),
    Habits("priya", "Priya", studies=0.75, knows=0.65),
    Habits("tomás", "Tomás", studies=0.5, knows=0.45),
    Habits("ada", "Ada", studies=0.3, knows=0.7),
)


@dataclass(slots=True)
class Mind:
    """One member's memory of the made-up kind: every look at a card makes forgetting it less likely."""

    habits: Habits
    chance: Random
    _looks: "defaultdict[str, int]" = field(default_factory=lambda: defaultdict(int))

    def studies_today(self) -> bool:
        return self.chance.random() < self.habits.studies

    def rate(self, question: str) -> Rating:
        """An honest rating of a card that was just looked at."""
        forgets = (1 - self.habits.knows) * 0.55 ** self._looks[question]
        self._looks[question] += 1
        if self.chance.random() < forgets:
            return self.chance.choice([Rating.NOT_AT_ALL, Rating.BARELY])
        return self.chance.choices(
            [Rating.WITH_EFFORT, Rating.WELL, Rating.PERFECTLY], [forgets + 0.1, 0.5, 0.5 - forgets / 2]
        )[0]
