"""Formulas as pictures, where the extra `render` is installed: no chat platform draws LaTeX by itself.

Rules of this file:
- the text says the formula in plain characters all the same, and its source is the picture's description;
- a formula comes from outside: what is too long, too large or no formula has no picture, and nothing raises;
- drawing takes ten milliseconds or two, so it is done beside the event loop.
"""

import asyncio
import logging
import re
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from importlib.util import find_spec

from . import markdown
from .markdown import Formula, InlineFormula

log = logging.getLogger("flashmob.drawing")
LONGEST = 300
"""Characters of a formula that is drawn."""
WIDEST, HIGHEST = 1_200.0, 600.0
"""Units of the drawing, which `ZOOM` makes pixels."""
SIZE, MARGIN, ZOOM = 28, 8, 2.0
MOST = 6
"""Formulas of a message that are drawn."""
AVAILABLE = bool(find_spec("ziamath") and find_spec("resvg_py"))
_HARD_TO_READ = re.compile(r"\\(?:[dt]?frac|sqrt|sum|prod|int|lim|begin|over|binom)")
"""What one line of plain characters cannot say well; simpler formulas inside a line stay text."""
_turn = threading.Lock()

Drawn = Mapping[str, bytes]
"""Pictures: a formula's by its source, a kept one by its name."""
NONE: Drawn = {}


async def drawn(formulas: Iterable[str]) -> Drawn:
    """The pictures (PNG) of the first few formulas, by their source; none where they cannot be drawn."""
    wanted = tuple(dict.fromkeys(formulas))[:MOST]
    return await asyncio.to_thread(_all, wanted) if wanted and AVAILABLE else NONE


def _all(wanted: Sequence[str]) -> Drawn:
    with _turn:  # the library keeps its fonts in one place for all threads
        found = {source: draw(source) for source in wanted}
    return {source: picture for source, picture in found.items() if picture}


@lru_cache(maxsize=256)
def draw(source: str) -> bytes | None:
    """A formula as PNG, black on white; None for what cannot be drawn."""
    if len(source) > LONGEST:
        return None
    try:
        import resvg_py
        from ziamath.zmath import Latex

        made = Latex(source, size=SIZE, margin=MARGIN)
        width, height = made.getsize()
        if not (0 < width <= WIDEST and 0 < height <= HIGHEST):
            return None
        return bytes(
            resvg_py.svg_to_bytes(svg_string=made.svg(), background="#ffffff", zoom=ZOOM, skip_system_fonts=True)
        )
    except Exception as error:  # whatever the libraries make of it, the text is there
        log.debug("a formula could not be drawn: %s", error)
        return None


def sources(text: str) -> list[str]:
    """The formulas of a text that are worth a picture: those on lines of their own, and those that are hard to read."""
    if "$" not in text:
        return []
    return [
        each.source
        for each in markdown.walk(markdown.parse(text))
        if isinstance(each, Formula) or (isinstance(each, InlineFormula) and _HARD_TO_READ.search(each.source))
    ]
