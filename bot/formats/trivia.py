"""Reads the trivia lists of Red: YAML in which every key is a question and its value the list of accepted answers.

1. Everything is text: `yes`, `010`, `12:30` and `1.10` stay as they were typed, where YAML 1.1 makes other things
   of them.
2. The parser's events are read one by one, so that no nesting and no alias can grow into anything.
3. A question given twice is two cards, where a plain YAML reader keeps the last one without a word.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from bot.model import Card, Deck

from .gathering import Gathering
from .problems import Kind
from .text import stem

try:
    from yaml import CBaseLoader as Loader
except ImportError:  # PyYAML was built without its C library
    from yaml import BaseLoader as Loader  # type: ignore[assignment]

RESERVED = ("AUTHOR", "DESCRIPTION", "CONFIG", "$schema")
MOST_DEPTH = 20
SAMPLE = 200
_LIST = re.compile(r"^(?![-#\s])[^\n]{1,2000}:[ \t]*(?:\n[ \t]*-[ \t]+\S|\[)", re.M)
_SIGNS = re.compile(r"^(?:AUTHOR|DESCRIPTION|CONFIG|\$schema|[\"']?[^\n]{1,2000}\?[\"']?):", re.M)
_OUTER = re.compile(r"-[ \t]|#|---|[\"'?]|[^\n]*:(?:[ \t]|\Z)")


def recognise(text: str) -> bool:
    """Whether this looks like questions with lists below them."""
    if not (_LIST.search(text) and _SIGNS.search(text)):
        return False
    outer = [line for line in text[:100_000].split("\n") if line[:1].strip()][:SAMPLE]
    return all(_OUTER.match(line) for line in outer)


@dataclass(slots=True)
class Question:
    line: int
    text: str
    answers: list[str] = field(default_factory=list)
    usable: bool = True


def read(text: str, file_name: str) -> Deck:
    """The deck of a list. Never raises: what comes before a mistake in the YAML is read."""
    gathering = Gathering()
    about: dict[str, str] = {}
    for question in _questions(text, gathering):
        if question.text in RESERVED:
            about[question.text] = " ".join(question.answers)
        elif not question.usable:
            said = "The answers of this question are not a list of texts, so it was not added."
            gathering.say(question.line, "", Kind.STRAY, said)
        else:
            _add(question, gathering)
    authors = (about["AUTHOR"],) if about.get("AUTHOR") else ()
    return gathering.deck(stem(file_name), "trivia", authors=authors, source=about.get("DESCRIPTION", ""))


def _add(question: Question, gathering: Gathering) -> None:
    answers = list(dict.fromkeys(answer.strip() for answer in question.answers if answer.strip()))
    answer, *accepted = answers or [""]
    gathering.add(Card("", question.text.strip(), answer, accepted=tuple(accepted), line=question.line))


def _questions(text: str, gathering: Gathering) -> Iterator[Question]:
    """The keys of the outermost mapping with the texts of their values."""
    try:
        yield from _walk(yaml.parse(text.replace("\0", "\ufffd"), Loader=Loader))
    except yaml.MarkedYAMLError as error:
        said = f"This is not YAML: {error.problem or error.context}. Nothing below this line was read."
        gathering.say(_line(error.problem_mark), "", Kind.BAD_HEADER, said)
    except (yaml.YAMLError, ValueError, RecursionError):
        gathering.say(1, "", Kind.BAD_HEADER, "This YAML has characters that are not allowed in it.")


def _walk(events: Iterator[Any]) -> Iterator[Question]:
    """Depth 1 is the mapping, where keys and values take turns; depth 2 the list below a key."""
    depth = 0
    question: Question | None = None
    for event in events:
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            _refuse(event, depth, known=question is not None)
            if question and (depth > 2 or isinstance(event, yaml.MappingStartEvent)):
                question.usable = False
            continue
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.ScalarEvent) and question is None:
            question = Question(_line(event.start_mark), event.value)
            continue
        elif isinstance(event, yaml.ScalarEvent) and question:
            question.answers.append(event.value)
        elif isinstance(event, yaml.AliasEvent) and question:
            question.usable = False
        if question and depth == 1:
            yield question
            question = None


def _line(mark: Any) -> int:
    return mark.line + 1 if mark else 1


def _refuse(event: Any, depth: int, *, known: bool) -> None:
    """Stop where what follows could not be told apart: no mapping outside, a key that is no text, no end of nesting."""
    if depth == 1 and not isinstance(event, yaml.MappingStartEvent):
        raise yaml.MarkedYAMLError(problem="a list where questions should be", problem_mark=event.start_mark)
    if depth == 2 and not known:
        raise yaml.MarkedYAMLError(problem="a question that is no text", problem_mark=event.start_mark)
    if depth > MOST_DEPTH:
        raise yaml.MarkedYAMLError(problem="lists in lists in lists", problem_mark=event.start_mark)
