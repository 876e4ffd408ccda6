"""Reads OpenTriviaQA: `#Q question`, `^ right answer`, then choices such as `A text`; a blank line ends a question."""

import re
from collections.abc import Iterator, Sequence

from bot.model import Card, Choice, Deck

from .gathering import Gathering, choice_card
from .problems import Kind
from .text import stem, tidy

_QUESTION = re.compile(r"^#Q[ \t]+", re.M)
_RIGHT = re.compile(r"^\^[ \t]+", re.M)
_CHOICE = re.compile(r"([A-Z])[ \t]+(.*)")


def recognise(text: str) -> bool:
    return bool(_QUESTION.search(text) and _RIGHT.search(text))


def read(text: str, file_name: str) -> Deck:
    """The deck of a file. Never raises. Questions may go on over several lines."""
    gathering = Gathering()
    lines = text.split("\n")
    starts = [index for index, line in enumerate(lines) if _QUESTION.match(line)]
    for index, line in enumerate(lines[: starts[0] if starts else None]):
        if line.strip():
            gathering.say(index + 1, "", Kind.STRAY, "Text before the first question was left out.")
            break
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True) if starts else ():
        _add(lines[start:end], start + 1, gathering)
    return gathering.deck(stem(file_name), "opentriviaqa")


def _add(lines: Sequence[str], line: int, gathering: Gathering) -> None:
    split = next((index for index, text in enumerate(lines) if _RIGHT.match(text)), len(lines))
    prompt = tidy("\n".join([lines[0][2:].strip(), *lines[1:split]]))
    right = lines[split][1:].strip() if split < len(lines) else ""
    texts = list(_choices(lines[split + 1 :], line + split + 1, gathering))
    if len(texts) < 2 or not right:
        gathering.add(Card("", prompt, right, line=line))
        return
    choices = [Choice(text, text == right) for text in dict.fromkeys(texts)]
    if not any(choice.right for choice in choices):
        choices = [Choice(choice.text, choice.text.casefold() == right.casefold()) for choice in choices]
    gathering.add(choice_card(prompt, choices, line))


def _choices(lines: Sequence[str], first: int, gathering: Gathering) -> Iterator[str]:
    """The choices, which are lettered in order; what else stands here is reported."""
    expected = "A"
    for number, line in enumerate(lines, first):
        found = _CHOICE.fullmatch(line.strip())
        if found and found[1] == expected:
            expected = chr(ord(expected) + 1)
            yield found[2].strip()
        elif line.strip():
            gathering.say(number, "", Kind.STRAY, "A line below the choices was left out.")
