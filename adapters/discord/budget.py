"""How much of each side of a card fits, so that long ones are cut and short ones are not."""

from collections.abc import Sequence

from bot import markdown

from . import markup

CUT = "-# The card is longer than a message can be; the rest is in the deck."


def shares(sizes: Sequence[int], room: int) -> list[int]:
    """`room` shared among texts of these sizes: none gets more than it needs, and what is left goes to the others."""
    given = [0] * len(sizes)
    waiting = sorted(range(len(sizes)), key=sizes.__getitem__)
    for done, index in enumerate(waiting):
        given[index] = min(sizes[index], max(0, room) // (len(sizes) - done))
        room -= given[index]
    return given


def fitted(text: str, room: int) -> str:
    """A card's text as Discord's Markdown in at most `room` characters, and a line that says so where it was cut."""
    made = markup.render(text)
    if markup.size(made) <= room:
        return made
    room -= len(CUT) + 2
    most = max(0, room)
    while most > 0:
        made = markup.render(markdown.cut(text, most)[0])
        if markup.size(made) <= room:
            return f"{made}\n\n{CUT}" if made else CUT
        most = min(most - 1, most * room // markup.size(made))
    return CUT


def clipped(text: str, room: int) -> str:
    """Lines of ours in at most `room` characters; the last ones are left out where there are too many."""
    if markup.size(text) <= room:
        return text
    kept = ""
    for line in text.split("\n"):
        if markup.size(kept) + markup.size(line) + 3 > room:
            break
        kept += line + "\n"
    return f"{kept}…"
