"""`make fuzz`: break files of every format and read them, for some seconds each; print one line a format.

A reader must give cards or a DeckError with a sentence: never another error, never more than a second for each
megabyte (or for a file smaller than that), never more memory than MOST_MEMORY. What breaks that is kept in build/fuzz.

`python -m bench.fuzz --seconds 60 gift moodle` takes its time with two formats.
"""

import argparse
import random
import resource
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from time import process_time

import zstandard

from bot.errors import DeckError
from bot.formats.reading import BINARY_FORMATS, FORMATS, read_deck, read_media
from bot.media import pictured
from tests.bot.formats import seeds

BUILD = Path("build/fuzz")
MOST_SECONDS_A_MEGABYTE = 1.0
MOST_MEMORY = 1_500 * 2**20
MOST_REPEATS = 20_000
MOST_SIZE = 300_000
_ZSTD = b"\x28\xb5\x2f\xfd"
PIECES = [
    *b"Q: A: C: {{c1:: }} :: ::: ? ?? == ^[ [^1] { } = ~ -> # #### [html] // $CATEGORY: #Q ^ --- +++ ``` $ $$".split(),
    *b"<p> </p> <img <!-- --> <![CDATA[ ]]> &amp; &#x; <question> </question> <text> @@PLUGINFILE@@/ base64".split(),
    *b'[ ] ( ) { } " \' \\ ; #{ #_ #inst :id "~:id" "^ " "^0" "~#set" null true 1e999 -0 "=1+1" =cmd|x!A1 @SUM'.split(),
    *(
        b"\n",
        b"\n\n",
        b"\r",
        b"\t",
        b" ",
        b"  ",
        b"\0",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"\xe2\x80\xae",
        b"\xf0\x9f\x8e\x89",
    ),
    *(b"- ", b"- [x] ", b": ", b"? ", b"&a ", b"*a", b"!!python/object:os.system ", b"<<: ", b"![a](b.png)", b"![[b]]"),
]


@dataclass(slots=True)
class Tally:
    """What became of the files of one format; `slowest` is in seconds for each megabyte."""

    runs: int = 0
    decks: int = 0
    refused: int = 0
    slowest: float = 0.0
    broken: int = 0


def main(arguments: Sequence[str]) -> int:
    """Fuzz the formats that are named, or all; 1 when anything broke."""
    parser = argparse.ArgumentParser(prog="python -m bench.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("formats", nargs="*", metavar="FORMAT")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each format (10)")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    found = seeds.every()
    missing = sorted({*FORMATS, *BINARY_FORMATS} - found.keys())
    broken = len(missing)
    print("".join(f"{name}: there is no file to begin with\n" for name in missing), end="")
    for name in options.formats or found:
        tally = fuzz(name, found[name], options.seconds, random.Random(options.seed))
        print(_line(name, tally), flush=True)
        broken += tally.broken
    return 1 if broken else 0


def fuzz(name: str, files: Sequence[bytes], seconds: float, chance: random.Random) -> Tally:
    """Break files for so many seconds of the processor, and read each as its format and as whatever it looks like."""
    tally = Tally()
    ends = process_time() + seconds
    while process_time() < ends:
        data = mutated(chance.choice(files), chance)
        _read(data, name if chance.random() < 0.7 else None, tally, BUILD / f"{name}-{tally.runs}")
    return tally


def _read(data: bytes, name: str | None, tally: Tally, keep: Path) -> None:
    began = process_time()
    tally.runs += 1
    fault = ""
    try:
        deck = read_deck(data, "x", name)
        read_media(data, deck.format, ["a.png", "map.png", "../x"])
        pictured(deck, data)
        tally.decks += 1
        if any(not (card.id and card.prompt and card.answer) for card in deck.cards):
            fault = "a card with an empty side"
    except DeckError as error:
        tally.refused += 1
        fault = "" if str(error).strip() else "an error without a sentence"
    except (Exception, MemoryError) as error:
        fault = repr(error)[:200]
    taken = (process_time() - began) / max(1.0, len(data) / 1e6)
    tally.slowest = max(tally.slowest, taken)
    if taken > MOST_SECONDS_A_MEGABYTE:
        fault = fault or f"{taken:.1f} s for each megabyte"
    if fault:
        tally.broken += 1
        keep.parent.mkdir(parents=True, exist_ok=True)
        keep.write_bytes(data)
        print(f"{keep}: {fault}", flush=True)


def _line(name: str, tally: Tally) -> str:
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return (
        f"{name:14} {tally.runs:7,} files  {tally.decks:7,} decks  {tally.refused:7,} refused  "
        f"{tally.slowest:5.2f} s/MB at most  {memory:5,} MiB  {tally.broken} broken"
    )


# ---- breaking files --------------------------------------------------------------------------------------------------


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few things wrong; of a zip file, mostly those inside it."""
    if data.startswith(b"PK") and chance.random() < 0.85:
        return _repacked(data, chance)
    for _ in range(chance.choice((1, 1, 2, 3, 8))):
        data = chance.choice(_BREAKS)(data, chance)[:MOST_SIZE]
    return data


def _repacked(data: bytes, chance: random.Random) -> bytes:
    with zipfile.ZipFile(BytesIO(data)) as package:
        entries = {name: package.read(name) for name in package.namelist()}
    name = chance.choice(list(entries))
    inside = entries[name]
    is_packed = inside.startswith(_ZSTD) and chance.random() < 0.9
    if is_packed:
        inside = zstandard.ZstdDecompressor().decompressobj().decompress(inside)
    for _ in range(chance.choice((1, 1, 2, 5))):
        inside = chance.choice(_BREAKS)(inside, chance)[:MOST_SIZE]
    entries[name] = zstandard.ZstdCompressor(write_content_size=False).compress(inside) if is_packed else inside
    return seeds.zipped(entries)


def _place(data: bytes, chance: random.Random) -> tuple[int, int]:
    start = chance.randint(0, len(data))
    return start, min(len(data), start + chance.choice((1, 2, 5, 20, 100, 1000)))


def _cut_out(data: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:start] + data[end:]


def _cut_off(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randint(0, len(data))]


def _insert(data: bytes, chance: random.Random) -> bytes:
    start, _ = _place(data, chance)
    return data[:start] + chance.choice(PIECES) + data[start:]


def _insert_often(data: bytes, chance: random.Random) -> bytes:
    start, _ = _place(data, chance)
    piece = b"".join(chance.choices(PIECES, k=chance.choice((1, 1, 2, 3))))
    return data[:start] + piece * chance.choice((10, 1_000, MOST_REPEATS)) + data[start:]


def _repeat(data: bytes, chance: random.Random) -> bytes:
    start, end = _place(data, chance)
    return data[:end] + data[start:end] * chance.choice((1, 10, 1_000)) + data[end:]


def _flip(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 3, 10))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


_BREAKS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _cut_out, _cut_off, _insert, _insert, _insert_often, _repeat, _flip,
)  # fmt: skip

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
