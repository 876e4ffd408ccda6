"""HTML, as cards of other programs hold it, becomes Markdown: `to_markdown`, or `to_plain` where only words count."""

from .converter import to_markdown
from .inline import clean, to_plain
from .writer import Converted

__all__ = ["Converted", "clean", "to_markdown", "to_plain"]
