"""Reads Open Trivia Database: the JSON of its interface, in each of its encodings, one answer or many in a file.

1. Texts come with HTML entities, as base64, percent-encoded, or plain. The file shows which: it is one for all.
2. The order of the choices is that of their text, so that it says nothing about which one is right.
3. A category such as "Entertainment: Film" is the section, the difficulty is a tag.
"""

import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Callable, Iterator, Sequence
from html import unescape
from typing import Any

from bot.model import Choice, Deck

from .gathering import Gathering, choice_card
from .problems import Kind
from .text import collapse, stem

_TYPES = ("multiple", "boolean")
_PERCENT = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_NEEDED = ("question", "correct_answer", "incorrect_answers")


def recognise(text: str) -> bool:
    """Whether this is JSON with the keys of Open Trivia Database."""
    return text.lstrip()[:1] in ("{", "[") and all(f'"{key}"' in text for key in _NEEDED)


def read(text: str, file_name: str) -> Deck:
    """The deck of a file; the line of a card is its number in the file. Never raises."""
    gathering = Gathering()
    questions = _questions(_json(text, gathering))
    decode = _decoder(questions)
    for number, question in enumerate(questions, 1):
        _add(question, number, decode, gathering)
    return gathering.deck(stem(file_name), "opentdb")


def _json(text: str, gathering: Gathering) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        gathering.say(error.lineno, "", Kind.BAD_HEADER, f"This is not whole JSON: {error.msg}.")
    except (ValueError, RecursionError):
        gathering.say(1, "", Kind.BAD_HEADER, "This JSON goes beyond all measure.")
    return None


def _questions(value: Any) -> list[Any]:
    """The questions of one answer of the interface, of a list of such answers, or of a bare list."""
    if isinstance(value, dict):
        results = value.get("results")
        return results if isinstance(results, list) else [value] if "question" in value else []
    if isinstance(value, list):
        return [
            question
            for one in value
            for question in (
                one["results"] if isinstance(one, dict) and isinstance(one.get("results"), list) else [one]
            )
        ]
    return []


# ---- encodings -------------------------------------------------------------------------------------------------------


def _decoder(questions: Sequence[Any]) -> Callable[[str], str]:
    """How texts are encoded. In base64 even the type is; percent signs without any space show the other two."""
    types = {str(one.get("type")) for one in questions if isinstance(one, dict)}
    if types and all(one not in _TYPES and _from_base64(one) in _TYPES for one in types):
        return _from_base64
    texts = [str(one.get("question")) for one in questions if isinstance(one, dict)]
    if any("%20" in text or "%3F" in text for text in texts) and not any(" " in text for text in texts):
        return _unquote if any("%20" in text for text in texts) else lambda text: _unquote(text.replace("+", " "))
    return unescape


def _unquote(text: str) -> str:
    return _PERCENT.sub(lambda found: bytes.fromhex(found[0].replace("%", "")).decode("utf-8", "replace"), text)


def _from_base64(text: str) -> str:
    try:
        return b64decode(text, validate=True).decode()
    except (Base64Error, ValueError):
        return text


# ---- one question ----------------------------------------------------------------------------------------------------


def _add(question: Any, number: int, decode: Callable[[str], str], gathering: Gathering) -> None:
    if not isinstance(question, dict) or not all(key in question for key in _NEEDED):
        gathering.say(number, str(number), Kind.STRAY, f"Entry {number} is not a question, so it was left out.")
        return
    texts = {key: _text(value, decode) for key, value in question.items() if isinstance(value, str | int | float)}
    wrong = question["incorrect_answers"]
    wrong_texts = [_text(one, decode) for one in wrong] if isinstance(wrong, list) else []
    right = texts.get("correct_answer", "")
    choices = [Choice(right, True), *(Choice(one, False) for one in wrong_texts if one and one != right)]
    kind = texts.get("type", "")
    card = choice_card(
        texts.get("question", ""),
        list(_ordered(choices, kind)),
        number,
        section=collapse(texts.get("category", "")),
        tags=tuple(texts.get("difficulty", "").split()),
    )
    gathering.add(card, str(number))


def _ordered(choices: Sequence[Choice], kind: str) -> Iterator[Choice]:
    """True before False, all else by its text."""
    yield from sorted(choices, key=lambda choice: choice.text, reverse=kind == "boolean")


def _text(value: Any, decode: Callable[[str], str]) -> str:
    """Free of surrogates, which JSON can smuggle in and no file can hold, and of the white space at both ends."""
    return decode(str(value)).encode("utf-8", "replace").decode().replace("\0", "\ufffd").strip()
