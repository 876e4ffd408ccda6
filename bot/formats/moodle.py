"""Reads Moodle XML: the questions of a quiz, with the pictures that it holds.

1. Choices, true or false, short answers, numbers and pairs become cards; other kinds are named and left out.
2. Document types are refused, so nothing can be declared that grows; depth and size of a question have limits.
3. A pair is a card with all the right sides as its choices.
"""

import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from msgspec.structs import replace

from bot.model import Card, Choice, Deck

from .gathering import Gathering, choice_card
from .moodle_xml import Node, questions_of
from .problems import Kind
from .text import collapse, stem, tidy

MOST_PAIRS = 20
_START = 5_000
_HTML = ("html", "moodle_auto_format", "")
_READ = ("multichoice", "truefalse", "shortanswer", "numerical", "matching")


def recognise(data: bytes) -> bool:
    """Whether this begins as a quiz of Moodle."""
    return re.search(rb"<quiz[\s>]", data[:_START]) is not None and b"<question" in data


def read(data: bytes, file_name: str) -> Deck:
    """The deck of a quiz. Never raises: what comes before a mistake in the XML is read."""
    held: set[str] = set()
    gathering = Gathering(held=held, source="moodle")
    section = ""
    for question in questions_of(data, gathering):
        held.update(file.attributes.get("name", "") for file in _files(question))
        if question.attributes.get("type") == "category":
            section = _section(question.at("category/text"))
        else:
            _add(question, section, gathering)
    return gathering.deck(stem(file_name), "moodle")


def media(data: bytes, names: Collection[str]) -> dict[str, bytes]:
    """The pictures of a quiz by name, as far as it holds them."""
    found: dict[str, bytes] = {}
    for question in questions_of(data, Gathering()):
        for node in _files(question):
            name = node.attributes.get("name", "")
            if name in names and name not in found:
                found[name] = _unpacked(node)
    return {name: data for name, data in found.items() if data}


def _unpacked(node: Node) -> bytes:
    try:
        return b64decode("".join(node.pieces))
    except (Base64Error, ValueError):
        return b""


def _files(node: Node) -> Iterator[Node]:
    yield from node.all("file")
    for child in node.children:
        yield from _files(child)


def _section(path: str) -> str:
    parts = [collapse(part) for part in path.replace("//", "\0").split("/")]
    kept = (part for part in parts if part and part not in ("$course$", "$system$", "$module$", "top"))
    return " / ".join(part.replace("\0", "/") for part in kept)


# ---- one question ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Answer:
    """`worth` is in percent."""

    text: str
    worth: float
    feedback: str
    tolerance: str


def _add(question: Node, section: str, gathering: Gathering) -> None:
    kind = question.attributes.get("type", "")
    name = collapse(question.at("name/text"))[:100]
    if kind not in _READ:
        said = f'"{kind[:40]}" is a kind of question that cannot be a card, so it was not added.'
        gathering.say(question.line, name, Kind.SKIPPED, said)
        return
    card = Card(
        id="",
        prompt=_text(question, "questiontext", gathering, name),
        answer="",
        why=_text(question, "generalfeedback", gathering, name),
        tags=_tags(question),
        section=section,
        line=question.line,
    )
    given = question.at("idnumber")
    for number, one in enumerate(_cards(kind, card, question, gathering, name), 1):
        gathering.add(one, name, f"{given}-{number}" if given and number > 1 else given)


def _cards(kind: str, card: Card, question: Node, gathering: Gathering, name: str) -> Iterator[Card]:
    if kind == "matching":
        yield from _pairs(card, question, gathering, name)
        return
    typed = kind in ("shortanswer", "numerical")
    answers = [_answer(node, gathering, name, plain=typed) for node in question.all("answer")]
    if any(answer.worth <= 0 and answer.feedback for answer in answers):
        said = "What is said to wrong answers is not kept."
        gathering.say(card.line, name, Kind.NOT_CARRIED, said)
    card = replace(card, why=card.why or next((one.feedback for one in answers if one.worth > 0), ""))
    match kind:
        case "truefalse":
            yield _choosing(card, [Choice(answer.text.capitalize(), answer.worth > 0) for answer in answers])
        case "multichoice":
            least = 100 if any(answer.worth >= 100 for answer in answers) else 0.001
            choices = {one.text: Choice(one.text, one.worth >= least) for one in answers if one.text}
            yield _choosing(card, list(choices.values()))
        case _:
            yield _typed(card, answers, gathering, name)


def _typed(card: Card, answers: list[_Answer], gathering: Gathering, name: str) -> Card:
    """A short answer or a number; the tolerance of a number stands behind it."""
    whole = [answer for answer in answers if answer.worth >= 100 and answer.text.strip("* ")]
    if len(whole) < sum(1 for answer in answers if answer.worth > 0):
        said = "Answers that earn a part of the points only, or that take anything, are not kept."
        gathering.say(card.line, name, Kind.NOT_CARRIED, said)
    if not whole:
        return card
    first, *others = whole
    shown = f"{first.text} ± {first.tolerance}" if first.tolerance.strip("0.") else first.text
    accepted = dict.fromkeys(answer.text for answer in (*([first] if shown != first.text else ()), *others))
    return replace(card, answer=shown, accepted=tuple(text for text in accepted if text != shown))


def _pairs(card: Card, question: Node, gathering: Gathering, name: str) -> Iterator[Card]:
    nodes = question.all("subquestion")
    sides = [(_own_text(node, gathering, name), tidy(node.at("answer/text"))) for node in nodes]
    rights = sorted({right for _, right in sides if right})[:MOST_PAIRS]
    if len(sides) > MOST_PAIRS:
        gathering.say(
            card.line, name, Kind.TOO_LARGE, f"Only the first {MOST_PAIRS} pairs of this question were added."
        )
    for left, right in sides[:MOST_PAIRS]:
        if left and right:
            prompt = f"{card.prompt}\n\n{left}" if card.prompt else left
            yield _choosing(replace(card, prompt=prompt), [Choice(text, text == right) for text in rights])


def _choosing(card: Card, choices: list[Choice]) -> Card:
    return choice_card(card.prompt, choices, card.line, why=card.why, tags=card.tags, section=card.section)


def _answer(node: Node, gathering: Gathering, name: str, *, plain: bool) -> _Answer:
    text = tidy(node.at("text")) if plain else _own_text(node, gathering, name)
    return _Answer(text, _worth(node), _text(node, "feedback", gathering, name), node.at("tolerance"))


def _worth(node: Node) -> float:
    try:
        return float(node.attributes.get("fraction", "0"))
    except ValueError:
        return 0.0


def _tags(question: Node) -> tuple[str, ...]:
    found = (tag.at("text") for tags in question.all("tags") for tag in tags.all("tag"))
    return tuple(dict.fromkeys("-".join(text.split()) for text in found if text))


def _text(node: Node, tag: str, gathering: Gathering, name: str) -> str:
    found = node.all(tag)
    return _own_text(found[0], gathering, name) if found else ""


def _own_text(node: Node, gathering: Gathering, name: str) -> str:
    """The text of an element, from HTML where its format says so. Its pictures are in the file itself."""
    text = node.at("text") or "".join(node.pieces).strip()
    if node.attributes.get("format", "") not in _HTML:
        return tidy(text)
    return gathering.markdown(text.replace("@@PLUGINFILE@@/", ""), node.line, name).strip()
