"""Reads GIFT, the plain text of Moodle's questions: `::title:: question {=right ~wrong}`.

1. Questions are parted by blank lines; `//` begins a comment, where `[id:..]` and `[tag:..]` may stand.
2. Choices, true or false, short answers, numbers and pairs become cards; essays and descriptions have no answer, so
   they are named and left out.
3. A pair is a card with all the right sides as its choices. Points that are neither all nor none are not kept.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from msgspec import structs

from bot.model import Card, Choice, Deck

from .gathering import Gathering, choice_card
from .problems import Kind
from .text import collapse, stem, tidy

_ESCAPED = {"\\": "\udc81", "~": "\udc82", "=": "\udc83", "#": "\udc84", "{": "\udc85", "}": "\udc86", ":": "\udc87"}
_ESCAPE = re.compile(r"\\([\\~=#{}:n])")
_PLAIN = str.maketrans({mark: character for character, mark in _ESCAPED.items()} | {"\udc88": "\n"})
_TITLE = re.compile(r"::(?P<title>(?:(?!::).)*)::", re.S)
_FORMAT = re.compile(r"\s*\[(?P<format>html|markdown|plain|moodle)\]", re.I)
_TRUTH = re.compile(r"(?P<value>T|TRUE|F|FALSE)\s*(?:#(?P<why>.*))?", re.I | re.S)
_ANSWER = re.compile(r"([~=])([^~=]*)")
_WEIGHT = re.compile(r"\s*%(?P<weight>-?[0-9]{1,3}(?:\.[0-9]{1,9})?)%")
_FIGURE = r"[-+]?(?:[0-9]{1,40}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][-+]?[0-9]{1,4})?"
_NUMBER = re.compile(rf"\s*(?P<value>{_FIGURE}?)\s*(?:(?P<between>:|\.\.)\s*(?P<other>{_FIGURE}))?\s*")
MOST_PAIRS = 20
_NOTE = re.compile(r"\[(?P<key>id|tag):(?P<value>[^\[\]]{1,200})\]")
_SIGN = re.compile(r"(?<![{\\])\{\s*(?:[=~]|#\s*[-=0-9]|(?:T|TRUE|F|FALSE)\s*[}#])|^::(?!:)[^\n]{1,300}?::", re.M)
_HTML = re.compile(r"<[a-z/!]|&\#?\w+;", re.I)


def recognise(text: str) -> bool:
    """Whether most paragraphs hold what only GIFT has. Markup and JSON begin otherwise."""
    if text.lstrip()[:1] in ("<", "{", "[") or not _SIGN.search(text):
        return False
    said = [part for part in text[:200_000].split("\n\n") if part.strip() and not part.lstrip().startswith(("//", "$"))]
    return sum(1 for part in said if _SIGN.search(part)) * 2 >= len(said)


@dataclass(slots=True)
class Question:
    """The lines of one question, and what the comments above it say."""

    line: int
    lines: list[str] = field(default_factory=list)
    id: str = ""
    tags: list[str] = field(default_factory=list)
    section: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """`weight` is in percent."""

    right: bool
    text: str
    weight: float
    feedback: str


def read(text: str, file_name: str) -> Deck:
    """The deck of a file. Never raises."""
    gathering = Gathering(source="moodle")  # whose question bank the ids of GIFT are of
    for question in _questions(text.split("\n")):
        _add(question, gathering)
    return gathering.deck(stem(file_name), "gift")


def _questions(lines: Sequence[str]) -> Iterator[Question]:
    question = Question(1)
    section = ""
    for number, line in enumerate(lines, 1):
        plain = line.strip()
        if plain.startswith("//"):
            notes = [(found["key"], found["value"].strip()) for found in _NOTE.finditer(plain)]
            question.id = next((value for key, value in notes if key == "id"), question.id)
            question.tags += [value.replace(" ", "-") for key, value in notes if key == "tag"]
        elif plain.startswith("$CATEGORY:"):
            section = _section(plain.partition(":")[2])
        elif plain:
            question.line = question.line if question.lines else number
            question.lines.append(line)
        elif question.lines:
            yield replace(question, section=section)
            question = Question(number + 1)
    if question.lines:
        yield replace(question, section=section)


def _section(path: str) -> str:
    parts = [collapse(part) for part in path.split("/")]
    return " / ".join(part for part in parts if part and part not in ("$course$", "$system$", "$module$", "top"))


# ---- one question ----------------------------------------------------------------------------------------------------


def _add(question: Question, gathering: Gathering) -> None:
    text = _ESCAPE.sub(lambda found: _ESCAPED.get(found[1], "\udc88"), "\n".join(question.lines)).lstrip()
    title = _TITLE.match(text)
    name = collapse(title["title"].translate(_PLAIN)) if title else ""
    texts = _Texts(gathering, question.line, name)
    kind, body = _format(text[title.end() :] if title else text, "moodle")
    before, brace, rest = body.partition("{")
    inside, closed, after = rest.partition("}")
    if not closed or not inside.strip():
        said = "a brace that is never closed" if brace and not closed else "no answer to compare with"
        gathering.say(question.line, name, Kind.SKIPPED, f"This question has {said}, so it was not added.")
        return
    inside, _, general = inside.partition("####")
    card = Card(
        id="",
        prompt=texts.plain(f"{before.rstrip()} _____ {after.lstrip()}" if after.strip() else before, kind),
        answer="",
        why=texts.plain(general, kind),
        tags=tuple(dict.fromkeys(question.tags)),
        section=question.section,
        line=question.line,
    )
    for number, one in enumerate(_cards(card, inside.strip(), kind, texts), 1):
        gathering.add(one, name, _part_id(question.id, number))


def _part_id(id: str, number: int) -> str:
    """The pairs of one question are cards of their own."""
    return f"{id}-{number}" if id and number > 1 else id


@dataclass(frozen=True, slots=True)
class _Texts:
    """Makes plain text of what stands in a question, and says what is lost."""

    gathering: Gathering
    line: int
    name: str

    def plain(self, text: str, format: str) -> str:
        plain = tidy(text.translate(_PLAIN)).strip()
        if format in ("html", "moodle") and _HTML.search(plain):
            return self.gathering.markdown(plain, self.line, self.name)
        return plain

    def lost(self, text: str) -> None:
        self.gathering.say(self.line, self.name, Kind.NOT_CARRIED, text)


def _cards(card: Card, inside: str, format: str, texts: _Texts) -> Iterator[Card]:
    """The cards of what stands in braces: several for pairs, else one."""
    truth = _TRUTH.fullmatch(inside)
    if truth:
        right = truth["value"].upper().startswith("T")
        why = card.why or texts.plain((truth["why"] or "").rpartition("#")[2], format)
        yield _choosing(structs.replace(card, why=why), [Choice("True", right), Choice("False", not right)])
    elif inside.startswith("#"):
        yield _number(card, inside[1:], texts)
    else:
        answers = [_answer(sign, said, format, texts) for sign, said in _ANSWER.findall(inside) if said.strip()]
        yield from _answered(card, answers, texts)


def _answered(card: Card, answers: Sequence[Answer], texts: _Texts) -> Iterator[Card]:
    if any(answer.weight <= 0 and answer.feedback for answer in answers):
        texts.lost("What is said to wrong answers is not kept.")
    only_right = all(answer.right for answer in answers)
    if answers and only_right and all("->" in answer.text for answer in answers):
        if len(answers) > MOST_PAIRS:
            texts.lost(f"Only the first {MOST_PAIRS} pairs of this question are kept.")
        yield from _pairs(card, answers)
    elif only_right:
        yield _short(card, answers, texts)
    else:
        least = 100 if any(answer.weight >= 100 for answer in answers) else 0.001
        choices = {answer.text: Choice(answer.text, answer.weight >= least) for answer in answers if answer.text}
        why = card.why or next((answer.feedback for answer in answers if answer.weight > 0), "")
        yield _choosing(structs.replace(card, why=why), list(choices.values()))


def _choosing(card: Card, choices: Sequence[Choice]) -> Card:
    return choice_card(card.prompt, choices, card.line, why=card.why, tags=card.tags, section=card.section)


def _answer(sign: str, said: str, usual: str, texts: _Texts) -> Answer:
    weight = _WEIGHT.match(said)
    kind, text = _format(said[weight.end() :] if weight else said, usual)
    text, _, feedback = text.partition("#")
    worth = float(weight["weight"]) if weight else 100.0 if sign == "=" else 0.0
    return Answer(sign == "=", texts.plain(text, kind), worth, texts.plain(feedback, kind))


def _short(card: Card, answers: Sequence[Answer], texts: _Texts) -> Card:
    whole = [answer.text for answer in answers if answer.weight >= 100 and answer.text]
    if len(whole) < len(answers):
        texts.lost("Answers that earn a part of the points only are not kept.")
    answer, *accepted = dict.fromkeys(whole) or [""]
    why = card.why or next((one.feedback for one in answers if one.feedback), "")
    return structs.replace(card, answer=answer, accepted=tuple(accepted), why=why)


def _pairs(card: Card, answers: Sequence[Answer]) -> Iterator[Card]:
    sides = [[side.strip() for side in answer.text.split("->", 1)] for answer in answers]
    rights = sorted({right for _, right in sides if right})
    for left, right in sides[:MOST_PAIRS]:
        if left:
            prompt = f"{card.prompt}\n\n{left}" if card.prompt else left
            yield _choosing(
                structs.replace(card, prompt=prompt), [Choice(text, text == right) for text in rights[:MOST_PAIRS]]
            )


def _number(card: Card, said: str, texts: _Texts) -> Card:
    """The first number that earns all points. How far off one may be stands behind it."""
    parts = _ANSWER.findall(said) if "=" in said else [("=", said)]
    if len(parts) > 1:
        texts.lost("Of several numbers, the first that is wholly right is kept.")
    for _, part in parts:
        weight = _WEIGHT.match(part)
        text, _, feedback = (part[weight.end() :] if weight else part).translate(_PLAIN).partition("#")
        found = _NUMBER.fullmatch(text)
        if found and (weight is None or float(weight["weight"]) >= 100):
            shown = _shown(found)
            accepted = (found["value"],) if shown != found["value"] and "±" in shown else ()
            return structs.replace(card, answer=shown, accepted=accepted, why=card.why or feedback.strip())
    return card


def _shown(found: re.Match[str]) -> str:
    value, other = found["value"], found["other"] or ""
    if found["between"] == "..":
        return f"{value} to {other}" if other else value
    return f"{value} ± {other}" if other.strip("0.") else value


def _format(text: str, usual: str) -> tuple[str, str]:
    found = _FORMAT.match(text)
    return (found["format"].lower(), text[found.end() :]) if found else (usual, text)
