"""Card text without its markup, whole or on one line."""

from .reading import parse
from .words import spoken


def plain(text: str) -> str:
    """What a text says, without markup, for notifications and terminals."""
    return "\n\n".join(spoken(block) for block in parse(text))


def one_line(text: str, most: int = 120) -> str:
    """The first sense of a question in at most `most` characters of plain text: cut at a word, and marked with "…"."""
    said = ""
    for block in parse(text):
        said = " ".join(f"{said} {spoken(block)}".split())
        if said.endswith("?") or len(said) > most:
            break
    if len(said) <= most:
        return said
    cut_at = said.rfind(" ", most // 2, most)
    return said[: cut_at if cut_at > 0 else most - 1].rstrip(" ,;:") + "…"
