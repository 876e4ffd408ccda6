"""The lines of a `*.deck.md` file, put together into entries. Ids, parts and what makes a good card come later.

1. Forms count at column 0 and outside fenced code only.
2. An entry begins at `Q:` or `C:` and ends at the next one, at a heading, at `---` or at the end of the file.
3. Text that belongs to nothing is an error with its line, and the rest of the deck is read all the same.
"""

from collections.abc import Sequence

from bot.model import Choice, Problem

from ..identity import MOST_CARDS
from ..problems import Kind
from ..text import words
from .entry import Entries, Entry, Text
from .lines import FORM, Fences, opens_fence, unescape


def read_entries(lines: Sequence[str], start: int = 0) -> Entries:
    """The entries from the line with index `start` on. Never raises: what cannot be read is a problem."""
    reader = _Reader(lines)
    at = start
    while at < len(lines) and len(reader.entries) < MOST_CARDS:
        at = reader.read_line(at)
    if at < len(lines):
        text = f"A deck has at most {MOST_CARDS:,} cards; what stands from this line on was left out."
        reader.problems.append(Problem(at + 1, "", Kind.TOO_LARGE, text))
    return Entries(tuple(reader.entries), tuple(reader.problems))


class _Reader:
    """Holds the entry and the text that are being read. `_open` is None where text belongs to nothing."""

    def __init__(self, lines: Sequence[str]) -> None:
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self._lines = lines
        self._fences = Fences(lines)
        self._entry: Entry | None = None
        self._open: Text | None = None
        self._in_question = False
        self._section = ""
        self._strayed = False

    def read_line(self, at: int) -> int:
        """Read the line with index `at`, or the whole fenced code that begins there; the index of the next line."""
        line = self._lines[at]
        found = FORM.match(line)
        if found is None or (found.lastgroup == "choice" and not self._in_question):
            return self._read_text(at, line, unescape(line))
        self._strayed = False
        rest = line[found.end() :].strip()
        match found.lastgroup:
            case "marker":
                return self._read_marker(at, found["marker"], line[found.end() :].lstrip())
            case "accepted":
                self._read_accepted(at, rest)
            case "choice":
                self._read_choice(at, Choice(rest, found["choice"] != " "))
            case "section":
                self._close()
                self._section = rest
            case _:
                self._close()
        return at + 1

    # ---- text and code -----------------------------------------------------------------------------------------------

    def _read_text(self, at: int, raw: str, text: str) -> int:
        """Take a line of text, and with the opening line of fenced code all of the code."""
        fence = opens_fence(raw)
        end = self._fences.end(fence, at + 1) if fence else None
        if fence and end is None:
            text_of_problem = f'The code block that opens here with "{fence}" is never closed, so it is read as text.'
            self._report(at, Kind.UNCLOSED_FENCE, text_of_problem)
        last = at if end is None else end
        code = [text, *self._lines[at + 1 : last + 1]]
        if self._open is None or self._entry is None:
            self._stray(at, "".join(code))
            return last + 1
        if end is not None:
            self._open.code.append((len(self._open.lines), len(self._open.lines) + len(code)))
        self._open.lines += code
        if raw.strip():
            self._entry.last = last
        return last + 1

    def _stray(self, at: int, text: str) -> None:
        """One problem for each run of stray lines."""
        if not text.strip() or self._strayed:
            return
        self._strayed = True
        if self._entry is None:
            self._report(at, Kind.STRAY, 'Text outside a card. Did you forget "Q:"?')
        else:
            self._report(at, Kind.STRAY, 'Text after the end of a card. Did you forget "Q:", or "A:" before it?')

    # ---- forms -------------------------------------------------------------------------------------------------------

    def _read_marker(self, at: int, marker: str, rest: str) -> int:
        if marker in ("Q", "C"):
            self._close()
            self._entry = Entry(marker == "C", at, at, self._section, {})
            self.entries.append(self._entry)
            self._in_question = marker == "Q"
        elif not self._belongs(at, marker):
            self._open = None
            self._strayed = True
            return at + 1
        match marker:
            case "Id":
                self._read_id(at, rest)
            case "Tags":
                self._read_tags(at, rest)
            case _:
                return self._read_first_line(at, marker, rest)
        return at + 1

    def _belongs(self, at: int, marker: str) -> bool:
        """Whether this line may stand here; otherwise it is reported."""
        if self._entry is None:
            self._report(at, Kind.STRAY, f'"{marker}:" outside a card. Did you forget "Q:" before it?')
            return False
        if self._entry.cloze and marker == "A":
            self._report(at, Kind.STRAY, 'A card that begins with "C:" has no "A:". Did you mean "Q:"?')
            return False
        if marker in self._entry.texts or (marker == "Id" and self._entry.id_at >= 0):
            self._report(at, Kind.REPEATED_LINE, f'A second "{marker}:" in one card. Did you forget "Q:" before it?')
            return False
        return True

    def _read_first_line(self, at: int, marker: str, rest: str) -> int:
        assert self._entry is not None
        self._in_question = marker == "Q"
        self._open = self._entry.texts[marker] = Text(at)
        self._entry.last = at
        return self._read_text(at, rest, rest)

    def _read_id(self, at: int, rest: str) -> None:
        assert self._entry is not None
        self._entry.id, self._entry.id_at = rest.rstrip(), at
        self._end_text(at)

    def _read_tags(self, at: int, rest: str) -> None:
        assert self._entry is not None
        self._entry.tags = tuple(dict.fromkeys((*self._entry.tags, *words(rest))))
        self._end_text(at)

    def _read_accepted(self, at: int, rest: str) -> None:
        if self._entry is None:
            self._report(at, Kind.STRAY, 'A further answer ("=") outside a card. Did you forget "Q:" before it?')
            return
        if rest:
            self._entry.accepted.append(rest)
        self._end_text(at)

    def _read_choice(self, at: int, choice: Choice) -> None:
        assert self._entry is not None
        self._entry.choices.append(choice)
        self._end_text(at)
        self._in_question = True

    def _end_text(self, at: int) -> None:
        assert self._entry is not None
        self._entry.last = at
        self._open = None
        self._in_question = False

    def _close(self) -> None:
        self._entry = None
        self._open = None
        self._in_question = False

    def _report(self, at: int, kind: Kind, text: str) -> None:
        self.problems.append(Problem(at + 1, "", kind, text))
