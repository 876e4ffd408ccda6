"""What a person reads of a message: Discord's Markdown drawn, escapes resolved; and what in it is more than text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from . import components
from .words import COMPONENTS_V2, LOADING, Payload, Posted

MARKS = re.compile(
    r"""
    \\(?P<escaped>[^0-9A-Za-z\s])
  | ```(?:[a-zA-Z0-9_+\-.\#]*\n)?(?P<fenced>.*?)```
  | (?P<ticks>`{1,2})(?P<code>.+?)(?<!`)(?P=ticks)(?!`)
  | (?P<chip><(?:@[!&]?|\#)\d+>|<a?:\w+:\d+>|<t:-?\d+(?::[tTdDfFsSR])?>|</[^:>\n]+:\d+>|<id:\w+>)
  | \[(?P<shown>[^\[\]\n]+)\]\(<?(?P<target>https?://[^)\s]+?)>?\)
  | (?P<address><?https?://[^\s<>\\]+>?)
  | \|\|(?P<spoiler>.+?)\|\|
  | \*\*(?P<bold>(?:\\.|[^\\])+?)\*\*(?!\*)
  | __(?P<underlined>(?:\\.|[^\\])+?)__
  | ~~(?P<struck>(?:\\.|[^\\])+?)~~
  | \*(?=\S)(?P<italic>(?:\\.|[^\\*])+?)(?<=\S)\*(?!\*)
  | \b_(?P<also_italic>(?:\\.|[^\\_])+?)_\b
    """,
    re.VERBOSE | re.DOTALL,
)
LINE = re.compile(r"^(?:>>> |> |-# |#{1,3} )+", re.MULTILINE)
EVERYONE = re.compile("@(everyone|here)")


@dataclass(slots=True)
class Read:
    """`more` holds chips, links and addresses that Discord would make of the text, and pings."""

    text: str = ""
    more: list[str] = field(default_factory=list)

    def take(self, markdown: str) -> str:
        """The text of this Markdown; what is more is noted."""
        pieces, at = [], 0
        for found in MARKS.finditer(LINE.sub("", markdown)):
            pieces += [found.string[at : found.start()], self._piece(found)]
            at = found.end()
        return "".join(pieces) + LINE.sub("", markdown)[at:]

    def _piece(self, found: re.Match[str]) -> str:
        match found.lastgroup:
            case "escaped" | "fenced" | "code":
                return str(found[found.lastgroup])
            case "chip" | "address":
                self.more.append(found[0])
                return found[0]
            case "target":
                self.more.append(found["target"])
                return self.take(found["shown"])
        return self.take(found[str(found.lastgroup)])


def read(posted: Posted) -> Read:
    """A message as it is drawn now."""
    found = Read()
    if posted.payload["flags"] & LOADING:
        found.text = "Flashmob is thinking..."
        return found
    lines = [found.take(posted.payload["content"])] if posted.payload["content"] else []
    for embed in posted.payload["embeds"]:
        lines += [found.take(embed[key]) for key in ("title", "description") if embed.get(key)]
    lines += _drawn(found, posted.payload["components"])
    found.text = "\n".join(lines)
    found.more += pings(posted.asked)
    return found


def _drawn(found: Read, parts: list[Payload]) -> Iterator[str]:
    for each in components.walk(parts):
        match each["type"]:
            case 2:
                yield f"[{each.get('label') or each.get('emoji', {}).get('name', '')}]"
            case 10:
                yield found.take(each["content"])
            case 11:
                yield f"(picture: {each.get('description') or ''})"
            case 12:
                yield from (f"(picture: {item.get('description') or ''})" for item in each["items"])


def pictures(posted: Posted, files: dict[str, bytes]) -> list[tuple[str, bytes]]:
    """The pictures that were sent along with it, with what a screen reader says of them."""
    galleries = [each for each in components.walk(posted.payload["components"]) if each["type"] == 12]
    shown = [(item["description"] or "", item["media"]["url"]) for each in galleries for item in each["items"]]
    return [(said, files[url.split("/")[-2]]) for said, url in shown if "/files/" in url]


def pings(body: Payload) -> list[str]:
    """Whom this body notifies: everybody that it mentions, unless it says that nobody is."""
    allowed = body.get("allowed_mentions")
    parsed = ["users", "roles", "everyone"] if allowed is None else allowed.get("parse", [])
    texts = [body.get("content") or "", *_texts(body)]
    found = [] if "everyone" not in parsed else [each[0] for text in texts for each in EVERYONE.finditer(text)]
    if "users" in parsed:
        found += [each for text in texts for each in re.findall(r"<@!?\d+>", text)]
    if "roles" in parsed:
        found += [each for text in texts for each in re.findall(r"<@&\d+>", text)]
    return found


def _texts(body: Payload) -> list[str]:
    return [each["content"] for each in components.walk(body.get("components") or []) if each["type"] == 10]


def notification(posted: Posted) -> str:
    """What a phone shows of it: the content, or the first texts of its components."""
    if posted.payload["flags"] & COMPONENTS_V2:
        return "\n".join(_texts(posted.payload))
    return str(posted.payload["content"])
