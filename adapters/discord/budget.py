"""How much of each side of a card fits, so that long ones are cut and short ones are not."""

from collections.abc import Sequence

from bot import markdown

from . import inline, markup

CUT = "-# This is longer than a message can be."
MORE = "…"
ENOUGH_FOR_CUT = 300
"""Where many cards share a message, the sentence would take the room of what it speaks of."""


def shares(sizes: Sequence[int], room: int) -> list[int]:
    """`room` shared among texts of these sizes: none gets more than it needs, and what is left goes to the others."""
    if sum(sizes) <= room:
        return list(sizes)
    given = [0] * len(sizes)
    waiting = sorted(range(len(sizes)), key=sizes.__getitem__)
    for done, index in enumerate(waiting):
        given[index] = min(sizes[index], max(0, room) // (len(sizes) - done))
        room -= given[index]
    return given


def fitted(text: str, room: int) -> tuple[str, bool]:
    """A card's text as Discord's Markdown in at most `room` characters, and whether it was cut, which it says too."""
    made = markup.render(text)
    if inline.size(made) <= room:
        return made, False
    return _cut(text, room), True


def _cut(text: str, room: int) -> str:
    note = CUT if room >= ENOUGH_FOR_CUT else MORE
    room -= len(note) + 2
    most = max(0, room)
    while most > 0:
        made = markup.render(markdown.cut(text, most)[0])
        if inline.size(made) <= room:
            return f"{made}\n\n{note}" if made else note
        most = min(most - 1, most * room // inline.size(made))
    return note if room > -2 else ""


def clipped(text: str, room: int) -> str:
    """Lines of ours in at most `room` characters; the last ones are left out where there are too many."""
    if inline.size(text) <= room:
        return text
    kept = ""
    for line in text.split("\n"):
        if inline.size(kept) + inline.size(line) + 3 > room:
            break
        kept += line + "\n"
    return f"{kept}…"
