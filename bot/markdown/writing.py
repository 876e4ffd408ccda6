"""Markdown from words: other people's words kept literal, and long text cut where it may be cut."""

import re
import unicodedata

_INLINE_MARK = re.compile(r"[\\`*_\[\]<>&|~$]")
_LINE_MARK = re.compile(r"^(?:([#+=:-])|(\d{1,9})([.)]))", re.MULTILINE)
_LINE_EDGE = re.compile(r"^\s|[^\S\n]$", re.MULTILINE)
_EMPTY_LINE = re.compile(r"\A\n|\n(?=\n|\Z)")


def escape(text: str) -> str:
    """Other people's words (names, titles) as Markdown that shows them as they are; control characters are dropped."""
    text = "".join(letter for letter in text if letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs"))
    text = _INLINE_MARK.sub(r"\\\g<0>", text)
    text = _LINE_MARK.sub(lambda found: f"{found[2] or ''}\\{found[1] or found[3]}", text)
    text = _EMPTY_LINE.sub("&#10;", text)
    return _LINE_EDGE.sub(lambda found: f"&#{ord(found[0])};", text)


_FENCE = re.compile(r"^([ \t>]*)([-*+] +|\d{1,9}[.)] +)?(`{3,}|~{3,})")


def cut(text: str, most: int) -> tuple[str, bool]:
    """The beginning of a text in at most `most` characters, and whether anything is missing.

    Cuts at a paragraph, else a line, else a word. A fence is never left open: the cut comes before it, or, where the
    fence is nearly all there is, inside and with the fence closed.
    """
    if len(text) <= most:
        return text, False
    kept = _cut_at_edge(text, most)
    at, closing = _open_fence(kept)
    if not closing:
        return kept, True
    if at >= most // 3:
        return text[:at].rstrip(), True
    return _cut_at_edge(text, max(0, most - len(closing) - 1)) + "\n" + closing, True


def _cut_at_edge(text: str, most: int) -> str:
    at = _edge(text, most)
    return text[:at].rstrip() if at < most else text[:most]


def _edge(text: str, most: int) -> int:
    """Where a text of more than `most` characters may be cut: before a paragraph, else a line, else a word."""
    for edge, least in (("\n\n", most // 2), ("\n", most // 3), (" ", most // 3)):
        at = text.rfind(edge, max(least, 1), most + 1)
        if at > 0:
            return at
    return most


PAGE = 1_200
"""Characters of a page: with all that drawing it takes, it fits into a message of every platform (see weighing.py)."""
LONGEST_OPENING = 60


def pages(text: str, most: int = PAGE) -> list[str]:
    """The whole of a text, page by page; all that is lost is empty lines between two of them.

    A page ends like a cut. Where it ends inside a fence, that is closed there and opened again on the next page.
    """
    found, opening = list[str](), ""
    while text or not found:
        page, text, opening = _page(opening, text, most)
        found.append(page)
    return found


def _page(opening: str, text: str, most: int) -> tuple[str, str, str]:
    """A page that begins by this line, what is left of the text, and the line by which the next page begins."""
    if len(opening) + len(text) <= most:
        return opening + text, "", ""
    at = _edge(text, most - len(opening))
    begun, closing = _open_fence(opening + text[:at])
    if closing and begun - len(opening) >= most // 3:
        at, closing = begun - len(opening), ""
    kept, left = opening + text[:at].rstrip(), text[at:].removeprefix(" ").lstrip("\n")
    if not closing:
        return kept, left, ""
    again = kept[begun:].split("\n", 1)[0][:LONGEST_OPENING]
    return f"{kept}\n{closing}", left, f"{again}\n"


def _open_fence(text: str) -> tuple[int, str]:
    """Where the fence that is still open begins, and the line that closes it; an empty line where none is open."""
    at, begun, closing = 0, 0, ""
    for line in text.splitlines(keepends=True):
        found = _FENCE.match(line)
        if found and not closing:
            begun, closing = at, found[1] + " " * len(found[2] or "") + found[3]
        elif found and found[3].startswith(closing.strip(" \t>")) and line.strip(" \t>\n") == found[3]:
            closing = ""
        at += len(line)
    return begun, closing
