"""`flashmob deck export` and `deck diff`: decks in other formats, and what changed between two files."""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .app import system_clock
from .cli_deck import counted, replace_file, say, short, visible
from .data import read_deck_file, read_file
from .errors import DeckError
from .formats.difference import Difference, Pair, compare, what_changed
from .formats.problems import summary
from .formats.reading import read_deck
from .formats.writing import TARGETS, file_name, write_deck
from .media import at_hand
from .model import Card

SHOWN = 50
"""Cards of each kind in `deck diff`."""


def add_export(decks: Any) -> None:
    """`deck export`, among the other deck commands."""
    command = decks.add_parser("export", help="write a deck in another format, for a spreadsheet or for Anki")
    command.add_argument("file", type=Path, metavar="FILE")
    command.add_argument("--to", required=True, choices=TARGETS, metavar="FORMAT", help=", ".join(TARGETS))
    command.add_argument("--out", type=Path, metavar="FILE", help="write here; without it, the deck's key is the name")
    command.add_argument("--format", metavar="NAME", help="do not guess the format of FILE")
    command.set_defaults(command=export_deck)


def add_diff(decks: Any) -> None:
    """`deck diff`, among the other deck commands."""
    command = decks.add_parser("diff", help="say which cards were added, changed, moved or retired between two files")
    command.add_argument("old", type=Path, metavar="OLD")
    command.add_argument("new", type=Path, metavar="NEW")
    command.set_defaults(command=diff_decks)


# ---- export ----------------------------------------------------------------------------------------------------------


def export_deck(options: argparse.Namespace) -> int:
    """Write the deck and say what its new format cannot carry. A file is replaced only where --out names it."""
    data = read_file(options.file)
    deck = read_deck(data, options.file.name, options.format)
    path = options.out or Path(file_name(deck, options.to))
    if options.out is None and path.exists():
        raise DeckError(f"{path} is there already, so nothing was written.", "Name a file with --out.")
    media = at_hand(deck, data, options.file.parent)
    written = write_deck(deck, options.to, system_clock(), media)
    replace_file(path, written.data)
    say(f"{path}: {counted(len(deck.cards))}")
    for line in summary(written.problems):
        say(f"  {visible(line)}")
    if options.to == "native":  # a file of text, so its pictures lie beside it
        _put_beside(media, path.parent)
    return 0


def _put_beside(media: Mapping[str, bytes], folder: Path) -> None:
    """Write pictures into the folder of their deck; what is there already is left as it is, and said."""
    for name, data in media.items():
        path = folder / name
        there = path.name != name or (path.exists() and path.read_bytes() != data)
        if there:
            say(f"  {visible(str(path))} was left as it is: the picture of this name was not written.")
        else:
            replace_file(path, data)


# ---- diff ------------------------------------------------------------------------------------------------------------


def diff_decks(options: argparse.Namespace) -> int:
    """Print what changed; 1 when anything did, as `diff` does."""
    old, new = (read_deck_file(path) for path in (options.old, options.new))
    difference = compare(old.cards, new.cards)
    say(_counts(difference))
    _listed("+", [_named(card) for card in difference.added])
    _listed("~", [f"{_named(pair.new)}  ({', '.join(what_changed(pair))})" for pair in difference.changed])
    _listed(">", [f"{_named(pair.new)}{_place(pair)}" for pair in difference.moved])
    _listed("-", [_named(card) for card in difference.retired])
    _listed("?", [f"is {_named(pair.old)} now {_named(pair.new)}" for pair in difference.proposals])
    if difference.proposals:
        say("? marks cards with the same answer and a similar question. They are the same only if you say so: give the")
        say("  new card the Id of the old one.")
    return 0 if difference.is_empty else 1


def _counts(difference: Difference) -> str:
    parts = {
        "added": difference.added,
        "changed": difference.changed,
        "moved": difference.moved,
        "retired": difference.retired,
        "kept": difference.kept,
    }
    return ", ".join(f"{len(cards):,} {name}" for name, cards in parts.items())


def _listed(mark: str, lines: list[str]) -> None:
    for line in lines[:SHOWN]:
        say(f"{mark} {line}")
    if len(lines) > SHOWN:
        say(f"{mark} and {len(lines) - SHOWN:,} more")


def _named(card: Card) -> str:
    return f"{visible(f'{card.id} {card.part}'.strip())}  {short(card.prompt)}"


def _place(pair: Pair) -> str:
    if pair.old.section == pair.new.section:
        return ""
    return f"  ({short(pair.old.section) or 'no section'} -> {short(pair.new.section) or 'no section'})"
