"""Reads hashcards: `Q:`, `A:` and `C:` at the start of a line, gaps in square brackets, TOML between `---` at the top.

1. A card ends at the next one, at `---`, or at the end of the file. Fences mean nothing: `Q:` inside code is a card.
2. In a cloze text every `[gap]` is a card. Of brackets in brackets the inner ones count, pictures are spared, and
   `\\[` and `\\]` are brackets.
3. Ids are ours: hashcards knows a card by all of its text, so it has none that would outlive an edit.
"""

import re
import tomllib
from collections.abc import Iterator, Sequence

from bot.model import Card, Deck

from .gathering import Gap, Gathering
from .problems import Kind
from .text import stem, tidy

_MARKER = re.compile(r"([QAC]):")
_FRONT = re.compile(r"\A\s*---[ \t]*\n(?:[ \t]*\n|[ \t]*#.*\n|[ \t]*[\w-]+[ \t]*=.*\n)*---[ \t]*(?:\n|\Z)")
_CARD = re.compile(r"^[QC]:", re.M)
_CLOZE = re.compile(r"^C:", re.M)
_GAP = re.compile(r"(?<![!\\])\[[^\[\]\n]+\](?!\()")
_TOKEN = re.compile(r"(\\[\[\]])|(!\[[^\[\]\n]*\](?:\([^()\n]*\))?)|\[([^\[\]]*)\](?<!\\\])")


def recognise(text: str) -> bool:
    """Whether this is surely hashcards: its header, or gaps in brackets. Other files of it read the same as ours."""
    if _FRONT.match(text):
        return bool(_CARD.search(text))
    return "{{" not in text and bool(_CLOZE.search(text) and _GAP.search(text)) and not text.lstrip().startswith("+++")


def read(text: str, file_name: str) -> Deck:
    """The deck of a file. Never raises."""
    gathering = Gathering()
    title, body = _header(text, gathering)
    for line, marker, card in _cards(text.split("\n"), body, gathering):
        if marker == "C":
            gathering.add_gaps(_pieces(card["C"]), Card("", "", "", line=line))
        else:
            gathering.add(Card("", card["Q"], card.get("A", ""), line=line))
    return gathering.deck(title or stem(file_name), "hashcards")


def _header(text: str, gathering: Gathering) -> tuple[str, int]:
    """The title, and the index of the line after the header."""
    found = _FRONT.match(text)
    if not found:
        return "", 0
    try:
        values = tomllib.loads(found[0].strip().removeprefix("---").removesuffix("---"))
    except ValueError:
        gathering.say(1, "", Kind.BAD_HEADER, 'The header is not TOML. A line looks like this: name = "Rivers"')
        values = {}
    unknown = [key for key in values if key != "name"]
    if unknown:
        gathering.say(1, "", Kind.UNKNOWN_KEY, f"The header has keys that are not used: {', '.join(unknown)[:200]}.")
    name = values.get("name", "")
    return (name.strip() if isinstance(name, str) else ""), found[0].count("\n")


def _cards(lines: Sequence[str], body: int, gathering: Gathering) -> Iterator[tuple[int, str, dict[str, str]]]:
    """The line, the first marker and the texts of each card; what stands outside of cards is reported."""
    texts: dict[str, list[str]] = {}
    first, open_now, said = 0, "", False
    for number, line in enumerate(lines[body:], body + 1):
        marker = _marker(line, open_now)
        if marker in ("Q", "C", "---"):
            if texts:
                yield first, next(iter(texts)), _tidied(texts)
            texts, open_now, first, said = {}, "", number, False
        if marker and marker != "---":
            open_now = marker
            texts[marker] = [line[2:].removeprefix(" ")]
        elif open_now:
            texts[open_now].append(line)
        elif line.strip() and marker != "---" and not said:
            said = True
            gathering.say(number, "", Kind.STRAY, "Text outside of a card was left out.")
    if texts:
        yield first, next(iter(texts)), _tidied(texts)


def _marker(line: str, open_now: str) -> str:
    """What the line begins; an `A:` that follows no question is text."""
    if line.rstrip() == "---":
        return "---"
    found = _MARKER.match(line)
    if not found or (found[1] == "A" and open_now != "Q"):
        return ""
    return found[1]


def _tidied(texts: dict[str, list[str]]) -> dict[str, str]:
    return {marker: tidy("\n".join(lines)) for marker, lines in texts.items()}


def _pieces(text: str) -> list[str | Gap]:
    """The text and its gaps, which are numbered in their order."""
    pieces: list[str | Gap] = []
    at = number = 0
    for found in _TOKEN.finditer(text):
        pieces.append(text[at : found.start()])
        at = found.end()
        if found[1]:
            pieces.append(found[1][1])
        elif found[2]:
            pieces.append(found[2])
        elif found[3].strip():
            number += 1
            pieces.append(Gap(found[3], number))
        else:
            pieces.append(found[0])
    return [*pieces, text[at:]]
