"""HTML into tags and texts in one pass, whatever it looks like.

Every search either moves on by what it looked at, or is the last of its kind, so that no text takes longer than its
length. A tree is never built: in HTML5 a tag that is left open may be opened again in every paragraph after it, so a
parser's tree can be thousands of times as large as the text.
"""

import re
from collections.abc import Iterator
from html import unescape

Token = tuple[str, str, str]
"""A tag, its attributes and the text after it: ("b", "", "text"), ("/b", "", ""), or ("", "", "text") without a tag.

Names are in lower case, texts and attributes as they stand.
"""

SWALLOWED = frozenset({"script", "style", "template", "noscript", "svg", "iframe", "object", "textarea", "select"})
"""Elements whose content is no text of the card; they come as one opening tag."""
_START = re.compile(r"<(?=/?[a-zA-Z]|[!?])")
_TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9:-]*+)((?>[^"'>]+|"[^"]*"|'[^']*')*+)>""")
_SURE_TAG = re.compile(r"""<(/?[a-zA-Z][a-zA-Z0-9:-]*+)((?>[^"'<>]+|"[^"<>]*"|'[^'<>]*')*+)>""")
"""A tag without `<` or `>` inside of it: whatever stands before it, it is one."""
_PLAIN_TAG = re.compile(r"<(/?[a-zA-Z][a-zA-Z0-9:-]*+)([^<>]*+)>")
_ATTRIBUTE = re.compile(r"""([^\s"'<>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'<>]+)))?""")
_CUT_AT_ONCE = 20_000
"""Characters: the pieces of a longer text would need memory that nobody counted."""
_ENDS = {name: re.compile(f"</{name}(?![a-z0-9])[^>]*>?", re.I) for name in SWALLOWED}


def tokens(html: str) -> Iterator[Token]:
    """The tags and texts of a text; comments are left out. What is no tag is text, as in every browser."""
    return (_cut(html) if len(html) <= _CUT_AT_ONCE else None) or _one_by_one(html)


def _cut(html: str) -> Iterator[Token] | None:
    """The same in one go, for nearly all that people write: where each `<` begins a tag, and none is swallowed."""
    pieces = ["", "", *_SURE_TAG.split(html)]
    names = [name.lower() for name in pieces[::3]]
    if html.count("<") >= len(names) or not SWALLOWED.isdisjoint(names):
        return None
    return zip(names, pieces[1::3], pieces[2::3], strict=True)


def _one_by_one(html: str) -> Iterator[Token]:
    at, end = 0, len(html)
    tag = _TAG
    while at < end:
        begun = _START.search(html, at)
        if begun is None:
            yield "", "", html[at:]
            return
        start = begun.start()
        if start > at:
            yield "", "", html[at:start]
        found = tag.match(html, start)
        if found is None and html[start + 1 : start + 2] in ("!", "?"):
            at = _after_comment(html, start)
            continue
        if found is None:
            tag, found = _closable(html, start, tag)
        if found is None:
            at = html.find("<", start + 1)
            at = at if at > 0 else end
            yield "", "", html[start:at]
            continue
        name = found[1].lower()
        yield name, found[2], ""
        at = _after(html, name, found.end()) if name in SWALLOWED else found.end()


def attributes(text: str) -> dict[str, str]:
    """The attributes of a tag; of a name that is given twice the first counts."""
    found: dict[str, str] = {}
    for one in _ATTRIBUTE.finditer(text):
        found.setdefault(one[1].lower(), unescape(one[2] or one[3] or one[4] or ""))
    return found


def _closable(html: str, start: int, tag: re.Pattern[str]) -> tuple[re.Pattern[str], re.Match[str] | None]:
    """A tag whose quotes never close is read without them, and so is all that follows: it was looked at already."""
    return _PLAIN_TAG, None if tag is _PLAIN_TAG else _PLAIN_TAG.match(html, start)


def _after_comment(html: str, start: int) -> int:
    """Where a comment or a declaration ends; one that is never closed takes the rest, as in every browser."""
    mark = "-->" if html.startswith("<!--", start) else ">"
    end = html.find(mark, start + 2)
    return end + len(mark) if end >= 0 else len(html)


def _after(html: str, name: str, at: int) -> int:
    found = _ENDS[name].search(html, at)
    return found.end() if found else len(html)
