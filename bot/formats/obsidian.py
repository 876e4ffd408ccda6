"""Reads notes of Obsidian with the cards of its Spaced Repetition plugin.

1. Only a note with the tag `#flashcards` is read; `#flashcards/rivers` makes a section of what follows.
2. `question::answer` on one line; `:::` asks both ways; a line `?` or `??` between question and answer, up to a blank
   line; `==gap==` in a paragraph, with `^[hint]` and `[^1]` behind it.
3. Separators in code, formulas, comments and links are text. All other paragraphs are the note's own.
4. What the plugin wrote about its schedule is personal and left out.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.model import Card, Deck

from .gathering import Gap, Gathering
from .pictures import plain_embeds
from .problems import Kind
from .text import collapse, stem, tidy

_TAG = re.compile(r"(?:^|(?<=\s))#flashcards(?:/(?P<path>[\w/-]{1,200}))?(?=\s|$)", re.M)
_TAGGED = re.compile(r"^(?:tags?:.*|\s*-\s*)[\"'#]?flashcards(?:/(?P<path>[\w/-]{1,200}))?\b", re.M)
_FRONT = re.compile(r"\A---[ \t]*\n(?P<body>(?:(?!---).*\n){0,200})---[ \t]*(?:\n|\Z)")
_SIGN = re.compile(r"::|^[ \t]*\?{1,2}[ \t]*$|==\S", re.M)
_SCHEDULE = re.compile(r"<!--SR:[^\n<>]*-->")
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})")
_HEADING = re.compile(r"#{1,6}[ \t]")
_OPAQUE = re.compile(
    r"^[ \t]*(?P<fence>```|~~~)[^\n]*\n.*?^[ \t]*(?P=fence)|(?<!`)(?P<ticks>`{1,3})(?!`)[^`\n]+(?P=ticks)"
    r"|\$[^$\n]+\$|\[\[[^\[\]\n]*\]\]|%%[^%\n]*%%|<!--[^<>\n]*-->",
    re.M | re.S,
)
_GAP = re.compile(r"==(?P<text>[^=\n]+(?:=[^=\n]+)*)==(?:\^\[(?P<hint>[^\]\n]*)\])?(?:\[\^(?P<number>[0-9]{1,3})\])?")
_BULLET = re.compile(r"\A[ \t]*(?:[-*+]|[0-9]{1,9}[.)])[ \t]+")
_MULTI = ("?", "??")


@dataclass(slots=True)
class Block:
    """Lines without a blank one between; `code` are the indexes of those inside fences."""

    first: int
    lines: list[str] = field(default_factory=list)
    code: set[int] = field(default_factory=set)

    @property
    def is_card(self) -> bool:
        return any(_kind(line) for index, line in enumerate(self.lines) if index not in self.code)


def recognise(text: str) -> bool:
    """Whether this note has the plugin's tag and one of its separators."""
    front = _FRONT.match(text)
    tagged = bool(_TAG.search(text)) or bool(front and _TAGGED.search(front["body"]))
    return tagged and bool(_SIGN.search(text))


def read(text: str, file_name: str) -> Deck:
    """The deck of a note. Never raises."""
    gathering = Gathering()
    front = _FRONT.match(text)
    tagged = _TAGGED.search(front["body"]) if front else None
    section = _section(tagged["path"] or "") if tagged else ""
    heading, prose = "", []
    for block in _blocks(text.split("\n"), front[0].count("\n") if front else 0):
        section, heading = _place(block, section, heading)
        if block.is_card:
            _add(block, section or heading, gathering)
        elif any(line.strip() for line in block.lines):
            prose.append(block.first)
    if prose:
        said = f"Paragraphs without a separator are the note's own text, and no cards: {len(prose)}."
        gathering.say(prose[0], "", Kind.AMBIGUOUS, said)
    return gathering.deck(stem(file_name), "obsidian")


def _section(path: str) -> str:
    return " / ".join(part for part in path.split("/") if part)


