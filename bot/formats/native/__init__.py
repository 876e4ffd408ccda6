"""The native format, `*.deck.md`: `Q:`, `A:` and `C:` at the start of a line, TOML between `+++` for the deck."""

from .layout import format_text, lines_without_id
from .reader import read, recognise, resembles
from .writer import write_deck

__all__ = ["format_text", "lines_without_id", "read", "recognise", "resembles", "write_deck"]
