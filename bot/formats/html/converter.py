"""The HTML of one side of a card as Markdown: which tag means what.

1. A `<br>` is a new line, a block begins a line, a paragraph has empty lines around it. Colours and sizes mean nothing.
2. Text never becomes mark-up: what Markdown would read into it is escaped.
3. Nothing runs and nothing is fetched: scripts are left out, pictures on the web become links, and both are said.
"""

import re
from collections.abc import Collection

from ..text import tidy
from . import formulas, pictures
from .elements import HANDLERS
from .inline import clean, escape, escape_start
from .names import CODE
from .tokens import tokens
from .writer import Converted, Writer

_MORE_THAN_TEXT = re.compile("[<&\\\\\\[\x00-\x1f\x7f\xa0\ud800-\udfff]")
_WORDS = re.compile("[^\\W\\d_][^<>&\\\\\\[\\]`*_~${}\x00-\x1f\x7f\xa0\ud800-\udfff]*")
"""What is the same in Markdown, but for spaces."""


def to_markdown(html: str, held: Collection[str] = ()) -> Converted:
    """HTML as Markdown. `held` are the names of files at hand, which settles what a name such as `a%20b.png` means."""
    words = html.strip(" ")
    if "  " not in words and _WORDS.fullmatch(words):
        return Converted(words.rstrip())
    if _MORE_THAN_TEXT.search(html):
        return _convert(clean(html), Writer(held))
    words = " ".join([word for word in words.split(" ") if word])
    return Converted(tidy(escape_start(escape(words))) if words else "")


def _convert(html: str, writer: Writer) -> Converted:
    """Everything in one pass over the tokens."""
    if "[" in html:
        html, writer.found.sounds = pictures.SOUND.subn("", html)
    if "\\" in html or "[" in html:
        html = formulas.set_aside(html, writer.keep_formula)
    for name, attributes, text in tokens(html):
        if writer.code is not None and name.lstrip("/") not in CODE:
            if name in ("br", "div", "p", "li"):
                writer.code.break_line()
        elif name in HANDLERS:
            handler, plain_name = HANDLERS[name]
            handler(writer, plain_name, attributes)
        if text:
            writer.text(text)
    return writer.finish()
