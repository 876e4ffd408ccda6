"""The deck's own data: TOML between two lines of `+++` at the top of a `*.deck.md` file."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from bot.model import Deck, Problem

from ..problems import Kind

FENCE = "+++"
_TEXTS = {"deck": "key", "title": "title", "lang": "language", "license": "licence", "source": "source"}
_LISTS = ("authors", "tags")
KEYS = (*_TEXTS, *_LISTS)
_BODY = re.compile(r"[QC]:")


@dataclass(frozen=True, slots=True)
class Header:
    """`texts` and `lists` are named as in model.Deck; `body` is the index of the first line after the header."""

    texts: Mapping[str, str]
    lists: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...]
    body: int


def read_header(lines: Sequence[str]) -> Header:
    """The header of a deck, or an empty one. Never raises: the cards can be read without it."""
    start = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if not lines or lines[start].rstrip() != FENCE:
        return Header({}, {}, (), 0)
    problems: list[Problem] = []
    end = _end(lines, start, problems)
    values = _toml("\n".join(lines[start + 1 : end]), start + 1, problems)
    texts = {_TEXTS[key]: value for key, value in values.items() if key in _TEXTS and isinstance(value, str)}
    lists = {key: tuple(values[key]) for key in _LISTS if _is_list(values.get(key))}
    places = _places(lines, start, end)
    wrong = {key: value for key, value in values.items() if not _good(key, value)}
    problems += [_wrong(key, value, places.get(key, start + 1)) for key, value in wrong.items()]
    closed = end < len(lines) and lines[end].rstrip() == FENCE
    return Header(texts, lists, tuple(problems), end + 1 if closed else end)


def write_header(deck: Deck) -> list[str]:
    """The lines of a header, without keys that say nothing."""
    texts = [(key, getattr(deck, name)) for key, name in _TEXTS.items()]
    lists = [(key, list(getattr(deck, key))) for key in _LISTS]
    values = [f"{key} = {_quoted(value)}" for key, value in (*texts, *lists) if value]
    return [FENCE, *values, FENCE] if values else []


def _quoted(value: str | list[str]) -> str:
    """JSON strings are TOML strings, but for the delete character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _end(lines: Sequence[str], start: int, problems: list[Problem]) -> int:
    for index in range(start + 1, len(lines)):
        if lines[index].rstrip() == FENCE:
            return index
        if _BODY.match(lines[index]):
            break
    else:
        index = len(lines)
    text = f'The header that begins here is never closed. Put "{FENCE}" on a line of its own after it.'
    problems.append(Problem(start + 1, "", Kind.BAD_HEADER, text))
    return index


def _toml(text: str, above: int, problems: list[Problem]) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        said = re.sub(r" \(at .*\)$", "", str(error))
        at = re.search(r"\(at line ([0-9]{1,9})", str(error))
        line = above + (int(at[1]) if at else 1)
        text = f'The header is not TOML: {said}. A line looks like this: title = "Rivers of Europe"'
        problems.append(Problem(line, "", Kind.BAD_HEADER, text))
        return {}


def _places(lines: Sequence[str], start: int, end: int) -> dict[str, int]:
    """The line of each key, as far as it stands at the start of a line."""
    keys = (line.split("=")[0].strip().strip("\"'[]") for line in lines[start + 1 : end])
    return {key: number for number, key in enumerate(keys, start + 2)}


def _is_list(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _good(key: str, value: Any) -> bool:
    return isinstance(value, str) if key in _TEXTS else key in _LISTS and _is_list(value)


def _wrong(key: str, value: Any, line: int) -> Problem:
    if key in _TEXTS:
        return Problem(line, "", Kind.BAD_HEADER, f'"{key}" must be text in quotes.')
    if key in _LISTS:
        return Problem(line, "", Kind.BAD_HEADER, f'"{key}" must be a list of texts: {key} = ["one", "two"]')
    near = get_close_matches(key, KEYS, n=1)
    hint = f'Did you mean "{near[0]}"?' if near else f"Known are {', '.join(KEYS)}."
    return Problem(line, "", Kind.UNKNOWN_KEY, f'The header has no key "{key[:60]}". {hint}')
