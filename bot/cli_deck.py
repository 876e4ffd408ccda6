"""`flashmob deck show`, `deck check` and `deck fmt`: looking at deck files without a bot and without a database."""

import argparse
import json
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .data import looked_at, read_deck_file, read_file
from .errors import DeckError, QuizError
from .formats import native
from .formats.problems import is_error, summary
from .formats.reading import FORMATS, read_deck
from .formats.text import decode
from .model import Card, Deck, Problem

SHOWN = 100
"""Characters of a question or an answer in `deck show`."""


def add_deck_commands(commands: Any) -> Any:
    """Add `deck` to the commands of a parser; returns the place where further deck commands can be added."""
    deck = commands.add_parser("deck", help="look at deck files, check them, and give their cards ids")
    decks = deck.add_subparsers(title="deck commands", required=True, metavar="COMMAND")
    _add_show(decks)
    check = decks.add_parser("check", help="say whether deck files are in order")
    check.add_argument("files", nargs="+", type=Path, metavar="FILE")
    check.set_defaults(command=check_decks)
    fmt = decks.add_parser("fmt", help="write an Id into every card, and a number into every cloze deletion")
    fmt.add_argument("files", nargs="+", type=Path, metavar="FILE")
    fmt.add_argument("--check", action="store_true", help="change nothing, only say what would be changed")
    fmt.set_defaults(command=format_decks)
    return decks


def _add_show(decks: Any) -> None:
    show = decks.add_parser("show", help="show the cards of a deck file and what was odd in it")
    show.add_argument("file", type=Path, metavar="FILE")
    show.add_argument("--format", metavar="NAME", help=f"do not guess the format: {', '.join(FORMATS)}")
    show.add_argument("--json", action="store_true", help="print everything as JSON")
    show.set_defaults(command=show_deck)


# ---- show ------------------------------------------------------------------------------------------------------------


def show_deck(options: argparse.Namespace) -> int:
    """Print a deck. Raises DeckError where the file is none."""
    deck = read_deck_file(options.file, options.format)
    if options.json:
        say(json.dumps(_as_json(deck), ensure_ascii=False, indent=2))
    else:
        _show(deck)
    return 0


def _as_json(deck: Deck) -> dict[str, Any]:
    problems = [{"line": one.line, "card": one.card, "kind": str(one.kind), "text": one.text} for one in deck.problems]
    cards = [_card_as_json(card) for card in deck.cards]
    return {"title": deck.title, "format": deck.format, "cards": cards, "problems": problems}


def _card_as_json(card: Card) -> dict[str, Any]:
    return {
        "id": card.id,
        "part": card.part,
        "kind": card.kind.value,
        "prompt": card.prompt,
        "answer": card.answer,
        "accepted": list(card.accepted),
        "choices": [{"text": choice.text, "right": choice.right} for choice in card.choices],
        "why": card.why,
        "tags": list(card.tags),
        "section": card.section,
        "line": card.line,
    }


def _show(deck: Deck) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, markup=False, emoji=False)
    console.print(Text(visible(deck.title), style="bold"))
    console.print(f"{counted(len(deck.cards))}, format {deck.format}, {_licence(deck)}")
    section = ""
    for card in deck.cards:
        if card.section != section:
            section = card.section
            console.print(Text(f"\n{visible(section)}", style="bold"))
        name = f"{card.id} {card.part}".strip()
        line = Text.assemble((f"{visible(name)}  ", "dim"), short(card.prompt), (f"  {short(card.answer)}", "dim"))
        console.print(line, no_wrap=True, overflow="ellipsis")
    if deck.problems:
        console.print(Text("\nWorth a look", style="bold"))
    for line_of_summary in summary(deck.problems):
        console.print(Text(visible(line_of_summary)))


def _licence(deck: Deck) -> str:
    return f"licence {visible(deck.licence)}" if deck.licence else "no licence: private, do not share"


def short(text: str) -> str:
    plain = visible(" ".join(text.split()))
    return plain if len(plain) <= SHOWN else plain[: SHOWN - 1] + "…"


def visible(text: str) -> str:
    """Without the control characters that could steer a terminal."""
    return "".join(character if character.isprintable() else " " for character in text)


# ---- check -----------------------------------------------------------------------------------------------------------


def check_decks(options: argparse.Namespace) -> int:
    """Print one line for each file that is in order, and every error of the others; 1 when there was any."""
    good = [_check(path) for path in options.files]
    return 0 if all(good) else 1


def _check(path: Path) -> bool:
    try:
        data = read_file(path)
        deck = looked_at(read_deck(data, str(path)), data, path)
    except DeckError as error:
        say(str(error))
        return False
    errors = [problem for problem in deck.problems if is_error(problem)]
    for problem in errors:
        say(_placed(path, problem))
    if not errors:
        say(f"{path}: ok, {counted(len(deck.cards))}")
    for note in _notes(path, data, deck):
        say(f"  note: {note}")
    return not errors


def _placed(path: Path, problem: Problem) -> str:
    return f"{path}, line {problem.line}: {problem.text}"


def _notes(path: Path, data: bytes, deck: Deck) -> Iterator[str]:
    """What is no error but good to know."""
    yield from (f"line {problem.line}: {problem.text}" for problem in deck.problems if not is_error(problem))
    if deck.format == "native" and (lines := native.lines_without_id(decode(data, str(path)).text)):
        shown = ", ".join(str(line) for line in lines[:20]) + (" and more" if len(lines) > 20 else "")
        where = f"at line {shown}" if len(lines) == 1 else f"at lines {shown}"
        yield f"{counted(len(lines))} without an id, {where}. Run: flashmob deck fmt {path}"
    if not deck.licence:
        hint = ' Add license = "..." to its header.' if deck.format == "native" else ""
        yield f"there is no licence, so this deck is private: do not share it.{hint}"


# ---- fmt -------------------------------------------------------------------------------------------------------------


def format_decks(options: argparse.Namespace) -> int:
    """Format files in place; with --check change nothing, and 1 when a file would change. 1 also after an error."""
    done = [_format(path, write=not options.check) for path in options.files]
    return 0 if all(done) else 1


def _format(path: Path, *, write: bool) -> bool:
    try:
        text = _native_text(path)
        new = native.format_text(text)
        if new != text and write:
            replace_file(path, new.encode())
    except QuizError as error:
        say(str(error))
        return False
    if new == text:
        say(f"{path}: nothing to do")
        return True
    say(f"{path}: {'formatted' if write else 'would be formatted'}")
    return write


def _native_text(path: Path) -> str:
    """The text as it stands in the file, with its own line ends and byte order mark."""
    data = read_file(path)
    deck = read_deck(data, str(path))
    if deck.format != "native":
        raise DeckError(f"{path}: only *.deck.md files have ids in them, and this is {deck.format}.")
    try:
        return data.decode()
    except UnicodeDecodeError:
        raise DeckError(f"{path} is not UTF-8, so nothing was changed.", "Save it as UTF-8 first.") from None


def replace_file(path: Path, data: bytes) -> None:
    """Write beside the file and then rename, so that no power cut leaves half a deck."""
    target = path.resolve()
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        beside.write_bytes(data)
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise DeckError(f"{path}: it cannot be written ({error.strerror}).", "Nothing was changed.") from error


def counted(cards: int) -> str:
    return f"{cards:,} card" if cards == 1 else f"{cards:,} cards"


def say(text: str) -> None:
    sys.stdout.write(text + "\n")
