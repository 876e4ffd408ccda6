"""From bytes to text, and the few things that every reader does to text. What cards say is never normalised."""

import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

import charset_normalizer

from bot.errors import DeckError
from bot.model import Problem

from .problems import Kind

MOST_BYTES = 20_000_000
GUESSES = ("cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "mac_roman")
_SAVE_AS_UTF8 = "Save it as UTF-8 text and send it again."
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_KNOWN_BINARY = (
    (b"PK\x03\x04", "It is a zip file, but no Anki package or spreadsheet that can be read; perhaps it is cut off."),
    (b"%PDF", "It is a PDF. Copy its text into a text file."),
    (b"SQLite format 3", "It is a database. Export the deck as text or CSV."),
)
_NO_DECK = (
    (b"version https://git-lfs", "It only points to a file that Git LFS keeps elsewhere. Download the file itself."),
    (b"<!doctype html", "It is a web page. Download the deck itself, or copy the text of the page."),
    (b"<html", "It is a web page. Download the deck itself, or copy the text of the page."),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_NEWLINE = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with `\\n` as its only line end, without a byte order mark; `problems` says what had to be guessed."""

    text: str
    problems: tuple[Problem, ...] = ()


def decode(data: bytes, file_name: str) -> Decoded:
    """The text of a file: byte order mark, else strict UTF-8, else a guess that is reported.

    Raises DeckError for what is empty, too large, binary, or in no encoding that makes sense.
    """
    _refuse_early(data, file_name)
    decoded = _decode(data, file_name)
    text = decoded.text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.strip():
        raise DeckError(f"{file_name} is empty.", "Is it the file you meant?")
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls * 50 > len(text):
        raise _binary(data, file_name)
    return Decoded(text, decoded.problems)


def refuse_large(data: bytes, file_name: str) -> None:
    if len(data) > MOST_BYTES:
        raise too_large(file_name)


def _refuse_early(data: bytes, file_name: str) -> None:
    refuse_large(data, file_name)
    if not data:
        raise DeckError(f"{file_name} is empty.", "Is it the file you meant?")
    if any(data.startswith(start) for start, _ in _KNOWN_BINARY):
        raise _binary(data, file_name)
    start = data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if hint := next((hint for said, hint in _NO_DECK if start.startswith(said)), ""):
        raise DeckError(f"{file_name} is no deck.", hint)


def too_large(file_name: str) -> DeckError:
    most = MOST_BYTES // 10**6
    return DeckError(f"{file_name} is larger than {most} MB, so it was not read.", "Split it into several decks.")


def _binary(data: bytes, file_name: str) -> DeckError:
    hints = [hint for start, hint in _KNOWN_BINARY if data.startswith(start)]
    hint = hints[0] if hints else "Flashmob reads *.deck.md, CSV and text files."
    return DeckError(f"{file_name} is not a text file.", hint)


def _decode(data: bytes, file_name: str) -> Decoded:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    if b"\0" in data and encoding != "utf-16":
        raise _binary(data, file_name)
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        if encoding == "utf-16":
            raise DeckError(f"{file_name} begins as UTF-16 but is damaged.", _SAVE_AS_UTF8) from None
    return _guess(data.removeprefix(b"\xef\xbb\xbf"), file_name)


def _guess(data: bytes, file_name: str) -> Decoded:
    """Line by line, since a file may be UTF-8 but for a few lines that were pasted from elsewhere."""
    lines: list[bytes] = _NEWLINE.split(data)
    bad = [number for number, line in enumerate(lines, 1) if not _is_utf8(line)]
    encoding = _encoding_of(b"\n".join(lines[number - 1] for number in bad))
    if encoding is None:
        raise DeckError(f"{file_name}, line {bad[0]}: this is neither UTF-8 nor an encoding we know.", _SAVE_AS_UTF8)
    wrong = set(bad)
    text = "\n".join(line.decode(encoding if number in wrong else "utf-8") for number, line in enumerate(lines, 1))
    where = f"line {bad[0]}" if len(bad) == 1 else f"{len(bad)} lines, from line {bad[0]}"
    sentence = f"This file is not all UTF-8: {where}, was read as {encoding}. Look at the letters with accents."
    return Decoded(text, (Problem(bad[0], "", Kind.ENCODING, sentence),))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _encoding_of(data: bytes) -> str | None:
    """cp1252 unless another guess shows a language that cp1252 does not."""
    fits = [encoding for encoding in GUESSES if _fits(data, encoding)]
    if not fits:
        return None
    matches = list(charset_normalizer.from_bytes(data[:50_000], cp_isolation=fits))
    coherence = {match.encoding: match.coherence for match in matches}
    best = max(fits, key=lambda encoding: coherence.get(encoding, 0.0))
    return best if coherence.get(best, 0.0) > 0 else fits[0]


def _fits(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def tidy(text: str) -> str:
    """Without blank lines at both ends and white space at the very end; inner lines and indents stay."""
    text = text.rstrip()
    blank = len(text) - len(text.lstrip())
    return text[text.rfind("\n", 0, blank) + 1 :] if blank else text


def collapse(text: str) -> str:
    """Every run of white space as one space, and none at either end."""
    if "  " not in text and text.isprintable():  # the only printable white space is a space
        return text.strip(" ")
    return " ".join(text.split())


def words(text: str) -> tuple[str, ...]:
    """Tags and the like, split at spaces, commas and semicolons, each once."""
    return tuple(dict.fromkeys(re.sub(r"[,;]", " ", text).split()))


def stem(file_name: str) -> str:
    """`decks/aws.deck.md` -> `aws`; `deck` when there is nothing to go by."""
    name = PurePosixPath(file_name.replace("\\", "/")).name
    name = re.sub(r"(\.deck)?\.[A-Za-z0-9]{1,5}$", "", name)
    return name.strip() or "deck"


def slug(text: str) -> str:
    """A deck key made from a title: lower case, letters and digits of any alphabet, hyphens between."""
    plain = unicodedata.normalize("NFC", text).casefold()
    return re.sub(r"[\W_]+", "-", plain).strip("-") or "deck"
