"""What the bot says about importing a deck, before and after. The rules of `wording.py` hold here."""

from collections.abc import Mapping

from ..markdown import escape

OUTDATED = (
    "Somebody has changed this deck since you looked, so nothing was imported. This is what it would do now; press "
    "Import once more."
)
HOW_THEY_LOOK = "How cards will look"
SAME_OR_NOT = "The same card, or not?"
ABOUT_PROPOSALS = (
    "These have the same answer and a similar question. Where they are the same card, everybody's progress stays with "
    "it. Otherwise, and where you say nothing, it comes in as a new card, and the old one is retired."
)
SAME = "The same card: its progress stays."
NOT_SAME = "A new card; the old one is retired."
_EFFECTS = {
    "added": ("card is new", "cards are new"),
    "changed": ("card changes; everybody's progress stays", "cards change; everybody's progress stays"),
    "moved": ("card moves to another place", "cards move to other places"),
    "back again": ("card is back again, with its history", "cards are back again, with their history"),
    "kept": ("card stays as it is", "cards stay as they are"),
    "retired": (
        "card is retired, since the file does not hold it; its history stays",
        "cards are retired, since the file does not hold them; their history stays",
    ),
}


def import_title(deck: str) -> str:
    """A title, which is plain text."""
    return f"Import {deck}?"


def read_from(file_name: str, cards: int) -> str:
    return f"I read **{escape(file_name)}**: {counted(cards)}. Nothing has changed yet. If you import it:"


def effects(counts: Mapping[str, int]) -> list[str]:
    """A line for each thing that would happen."""
    return [f"{count:,} {_EFFECTS[word][count != 1]}" for word, count in counts.items() if count]


def may_be_the_same(proposals: int, unsettled: int) -> str:
    if not unsettled:
        return "You have said which cards are the same."
    if unsettled == 1:
        return "One new card looks like one that would be retired. Are they the same?"
    return f"{unsettled:,} new cards look like cards that would be retired. Are they the same?"


def needs_a_look(problems: int) -> str:
    things, need = ("thing", "needs") if problems == 1 else ("things", "need")
    return f"{problems:,} {things} in the file {need} a look"


def and_more(count: int) -> str:
    return f"and {count:,} more"


def was_and_is(number: int, was: str, now: str) -> str:
    """Both questions of a proposal, each on one line."""
    return f"**{number}.** Was: {escape(was)}\n\nNow: {escape(now)}"


def importing(title: str, applied: int, cards: int) -> str:
    return f"Importing **{escape(title)}**: {applied:,} of {counted(cards)}. It goes on by itself."


def import_counts(counts: Mapping[str, int]) -> str:
    """`30 cards added, 2 changed`; what did not happen is left out."""
    words = [f"{count:,} {word}" for word, count in counts.items() if count]
    return ", ".join([words[0].replace(" ", " card " if words[0].startswith("1 ") else " cards ", 1), *words[1:]])


def is_in(title: str, counts: Mapping[str, int]) -> str:
    return f"**{escape(title)}** is in: {import_counts(counts)}."


def imported(title: str, counts: Mapping[str, int]) -> str:
    """Among the changes of a group, which are plain text."""
    return f"imported {title}: {import_counts(counts)}"


def cancelled(title: str) -> str:
    return f"Nothing of **{escape(title)}** was imported, and the file is forgotten."


def stopped(title: str) -> str:
    return (
        f"This import of **{escape(title)}** has stopped, since a newer one of the same deck has begun. Nothing is "
        "lost: the newer file is what counts."
    )


def counted(cards: int) -> str:
    return f"{cards:,} {'card' if cards == 1 else 'cards'}"