def _blocks(lines: Sequence[str], body: int) -> Iterator[Block]:
    """Paragraphs; fenced code may hold blank lines."""
    block = Block(body + 1)
    fence = ""
    for number, line in enumerate(lines[body:], body + 1):
        line = _SCHEDULE.sub("", line).rstrip() if "<!--SR:" in line else line
        found = _FENCE.match(line)
        if fence or found:
            block.code.add(len(block.lines))
        elif not line.strip():
            if block.lines:
                yield block
            block = Block(number + 1)
            continue
        if found and not fence:
            fence = found[1]
        elif found and found[1].startswith(fence):
            fence = ""
        block.lines.append(line)
    if block.lines:
        yield block


def _place(block: Block, section: str, heading: str) -> tuple[str, str]:
    """Take tags and headings out of a paragraph; returns where it belongs."""
    for index, line in enumerate(block.lines):
        if index in block.code:
            continue
        if (tag := _TAG.search(line)) and (not line[: tag.start()].strip()):
            section = _section(tag["path"] or "")
            block.lines[index] = line[tag.end() :].lstrip()
        elif _HEADING.match(line) and not _kind(line):
            heading = collapse(line.strip("# \t"))
            block.lines[index] = ""
    return section, heading


# ---- what a line does ------------------------------------------------------------------------------------------------


def _masked(line: str) -> str:
    """The line with code, formulas, links and comments blanked, so that places in it stay the same."""
    return _OPAQUE.sub(lambda found: " " * len(found[0]), line) if "::" in line or "==" in line else line


def _kind(line: str) -> str:
    if line.strip() in _MULTI:
        return line.strip()
    masked = _masked(line)
    place = masked.find("::")
    if place > 0 and masked[:place].strip(" \t-*+") and masked[place:].strip(": \t"):
        return "::"
    return "==" if _GAP.search(masked) else ""


def _add(block: Block, section: str, gathering: Gathering) -> None:
    """The card of a paragraph with `?`, or those of its lines with `::`, or else its gaps."""
    kinds = ["" if index in block.code else _kind(line) for index, line in enumerate(block.lines)]
    split = next((index for index, kind in enumerate(kinds) if kind in _MULTI), None)
    if split is not None:
        prompt, answer = ("\n".join(lines) for lines in (block.lines[:split], block.lines[split + 1 :]))
        _add_sides(prompt, answer, kinds[split] == "??", block.first, section, gathering)
    elif "::" in kinds:
        for index, kind in enumerate(kinds):
            if kind == "::":
                _add_line(block.lines[index], block.first + index, section, gathering)
            elif block.lines[index].strip():
                said = "This line stands beside a card but is none, so it was left out."
                gathering.say(block.first + index, "", Kind.STRAY, said)
    else:
        pieces = _pieces(plain_embeds(tidy("\n".join(block.lines))))
        gathering.add_gaps(pieces, Card("", "", "", section=section, line=block.first))


def _add_line(line: str, number: int, section: str, gathering: Gathering) -> None:
    place = _masked(line).find("::")
    both = line.startswith(":::", place)
    prompt = _BULLET.sub("", line[:place], count=1)
    _add_sides(prompt, line[place + 2 + both :], both, number, section, gathering)


def _add_sides(prompt: str, answer: str, both: bool, line: int, section: str, gathering: Gathering) -> None:
    front, back = (plain_embeds(tidy(text)).strip() for text in (prompt, answer))
    gathering.add(Card("", front, back, section=section, line=line))
    if both and front and back:
        gathering.add(Card("", back, front, section=section, line=line))


def _pieces(text: str) -> list[str | Gap]:
    """A text and its gaps; those without a number of their own are numbered on."""
    found = list(_GAP.finditer(_masked(text)))
    used = {int(one["number"]) for one in found if one["number"]}
    free = (number for number in range(1, len(found) + len(used) + 2) if number not in used)
    pieces: list[str | Gap] = []
    at = 0
    for one in found:
        start, end = one.span("text")
        number = int(one["number"]) if one["number"] else next(free)
        pieces += [text[at : one.start()], Gap(text[start:end], max(1, number), (one["hint"] or "").strip())]
        at = one.end()
    return [*pieces, text[at:]]
