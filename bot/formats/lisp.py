"""The two ways in which Clojure programs write data: EDN, and Transit in JSON. Both become plain Python values.

Keywords and symbols are text without their colon, lists, vectors and sets are lists, maps have text as keys; what has
a tag of its own is its value. Nothing here runs or resolves anything.
"""

import json
import re
from typing import Any

MOST_DEPTH = 200
_CACHE_BASE, _CACHE_DIGITS, _CACHE_SIZE = 48, 44, 44 * 44
_EDN = re.compile(
    r"[\s,]+|;[^\n]*|(?P<open>\#\{|[\[({])|(?P<close>[\])}])|(?P<string>\"(?:[^\"\\]|\\.)*\")"
    r"|\\(?P<character>[A-Za-z]{2,20}|.)|(?P<discard>\#_)|\#(?P<tag>[A-Za-z][^\s,\[\](){}\"]{0,200})|\^"
    r"|(?P<atom>[^\s,\[\](){}\";\\\#^][^\s,\[\](){}\";\\]*)",
    re.S,
)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_STRING_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|(.))", re.S)
_NAMED = {"newline": "\n", "space": " ", "tab": "\t", "return": "\r"}
_CLOSES = {"[": "]", "(": ")", "{": "}", "#{": "}"}
_WORDS = {"nil": None, "true": True, "false": False}


class NotReadable(ValueError):
    """This is not what it should be; the text says what and where."""


# ---- EDN -------------------------------------------------------------------------------------------------------------


def read_edn(text: str) -> Any:
    """The first value of a text. Raises NotReadable."""
    stack: list[tuple[str, list[Any]]] = [("", [])]
    skipped: list[tuple[int, int]] = []  # how deep, and from which item on, `#_` leaves the next value out
    at = 0
    while at < len(text):
        found = _EDN.match(text, at)
        if not found:
            raise NotReadable(f"character {at + 1} makes no sense")
        at = found.end()
        kind = found.lastgroup
        if kind == "open":
            if len(stack) > MOST_DEPTH:
                raise NotReadable("it nests deeper than any deck")
            stack.append((found["open"], []))
        elif kind == "discard":
            skipped.append((len(stack), len(stack[-1][1])))
        elif kind in ("close", "string", "character", "atom"):
            value = _closed(stack, found["close"]) if kind == "close" else _scalar(found)
            items = stack[-1][1]
            items.append(value)
            if skipped and skipped[-1] == (len(stack), len(items) - 1):
                skipped.pop()
                items.pop()
            elif len(stack) == 1:
                return value
    raise NotReadable("it ends too early")


def _closed(stack: list[tuple[str, list[Any]]], close: str) -> Any:
    opening, items = stack.pop()
    if _CLOSES.get(opening) != close:
        raise NotReadable(f'there is a "{close}" too many')
    return _map(items) if opening == "{" else items


def _map(items: list[Any]) -> dict[str, Any]:
    return {str(key): value for key, value in zip(items[::2], items[1::2], strict=False)}


def _scalar(found: re.Match[str]) -> Any:
    if found["string"] is not None:
        return _STRING_ESCAPE.sub(_unescaped, found["string"][1:-1])
    if found["character"] is not None:
        return _NAMED.get(found["character"], found["character"])
    atom = found["atom"]
    if atom in _WORDS:
        return _WORDS[atom]
    return atom.removeprefix(":") if not re.fullmatch(r"[-+]?[0-9]{1,18}", atom) else int(atom)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else _ESCAPES.get(found[2], found[2])


# ---- Transit ---------------------------------------------------------------------------------------------------------


def read_transit(text: str) -> Any:
    """The value of Transit JSON, plain or verbose. Raises NotReadable."""
    try:
        return _Transit().value(json.loads(text), depth=0)
    except json.JSONDecodeError as error:
        raise NotReadable(f"{error.msg} in line {error.lineno}") from None
    except (ValueError, RecursionError) as error:
        raise NotReadable(str(error) if isinstance(error, NotReadable) else "it goes beyond all measure") from None


class _Transit:
    """Texts that come often are written once and then named by a code such as `^1`; so order of reading matters."""

    def __init__(self) -> None:
        self._cache: list[str] = []

    def value(self, said: Any, depth: int) -> Any:
        if depth > MOST_DEPTH:
            raise NotReadable("it nests deeper than any deck")
        if isinstance(said, str):
            return _decoded(self._text(said, is_key=False))
        if isinstance(said, list):
            return self._list(said, depth)
        if isinstance(said, dict):
            pairs = [(self._text(key, is_key=True), self.value(value, depth + 1)) for key, value in said.items()]
            if len(pairs) == 1 and pairs[0][0].startswith("~#"):
                return pairs[0][1]
            return {str(_decoded(key)): value for key, value in pairs}
        return said

    def _list(self, said: list[Any], depth: int) -> Any:
        if said[:1] == ["^ "]:
            return self._map(said[1:], depth)
        if len(said) == 2 and isinstance(said[0], str):
            tag = self._text(said[0], is_key=False)
            value = self.value(said[1], depth + 1)
            if tag.startswith("~#"):
                return _map(value) if tag == "~#cmap" and isinstance(value, list) else value
            return [_decoded(tag), value]
        return [self.value(one, depth + 1) for one in said]

    def _map(self, said: list[Any], depth: int) -> dict[str, Any]:
        found = {}
        for key, value in zip(said[::2], said[1::2], strict=False):
            name = _decoded(self._text(key, is_key=True)) if isinstance(key, str) else self.value(key, depth + 1)
            found[str(name)] = self.value(value, depth + 1)
        return found

    def _text(self, said: str, *, is_key: bool) -> str:
        """The text itself, where a code stands for it."""
        if said.startswith("^") and said != "^ ":
            return self._cached(said)
        if len(said) > 3 and (is_key or said.startswith(("~:", "~$", "~#"))):
            if len(self._cache) == _CACHE_SIZE:
                self._cache.clear()
            self._cache.append(said)
        return said

    def _cached(self, code: str) -> str:
        place = 0
        for digit in code[1:3]:
            place = place * _CACHE_DIGITS + ord(digit) - _CACHE_BASE
        if not 0 <= place < len(self._cache):
            raise NotReadable(f'the code "{code[:5]}" stands for nothing')
        return self._cache[place]


def _decoded(text: str) -> Any:
    """A text that begins with `~` says what it is."""
    if not text.startswith("~"):
        return text
    kind, rest = text[1:2], text[2:]
    if kind in ("~", "^", "`"):
        return text[1:]
    if kind == "_":
        return None
    if kind == "?":
        return rest == "t"
    return rest
