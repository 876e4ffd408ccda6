"""Lines of Markdown, as they come out of a text with paragraphs, lists, quotes and tables in it."""

from dataclasses import dataclass

from .inline import escape_start, styled
from .tables import BETWEEN, Table, narrow

DEEPEST = 6
"""Lists and quotes inside each other; what is deeper stands at this depth."""


@dataclass(slots=True)
class Holder:
    """A list, an item of one, or a quote: `first` stands before its first line and `rest` before the others."""

    tag: str
    first: str = ""
    rest: str = ""
    number: int = 0
    ordered: bool = False


class Lines:
    """Takes pieces of text and line ends; `done` are the finished lines."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.table: Table | None = None
        self._pieces: list[str] = []
        self._holders: list[Holder] = []
        self._counts: dict[str, int] = {}
        self._blank = False
        self._open_styles: set[str] = set()

    @property
    def at_start(self) -> bool:
        return not self._pieces

    @property
    def place(self) -> tuple[int, int]:
        """Changes with every line and every piece."""
        return len(self.done), len(self._pieces)

    def put(self, piece: str) -> None:
        self._pieces.append(piece)

    def take_since(self, place: tuple[int, int]) -> str | None:
        """Take back what was put on this line since a place; None where the line has ended since."""
        if place[0] != len(self.done) or place[1] > len(self._pieces):
            return None
        pieces = self._pieces[place[1] :]
        del self._pieces[place[1] :]
        return "".join(pieces)

    # ---- line ends ---------------------------------------------------------------------------------------------------

    def end(self) -> None:
        """End the line if there is anything on it."""
        if not self._pieces:
            return
        if self.table is not None and self.table.in_cell:
            if self._pieces[-1] != BETWEEN:
                self._pieces.append(BETWEEN)
            return
        line = "".join(self._pieces)
        self._pieces.clear()
        line = " ".join(part for part in line.split(" ") if part) if "  " in line else line.strip(" ")
        line = styled(escape_start(line), self._open_styles)
        if line.strip():
            self.add(line)

    def break_here(self) -> None:
        """A line end that shows even where there is nothing on the line."""
        if self._pieces:
            self.end()
        else:
            self._blank = True

    def gap(self) -> None:
        """End the line; whatever comes next has an empty line before it."""
        self.end()
        self._blank = True

    def add(self, line: str) -> None:
        """A line as it stands, behind what the lists and quotes around it ask for."""
        if not self._holders:
            self.done += ("", line) if self._blank and self.done else (line,)
            self._blank = False
            return
        holders = self._holders[:DEEPEST]
        fresh = [holder for holder in holders if holder.first != holder.rest]
        if self._blank and self.done and not (fresh and self._in_item()):
            self.done.append("".join([holder.rest for holder in holders]).rstrip())
        self._blank = False
        self.done.append("".join([holder.first for holder in holders]) + line)
        for holder in fresh:
            holder.first = holder.rest

    def _in_item(self) -> bool:
        return bool(self.done) and self.done[-1].lstrip()[:1] in ("-", *"123456789")

    # ---- lists and quotes --------------------------------------------------------------------------------------------

    def open(self, tag: str, start: int = 1) -> None:
        """A list (`ul`, `ol`), an item (`li`) or a quote (`blockquote`)."""
        if tag == "li":
            self._open_item()
            return
        outer = self._holders[-1] if self._holders else None
        if outer is None or tag == "blockquote":
            self.gap()
        else:
            self.end()
        inside = "  " if outer is not None and outer.tag in ("ul", "ol") and outer.number else ""
        mark = "> " if tag == "blockquote" else inside
        self._push(Holder(tag, mark, mark, start - 1, tag == "ol"))

    def _open_item(self) -> None:
        self.end()
        if self._counts.get("li") and self._holders[-1].tag not in ("ul", "ol"):
            self._close_item()
        holder = self._holders[-1] if self._holders else None
        bullet = "- "
        if holder is not None and holder.tag in ("ul", "ol"):
            holder.number += 1
            bullet = f"{holder.number}. " if holder.ordered else "- "
        self._push(Holder("li", bullet, " " * len(bullet)))

    def _close_item(self) -> None:
        """An item ends where the next one begins, but not the item that this list stands in."""
        for depth in range(len(self._holders) - 1, -1, -1):
            if self._holders[depth].tag in ("ul", "ol"):
                return
            if self._holders[depth].tag == "li":
                self._pop_to(depth)
                return

    def close(self, tag: str) -> None:
        """Close the innermost of these, with all inside it; nothing where there is none."""
        self.end()
        if not self._counts.get(tag):
            return
        depth = next(at for at in range(len(self._holders) - 1, -1, -1) if self._holders[at].tag == tag)
        self._pop_to(depth)
        if not self._holders or tag == "blockquote":
            self._blank = True

    def _push(self, holder: Holder) -> None:
        self._holders.append(holder)
        self._counts[holder.tag] = self._counts.get(holder.tag, 0) + 1

    def _pop_to(self, depth: int) -> None:
        for holder in self._holders[depth:]:
            self._counts[holder.tag] -= 1
        del self._holders[depth:]

    # ---- tables ------------------------------------------------------------------------------------------------------

    def open_table(self) -> None:
        """A table inside a table is text of its cell."""
        if self.table is None:
            self.gap()
            self.table = Table()

    def open_row(self) -> None:
        if self.table is not None:
            self.close_cell()
            self.table.rows.append([])

    def open_cell(self) -> None:
        if self.table is not None:
            self.close_cell()
            self.table.in_cell = True

    def close_cell(self) -> None:
        if self.table is None or not (self.table.in_cell or self._pieces):
            self.end()
            return
        text = "".join(self._pieces).removesuffix(BETWEEN)
        self._pieces.clear()
        self.table.in_cell = False
        if not self.table.rows:
            self.table.rows.append([])
        self.table.rows[-1].append(styled(" ".join(text.split()), self._open_styles))

    def close_table(self) -> list[list[str]]:
        """The rows that hold anything."""
        self.close_cell()
        assert self.table is not None
        rows = [narrow(row) for row in self.table.rows if any(row)]
        self.table = None
        return rows
