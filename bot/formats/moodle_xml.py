"""Takes Moodle XML apart: the elements of one question after the other, with limits and without document types."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers.expat import ExpatError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from .gathering import Gathering
from .problems import Kind

MOST_DEPTH = 30
MOST_NODES = 5_000


@dataclass(slots=True)
class Node:
    """An element with its text; `line` is where it begins."""

    tag: str
    attributes: dict[str, str]
    line: int
    children: list["Node"] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    def all(self, tag: str) -> list["Node"]:
        return [child for child in self.children if child.tag == tag]

    def at(self, path: str) -> str:
        """The text below a path such as `name/text`; empty where there is none."""
        node = self
        for tag in path.split("/"):
            found = node.all(tag)
            if not found:
                return ""
            node = found[0]
        return "".join(node.pieces).strip()


class _TooMuch(Exception):
    pass


class _Questions:
    """Builds one question at a time, called by the parser."""

    def __init__(self) -> None:
        self.parser: Any = None
        self.done: list[Node] = []
        self.line = 1
        self._stack: list[Node] = []
        self._depth = self._nodes = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._nodes += 1
        if self._depth > MOST_DEPTH or self._nodes > MOST_NODES:
            raise _TooMuch
        if not self._stack and tag != "question":
            return
        self.line = self.parser.parser.CurrentLineNumber
        node = Node(tag, dict(attributes), self.line)
        if self._stack:
            self._stack[-1].children.append(node)
        self._stack.append(node)

    def data(self, text: str) -> None:
        if self._stack:
            self._stack[-1].pieces.append(text)

    def end(self, tag: str) -> None:
        self._depth -= 1
        if not self._stack:
            return
        node = self._stack.pop()
        if not self._stack:
            self.done.append(node)
            self._nodes = 0

    def close(self) -> None:
        pass


def questions_of(data: bytes, gathering: Gathering) -> Iterator[Node]:
    """The questions one by one; an error ends the reading and is reported."""
    target = _Questions()
    parser = target.parser = DefusedXMLParser(target=target, forbid_dtd=True)
    fault = ""
    for start in (*range(0, len(data), 2**16), -1):
        try:
            _feed(parser, data, start)
        except _TooMuch:
            fault = "This XML nests deeper or holds more than any quiz."
        except DefusedXmlException:
            fault = "This XML declares a document type or entities, which no quiz needs."
        except (ParseError, ExpatError, ValueError, LookupError) as error:
            fault = f"This is not whole XML: {error}."
        yield from target.done
        target.done.clear()
        if fault:
            gathering.say(target.line, "", Kind.BAD_HEADER, f"{fault} Nothing below this line was read.")
            return


def _feed(parser: Any, data: bytes, start: int) -> None:
    if start < 0:
        parser.close()
    else:
        parser.feed(data[start : start + 2**16])
