"""Notes as people have them: mostly plain text, some mark-up, lists, formulas, pictures and gaps, all with tags."""

import random
import re
from collections.abc import Callable, Iterator
from struct import pack
from zlib import compress, crc32

from tests.bot.formats.packages import BASIC, CLOZE, REVERSED, Made, latest

_WORDS = (
    "river", "delta", "glacier", "estuary", "basin", "current", "sediment", "valley", "lowland", "spring", "tide",
    "rainfall", "meander", "harbour", "bridge", "canal", "lock", "reservoir", "flood", "plain", "source", "mouth",
    "tributary", "salmon", "heron", "reed", "willow", "ferry", "mill", "dam", "rapids", "gorge", "northern", "southern",
    "wide", "narrow", "shallow", "muddy", "frozen", "ancient", "navigable", "protected", "longest", "deepest", "is",
    "was", "flows", "rises", "joins", "carries", "drains", "crosses", "feeds", "the", "a", "of", "into", "from",
    "through", "below", "beyond", "between", "after", "before", "Østerdalen", "Loire", "Łódź", "Düna", "größte",
    "fjord", "élevé",
)  # fmt: skip
_PICTURE = re.compile(r'src="([^"]+)"')
PICTURES = 100
"""So many notes of a package show a picture, each its own."""


def package_of(count: int) -> bytes:
    """An Anki package of so many notes, the same ones each time, with their pictures."""
    made = list(_notes(count))
    return latest(made, {name: _png(name) for one in made for name in _PICTURE.findall(one.fields[1])})


def _notes(count: int) -> Iterator[Made]:
    """No two have the same first field."""
    chance = random.Random(count)
    kinds = chance.choices(tuple(_KINDS), tuple(_KINDS.values()), k=count)
    shown = set(chance.sample(range(count), min(PICTURES, count)))
    for number, kind in enumerate(kinds):
        named, fields = (_pictured if number in shown else kind)(chance, number)
        tags = " ".join((f"chapter::{number % 12 + 1}", *chance.choices(("exam", "hard"), k=chance.randrange(2))))
        deck = f"Rivers::Part {number * 8 // count + 1}"
        cards = tuple((order, deck) for order in range(_cards_of(named, fields)))
        yield Made(fields, named, f"note {number}", tags, cards)


def _cards_of(type: str, fields: tuple[str, ...]) -> int:
    return fields[0].count("{{c") if type == CLOZE.name else 2 if type == REVERSED.name else 1


def _said(chance: random.Random, least: int, most: int) -> str:
    return " ".join(chance.choices(_WORDS, k=chance.randint(least, most)))


def _question(chance: random.Random, number: int) -> str:
    return f"{_said(chance, 4, 14).capitalize()} {number}?"


# ---- kinds of notes --------------------------------------------------------------------------------------------------

Fields = tuple[str, tuple[str, ...]]


def _plain(chance: random.Random, number: int) -> Fields:
    return BASIC.name, (_question(chance, number), _said(chance, 1, 20))


def _both_ways(chance: random.Random, number: int) -> Fields:
    return REVERSED.name, (f"{_said(chance, 1, 3)} {number}", _said(chance, 1, 3))


def _bold(chance: random.Random, number: int) -> Fields:
    question = f"{_question(chance, number)}<br><i>{_said(chance, 2, 5)}</i>"
    return BASIC.name, (question, f"{_said(chance, 2, 9)} <b>{_said(chance, 1, 3)}</b>&nbsp;{_said(chance, 2, 9)}")


def _lined(chance: random.Random, number: int) -> Fields:
    lines = "".join(f"<div>{_said(chance, 3, 12)} &gt; {_said(chance, 1, 2)}</div>" for _ in range(3))
    return BASIC.name, (_question(chance, number), f"{_said(chance, 3, 12)}{lines}")


def _listed(chance: random.Random, number: int) -> Fields:
    items = "".join(f"<li>{_said(chance, 2, 8)}</li>" for _ in range(chance.randint(2, 6)))
    return BASIC.name, (f"<b>{_question(chance, number)}</b>", f"<ul>{items}</ul>")


def _styled(chance: random.Random, number: int) -> Fields:
    style = 'style="color: rgb(0, 0, 0); font-family: Arial;"'
    return BASIC.name, (
        f"<span {style}>{_question(chance, number)}</span>",
        f'<p {style}>{_said(chance, 9, 30)}</p><p><font color="#ff0000">{_said(chance, 2, 6)}</font></p>',
    )


def _formula(chance: random.Random, number: int) -> Fields:
    return BASIC.name, (_question(chance, number), rf"{_said(chance, 2, 6)} \(Q = v \cdot A_{{{number}}}\)")


def _gaps(chance: random.Random, number: int) -> Fields:
    pieces = (f"{_said(chance, 2, 6)} {{{{c{gap}::{_said(chance, 1, 3)}}}}}" for gap in range(1, chance.randint(2, 4)))
    return CLOZE.name, (f"{' '.join(pieces)} {_said(chance, 1, 6)} {number}.", _said(chance, 0, 8))


def _pictured(chance: random.Random, number: int) -> Fields:
    return BASIC.name, (_question(chance, number), f'{_said(chance, 1, 5)}<br><img src="river{number}.png">')


_KINDS: dict[Callable[[random.Random, int], Fields], int] = {
    _plain: 60, _both_ways: 5, _bold: 10, _lined: 6, _listed: 6, _styled: 4, _formula: 2, _gaps: 7,
}  # fmt: skip
"""How many of a hundred notes are of each kind."""


# ---- pictures --------------------------------------------------------------------------------------------------------


def _png(name: str) -> bytes:
    """A picture of 40 times 40 points of all colours, so that it does not pack well."""
    row = b"\0" + random.Random(name).randbytes(40 * 3)
    chunks = (b"IHDR", pack(">IIBBBBB", 40, 40, 8, 2, 0, 0, 0)), (b"IDAT", compress(row * 40, 0)), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, data) for kind, data in chunks)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return pack(">I", len(data)) + kind + data + pack(">I", crc32(kind + data))
